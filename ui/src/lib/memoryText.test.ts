import { expect, test } from "vitest";
import en from "@/i18n/en.json";
import es from "@/i18n/es.json";
import { memoryText, type Words } from "./memoryText";

type Tree = { [key: string]: string | Tree };

function words(language: string, dictionary: Tree): Words {
  const find = (key: string) =>
    key
      .split(".")
      .reduce<string | Tree | undefined>(
        (tree, part) => (typeof tree === "object" ? tree[part] : undefined),
        dictionary,
      );
  const t = (key: string, values: Record<string, unknown> = {}) =>
    String(find(key)).replace(/{{(\w+)}}/g, (_, name: string) => String(values[name]));
  return { language, t, maybe: (key, other) => (typeof find(key) === "string" ? t(key) : other) };
}
const SPANISH = words("es", es as Tree);
const ENGLISH = words("en", en as Tree);

test("a market moment and a fill are read in words of the language", () => {
  const moment = "BTCUSDT at 61558.25: regime trend_down (once a minute).";
  expect(memoryText(moment, SPANISH)).toBe(
    "BTCUSDT a 61.558,25: régimen tendencia bajista (una vez por minuto).",
  );
  expect(memoryText(moment, ENGLISH)).toBe("BTCUSDT at 61,558.25: regime falling trend (once a minute).");
  const fill = "Filled: BUY 0.01 BTCUSDT at 60000, fee 0.00001 BTC by strategy imbalance.";
  expect(memoryText(fill, SPANISH)).toBe(
    "Ejecutada: Compra 0,01 BTCUSDT a 60.000, comisión 0,00001 BTC, estrategia imbalance.",
  );
});

test("a tool's result is its figures without braces, ids and times, also when it was cut", () => {
  const text =
    'propose_order: {"client_order_id": "ce3-1", "symbol": "BTCUSDT", "side": "BUY", "quantity": "0.01", "at": 17, "stra';
  expect(memoryText(text, ENGLISH)).toBe("propose_order: symbol BTCUSDT · side BUY · quantity 0.01");
});

test("what a person wrote is never touched", () => {
  for (const text of ["note: {not json", "I like limits", "", "key: value"])
    expect(memoryText(text, SPANISH)).toBe(text);
});
