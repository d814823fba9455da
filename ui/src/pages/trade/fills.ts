/** Fills from two sources, each once, newest first; pure. */

import type { Fill } from "@/api/types";
import { toMillis } from "@/lib/format";

export const fillKey = (fill: Fill) =>
  fill.trade_id ?? `${fill.client_order_id}-${fill.at}-${fill.fill_quantity ?? fill.quantity}`;
export const fillPrice = (fill: Fill) => fill.fill_price ?? fill.price;
export const fillQuantity = (fill: Fill) => fill.fill_quantity ?? fill.quantity;

export function mergeFills(stored: Fill[], live: Fill[]): Fill[] {
  const byKey = new Map<string, Fill>();
  for (const fill of [...stored, ...live]) if (fill?.symbol) byKey.set(fillKey(fill), fill);
  return [...byKey.values()].sort((a, b) => (toMillis(b.at) ?? 0) - (toMillis(a.at) ?? 0));
}
