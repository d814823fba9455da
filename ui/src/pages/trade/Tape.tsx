/** The latest trades of the market. */

import { items } from "@/api/http";
import type { Trade } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { Time } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { useData } from "@/state/data";
import type { Instrument } from "@/state/instruments";

function sideOf(trade: Trade): "up" | "down" {
  if (trade.side) return trade.side.toUpperCase() === "BUY" ? "up" : "down";
  return trade.buyer_maker ? "down" : "up";
}

export function Tape({ instrument }: { instrument: Instrument }) {
  const { t, language } = useText();
  const data = useData<unknown>({
    path: `/api/hft/trades?symbol=${instrument.symbol}&limit=40`,
    enabled: Boolean(instrument.symbol),
    every: 1_000,
  });
  const when = (trade: Trade) => trade.at ?? trade.t ?? trade.time;
  const trades = items<Trade>(data.value).slice();
  trades.sort((a, b) => Number(when(b)) - Number(when(a)));
  return (
    <Panel
      title={t("tape.title")}
      area="tape"
      source={t("tape.source")}
      at={data.at}
      staleAfter={15_000}
      flush
    >
      <Body data={data} empty={trades.length === 0} emptyText={t("tape.empty")} lines={8}>
        <div className="tape">
          {trades.map((trade, index) => (
            <div key={trade.id ?? index}>
              <span className={`num text-${sideOf(trade)}`}>
                <span className="arrow">{sideOf(trade) === "up" ? "▲" : "▼"}</span>
                {fixed(trade.price, instrument.priceDecimals, language)}
              </span>
              <span className="num">
                {fixed(trade.quantity ?? trade.qty, instrument.quantityDecimals, language)}
              </span>
              <span className="muted">
                <Time value={when(trade)} />
              </span>
            </div>
          ))}
        </div>
      </Body>
    </Panel>
  );
}
