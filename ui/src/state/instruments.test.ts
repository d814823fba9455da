import { expect, test } from "vitest";
import { instrumentOf, isHeld, quantityDecimals } from "./instruments";

const BTC = instrumentOf("BTCUSDT", { symbol: "BTCUSDT", tick_size: "0.01", lot_size: "0.00001" });
const SOL = instrumentOf("SOLUSDT", { symbol: "SOLUSDT", tick_size: "0.01", lot_size: "0.001" });

test("a quantity is written with the step of its own symbol and never rounded", () => {
  expect(quantityDecimals("0.003826", BTC)).toBe(6);
  expect(quantityDecimals("0.5", BTC)).toBe(5);
  expect(quantityDecimals("12", SOL)).toBe(3);
  expect(quantityDecimals(null, SOL)).toBe(3);
});

test("less than one lot is dust and no position", () => {
  expect(isHeld({ symbol: "BTCUSDT", quantity: "0.00000900" }, BTC)).toBe(false);
  expect(isHeld({ symbol: "BTCUSDT", quantity: "-0.00001" }, BTC)).toBe(true);
  expect(isHeld({ symbol: "BTCUSDT", quantity: "0" }, BTC)).toBe(false);
});

test("of a symbol that is not traded here every quantity counts", () => {
  expect(isHeld({ symbol: "DOGEUSDT", quantity: "0.00000001" }, instrumentOf("DOGEUSDT", undefined))).toBe(
    true,
  );
});
