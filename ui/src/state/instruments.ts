/** How prices and quantities of each symbol are written, and what counts as a position. */

import { items } from "@/api/http";
import type { Position, SymbolInfo } from "@/api/types";
import { compare, decimalsOf, parseDecimal } from "@/lib/decimal";
import { isKnown, type Numeric } from "@/lib/format";
import { useData } from "./data";

export interface Instrument {
  symbol: string;
  priceDecimals: number;
  quantityDecimals: number;
  /** The smallest quantity that can be traded; undefined for a symbol that is not traded here. */
  lot?: string;
}

const MOST = 8;

export function instrumentOf(symbol: string, info: SymbolInfo | undefined): Instrument {
  const lot = info?.step_size ?? info?.lot_size;
  return {
    symbol,
    priceDecimals: decimalsOf(info?.tick_size, 2),
    quantityDecimals: decimalsOf(lot, 5),
    lot,
  };
}

/** The instrument of any symbol: rows of a list are each written with their own steps. */
export function useInstruments(): (symbol: string) => Instrument {
  const list = useData<unknown>({ path: "/api/hft/symbols" });
  const infos = items<SymbolInfo>(list.value);
  return (symbol) =>
    instrumentOf(
      symbol,
      infos.find((info) => info.symbol === symbol),
    );
}

/** Decimals of a quantity: those of the step, or more where the number has more, so that nothing is rounded away. */
export function quantityDecimals(value: Numeric, instrument: Instrument): number {
  if (!isKnown(value)) return instrument.quantityDecimals;
  const own = String(value).split(".")[1]?.replace(/0+$/, "").length ?? 0;
  return Math.min(MOST, Math.max(own, instrument.quantityDecimals));
}

/** At least one lot is held; what is left of fees and cannot be sold is dust. */
export function isHeld(position: Position, instrument: Instrument): boolean {
  const quantity = position.quantity ?? position.qty;
  if (!isKnown(quantity) || Number(quantity) === 0) return false;
  const held = parseDecimal(String(quantity));
  const lot = parseDecimal(instrument.lot ?? "");
  if (!held || !lot) return true;
  return compare({ ...held, units: held.units < 0n ? -held.units : held.units }, lot) >= 0;
}
