/** The order being written: state of the form, its checks and its preview. Checks are exact decimals, and pure. */

import { create } from "zustand";
import type { SymbolInfo } from "@/api/types";
import { compare, type Decimal, isMultipleOf, multiply, parseDecimal, toText } from "@/lib/decimal";

export interface Draft {
  side: "BUY" | "SELL";
  type: "LIMIT" | "MARKET";
  quantity: string;
  price: string;
}

export const useDraft = create<Draft>(() => ({ side: "BUY", type: "LIMIT", quantity: "", price: "" }));
export const pickPrice = (price: string) => useDraft.setState({ price: trimZeros(price), type: "LIMIT" });

export function trimZeros(text: string): string {
  const value = parseDecimal(text);
  return value ? toText(value) : text;
}

export interface Fault {
  field: "quantity" | "price";
  key: string;
  values?: Record<string, string>;
}

const ZERO: Decimal = { units: 0n, scale: 0 };

function amountFault(field: Fault["field"], text: string, step: string | undefined): Fault | null {
  const value = parseDecimal(text);
  if (!value || compare(value, ZERO) <= 0) return { field, key: "order.notNumber" };
  const grid = step ? parseDecimal(step) : null;
  if (grid && !isMultipleOf(value, grid))
    return { field, key: "order.offStep", values: { step: trimZeros(step ?? "") } };
  return null;
}

/** The first thing wrong with a draft, or null. `reference` prices a market order. */
export function faultOf(
  draft: Draft,
  info: SymbolInfo | undefined,
  reference: string | undefined,
): Fault | null {
  const amount = amountFault("quantity", draft.quantity, info?.step_size ?? info?.lot_size);
  if (amount) return amount;
  const least = parseDecimal(info?.min_quantity ?? info?.min_qty ?? "");
  const quantity = parseDecimal(draft.quantity) ?? ZERO;
  if (least && compare(quantity, least) < 0)
    return { field: "quantity", key: "order.tooSmall", values: { least: toText(least) } };
  if (draft.type === "LIMIT") {
    const price = amountFault("price", draft.price, info?.tick_size);
    if (price) return price;
  }
  const cost = notional(draft, reference);
  const floor = parseDecimal(info?.min_notional ?? "");
  if (cost && floor && compare(cost, floor) < 0)
    return { field: "quantity", key: "order.minNotional", values: { least: toText(floor) } };
  return null;
}

export function notional(draft: Draft, reference: string | undefined): Decimal | null {
  const price = parseDecimal(draft.type === "LIMIT" ? draft.price : (reference ?? ""));
  const quantity = parseDecimal(draft.quantity);
  return price && quantity ? multiply(price, quantity) : null;
}

/** True if a limit price would trade at once against the other side. */
export function crosses(draft: Draft, bid: string | undefined, ask: string | undefined): boolean {
  const price = parseDecimal(draft.price);
  const other = parseDecimal((draft.side === "BUY" ? ask : bid) ?? "");
  if (draft.type !== "LIMIT" || !price || !other) return false;
  return draft.side === "BUY" ? compare(price, other) >= 0 : compare(price, other) <= 0;
}

export function bodyOf(draft: Draft, symbol: string): Record<string, string> {
  const body = { symbol, side: draft.side, type: draft.type, quantity: draft.quantity.trim() };
  return draft.type === "LIMIT" ? { ...body, price: draft.price.trim() } : body;
}
