/** State of the live connection, and one shared second hand for ages. */

import { useEffect } from "react";
import { create } from "zustand";
import type { Status } from "@/wire/client";

export interface Connection {
  status: Status;
  retryAt: number | null;
  latency: number | null;
  everOpen: boolean;
}

export const useConnection = create<Connection>(() => ({
  status: "stopped",
  retryAt: null,
  latency: null,
  everOpen: false,
}));

const useSecond = create<{ now: number }>(() => ({ now: Date.now() }));
let watchers = 0;
let timer = 0;

/** The time, once a second, from one timer for the whole screen. */
export function useNow(): number {
  useEffect(() => {
    if (watchers++ === 0) timer = window.setInterval(() => useSecond.setState({ now: Date.now() }), 1_000);
    return () => {
      if (--watchers === 0) window.clearInterval(timer);
    };
  }, []);
  return useSecond((s) => s.now);
}
