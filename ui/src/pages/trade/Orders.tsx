/** Open orders, each with its cancel, and orders that are over. */

import { useMutation } from "@tanstack/react-query";
import { items } from "@/api/http";
import { runCommand } from "@/api/operations";
import type { Order } from "@/api/types";
import { Body, describe } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { IconButton, Num, Time } from "@/components/ui";
import { say, useText } from "@/i18n";
import type { Data } from "@/state/data";
import { toast, useCan } from "@/state/session";
import type { Instrument } from "./Trade";

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

const OPEN = ["new", "sent", "acked", "partially_filled", "unknown"];

export const isOpen = (order: Order) => OPEN.includes(order.state ?? order.status ?? "");

interface OrdersProps {
  data: Data<unknown>;
  instrument: Instrument;
}

/** What every list of orders shows of one. */
export function useOrderColumns(instrument: Instrument): Column<Order>[] {
  const { t, maybe } = useText();
  const quantity = instrument.quantityDecimals;
  return [
    { key: "at", head: t("common.time"), cell: (row) => <Time value={row.at ?? row.created} /> },
    { key: "symbol", head: t("common.symbol"), cell: (row) => row.symbol },
    { key: "side", head: t("order.side"), cell: (row) => <SideText side={row.side} /> },
    { key: "type", head: t("order.type"), cell: (row) => maybe(`order.${row.type}`, row.type) },
    {
      key: "price",
      head: t("common.price"),
      right: true,
      cell: (row) =>
        row.price ? (
          <Num value={row.price} decimals={instrument.priceDecimals} />
        ) : (
          <span className="muted">{t("desk.atMarket")}</span>
        ),
    },
    {
      key: "quantity",
      head: t("common.quantity"),
      right: true,
      cell: (row) => <Num value={row.quantity} decimals={quantity} />,
    },
    {
      key: "strategy",
      head: t("desk.strategy"),
      cell: (row) => (row.strategy ? maybe(`strategy.name_${row.strategy}`, row.strategy) : t("desk.manual")),
    },
  ];
}

export function useFilled(instrument: Instrument): Column<Order> {
  const { t } = useText();
  return {
    key: "filled",
    head: t("desk.filled"),
    right: true,
    cell: (row) => <Num value={row.filled ?? row.filled_quantity} decimals={instrument.quantityDecimals} />,
  };
}

export function Orders({ data, instrument }: OrdersProps) {
  const { t } = useText();
  const orders = items<Order>(data.value).filter(isOpen);
  const columns = useOrderColumns(instrument);
  const filled = useFilled(instrument);
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
export function History({ data, instrument }: OrdersProps) {
  const { t, maybe } = useText();
  const orders = items<Order>(data.value).filter((order) => !isOpen(order));
  const columns = useOrderColumns(instrument);
  const filled = useFilled(instrument);
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
    onError: (error) => {
      const problem = describe(error, say);
      toast("danger", problem.title, problem.detail);
    },
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
