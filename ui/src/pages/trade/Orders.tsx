/** Open orders, each with its cancel. */

import { useMutation } from "@tanstack/react-query";
import { items } from "@/api/http";
import { runCommand } from "@/api/operations";
import type { Order } from "@/api/types";
import { Body, describe } from "@/components/Panel";
import { Table } from "@/components/Table";
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

export function Orders({ data, instrument }: { data: Data<unknown>; instrument: Instrument }) {
  const { t, maybe } = useText();
  const orders = items<Order>(data.value);
  return (
    <Body data={data} empty={orders.length === 0} emptyText={t("desk.noOrders")}>
      <Table
        label={t("desk.orders")}
        rows={orders}
        rowKey={(row) => row.client_order_id}
        columns={[
          { key: "at", head: t("common.time"), cell: (row) => <Time value={row.at ?? row.created} /> },
          { key: "symbol", head: t("common.symbol"), cell: (row) => row.symbol },
          { key: "side", head: t("order.side"), cell: (row) => <SideText side={row.side} /> },
          { key: "type", head: t("order.type"), cell: (row) => maybe(`order.${row.type}`, row.type) },
          {
            key: "price",
            head: t("common.price"),
            right: true,
            cell: (row) => <Num value={row.price} decimals={instrument.priceDecimals} />,
          },
          {
            key: "quantity",
            head: t("common.quantity"),
            right: true,
            cell: (row) => <Num value={row.quantity} decimals={instrument.quantityDecimals} />,
          },
          {
            key: "filled",
            head: t("desk.filled"),
            right: true,
            cell: (row) => (
              <Num value={row.filled ?? row.filled_quantity} decimals={instrument.quantityDecimals} />
            ),
          },
          { key: "strategy", head: t("desk.strategy"), cell: (row) => row.strategy ?? t("desk.manual") },
          { key: "cancel", head: "", right: true, cell: (row) => <Cancel order={row} /> },
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
