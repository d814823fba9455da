/**
 * Live channels for React: one small store a channel, filled by the wire client once a frame.
 *
 * A channel keeps its last value while nobody looks, so that coming back to a page shows it with its age.
 */

import { useEffect } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import { post } from "@/api/http";
import { noteOperation } from "@/api/operations";
import { WireClient } from "@/wire/client";
import type { Change } from "@/wire/core";
import type { Problem, Rate } from "@/wire/protocol";
import { type Connection, useConnection } from "./connection";

export interface Live {
  value: unknown;
  at: number | null;
  log: LogEntry[];
  lost: number;
  problem: Problem | null;
}

export interface LogEntry {
  offset: number;
  value: unknown;
  at: number;
}

const KEEP = 2_000;
const EMPTY: Live = { value: undefined, at: null, log: [], lost: 0, problem: null };
const stores = new Map<string, StoreApi<Live>>();

function storeOf(channel: string): StoreApi<Live> {
  const known = stores.get(channel) ?? createStore<Live>(() => EMPTY);
  stores.set(channel, known);
  return known;
}

function fold(live: Live, change: Change, now: number): Live {
  switch (change.kind) {
    case "state":
    case "book":
      return { ...live, value: change.value, at: now, problem: null };
    case "log":
      return {
        ...live,
        log: [...live.log, { offset: change.offset, value: change.value, at: now }],
        at: now,
      };
    case "restart":
      return { ...live, log: [], lost: 0 };
    case "lost":
      return { ...live, lost: live.lost + change.to - change.from + 1 };
    case "error":
      return { ...live, problem: change.problem };
  }
}

function deliver(changes: Change[]): void {
  const now = Date.now();
  const touched = new Map<string, Live>();
  for (const change of changes) {
    if (change.channel === "operations" && change.kind === "log") noteOperation(change.value);
    const live = touched.get(change.channel) ?? storeOf(change.channel).getState();
    touched.set(change.channel, fold(live, change, now));
  }
  for (const [channel, live] of touched) {
    const log = live.log.length > KEEP ? live.log.slice(-KEEP) : live.log;
    storeOf(channel).setState({ ...live, log }, true);
  }
}

const connection = (patch: Partial<Connection>) => useConnection.setState(patch);

export const wire = new WireClient(async () => (await post<{ ticket: string }>("/api/web/ticket")).ticket, {
  onChanges: deliver,
  onStatus: (status, retryAt) =>
    connection({ status, retryAt, ...(status === "open" ? { everOpen: true } : {}) }),
  onLatency: (latency) => connection({ latency }),
});

/** Subscribe while mounted and read the channel; an empty name subscribes to nothing. */
export function useChannel(channel: string, rate: Rate = 4): Live {
  useEffect(() => (channel ? wire.subscribe(channel, rate) : undefined), [channel, rate]);
  return useStore(storeOf(channel));
}

/** Forget everything that was shown to the last person. */
export function clearLive(): void {
  for (const store of stores.values()) store.setState(EMPTY, true);
}
