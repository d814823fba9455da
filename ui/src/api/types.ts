/** What the services answer, as far as the screen uses it. Every field may be missing: unknown is shown as a dash. */

import type { Problem } from "@/wire/protocol";

export type MarketMode = "LIVE" | "REPLAY" | "SIMULATED" | "ENDED";
export interface Market {
  mode?: MarketMode;
  state?: string;
  symbols?: string[];
  session?: string;
  speed?: number;
  market_time?: string;
  note?: string;
}
export interface Condition {
  name: "keys" | "live" | "confirmed";
  ok?: boolean;
  reason?: string | null;
}
export interface Trading {
  mode?: "PAPER" | "READ_ONLY" | "LIVE";
  state?: "ACTIVE" | "REDUCING" | "HALTED";
  reason?: string;
  /** Symbols with positions or open orders that the venue does not serve in this session. */
  unserved?: string[];
  venue?: string;
  test?: boolean;
  product?: "spot" | "usdm";
  keys?: "none" | "unchecked" | "unknown" | "withdrawing" | "good";
  conditions?: Condition[];
  confirmable?: boolean;
}
export interface Me {
  user: string;
  role: "viewer" | "trader" | "admin";
  must_set_password?: boolean;
}
export interface Check {
  name: string;
  ok?: boolean;
  detail?: string;
  ms?: number;
}
export interface Service {
  name: string;
  state?: string;
  port?: number;
  pid?: number | null;
  version?: string;
  uptime_s?: number;
  started_at?: string;
  memory_bytes?: number;
  restarts?: number;
  detail?: string;
  checks?: Check[] | Record<string, unknown>;
  metrics?: Record<string, unknown>;
  note?: Record<string, unknown>;
}
export interface LoopEvent {
  at: string | number;
  service?: string;
  key: string;
  summary_en?: string;
  summary_es?: string;
  trace_id?: string;
  symbol?: string;
}
export interface Overview {
  market?: Market;
  trading?: Trading;
  services?: unknown;
  engines?: unknown;
  pnl?: Pnl;
  events?: unknown;
  positions?: unknown;
  sessions?: number;
  users?: number;
}
export interface SymbolInfo {
  symbol: string;
  base?: string;
  quote?: string;
  tick_size?: string;
  step_size?: string;
  lot_size?: string;
  min_quantity?: string;
  min_qty?: string;
  max_qty?: string;
  min_notional?: string;
}
export interface Candle {
  t: number;
  o: number | string;
  h: number | string;
  l: number | string;
  c: number | string;
  v: number | string;
}
export interface Ticker {
  symbol?: string;
  last?: string;
  price?: string;
  bid?: string;
  ask?: string;
  bid_qty?: string;
  ask_qty?: string;
  change?: string;
  change_pct?: string;
  at?: number | string;
}
export interface Trade {
  id?: string | number;
  price: string;
  quantity?: string;
  qty?: string;
  side?: string;
  at?: number | string;
  t?: number;
  time?: number | string;
  buyer_maker?: boolean;
}
export interface Position {
  symbol: string;
  quantity?: string;
  qty?: string;
  average_price?: string;
  entry_price?: string;
  mark_price?: string;
  mark?: string;
  unrealised?: string;
  realised?: string;
  value?: string;
}
export interface Order {
  client_order_id: string;
  symbol: string;
  side: string;
  type: string;
  quantity?: string;
  price?: string | null;
  trigger?: string | null;
  filled?: string;
  filled_quantity?: string;
  remaining?: string;
  status?: string;
  state?: string;
  updated?: number | string;
  created?: number | string;
  strategy?: string | null;
  at?: number | string;
  reason?: string | null;
}
export interface Fill {
  client_order_id?: string;
  trade_id?: string;
  symbol: string;
  side: string;
  fill_price?: string;
  price?: string;
  fill_quantity?: string;
  quantity?: string;
  fee?: string;
  fee_asset?: string;
  at?: number | string;
  maker?: boolean;
  strategy?: string | null;
}
export interface Pnl {
  realised?: string;
  unrealised?: string;
  fees?: string;
  total?: string;
  equity?: string;
  currency?: string;
  /** Assets without a price in this session, which equity leaves out. */
  unvalued?: string[];
}
export interface RiskRule {
  name: string;
  limit?: string | number;
  value?: string | number;
  headroom?: string | number;
  unit?: string;
  reason?: string;
  ok?: boolean;
}
export interface Risk {
  state?: string;
  rules?: RiskRule[];
}
export interface Alert {
  id: string;
  kind: "above" | "below" | "fill";
  symbol: string | null;
  price: string | null;
  note: string;
  fired: boolean;
  fired_with: string | null;
}
export interface Range {
  default: number;
  low: number;
  high: number;
  kind: string;
  doc: string;
}
export interface Strategy {
  name: string;
  state?: string;
  parameters?: Record<string, number>;
  ranges?: Record<string, Range>;
  fault?: string | null;
  description?: string;
  tier?: Tier;
  spin?: boolean;
  /** Of a strategy of several markets: the symbol of each leg, null until it was started once. */
  legs?: Record<string, string | null>;
  /** Whether its file is still the one that was read. */
  file?: "same" | "changed" | "deleted";
}
export type Tier = "service" | "hot";
/** The compiled engine: what it does and why it does not trade. */
export interface HotLoop {
  strategy: string | null;
  spin: boolean;
  phase: string;
  restarts: number;
  state?: string;
  reason?: string;
  frames?: number;
  sent?: number;
  filled?: number;
  open_orders?: number;
  unknown_orders?: number;
  differences?: number;
}
export interface Latency {
  stages: LatencyStage[];
  hot: HotLoop | null;
}
export interface Features {
  bar?: number;
  values?: (number | null)[];
  scores?: number[];
  present?: boolean[];
  /** Why a letter has no value or no score: a word of `quantum.absent`. */
  absent?: Record<string, string>;
}
export interface LatencyStage {
  tier?: Tier;
  name: string;
  p50_us?: number;
  p99_us?: number;
  n?: number;
}

