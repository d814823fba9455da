/** Open orders, each with its cancel, and orders that are over. */

import { useMutation } from "@tanstack/react-query";
import { items } from "@/api/http";
import { runCommand } from "@/api/operations";
import type { Order } from "@/api/types";
import { complain } from "@/components/complain";
import { Body } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { IconButton, Num, Time } from "@/components/ui";
import { say, type Translate, useText } from "@/i18n";
import type { Numeric } from "@/lib/format";
import type { Data } from "@/state/data";
import { type Instrument, quantityDecimals, useInstruments } from "@/state/instruments";
import { toast, useCan } from "@/state/session";
import { isOpen } from "./order";

export function SideText({ side }: { side: string }) {
  const { t } = useText();
  const buy = side.toUpperCase() === "BUY";
  return (
    <span className={buy ? "text-up" : "text-down"}>
      {buy ? "▲ " : "▼ "}
      {t(buy ? "order.BUY" : "order.SELL")}
    </span>
  );
}

interface OrdersProps {
  data: Data<unknown>;
}

/** A quantity as it is, with the decimals of its symbol's step at least. */
export function Quantity({
  value,
  instrument,
  signed,
}: {
  value: Numeric;
  instrument: Instrument;
  signed?: boolean;
}) {
  return <Num value={value} decimals={quantityDecimals(value, instrument)} signed={signed} />;
}

const ASSISTANT = "ce3-";

/** Who wanted it: a strategy, the assistant (a person approved it), or a person by hand. */
export function originOf(
  row: { strategy?: string | null; client_order_id?: string },
  t: Translate,
  maybe: (key: string, fallback: string) => string,
): string {
  const name = row.strategy ?? (row.client_order_id?.startsWith(ASSISTANT) ? "assistant" : null);
  return name ? maybe(`strategy.name_${name}`, name) : t("desk.manual");
}

/** What every list of orders shows of one. */
export function useOrderColumns(): Column<Order>[] {
  const { t, maybe } = useText();
  const of = useInstruments();
  return [
    { key: "at", head: t("common.time"), cell: (row) => <Time value={row.at ?? row.created} /> },
    { key: "symbol", head: t("common.symbol"), cell: (row) => row.symbol },
    { key: "side", head: t("order.side"), cell: (row) => <SideText side={row.side} /> },
    {
      key: "type",
      head: t("order.type"),
      cell: (row) => (
        <>
          {maybe(`order.${row.type}`, row.type)}
          {row.trigger && (
            <div className="muted">
              {t("order.waitsFor")} <Num value={row.trigger} decimals={of(row.symbol).priceDecimals} />
            </div>
          )}
        </>
      ),
    },
    {
      key: "price",
      head: t("common.price"),
      right: true,
      cell: (row) =>
        row.price ? (
          <Num value={row.price} decimals={of(row.symbol).priceDecimals} />
        ) : (
          <span className="muted">{t("desk.atMarket")}</span>
        ),
    },
    {
      key: "quantity",
      head: t("common.quantity"),
      right: true,
      cell: (row) => <Quantity value={row.quantity} instrument={of(row.symbol)} />,
    },
    {
      key: "strategy",
      head: t("desk.strategy"),
      cell: (row) => originOf(row, t, maybe),
    },
  ];
}

export function useFilled(): Column<Order> {
  const { t } = useText();
  const of = useInstruments();
  return {
    key: "filled",
    head: t("desk.filled"),
    right: true,
    cell: (row) => <Quantity value={row.filled ?? row.filled_quantity} instrument={of(row.symbol)} />,
  };
}

export function Orders({ data }: OrdersProps) {
  const { t } = useText();
  const orders = items<Order>(data.value).filter(isOpen);
  const columns = useOrderColumns();
  const filled = useFilled();
  return (
    <Body data={data} empty={orders.length === 0} emptyText={t("desk.noOrders")}>
      <Table
        label={t("desk.orders")}
        rows={orders}
        rowKey={(row) => row.client_order_id}
        columns={[
          ...columns,
          filled,
          { key: "cancel", head: "", right: true, cell: (row) => <Cancel order={row} /> },
        ]}
      />
    </Body>
  );
}

/** Orders that are over, newest first, and how each ended. */
export function History({ data }: OrdersProps) {
  const { t, maybe } = useText();
  const orders = items<Order>(data.value).filter((order) => !isOpen(order));
  const columns = useOrderColumns();
  const filled = useFilled();
  return (
    <Body data={data} empty={orders.length === 0} emptyText={t("desk.noHistory")}>
      <Table
        label={t("desk.history")}
        rows={orders.slice(0, 50)}
        rowKey={(row) => row.client_order_id}
        columns={[
          ...columns,
          filled,
          {
            key: "state",
            head: t("desk.ended"),
            wide: true,
            cell: (row) => (
              <span title={row.reason ?? undefined}>
                {maybe(`order.state_${row.state}`, row.state ?? "—")}
                {row.reason && (
                  <span className="muted"> · {maybe(`order.reason_${row.reason}`, row.reason)}</span>
                )}
              </span>
            ),
          },
        ]}
      />
    </Body>
  );
}

function Cancel({ order }: { order: Order }) {
  const { t } = useText();
  const allowed = useCan("trader");
  const cancel = useMutation({
    mutationFn: () =>
      runCommand("hft.order.cancel", { symbol: order.symbol, client_order_id: order.client_order_id }),
    onSuccess: () => toast("ok", say("order.cancelled")),
    onError: complain,
  });
  return (
    <IconButton
      icon="close"
      label={t("order.cancel", { id: order.client_order_id })}
      disabled={!allowed || cancel.isPending}
      onClick={() => cancel.mutate()}
    />
  );
}
