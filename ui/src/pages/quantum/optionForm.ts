/** The form of an option as text, and as what QCS takes: numbers as numbers, and what is no number left for QCS to refuse. */

import type { BudgetLine, OptionAnswer, OptionAsk } from "@/api/finance";
import { numberOf } from "@/lib/format";

export const PAYOFFS = ["call", "put", "digital"] as const;
export const FIELDS = ["spot", "strike", "volatility", "days", "qubits"] as const;
export const LINES: BudgetLine[] = ["truncation", "discretisation", "payoff", "sampling", "total"];

export const START = {
  payoff: "call",
  spot: "2",
  strike: "1.896",
  volatility: "0.4",
  days: "40",
  qubits: "3",
};

export function askOf({ payoff, ...numbers }: typeof START): OptionAsk {
  const entries = Object.entries(numbers).map(([name, text]) => [name, numberOf(text)]);
  return { payoff, ...Object.fromEntries(entries) } as OptionAsk;
}

export const budgetOf = (found: OptionAnswer) => LINES.map((line) => ({ line, value: found.budget[line] }));
