/** What QCS computes at length: asked once, followed to its end. */

import { ApiError, get, post } from "./http";

export type BudgetLine = "truncation" | "discretisation" | "payoff" | "sampling" | "total";
export interface OptionAnswer {
  quantum: {
    value: number;
    interval: [number, number];
    exact: number;
    oracle_calls: number;
    qubits: number;
    depth: number;
  };
  classical: { value: number; discounted: number; grid: number };
  budget: Record<BudgetLine, number>;
}
export interface OptionAsk {
  payoff: string;
  spot: number;
  strike: number;
  volatility: number;
  days: number;
  qubits: number;
}
export interface Job<T> {
  id: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";
  result?: T | null;
  error?: { title: string; status?: number; detail?: string } | null;
}

const LOOK_MS = 1_000;
const open = (job: Job<unknown>) => job.state === "queued" || job.state === "running";

/** The result of a job, however long it takes. Throws ApiError when it has none. */
async function followed<T>(job: Job<T>): Promise<T> {
  let now = job;
  while (open(now)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    now = await get<Job<T>>(`/api/qcs/jobs/${encodeURIComponent(job.id)}`);
  }
  if (!now.result) throw new ApiError(now.error ?? { title: now.state, status: 0 });
  return now.result;
}

export const priceOption = async (ask: OptionAsk) =>
  followed(await post<Job<OptionAnswer>>("/api/qcs/finance/option", { ...ask, seed: 1 }));