export interface QState {
  state_id: string;
  symbol: string;
  bar_end?: number | string;
  at?: string;
  state_hash?: string;
  informative?: boolean;
  intensity?: number;
  real?: number[];
  imaginary?: number[];
  present?: boolean[];
  diagonal?: number[];
  novelty?: number | null;
  coherence?: number;
  coherence_l1?: number;
  coherence_relative?: number;
  purity?: number;
  entropy?: number;
  effective_rank?: number;
  participation?: number;
  shrinkage?: number;
  regime?: string;
  regime_probabilities?: Record<string, number>;
  regime_uncertainty?: Record<string, [number, number]>;
  regime_n?: number;
}
export interface Matrix {
  real: number[][];
  imaginary: number[][];
}
export interface CoherencePoint {
  bar_end?: number | string;
  t?: number;
  at?: string;
  coherence?: number;
  coherence_low?: number | null;
  coherence_high?: number | null;
  purity?: number;
  effective_rank?: number;
}
export interface QasmExample {
  name: string;
  source: string;
  description?: string;
}

export interface Memory {
  memory_id: string;
  text: string;
  kind?: string;
  scope?: string;
  happened_at?: string;
  ingested_at?: string;
  created_at?: string;
  symbol?: string | null;
  metadata?: Record<string, unknown>;
  score?: number;
  legs?: Record<string, number>;
  evidence?: Record<string, number>;
  author?: string | null;
  superseded_at?: string | null;
  signs?: string[];
}
export interface Fact {
  fact_id: string;
  subject: string;
  predicate: string;
  value: string;
  sentence: string;
  scope: string;
  private: boolean;
  valid_from: string | null;
  valid_until: string | null;
  known_from: string;
  known_until: string | null;
  holds: boolean;
  confidence: number;
  evidence: string[];
}
export interface FactList {
  items: Fact[];
  total: number;
}
/** Returns after moments like one another; null where there are too few of them. */
export interface MomentOutcomes {
  horizon: number;
  sample: number;
  pool: number;
  enough: boolean;
  mean: number | null;
  median: number | null;
  low: number | null;
  high: number | null;
  up: number | null;
  null_mean: number | null;
  adjusted: number | null;
}
export interface LikeMoments {
  symbol: string;
  at: string;
  searched: number;
  min_sample: number;
  alike: {
    memory_id: string;
    at: string;
    regime: string;
    overlap: number;
    ratio: number;
    fidelity: number;
    followed: Record<string, number>;
  }[];
  followed: MomentOutcomes[];
}
export interface Recall {
  hits: Memory[];
  searched?: number;
  probability?: number | null;
  threshold?: number | null;
  abstained?: boolean;
  named_time?: { text: string; start: string | null; end: string | null } | null;
  foreign_model?: string | null;
  erased_since?: number;
}
export interface Reflection {
  reflection_id: string;
  symbol?: string | null;
  text_en: string;
  text_es: string;
  rule?: string;
  confidence?: number;
  bias?: number;
  evidence?: string[];
  sample?: number;
  created_at?: string;
  moment_id?: string | null;
  scope?: string;
  private?: boolean;
  low?: number | null;
  high?: number | null;
  expires_at?: string | null;
  rejected?: string | null;
  parts?: string[];
}
export interface ReflectionRun {
  at: string;
  why: string;
  considered: number;
  kept: number;
  rejected: number;
}

