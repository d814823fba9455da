/** What the answer of inference says, without a word of it. Pure. */

import type { Inferred, ModelLine, ModelPair, Verdict } from "@/api/inference";
import { fixed, pValue } from "@/lib/format";

export const HORIZONS = ["1", "10", "60"] as const;
export const QUANTUM = ["quantum filter", "quantum direct"];

/** "= 0.312", or "< 0.001". */
export function pOf(p: number | undefined, language: string): string {
  const shown = pValue(p, language);
  return shown.startsWith("<") ? shown : `= ${shown}`;
}

const best = (lines: ModelLine[]) => lines.reduce((a, b) => (b.loss < a.loss ? b : a));

export interface Judgement {
  ours: ModelLine;
  rest: ModelLine;
  pair: ModelPair | undefined;
  verdict: Verdict;
}

/** The better quantum model against the best of the others. */
export function judgementOf(found: Inferred): Judgement {
  const ours = best(found.models.filter((line) => QUANTUM.includes(line.model)));
  const rest = best(found.models.filter((line) => !QUANTUM.includes(line.model)));
  const pair = found.pairs.find((each) => each.model === ours.model && each.other === rest.model);
  return { ours, rest, pair, verdict: found.verdict };
}

/** Class k of values between its edges: ≤ a, a … b, > b. */
export function classesOf(edges: number[], language: string): string[] {
  const shown = edges.map((edge) => fixed(edge, 2, language));
  const inner = shown.slice(1).map((edge, index) => `${shown[index]} … ${edge}`);
  return [`≤ ${shown[0]}`, ...inner, `> ${shown.at(-1)}`];
}
