/** What the desk holds. */

import { items } from "@/api/http";
import type { Position } from "@/api/types";
import { Body } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Num } from "@/components/ui";
import { useText } from "@/i18n";
import type { Data } from "@/state/data";
import { type Instrument, isHeld, useInstruments } from "@/state/instruments";
import { Quantity } from "./Orders";

const isDust = (row: Position, instrument: Instrument) =>
  Number(row.quantity ?? row.qty ?? 0) !== 0 && !isHeld(row, instrument);

export function Positions({ data }: { data: Data<unknown> }) {
  const { t } = useText();
  const of = useInstruments();
  const positions = items<Position>(data.value);
  return (
    <Body data={data} empty={positions.length === 0} emptyText={t("desk.noPositions")}>
      <Table
        label={t("desk.positions")}
        rows={positions}
        rowKey={(row) => row.symbol}
        columns={[
          { key: "symbol", head: t("common.symbol"), cell: (row) => row.symbol },
          {
            key: "quantity",
            head: t("common.quantity"),
            right: true,
            cell: (row) => (
              <>
                <Quantity value={row.quantity ?? row.qty} instrument={of(row.symbol)} signed />
                {isDust(row, of(row.symbol)) && (
                  <span className="muted" title={t("desk.dustHint")}>
                    {" "}
                    {t("desk.dust")}
                  </span>
                )}
              </>
            ),
          },
          {
            key: "entry",
            head: t("desk.entry"),
            right: true,
            cell: (row) => (
              <Num value={row.average_price ?? row.entry_price} decimals={of(row.symbol).priceDecimals} />
            ),
          },
          {
            key: "mark",
            head: t("desk.mark"),
            right: true,
            cell: (row) => <Num value={row.mark_price ?? row.mark} decimals={of(row.symbol).priceDecimals} />,
          },
          {
            key: "unrealised",
            head: t("equity.unrealised"),
            right: true,
            cell: (row) => <Num value={row.unrealised} signed />,
          },
          {
            key: "realised",
            head: t("equity.realised"),
            right: true,
            cell: (row) => <Num value={row.realised} signed />,
          },
        ]}
      />
    </Body>
  );
}
