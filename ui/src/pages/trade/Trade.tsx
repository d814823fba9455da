/** The desk: chart, book, tape, order entry, orders, positions, fills, strategies, P&L, risk. */

import type { Ticker } from "@/api/types";
import { Page } from "@/components/Page";
import { useText } from "@/i18n";
import { fixed, isKnown } from "@/lib/format";
import { useData } from "@/state/data";
import { instrumentOf } from "@/state/instruments";
import { useSymbol } from "@/state/symbol";
import { Book } from "./Book";
import { Chart } from "./Chart";
import { Desk } from "./Desk";
import { GoLive } from "./GoLive";
import { OrderEntry } from "./OrderEntry";
import { Pnl } from "./Pnl";
import { Risk } from "./Risk";
import { Tape } from "./Tape";

export const useTicker = (symbol: string) =>
  useData<Ticker>({ channel: symbol && `ticker.${symbol}`, rate: 20 });

export default function Trade() {
  const { t, language } = useText();
  const { symbol, info } = useSymbol();
  const ticker = useTicker(symbol).value;
  const instrument = instrumentOf(symbol, info);
  const last = ticker?.last ?? ticker?.price;
  const sentence =
    symbol && !isKnown(last)
      ? t("trade.noPrice", { symbol })
      : symbol
        ? t("trade.sentence", { symbol, price: fixed(last, instrument.priceDecimals, language) })
        : t("trade.none");
  return (
    <Page title={t("page.trade")} sentence={sentence}>
      <GoLive />
      <div className="grid trade-grid">
        <Chart instrument={instrument} />
        <Book instrument={instrument} />
        <div className="trade-side">
          <OrderEntry instrument={instrument} info={info} />
          <Tape instrument={instrument} />
        </div>
        <Desk instrument={instrument} />
        <Pnl />
        <Risk />
      </div>
    </Page>
  );
}
