/** What the form for a backtest holds, and what it sends. Pure. */

import { numberOf } from "@/lib/format";

export interface Form {
  strategy: string;
  tape: string;
  parameters: Record<string, string>;
  latency: string;
  queue: string;
  fill: string;
  fees: string;
  /** Of futures; empty: no margin account. */
  leverage: string;
  margin: string;
  wallet: string;
}

export const START: Form = {
  strategy: "",
  tape: "",
  parameters: {},
  latency: "10ms",
  queue: "power3",
  fill: "whole",
  fees: "",
  leverage: "",
  margin: "cross",
  wallet: "10000",
};

/** Futures, recorded or simulated, or a file of one's own: their runs may keep a margin account. */
export const isFutures = (venue = "") =>
  ["binance-usdm", "generic"].includes(venue.replace("simulated ", ""));

/** Only parameters that were written; what is no number is sent as it is, so that HFT says what is allowed. */
export function bodyOf(form: Form): Record<string, unknown> {
  const { parameters, fees, leverage, margin, wallet, ...rest } = form;
  const account = leverage.trim() ? { leverage: numberOf(leverage), margin, wallet: numberOf(wallet) } : {};
  const written = Object.entries(parameters).filter(([, text]) => text.trim() !== "");
  const values = written.map(([name, text]) => [name, numberOf(text)]);
  const paid = fees.trim() ? { fees: fees.trim() } : {};
  return { ...rest, parameters: Object.fromEntries(values), ...paid, ...account };
}
