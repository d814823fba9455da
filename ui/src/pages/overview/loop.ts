/** Which step of the decision loop an event belongs to; pure. */

import type { LoopEvent } from "@/api/types";

export const NODES = ["market", "state", "memory", "signal", "order"] as const;
export type Node = (typeof NODES)[number];

const PREFIXES: [string, Node][] = [
  ["hft.market.", "market"],
  ["qcs.", "state"],
  ["cio.", "memory"],
  ["hft.trading.signal", "signal"],
  ["hft.order.", "order"],
];

export function nodeOf(key: string): Node | null {
  return PREFIXES.find(([prefix]) => key.startsWith(prefix))?.[1] ?? null;
}

export interface Step {
  event: LoopEvent;
  recent: number;
}

/** The last event of every node, and how many of it are in the given list. */
export function lastByNode(events: LoopEvent[]): Partial<Record<Node, Step>> {
  const steps: Partial<Record<Node, Step>> = {};
  for (const event of events) {
    const node = nodeOf(event.key);
    if (node) steps[node] = { event, recent: (steps[node]?.recent ?? 0) + 1 };
  }
  return steps;
}
