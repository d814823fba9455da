/** The name of a reason for which CIO refuses a claim: its words are English sentences of the API. */

const SAYS = "its evidence does not say it: ";
const REASONS: readonly (readonly [string, string])[] = [
  ["a claim names the memories", "none"],
  ["evidence that is not in the memory", "gone"],
  ["evidence that scope", "foreign"],
];

export function whyRefused(reason: string): string {
  if (reason.startsWith(SAYS)) return reason.slice(SAYS.length).replaceAll(" ", "_");
  return REASONS.find(([begin]) => reason.startsWith(begin))?.[1] ?? "other";
}
