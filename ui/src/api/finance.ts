/** Quantum finance: a job each. */

import { compute } from "./jobs";

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

export const priceOption = (ask: OptionAsk) =>
  compute<OptionAnswer>("/api/qcs/finance/option", { ...ask, seed: 1 });
