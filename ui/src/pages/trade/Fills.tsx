/** Own fills, newest first. */

import { Empty } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Num, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { useInstruments } from "@/state/instruments";
import { useFills } from "./Chart";
import { fillKey, fillPrice, fillQuantity } from "./fills";
import { originOf, Quantity, SideText } from "./Orders";

export function Fills() {
  const { t, maybe } = useText();
  const of = useInstruments();
  const fills = useFills();
  if (fills.length === 0) return <Empty text={t("desk.noFills")} />;
  return (
    <Table
      label={t("desk.fills")}
      rows={fills.slice(0, 100)}
      rowKey={(row, index) => `${fillKey(row)}-${index}`}
      columns={[
        { key: "at", head: t("common.time"), cell: (row) => <Time value={row.at} millis /> },
        { key: "symbol", head: t("common.symbol"), cell: (row) => row.symbol },
        { key: "side", head: t("order.side"), cell: (row) => <SideText side={row.side} /> },
        {
          key: "price",
          head: t("common.price"),
          right: true,
          cell: (row) => <Num value={fillPrice(row)} decimals={of(row.symbol).priceDecimals} />,
        },
        {
          key: "quantity",
          head: t("common.quantity"),
          right: true,
          cell: (row) => <Quantity value={fillQuantity(row)} instrument={of(row.symbol)} />,
        },
        {
          key: "fee",
          head: t("equity.fees"),
          right: true,
          cell: (row) => <Num value={row.fee} decimals={6} unit={row.fee_asset} />,
        },
        {
          key: "maker",
          head: t("desk.role"),
          cell: (row) => (row.maker === undefined ? "—" : t(row.maker ? "desk.maker" : "desk.taker")),
        },
        { key: "strategy", head: t("desk.strategy"), cell: (row) => originOf(row, t, maybe) },
      ]}
    />
  );
}
