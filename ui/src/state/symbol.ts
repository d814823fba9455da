/** The symbol on screen: the one that was picked if the market still has it, else the first. */

import { items } from "@/api/http";
import type { SymbolInfo } from "@/api/types";
import { useMarket } from "@/app/Badges";
import { useData } from "./data";
import { usePrefs } from "./prefs";

export function useSymbol(): { symbol: string; symbols: string[]; info: SymbolInfo | undefined } {
  const picked = usePrefs((s) => s.symbol);
  const market = useMarket().value;
  const list = useData<unknown>({ path: "/api/hft/symbols" });
  const infos = items<SymbolInfo>(list.value);
  const named = infos.length > 0 ? infos.map((info) => info.symbol) : (market?.symbols ?? []);
  const symbol = named.includes(picked) ? picked : (named[0] ?? "");
  return { symbol, symbols: named, info: infos.find((info) => info.symbol === symbol) };
}
