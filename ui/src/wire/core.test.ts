import { describe, expect, test } from "vitest";
import { WireCore } from "./core";
import { type BookValue, parseFrame } from "./protocol";

const book = (bids: [string, string][], asks: [string, string][] = []): BookValue => ({ bids, asks });

describe("subscriptions", () => {
  test("two users of a channel send one subscription and the last one to leave unsubscribes", () => {
    const core = new WireCore();
    expect(core.subscribe("market", 4)).toEqual({ op: "sub", channel: "market", rate: 4 });
    expect(core.subscribe("market", 4)).toBeNull();
    expect(core.unsubscribe("market")).toBeNull();
    expect(core.unsubscribe("market")).toEqual({ op: "unsub", channel: "market" });
    expect(core.resume()).toEqual([]);
  });

  test("a user who wants a faster rate raises the rate of the channel", () => {
    const core = new WireCore();
    core.subscribe("ticker.BTCUSDT", 4);
    expect(core.subscribe("ticker.BTCUSDT", 20)).toEqual({ op: "sub", channel: "ticker.BTCUSDT", rate: 20 });
  });

  test("items of a channel nobody asked for are dropped", () => {
    expect(new WireCore().receive([{ c: "pnl", k: "state", v: 1 }]).changes).toEqual([]);
  });
});

describe("log channels", () => {
  test("resume after a cut asks from the last item that was seen", () => {
    const core = new WireCore();
    core.subscribe("fills", 20);
    core.receive([
      { c: "fills", k: "log", epoch: "e1", offset: 6, v: "a" },
      { c: "fills", k: "log", epoch: "e1", offset: 7, v: "b" },
    ]);
    expect(core.resume()).toEqual([{ op: "sub", channel: "fills", rate: 20, epoch: "e1", offset: 7 }]);
  });

  test("an item that was seen before the cut is shown once only", () => {
    const core = new WireCore();
    core.subscribe("fills", 20);
    core.receive([{ c: "fills", k: "log", epoch: "e1", offset: 3, v: "a" }]);
    const { changes } = core.receive([
      { c: "fills", k: "log", epoch: "e1", offset: 3, v: "a" },
      { c: "fills", k: "log", epoch: "e1", offset: 4, v: "b" },
    ]);
    expect(changes).toEqual([{ channel: "fills", kind: "log", value: "b", offset: 4 }]);
  });

  test("a new epoch restarts the log instead of hiding its first items", () => {
    const core = new WireCore();
    core.subscribe("fills", 20);
    core.receive([{ c: "fills", k: "log", epoch: "e1", offset: 90, v: "old" }]);
    const { changes } = core.receive([{ c: "fills", k: "log", epoch: "e2", offset: 0, v: "new" }]);
    expect(changes.map((change) => change.kind)).toEqual(["restart", "log"]);
  });

  test("items the server no longer has are reported as lost and the resume point moves past them", () => {
    const core = new WireCore();
    core.subscribe("events", 20);
    core.receive([{ c: "events", k: "log", epoch: "e1", offset: 1, v: "a" }]);
    const { changes } = core.receive([{ c: "events", k: "lost", from: 2, to: 9 }]);
    expect(changes).toEqual([{ channel: "events", kind: "lost", from: 2, to: 9 }]);
    expect(core.resume()[0]).toMatchObject({ offset: 9 });
  });

  test("leaving a log and coming back continues where it was left", () => {
    const core = new WireCore();
    core.subscribe("turn.c1", 20);
    core.receive([{ c: "turn.c1", k: "log", epoch: "e1", offset: 5, v: "x" }]);
    core.unsubscribe("turn.c1");
    expect(core.subscribe("turn.c1", 20)).toMatchObject({ op: "sub", epoch: "e1", offset: 5 });
  });
});

describe("book channels", () => {
  test("deltas change levels and a quantity of zero deletes one", () => {
    const core = new WireCore();
    core.subscribe("book.X", 20);
    core.receive([
      {
        c: "book.X",
        k: "snap",
        seq: 1,
        v: book(
          [
            ["9", "1"],
            ["8", "2"],
          ],
          [["11", "3"]],
        ),
      },
    ]);
    const { changes } = core.receive([
      {
        c: "book.X",
        k: "delta",
        seq: 2,
        v: book([
          ["9", "0"],
          ["10", "5"],
        ]),
      },
    ]);
    expect(changes[0]).toMatchObject({
      value: {
        bids: [
          { price: "10", quantity: "5" },
          { price: "8", quantity: "2" },
        ],
        sequence: 2,
      },
    });
  });

  test("a gap in the sequence asks for a new snapshot once and ignores deltas until it comes", () => {
    const core = new WireCore();
    core.subscribe("book.X", 20);
    core.receive([{ c: "book.X", k: "snap", seq: 1, v: book([["9", "1"]]) }]);
    const gap = core.receive([{ c: "book.X", k: "delta", seq: 3, v: book([["9", "2"]]) }]);
    expect(gap).toEqual({ changes: [], send: [{ op: "sub", channel: "book.X", rate: 20 }] });
    const after = core.receive([{ c: "book.X", k: "delta", seq: 4, v: book([["9", "3"]]) }]);
    expect(after).toEqual({ changes: [], send: [] });
    const healed = core.receive([{ c: "book.X", k: "snap", seq: 9, v: book([["9", "7"]]) }]);
    expect(healed.changes[0]).toMatchObject({
      kind: "book",
      value: { bids: [{ price: "9", quantity: "7" }] },
    });
  });

  test("a delta without a snapshot is never shown", () => {
    const core = new WireCore();
    core.subscribe("book.X", 20);
    expect(core.receive([{ c: "book.X", k: "delta", seq: 1, v: book([["9", "1"]]) }]).changes).toEqual([]);
  });
});

describe("frames", () => {
  test("text that is not a frame is refused and unknown items are dropped", () => {
    expect(parseFrame("<html>")).toBeNull();
    expect(parseFrame("[]")).toBeNull();
    expect(parseFrame('{"t":1,"items":[{"k":"pong"},{"k":"??"},7]}')).toEqual({
      t: 1,
      items: [{ k: "pong" }],
    });
  });
});
