/**
 * The text of a memory as people read it. CIO keeps market moments and fills as English sentences of a fixed form, and
 * results of tools as JSON: those are put into words here; everything else is shown as it was written. Pure.
 */

import { isKnown, significant } from "./format";

export interface Words {
  language: string;
  t(key: string, values?: Record<string, unknown>): string;
  maybe(key: string, fallback: string): string;
}

const MOMENT = /^(\S+) at (an unknown price|[\d.e+-]+): regime (\w+) \(([^)]+)\)\.$/;
const FILL =
  /^Filled: (BUY|SELL) (\S+) (\S+) at ([\d.]+)(?:, fee ([^ ]+(?: [A-Z]+)?))?(?: by strategy (\w+))?\.$/;
const TOOL = /^(\w+): (\{[\s\S]*|\[[\s\S]*)$/;
const PAIR = /"(\w+)": ?(?:"((?:[^"\\]|\\.)*)"|(-?[\d.]+(?:e-?\d+)?|true|false))/g;
const DULL = /(^|_)(id|at|hash|state_id|schema|source)$/;
const MOST = 6;

const REASONS: Record<string, string> = {
  "first moment of the session": "first",
  "regime changed": "regime",
  "an order was filled": "fill",
  "once a minute": "minute",
};

const number = (text: string, language: string) =>
  /^-?\d+(\.\d+)?(e-?\d+)?$/.test(text) && isKnown(text) ? significant(text, 8, language) : text;

/** "propose_order: BUY 0.01 …": the scalars of a tool's JSON, which may be cut short, without ids and times. */
function toolText(name: string, json: string, words: Words): string {
  const pairs = [...json.matchAll(PAIR)]
    .map(([, key, text, bare]) => [key ?? "", text ?? bare ?? ""] as const)
    .filter(([key, value]) => !DULL.test(key) && value !== "");
  const shown = pairs
    .slice(0, MOST)
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${number(value, words.language)}`);
  const rest = pairs.length > MOST ? " …" : "";
  return `${name}: ${shown.join(" · ")}${rest}`;
}

export function memoryText(text: string | undefined, words: Words): string {
  const said = text ?? "";
  const tool = TOOL.exec(said);
  if (tool?.[2]?.match(PAIR)) return toolText(tool[1] ?? "", tool[2], words);
  const moment = MOMENT.exec(said);
  if (moment) {
    const [, symbol, price = "", regime = "", reason = ""] = moment;
    const at = price.startsWith("an ") ? words.t("memory.noPrice") : number(price, words.language);
    const why = REASONS[reason];
    return words.t("memory.moment", {
      symbol,
      price: at,
      regime: words.maybe(`regime.${regime}`, regime),
      reason: why ? words.t(`memory.reason_${why}`) : reason,
    });
  }
  const fill = FILL.exec(said);
  if (!fill || words.language.startsWith("en")) return said;
  const [, side, quantity = "", symbol, price = "", fee, strategy] = fill;
  return words.t(strategy ? "memory.fillBy" : "memory.fill", {
    side: words.t(`order.${side}`),
    quantity: number(quantity, words.language),
    symbol,
    price: number(price, words.language),
    fee: fee?.replace(/^\S+/, (paid) => number(paid, words.language)) ?? "—",
    strategy,
  });
}
