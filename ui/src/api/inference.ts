/** Inference on the stored states of a symbol: forecasts beside classical ones, and the change of state. */

import { compute, type Job } from "./jobs";

export type Verdict = "gain" | "no gain" | "worse";
export interface Comparison {
  n: number;
  difference: number;
  p: number;
}
export interface ModelLine {
  model: string;
  loss: number;
  hits: number;
  against_base: Comparison & { verdict: Verdict };
}
export interface ModelPair {
  model: string;
  other: string;
  comparison: Comparison;
  verdict: Verdict;
}
export type ChangeOfState =
  | { statistic: number; p: number; judged: number; share_below_level: number; null: number }
  | { why: string };
export interface Inferred {
  rows: number;
  train: number;
  held_out: number;
  folds: number;
  horizon: number;
  edges: number[];
  models: ModelLine[];
  pairs: ModelPair[];
  verdict: Verdict;
  forecast: Record<string, number[]> | null;
  change: ChangeOfState;
}
export interface InferAsk {
  symbol: string;
  target: string;
  horizon: number;
}

/** `told` hears the job while it is open: its id, to cancel it, and its progress. */
export const infer = (ask: InferAsk, told: (job: Job<Inferred>) => void) =>
  compute<Inferred>("/api/qcs/infer?wait=0", ask, told);
