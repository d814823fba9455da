import { describe, expect, test } from "vitest";
import { bodyOf, crosses, type Draft, faultOf } from "./draft";

const info = {
  symbol: "BTCUSDT",
  tick_size: "0.01",
  step_size: "0.00001",
  min_quantity: "0.00001",
  min_notional: "5",
};
const draft = (patch: Partial<Draft> = {}): Draft => ({
  side: "BUY",
  type: "LIMIT",
  quantity: "0.01",
  price: "60000",
  ...patch,
});

describe("an order before it is sent", () => {
  test("a good limit order has no fault", () => {
    expect(faultOf(draft(), info, "60000")).toBeNull();
  });
  test("a price between ticks is refused and the tick is named", () => {
    expect(faultOf(draft({ price: "60000.005" }), info, "60000")).toMatchObject({
      field: "price",
      values: { step: "0.01" },
    });
  });
  test("words, zero and negative quantities are refused", () => {
    for (const quantity of ["", "0", "-1", "ten", "1e3"])
      expect(faultOf(draft({ quantity }), info, "1")?.field).toBe("quantity");
  });
  test("an order below the least notional is refused, priced by the market when it has no price", () => {
    expect(faultOf(draft({ type: "MARKET", quantity: "0.00005" }), info, "60000")?.key).toBe(
      "order.minNotional",
    );
    expect(faultOf(draft({ type: "MARKET", quantity: "0.001" }), info, "60000")).toBeNull();
  });
  test("a buy at or above the best ask trades at once", () => {
    expect(crosses(draft({ price: "60001" }), "59999", "60001")).toBe(true);
    expect(crosses(draft({ price: "60000" }), "59999", "60001")).toBe(false);
    expect(crosses(draft({ side: "SELL", price: "59999" }), "59999", "60001")).toBe(true);
  });
  test("a market order carries no price", () => {
    expect(bodyOf(draft({ type: "MARKET" }), "BTCUSDT")).not.toHaveProperty("price");
  });
});
