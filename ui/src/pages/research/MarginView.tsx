/** What came of the margin account of a run on futures: wallet, how near to liquidation, what the venue closed and refused. */

import { lazy, Suspense } from "react";
import type { Margin, RunResult } from "@/api/research";
import { Table } from "@/components/Table";
import { Num, Stat } from "@/components/ui";
import { useText } from "@/i18n";
import { dateTime, percent } from "@/lib/format";

const Series = lazy(() => import("@/components/Series"));

export function MarginView({ result }: { result: RunResult }) {
  const { t, language } = useText();
  const margin = result.margin;
  if (!margin) return null;
  const leverages = Object.values(margin.leverage).join(", ");
  const mode = t(`research.margin_${margin.mode}`);
  return (
    <section className="stack">
      <h3>{t("research.marginTitle")}</h3>
      <div className="stats">
        <Stat label={t("research.leverage")}>{`${leverages} · ${mode}`}</Stat>
        <Stat label={t("research.walletEnd")} hint={t("research.walletHint")}>
          <Num value={margin.wallet_end} decimals={2} />
        </Stat>
        <Stat label={t("research.ratioMax")} hint={t("research.ratioHint")}>
          {percent(margin.ratio_max, 1, language)}
        </Stat>
        <Stat label={t("research.liquidations")}>
          <Num value={margin.liquidations.length} decimals={0} />
        </Stat>
      </div>
      <Curves curve={result.margin_curve ?? []} />
      {margin.liquidations.length > 0 && <Liquidations margin={margin} />}
      {margin.refused.length > 0 && <Refused margin={margin} />}
    </section>
  );
}

function Curves({ curve }: { curve: [number, number, number][] }) {
  const { t } = useText();
  if (curve.length < 3) return null;
  const times = curve.map(([at]) => at / 1_000);
  return (
    <Suspense fallback={null}>
      <Series
        label={t("research.balance")}
        times={times}
        lines={[
          {
            name: t("research.balance"),
            values: curve.map(([, balance]) => balance),
            decimals: 2,
            colour: "--accent",
          },
        ]}
      />
      <Series
        label={t("research.ratio")}
        times={times}
        height={110}
        lines={[
          {
            name: t("research.ratio"),
            values: curve.map(([, , ratio]) => Math.min(100 * ratio, 120)),
            decimals: 0,
            colour: "--down",
          },
        ]}
      />
    </Suspense>
  );
}

function Liquidations({ margin }: { margin: Margin }) {
  const { t, language } = useText();
  return (
    <Table
      label={t("research.liquidations")}
      rows={margin.liquidations.slice(0, 50)}
      rowKey={(row) => `${row.symbol} ${row.order}`}
      columns={[
        { key: "time", head: t("research.closed"), cell: (row) => dateTime(row.time / 1_000_000, language) },
        {
          key: "side",
          head: t("research.position"),
          cell: (row) => t(row.side < 0 ? "research.long" : "research.short"),
        },
        {
          key: "quantity",
          head: t("research.quantity"),
          right: true,
          cell: (row) => <Num value={row.quantity} decimals={3} />,
        },
        {
          key: "price",
          head: t("research.price"),
          right: true,
          cell: (row) => <Num value={row.price} decimals={2} />,
        },
        {
          key: "bankruptcy",
          head: t("research.bankruptcy"),
          right: true,
          roomy: true,
          cell: (row) => <Num value={row.bankruptcy} decimals={2} />,
        },
        {
          key: "fee",
          head: t("research.toFund"),
          right: true,
          cell: (row) => <Num value={row.fee} decimals={2} />,
        },
      ]}
    />
  );
}

function Refused({ margin }: { margin: Margin }) {
  const { t } = useText();
  return (
    <Table
      label={t("research.refused")}
      rows={margin.refused}
      rowKey={(row) => `${row.code} ${row.text}`}
      columns={[
        { key: "text", head: t("research.refused"), wide: true, cell: (row) => row.text },
        { key: "code", head: t("research.code"), right: true, cell: (row) => String(row.code || "") },
        {
          key: "orders",
          head: t("research.orders"),
          right: true,
          cell: (row) => <Num value={row.orders} decimals={0} />,
        },
      ]}
    />
  );
}
