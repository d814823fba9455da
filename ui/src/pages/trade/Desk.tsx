/** Open orders, positions, fills and strategies in one panel with tabs. */

import { useState } from "react";
import { items } from "@/api/http";
import type { Order, Position } from "@/api/types";
import { Panel } from "@/components/Panel";
import { Tabs } from "@/components/Tabs";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { Fills } from "./Fills";
import { Orders } from "./Orders";
import { Positions } from "./Positions";
import { Strategies } from "./Strategies";
import type { Instrument } from "./Trade";

type TabId = "orders" | "positions" | "fills" | "strategies";

export function Desk({ instrument }: { instrument: Instrument }) {
  const { t } = useText();
  const [tab, setTab] = useState<TabId>("orders");
  const orders = useData<unknown>({ path: "/api/hft/orders?status=open", channel: "orders", rate: 4 });
  const positions = useData<unknown>({ path: "/api/hft/positions", channel: "positions", rate: 4 });
  const at = tab === "orders" ? orders.at : tab === "positions" ? positions.at : null;
  const tabs: { id: TabId; title: string; count?: number }[] = [
    { id: "orders", title: t("desk.orders"), count: items<Order>(orders.value).length },
    { id: "positions", title: t("desk.positions"), count: items<Position>(positions.value).length },
    { id: "fills", title: t("desk.fills") },
    { id: "strategies", title: t("desk.strategies") },
  ];
  return (
    <Panel
      title={t("desk.title")}
      area="desk"
      source={t("desk.source")}
      at={at}
      flush
      controls={<Tabs<TabId> label={t("desk.title")} tabs={tabs} active={tab} onSelect={setTab} />}
    >
      {tab === "orders" && <Orders data={orders} instrument={instrument} />}
      {tab === "positions" && <Positions data={positions} instrument={instrument} />}
      {tab === "fills" && <Fills instrument={instrument} />}
      {tab === "strategies" && <Strategies />}
    </Panel>
  );
}
