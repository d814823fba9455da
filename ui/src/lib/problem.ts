/**
 * A problem document as people are told of it: its stable `type` in their language, what is allowed once and without
 * quotes, and no sentence twice. Pure.
 */

import type { Problem } from "@/wire/protocol";

export interface Words {
  language: string;
  t(key: string, values?: Record<string, unknown>): string;
  exists(key: string): boolean;
}

const OURS: Record<string, string> = {
  unreachable: "error.unreachable",
  timeout: "error.timeout",
  failed: "error.failed",
  cancelled: "error.cancelled",
  interrupted: "error.interrupted",
};
const NUMBERS = /\(([^()]+), allowed (up to|from) ([^()]+)\)\s*$/;

const slugOf = (problem: Problem) => problem.type?.split(":").at(-1) ?? "";
const same = (a: string | undefined, b: string | undefined) =>
  (a ?? "").trim().toLowerCase().replace(/\.$/, "") === (b ?? "").trim().toLowerCase().replace(/\.$/, "");

/** What is allowed, as text: lists with commas, strings without quotes; null when there is nothing to say. */
export function allowedText(allowed: unknown): string | null {
  if (allowed === null || allowed === undefined || allowed === "") return null;
  if (Array.isArray(allowed)) return allowed.map((item) => allowedText(item) ?? "—").join(", ");
  if (typeof allowed !== "object") return String(allowed);
  return "expected" in allowed ? allowedText(allowed.expected) : JSON.stringify(allowed);
}

/** What is wrong with one value, as every service says it of a body. */
const WRONG: [RegExp, string][] = [
  [/^(?<field>\S+): Input should be a valid number\b/, "wrong.number"],
  [/^(?<field>\S+): Input should be a valid integer\b/, "wrong.integer"],
  [/^(?<field>\S+): Input should be greater than (?<low>-?[\d.e+]+)$/, "wrong.above"],
  [/^(?<field>\S+): Input should be greater than or equal to (?<low>-?[\d.e+]+)$/, "wrong.least"],
  [/^(?<field>\S+): Input should be less than or equal to (?<high>-?[\d.e+]+)$/, "wrong.most"],
  [/^(?<field>\S+): is missing$/, "wrong.missing"],
];

/** What the services allow in sentences of a fixed form, so that they can be told in another language. */
const SENTENCES: [RegExp, string][] = [
  [/^a price from (?<low>\S+) to (?<high>\S+) (?<unit>[A-Z]+)$/, "allowed.price"],
  [
    /^a price from (?<low>\S+) to (?<high>\S+) (?<unit>[A-Z]+), in steps of (?<step>\S+)$/,
    "allowed.priceStep",
  ],
  [
    /^a quantity from (?<low>\S+) to (?<high>\S+) (?<unit>[A-Z]+), in steps of (?<step>\S+)$/,
    "allowed.quantity",
  ],
  [
    /^a value \(price x quantity\) of at least (?<low>\S+) and at most (?<high>\S+) (?<unit>[A-Z]+)$/,
    "allowed.value",
  ],
  [/^a value \(price x quantity\) of at least (?<low>\S+) (?<unit>[A-Z]+)$/, "allowed.least"],
  [/^multiples of (?<step>\S+)$/, "allowed.multiples"],
  [/^a number above zero with up to 8 decimals, such as (?<one>\S+)$/, "allowed.number"],
];

function inWords(text: string, sentences: [RegExp, string][], words: Words): string {
  for (const [pattern, key] of sentences) {
    const found = pattern.exec(text);
    if (found) return words.t(key, { ...found.groups });
  }
  return text;
}

/** A refusal of the risk gate: its rule in words, with the value and its limit when the rule has them. */
function refusal(problem: Problem, words: Words): string | undefined {
  const key = `refusal.${problem.field}`;
  if (!problem.field || !words.exists(key)) return undefined;
  const found = NUMBERS.exec(problem.detail ?? "");
  const says = words.t(key);
  if (!found) return says;
  const [, value, kind, limit] = found;
  const allowed = words.t(kind === "from" ? "refusal.from" : "refusal.upTo", { limit });
  return `${says} ${words.t("refusal.numbers", { value, allowed })}`;
}

function detailOf(problem: Problem, slug: string, words: Words): string | undefined {
  if (words.language.startsWith("en")) return problem.detail;
  if (slug === "order-refused") return refusal(problem, words) ?? problem.detail;
  if (slug === "language-untold") return undefined; // its title says all of it
  return problem.detail && inWords(problem.detail, WRONG, words);
}

/** Title, detail and what is allowed, ready to be shown; `detail` and `allowed` only if they add something. */
export function told(problem: Problem, words: Words): Problem & { allowed?: string } {
  const slug = slugOf(problem);
  const key = `problem.${slug}`;
  const ours = OURS[problem.title];
  const english = words.language.startsWith("en");
  const title = ours ? words.t(ours) : !english && words.exists(key) ? words.t(key) : problem.title;
  const full = detailOf(problem, slug, words);
  const detail = same(full, title) || same(full, problem.title) ? undefined : full;
  const allowed = allowedText(problem.allowed);
  const known = allowed === null || `${detail ?? ""} ${problem.detail ?? ""}`.includes(allowed);
  return {
    ...problem,
    title,
    detail,
    allowed: known ? undefined : english ? allowed : inWords(allowed, SENTENCES, words),
  };
}
