/** Frames of the one WebSocket. No I/O here: only shapes and the guards that read untrusted JSON. */

export type Rate = 60 | 20 | 4 | 1;

export interface Problem {
  type?: string;
  title: string;
  status?: number;
  detail?: string;
  field?: string;
  allowed?: unknown;
  trace_id?: string;
}

export type ClientOp =
  | { op: "sub"; channel: string; rate: Rate; epoch?: string; offset?: number }
  | { op: "unsub"; channel: string }
  | { op: "ping" };

export interface BookValue {
  bids: [string, string][];
  asks: [string, string][];
}

export type Item =
  | { c: string; k: "state"; v: unknown }
  | { c: string; k: "snap"; seq: number; v: BookValue }
  | { c: string; k: "delta"; seq: number; v: BookValue }
  | { c: string; k: "log"; epoch: string; offset: number; v: unknown }
  | { c: string; k: "lost"; from: number; to: number }
  | { c: string; k: "error"; v: Problem }
  | { k: "hello"; session: string; epoch: string }
  | { k: "pong" };

export interface Frame {
  t: number;
  items: Item[];
}

const KINDS = new Set(["state", "snap", "delta", "log", "lost", "error", "hello", "pong"]);

function isItem(value: unknown): value is Item {
  if (typeof value !== "object" || value === null) return false;
  const kind = (value as { k?: unknown }).k;
  return typeof kind === "string" && KINDS.has(kind);
}

/** Read one text frame; a frame that is not ours is null, an unknown item is dropped. */
export function parseFrame(text: string): Frame | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof raw !== "object" || raw === null) return null;
  const { t, items } = raw as { t?: unknown; items?: unknown };
  if (!Array.isArray(items)) return null;
  return { t: typeof t === "number" ? t : 0, items: items.filter(isItem) };
}
