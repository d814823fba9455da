/** One-second candles with the desk's own fills as markers; the newest bars are also there as a table. */

import { lazy, Suspense, useMemo, useState } from "react";
import { items } from "@/api/http";
import type { Candle, Fill } from "@/api/types";
import { Body, Panel, Skeleton } from "@/components/Panel";
import { Table } from "@/components/Table";
import { IconButton, Num, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import type { Instrument } from "@/state/instruments";
import { useChannel } from "@/state/live";
import { mergeFills } from "./fills";

const Candles = lazy(() => import("./Candles"));

export function useFills(): Fill[] {
  const stored = useData<unknown>({ path: "/api/hft/fills", every: 15_000 }).value;
  const live = useChannel("fills", 20);
  return useMemo(
    () =>
      mergeFills(
        items<Fill>(stored),
        live.log.map((entry) => entry.value as Fill),
      ),
    [stored, live.log],
  );
}

export function Chart({ instrument }: { instrument: Instrument }) {
  const { t } = useText();
  const { symbol, priceDecimals } = instrument;
  const [asTable, setAsTable] = useState(false);
  const data = useData<unknown>({
    path: `/api/hft/candles?symbol=${symbol}&limit=500`,
    enabled: Boolean(symbol),
    every: 30_000,
  });
  const bar = useChannel(symbol && `candle.${symbol}`, 4);
  const fills = useFills();
  const candles = useMemo(() => items<Candle>(data.value), [data.value]);
  const own = useMemo(() => fills.filter((fill) => fill.symbol === symbol), [fills, symbol]);
  const toggle = (
    <IconButton
      icon={asTable ? "trade" : "table"}
      label={t(asTable ? "trade.asChart" : "trade.asTable")}
      onClick={() => setAsTable(!asTable)}
    />
  );
  return (
    <Panel
      title={t("trade.chart", { symbol: symbol || "—" })}
      area="chart"
      controls={toggle}
      source={t("trade.chartSource")}
      at={bar.at ?? data.at}
      staleAfter={10_000}
      flush
    >
      <Body
        data={data}
        empty={candles.length === 0 && !bar.value}
        emptyText={t("trade.chartEmpty")}
        lines={9}
      >
        {asTable ? (
          <CandleTable candles={candles} decimals={priceDecimals} />
        ) : (
          <Suspense fallback={<Skeleton lines={9} />}>
            <Candles
              key={symbol}
              candles={candles}
              bar={bar.value as Candle | undefined}
              fills={own}
              decimals={priceDecimals}
            />
          </Suspense>
        )}
      </Body>
    </Panel>
  );
}

function CandleTable({ candles, decimals }: { candles: Candle[]; decimals: number }) {
  const { t } = useText();
  const price = (key: "o" | "h" | "l" | "c") => ({
    key,
    head: t(`trade.${key}`),
    right: true,
    cell: (row: Candle) => <Num value={row[key]} decimals={decimals} />,
  });
  return (
    <Table
      label={t("trade.asTable")}
      rows={candles.slice(-100).reverse()}
      rowKey={(row) => String(row.t)}
      columns={[
        { key: "t", head: t("common.time"), cell: (row) => <Time value={row.t} /> },
        price("o"),
        price("h"),
        price("l"),
        price("c"),
        { key: "v", head: t("trade.volume"), right: true, cell: (row) => <Num value={row.v} decimals={4} /> },
      ]}
    />
  );
}
