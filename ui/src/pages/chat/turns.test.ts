import { describe, expect, test } from "vitest";
import type { TurnEvent } from "@/api/types";
import { turnsOf } from "./turns";

const event = (offset: number, rest: Partial<TurnEvent>): TurnEvent => ({
  turn: "t1",
  kind: "text",
  offset,
  ...rest,
});

describe("the turn log", () => {
  test("text pieces become one answer in the order of their offsets, repeats counted once", () => {
    const log = [
      event(2, { text: "b" }),
      event(1, { text: "a" }),
      event(2, { text: "b" }),
      event(0, { kind: "user", text: "q" }),
    ];
    expect(turnsOf(log)).toMatchObject([{ question: "q", answer: "ab", done: false }]);
  });
  test("a tool call is one card with its arguments, result and time", () => {
    const log = [
      event(0, { kind: "tool_call", tool: "positions", call_id: "c1", data: { symbol: "BTCUSDT" } }),
      event(1, {
        kind: "tool_result",
        tool: "positions",
        call_id: "c1",
        data: { result: { n: 1 }, milliseconds: 12 },
      }),
    ];
    expect(turnsOf(log)[0]?.calls).toEqual([
      {
        id: "c1",
        tool: "positions",
        arguments: { symbol: "BTCUSDT" },
        result: { n: 1 },
        milliseconds: 12,
        done: true,
      },
    ]);
  });
  test("the model that answered is kept and done clears the status", () => {
    const log = [
      event(0, { kind: "status", text: "thinking" }),
      event(1, { kind: "done", model: "offline planner" }),
    ];
    expect(turnsOf(log)[0]).toMatchObject({ model: "offline planner", done: true, status: "" });
  });
});
