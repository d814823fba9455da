import { expect, test } from "vitest";
import en from "@/i18n/en.json";
import es from "@/i18n/es.json";
import { allowedText, told, type Words } from "./problem";

type Tree = { [key: string]: string | Tree };

function words(language: "en" | "es"): Words {
  const find = (key: string) =>
    key
      .split(".")
      .reduce<string | Tree | undefined>(
        (tree, part) => (typeof tree === "object" ? tree[part] : undefined),
        (language === "en" ? en : es) as Tree,
      );
  const t = (key: string, values: Record<string, unknown> = {}) =>
    String(find(key)).replace(/{{(\w+)}}/g, (_, name: string) => String(values[name]));
  return { language, t, exists: (key) => typeof find(key) === "string" };
}

const REFUSED = {
  type: "urn:qbtc:problem:order-refused",
  title: "The risk gate refused the order",
  detail: "The value is above the limit of one order (60000, allowed up to 25000)",
  field: "order_notional",
  allowed: "25000",
  status: 409,
};

test("a refusal of the risk gate names its limit once, in both languages", () => {
  expect(told(REFUSED, words("en"))).toMatchObject({
    title: REFUSED.title,
    detail: REFUSED.detail,
    allowed: undefined,
  });
  expect(told(REFUSED, words("es"))).toMatchObject({
    title: "El control de riesgo rechazó la orden",
    detail: "El valor supera el límite de una orden. 60000; permitido: hasta 25000.",
    allowed: undefined,
  });
});

test("what repeats the title is left out", () => {
  const wrong = {
    type: "urn:qbtc:problem:login-refused",
    title: "Name or password is wrong",
    detail: "name or password is wrong",
  };
  expect(told(wrong, words("en")).detail).toBeUndefined();
  expect(told(wrong, words("es"))).toMatchObject({
    title: "El nombre o la contraseña no son correctos",
    detail: undefined,
  });
});

test("what is allowed is text, not JSON", () => {
  expect(allowedText(["BTCUSDT", "ETHUSDT"])).toBe("BTCUSDT, ETHUSDT");
  expect(allowedText("multiples of 0.01")).toBe("multiples of 0.01");
  expect(allowedText(null)).toBeNull();
  const rejected = {
    type: "urn:qbtc:problem:venue-rejected",
    title: "The venue rejected the order",
    detail: "Filter failure: PERCENT_PRICE_BY_SIDE (code -1013)",
    allowed: "a price from 12000 to 300000 USDT",
  };
  expect(told(rejected, words("es"))).toMatchObject({
    detail: rejected.detail,
    allowed: "un precio de 12000 a 300000 USDT",
  });
  expect(told(rejected, words("en")).allowed).toBe(rejected.allowed);
});

test("a problem nobody has translated is shown as the server says it", () => {
  const odd = { type: "urn:qbtc:problem:brand-new", title: "Something new", detail: "says more" };
  expect(told(odd, words("es"))).toMatchObject({ title: "Something new", detail: "says more" });
});

test("a computation that was ended says so in the person's language", () => {
  const ended = (title: string) => ({ title, status: 0 });
  expect(told(ended("cancelled"), words("es")).title).toBe(es.error.cancelled);
  expect(told(ended("interrupted"), words("en")).title).toBe(en.error.interrupted);
});

test("a circuit's fault and a value that is no number are told without JSON and in the person's language", () => {
  const place = { file: "circuit", line: 1, column: 5, expected: "a name" };
  const bad = {
    type: "urn:qbtc:problem:bad-circuit",
    title: "x",
    detail: "circuit:1:5: expected a name",
    allowed: place,
  };
  expect(allowedText(place)).toBe("a name");
  expect(told(bad as never, words("en")).allowed).toBeUndefined();
  const number = {
    type: "urn:qbtc:problem:bad-input",
    title: "The request is not valid",
    detail: "spot: Input should be a valid number, unable to parse string as a number",
  };
  expect(told(number as never, words("es")).detail).toBe("spot: debe ser un número");
  const untold = {
    type: "urn:qbtc:problem:language-untold",
    title: "x",
    detail: "say it",
    allowed: ["en", "es"],
  };
  expect(told(untold as never, words("es"))).toMatchObject({ detail: undefined, allowed: "en, es" });
});
