/** What HFT answers about research: tapes, runs, and proposals of parameters. */

import { post, remove } from "./http";
import { runCommand } from "./operations";

type Known = number | null;

export interface TapeRow {
  name: string;
  symbol?: string;
  venue?: string;
  messages?: number;
  rows?: number;
  bytes?: number;
  first_local?: number;
  last_local?: number;
  gaps?: number;
  error?: string | null;
}
export type RunState = "queued" | "running" | "done" | "failed" | "cancelled";
export interface RunRow {
  id: string;
  kind: "backtest" | "sweep" | "proposal";
  state: RunState;
  by?: string;
  created: string;
  started?: string | null;
  ended?: string | null;
  asked: { strategy: string; tape: string; parameters?: Record<string, number>; [word: string]: unknown };
  error?: { title?: string; detail?: string } | null;
  progress?: { step: string; share: number; done?: number; of?: number } | null;
  report?: boolean;
  headline?: { symbol?: string; net?: Known; fees?: Known; fills?: Known; deflated?: Known } | null;
}
export interface RunResult {
  symbol?: string;
  stats?: Record<string, Known>;
  honesty?: { trials?: Known; deflated_sharpe?: Known };
  texts?: Record<string, { cautions: string[]; assumptions: string[] }>;
  curve?: [number, number][];
  margin?: Margin | null;
  /** [ms, margin balance, margin ratio] */
  margin_curve?: [number, number, number][];
  parameters?: Record<string, number>;
  trials?: { parameters: Record<string, number>; score: Known; profit: Known; fees: Known; fills: Known }[];
}
export interface Margin {
  leverage: Record<string, number>;
  mode: string;
  wallet_end: number;
  ratio_max: number;
  liquidations: {
    time: number;
    symbol: string;
    order: number;
    side: number;
    quantity: number;
    price: number;
    bankruptcy: number;
    fee: number;
  }[];
  refused: { code: number; text: string; orders: number }[];
}
export interface Run extends RunRow {
  result?: RunResult | null;
}
interface Part {
  score: Known;
  profit: Known;
  periods: number;
}
export interface Band {
  low: number;
  middle: number;
  high: number;
  level: number;
}
export interface Reason {
  doubt: string;
  value: Known;
  bar: Known;
}
export type ProposalStatus =
  | "no-change"
  | "proposed"
  | "rejected"
  | "expired"
  | "watched"
  | "kept"
  | "superseded"
  | "rolling-back"
  | "rolled-back";
export interface Proposal {
  id: string;
  strategy: string;
  symbol: string;
  status: ProposalStatus;
  changes: { name: string; current: number; proposed: number }[];
  reasons: Reason[];
  figures: {
    inside: Part;
    outside: Part;
    present: Part;
    windows: number;
    trials: Known;
    combinations: number;
    deflated: Known;
    overfitting: Known;
    better: Known;
    fills: number;
    hour: Band | null;
    day: Band | null;
    objective: string;
  };
  created: string;
  expires: string;
  decided_by?: string | null;
  ended?: string | null;
  by?: string;
  watch?: { hours: number; profit: number; lowest: number; fills: number } | null;
  evidence?: { profit: number; lowest: number; fills: number; elapsed_ns: number } | null;
  line?: [number, number][];
  asked?: { bars: { error: number } };
  data?: { tape: string; digest: string; begin: number; end: number; messages: number };
  code?: { digest: string; version: string };
}
export interface Schedule {
  strategy: string;
  every_seconds: number;
  next: string;
  by: string;
  asked: { tape: string };
}

const run = (id: string) => `/api/hft/research/runs/${encodeURIComponent(id)}`;

export const startBacktest = (body: unknown) => post<{ id: string }>("/api/hft/research/backtests", body);
export const cancelRun = (id: string) => post(`${run(id)}/cancel`);
export const removeRun = (id: string) => remove(run(id));
export const reportPath = (id: string, language: string) => `${run(id)}/report?lang=${language}`;
export const decide = ({ strategy, id }: Proposal, decision: "approve" | "reject") =>
  runCommand("hft.parameters.decide", { strategy, proposal: id, decision });
