/** Attention and learning: what holds the few places, what the system can do, and what changed by itself. */

import { Archetypes } from "./Archetypes";
import { Evolution } from "./Evolution";
import { SelfModel } from "./SelfModel";
import { Sync } from "./Sync";
import { Indicators, Workspace } from "./Workspace";

export function Mind() {
  return (
    <div className="grid mind-grid">
      <Workspace />
      <Indicators />
      <SelfModel />
      <Evolution />
      <Sync />
      <Archetypes />
    </div>
  );
}
