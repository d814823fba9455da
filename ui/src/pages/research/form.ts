/** What the form for a backtest holds, and what it sends. Pure. */

export interface Form {
  strategy: string;
  tape: string;
  parameters: Record<string, string>;
  latency: string;
  queue: string;
  fill: string;
  fees: string;
}

export const START: Form = {
  strategy: "",
  tape: "",
  parameters: {},
  latency: "10ms",
  queue: "power3",
  fill: "whole",
  fees: "",
};

/** Only parameters that were written; what is no number is sent as it is, so that HFT says what is allowed. */
export function bodyOf(form: Form): Record<string, unknown> {
  const { parameters, fees, ...rest } = form;
  const written = Object.entries(parameters).filter(([, text]) => text.trim() !== "");
  const values = written.map(([name, text]) => [name, Number.isNaN(Number(text)) ? text : Number(text)]);
  return { ...rest, parameters: Object.fromEntries(values), ...(fees.trim() ? { fees: fees.trim() } : {}) };
}
