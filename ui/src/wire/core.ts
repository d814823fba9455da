/**
 * The socket client without the socket: subscriptions, sequence checks and resume points.
 *
 * Items go in, operations to send and changes to show come out. Reconnecting, timers and painting are in client.ts.
 */

import { BookMirror, type BookView } from "./book";
import type { ClientOp, Item, Problem, Rate } from "./protocol";

export type Change =
  | { channel: string; kind: "state"; value: unknown }
  | { channel: string; kind: "book"; value: BookView }
  | { channel: string; kind: "log"; value: unknown; offset: number }
  | { channel: string; kind: "lost"; from: number; to: number }
  | { channel: string; kind: "restart" }
  | { channel: string; kind: "error"; problem: Problem };

interface Subscription {
  rate: Rate;
  users: number;
  epoch?: string;
  offset?: number;
  book?: BookMirror;
  waiting: boolean;
}

export interface Outcome {
  changes: Change[];
  send: ClientOp[];
}

export class WireCore {
  private readonly subscriptions = new Map<string, Subscription>();

  /** Count one more user of a channel; the operation to send is null if it is subscribed already. */
  subscribe(channel: string, rate: Rate): ClientOp | null {
    const known = this.subscriptions.get(channel);
    if (!known) {
      this.subscriptions.set(channel, { rate, users: 1, waiting: false });
      return { op: "sub", channel, rate };
    }
    known.users += 1;
    const revive = known.users === 1;
    const faster = rate > known.rate;
    if (faster || revive) known.rate = faster ? rate : known.rate;
    return faster || revive ? this.subOp(channel, known) : null;
  }

  /** Drop one user; a log keeps its resume point so that coming back loses nothing. */
  unsubscribe(channel: string): ClientOp | null {
    const known = this.subscriptions.get(channel);
    if (!known || known.users === 0) return null;
    known.users -= 1;
    if (known.users > 0) return null;
    if (known.offset === undefined) this.subscriptions.delete(channel);
    return { op: "unsub", channel };
  }

  /** What to send on a new connection: every channel in use, logs from where they were. */
  resume(): ClientOp[] {
    const ops: ClientOp[] = [];
    for (const [channel, sub] of this.subscriptions) {
      sub.book?.reset();
      sub.waiting = false;
      if (sub.users > 0) ops.push(this.subOp(channel, sub));
    }
    return ops;
  }

  receive(items: Item[]): Outcome {
    const outcome: Outcome = { changes: [], send: [] };
    for (const item of items) this.take(item, outcome);
    return outcome;
  }

  private take(item: Item, out: Outcome): void {
    if (item.k === "hello" || item.k === "pong") return;
    const sub = this.subscriptions.get(item.c);
    if (!sub || sub.users === 0) return;
    if (item.k === "state") out.changes.push({ channel: item.c, kind: "state", value: item.v });
    else if (item.k === "snap" || item.k === "delta") this.takeBook(item, sub, out);
    else if (item.k === "log") this.takeLog(item, sub, out);
    else if (item.k === "lost") {
      sub.offset = Math.max(sub.offset ?? -1, item.to);
      out.changes.push({ channel: item.c, kind: "lost", from: item.from, to: item.to });
    } else out.changes.push({ channel: item.c, kind: "error", problem: item.v });
  }

  private takeBook(item: Extract<Item, { k: "snap" | "delta" }>, sub: Subscription, out: Outcome): void {
    sub.book ??= new BookMirror();
    if (item.k === "snap") {
      sub.waiting = false;
      sub.book.snapshot(item.seq, item.v);
    } else if (sub.waiting) {
      return;
    } else if (!sub.book.delta(item.seq, item.v)) {
      sub.waiting = true;
      sub.book.reset();
      out.send.push(this.subOp(item.c, sub));
      return;
    }
    out.changes.push({ channel: item.c, kind: "book", value: sub.book.view() });
  }

  private takeLog(item: Extract<Item, { k: "log" }>, sub: Subscription, out: Outcome): void {
    if (sub.epoch !== undefined && sub.epoch !== item.epoch) {
      sub.offset = undefined;
      out.changes.push({ channel: item.c, kind: "restart" });
    }
    sub.epoch = item.epoch;
    if (sub.offset !== undefined && item.offset <= sub.offset) return;
    sub.offset = item.offset;
    out.changes.push({ channel: item.c, kind: "log", value: item.v, offset: item.offset });
  }

  private subOp(channel: string, sub: Subscription): ClientOp {
    if (sub.epoch === undefined || sub.offset === undefined) return { op: "sub", channel, rate: sub.rate };
    return { op: "sub", channel, rate: sub.rate, epoch: sub.epoch, offset: sub.offset };
  }
}
