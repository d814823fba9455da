/** Who is signed in, and whether the dialogs that belong to the frame are open. */

import { create } from "zustand";
import type { Me } from "@/api/types";

export interface Session {
  me: Me | null;
  phase: "loading" | "in" | "out";
  expired: boolean;
  unreachable: boolean;
  signIn(me: Me): void;
  signOut(expired?: boolean): void;
}

export const useSession = create<Session>((set) => ({
  me: null,
  phase: "loading",
  expired: false,
  unreachable: false,
  signIn: (me) => set({ me, phase: "in", expired: false, unreachable: false }),
  signOut: (expired = false) => set({ me: null, phase: "out", expired, unreachable: false }),
}));

const RANK = { viewer: 0, trader: 1, admin: 2 };

export function useCan(role: "trader" | "admin"): boolean {
  return useSession((s) => (s.me ? RANK[s.me.role] >= RANK[role] : false));
}

export interface Overlays {
  palette: boolean;
  kill: boolean;
  help: boolean;
  show(name: "palette" | "kill" | "help", open: boolean): void;
}

export const useOverlays = create<Overlays>((set) => ({
  palette: false,
  kill: false,
  help: false,
  show: (name, open) => set({ [name]: open }),
}));

export interface Toast {
  id: number;
  tone: "ok" | "danger" | "info";
  text: string;
  detail?: string;
}

export const useToasts = create<{ list: Toast[] }>(() => ({ list: [] }));

let nextToast = 1;

export function toast(tone: Toast["tone"], text: string, detail?: string): void {
  const id = nextToast++;
  useToasts.setState((s) => ({ list: [...s.list.slice(-3), { id, tone, text, detail }] }));
  window.setTimeout(() => dismissToast(id), tone === "danger" ? 12_000 : 5_000);
}

export function dismissToast(id: number): void {
  useToasts.setState((s) => ({ list: s.list.filter((item) => item.id !== id) }));
}
