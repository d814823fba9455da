/** Why a version was made and what it changed, as people read it: CIO says both in English of a fixed form. Pure. */

import type { Words } from "./memoryText";

const FIXED: Record<string, string> = { start: "start", "the first outcomes": "firstOutcomes" };
const FORMS: readonly (readonly [string, RegExp])[] = [
  ["outcomes", /^(?<count>\d+) outcomes learned(?:, by (?<person>.+))?$/],
  ["undo", /^undo of version (?<number>\d+)(?:, by (?<person>.+))?$/],
  [
    "gain",
    /^gain (?<mean>[+-][\d.]+) \((?<low>[+-][\d.]+) to (?<high>[+-][\d.]+)\) on (?<events>\d+) events it had not seen$/,
  ],
];
const CHANGE = /^(\S.*?) {2,}(.+) -> (.+)$/;

const REGIMES = new Set(["calm", "trend_up", "trend_down", "turbulent", "stress", "unknown"]);

/** A capability is a family and a name: order:limit. */
export function capability(text: string, words: Words): { family: string; name: string } {
  const [family = "", ...rest] = text.split(":");
  const name = rest.join(":");
  return {
    family: words.maybe(`mind.can_${family}`, family),
    name: words.maybe(`mind.${family}_${name}`, name),
  };
}

/** Who asked, or a symbol and a regime: SOLUSDT calm. */
export function situation(context: string, words: Words): string {
  const plain = context.split(" ").map((word) => (REGIMES.has(word) ? words.t(`regime.${word}`) : word));
  return words.maybe(`mind.context_${context}`, plain.join(" "));
}

/** What an entry is called: a weight, or a capability and its situation. */
function entry(key: string, words: Words): string {
  if (!key.includes(":")) return words.maybe(`mind.weight_${key}`, key);
  const [what = "", context] = key.split(" @ ");
  const { family, name } = capability(what, words);
  return context === undefined ? `${family} ${name}` : `${family} ${name}, ${situation(context, words)}`;
}

export function changeReason(reason: string, words: Words): string {
  const fixed = FIXED[reason];
  if (fixed) return words.t(`mind.reason_${fixed}`);
  for (const [name, form] of FORMS) {
    const found = form.exec(reason)?.groups;
    if (found) return words.t(`mind.reason_${name}${found.person ? "By" : ""}`, { ...found });
  }
  return reason;
}

/** Lines of a key and its values before and after; a weight has its name in words. */
export function changeLines(diff: string, words: Words): string {
  if (diff === "the first version") return words.t("mind.firstVersion");
  if (diff === "no change") return words.t("mind.noChange");
  return diff
    .split("\n")
    .map((line) => {
      const found = CHANGE.exec(line);
      if (!found) return line;
      const [, key = "", before = "", after = ""] = found;
      const value = (text: string) => (text === "none" ? "—" : text.replace(/ of ([\d.]+)$/, " (n = $1)"));
      return `${entry(key, words)}: ${value(before)} → ${value(after)}`;
    })
    .join("\n");
}
