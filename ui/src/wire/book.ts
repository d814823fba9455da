/** An order book side map that takes snapshots and deltas; a delta out of sequence is refused. */

import type { BookValue } from "./protocol";

export interface Level {
  price: string;
  quantity: string;
}

export interface BookView {
  bids: Level[];
  asks: Level[];
  sequence: number;
}

export class BookMirror {
  private bids = new Map<string, string>();
  private asks = new Map<string, string>();
  private sequence = -1;

  snapshot(seq: number, value: BookValue): void {
    this.bids = new Map(value.bids);
    this.asks = new Map(value.asks);
    this.sequence = seq;
  }

  /** True when applied; false when there is a gap and the book can no longer be trusted. */
  delta(seq: number, value: BookValue): boolean {
    if (this.sequence < 0 || seq > this.sequence + 1) return false;
    if (seq <= this.sequence) return true;
    apply(this.bids, value.bids);
    apply(this.asks, value.asks);
    this.sequence = seq;
    return true;
  }

  reset(): void {
    this.bids.clear();
    this.asks.clear();
    this.sequence = -1;
  }

  view(): BookView {
    return { bids: sorted(this.bids, -1), asks: sorted(this.asks, 1), sequence: this.sequence };
  }
}

function apply(side: Map<string, string>, levels: [string, string][]): void {
  for (const [price, quantity] of levels) {
    if (Number(quantity) === 0) side.delete(price);
    else side.set(price, quantity);
  }
}

function sorted(side: Map<string, string>, direction: 1 | -1): Level[] {
  return [...side]
    .sort((a, b) => direction * (Number(a[0]) - Number(b[0])))
    .map(([price, quantity]) => ({ price, quantity }));
}
