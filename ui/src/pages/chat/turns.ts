/** The turn log folded into what the screen shows: one block a turn, one card a tool call. Pure. */

import type { Source, TurnEvent } from "@/api/types";

export interface ToolCall {
  id: string;
  tool: string;
  arguments: unknown;
  result?: unknown;
  error?: string;
  milliseconds?: number;
  done: boolean;
}

export interface Turn {
  id: string;
  question: string;
  answer: string;
  status: string;
  calls: ToolCall[];
  sources: Source[];
  model: string | null;
  error: string | null;
  done: boolean;
}

const blank = (id: string): Turn => ({
  id,
  question: "",
  answer: "",
  status: "",
  calls: [],
  sources: [],
  model: null,
  error: null,
  done: false,
});

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function finishCall(turn: Turn, event: TurnEvent): void {
  const id = event.call_id ?? event.tool ?? "";
  const known = turn.calls.find((call) => call.id === id && !call.done);
  const call = known ?? { id, tool: event.tool ?? "", arguments: undefined, done: false };
  if (!known) turn.calls.push(call);
  const data = record(event.data);
  call.done = true;
  call.result = "result" in data ? data.result : (event.data ?? event.text ?? undefined);
  if (typeof data.error === "string") call.error = data.error;
  if (typeof data.milliseconds === "number") call.milliseconds = data.milliseconds;
}

function startCall(turn: Turn, event: TurnEvent): void {
  const data = record(event.data);
  turn.calls.push({
    id: event.call_id ?? event.tool ?? "",
    tool: event.tool ?? "",
    arguments: "arguments" in data ? data.arguments : event.data,
    done: false,
  });
}

function apply(turn: Turn, event: TurnEvent): void {
  if (event.model) turn.model = event.model;
  switch (event.kind) {
    case "user":
      turn.question = event.text ?? "";
      break;
    case "status":
      turn.status = event.text ?? "";
      break;
    case "text":
      turn.answer += event.text ?? "";
      break;
    case "tool_call":
      startCall(turn, event);
      break;
    case "tool_result":
      finishCall(turn, event);
      break;
    case "sources":
      turn.sources = [...turn.sources, ...(event.sources ?? [])];
      break;
    case "error":
      turn.error = event.text ?? "error";
      break;
    case "done":
      turn.done = true;
      turn.status = "";
  }
}

/** Fold events, in any order and with repeats, into turns by offset. */
export function turnsOf(events: TurnEvent[]): Turn[] {
  const unique = new Map<number | string, TurnEvent>();
  for (const [index, event] of events.entries()) unique.set(event.offset ?? `x${index}`, event);
  const sorted = [...unique.values()].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  const turns = new Map<string, Turn>();
  for (const event of sorted) {
    const turn = turns.get(event.turn) ?? blank(event.turn);
    turns.set(event.turn, turn);
    apply(turn, event);
  }
  return [...turns.values()];
}
