/** Attention and learning: what holds the few places, what the system can do, and what changed by itself. */

import { SelfModel } from "./SelfModel";
import { Indicators, Workspace } from "./Workspace";

export function Mind() {
  return (
    <div className="grid mind-grid">
      <Workspace />
      <Indicators />
      <SelfModel />
    </div>
  );
}