export interface Conversation {
  conversation: string;
  title?: string;
  updated_at?: string;
  turns?: number;
}
export interface Source {
  title: string;
  reference: string;
}
export interface TurnEvent {
  conversation?: string;
  turn: string;
  offset?: number;
  kind: "user" | "status" | "text" | "tool_call" | "tool_result" | "sources" | "error" | "done";
  text?: string | null;
  tool?: string | null;
  call_id?: string | null;
  data?: unknown;
  sources?: Source[];
  model?: string | null;
}
export interface Model {
  name?: string;
  provider?: string;
  active?: boolean;
  available?: boolean;
  detail?: string;
}

export interface LogLine {
  timestamp?: string;
  service?: string;
  level?: string;
  message?: string;
  context?: Record<string, unknown>;
}
export interface TraceRow {
  trace_id: string;
  name?: string;
  service?: string;
  services?: string[];
  started_at?: string | number;
  start?: string | number;
  start_ns?: number;
  duration_ms?: number;
  spans?: number;
  error?: boolean;
  errors?: number;
}
export interface Span {
  span_id: string;
  parent_id?: string | null;
  parent_span_id?: string | null;
  name: string;
  service?: string;
  start_ns?: number | string;
  offset_ms?: number;
  start?: number | string;
  duration_ms?: number;
  end_ns?: number | string;
  status?: string;
  attributes?: Record<string, unknown>;
}
export interface Queue {
  name: string;
  service?: string;
  ready?: number;
  unacked?: number;
  consumers?: number;
  dead?: number;
  oldest_age_s?: number;
  paused?: boolean;
}
export interface DeadLetter {
  id: string;
  queue?: string;
  routing_key?: string;
  key?: string;
  reason?: string;
  attempts?: number;
  at?: string;
  body?: unknown;
}
export interface Engine {
  name: string;
  state?: string;
  version?: string;
  embedded?: boolean;
  detail?: string;
  latency_ms?: number;
}
export interface Operation {
  operation_id?: string;
  status?: "accepted" | "running" | "done" | "failed";
  data?: unknown;
  problem?: Problem | null;
}

/** A stored moment that is like another: signed overlap in [-1, 1], fidelity in [0, 1]. */
export interface Likeness {
  state_id: string;
  symbol: string;
  bar_end: string;
  regime?: string;
  signed: number | null;
  fidelity: number;
  intensity_ratio: number | null;
}
