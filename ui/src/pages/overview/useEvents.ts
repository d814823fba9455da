/** Events of the decision loop, oldest first: what the server remembers, then the live log. */

import { useMemo } from "react";
import { items } from "@/api/http";
import type { LoopEvent, Overview } from "@/api/types";
import { toMillis } from "@/lib/format";
import type { Data } from "@/state/data";
import { useChannel } from "@/state/live";
import { useOverview } from "./Overview";

export function useEvents(): { events: LoopEvent[]; overview: Data<Overview> } {
  const overview = useOverview();
  const live = useChannel("events", 20);
  const events = useMemo(() => {
    const logged = live.log.map((entry) => entry.value as LoopEvent);
    const first = toMillis(logged[0]?.at) ?? Number.POSITIVE_INFINITY;
    const older = items<LoopEvent>(overview.value?.events).filter(
      (event) => (toMillis(event.at) ?? 0) < first,
    );
    older.sort((a, b) => (toMillis(a.at) ?? 0) - (toMillis(b.at) ?? 0));
    return [...older, ...logged].filter((event) => typeof event?.key === "string");
  }, [live.log, overview.value]);
  return { events, overview };
}
