import { expect, test } from "vitest";
import { choose } from "./Legs";

const SYMBOLS = ["BTCUSDT", "ETHUSDT", "BNBUSDT"];

test("legs that never ran get different symbols", () => {
  expect(choose({ a: null, b: null }, {}, SYMBOLS)).toEqual({ a: "BTCUSDT", b: "ETHUSDT" });
});

test("what was picked comes first, then what it ran on before", () => {
  const before = { a: "ETHUSDT", b: "BNBUSDT" };
  expect(choose(before, {}, SYMBOLS)).toEqual(before);
  expect(choose(before, { b: "BTCUSDT" }, SYMBOLS)).toEqual({ a: "ETHUSDT", b: "BTCUSDT" });
});

test("a symbol that this market does not have is not kept", () => {
  expect(choose({ a: "ETHUSDT", b: null }, {}, ["BTCUSDT"])).toEqual({ a: "BTCUSDT", b: "" });
});

test("a leg that never ran takes no symbol of a later leg", () => {
  expect(choose({ a: null, b: "BTCUSDT" }, {}, SYMBOLS)).toEqual({ a: "ETHUSDT", b: "BTCUSDT" });
});
