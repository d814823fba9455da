/** Proposals, open orders, their history, positions, fills, strategies and alerts in one panel with tabs. */

import { useState } from "react";
import { items } from "@/api/http";
import type { Order, Position } from "@/api/types";
import { Panel } from "@/components/Panel";
import { Tabs } from "@/components/Tabs";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { type Instrument, isHeld, useInstruments } from "@/state/instruments";
import { Alerts } from "./Alerts";
import { Fills } from "./Fills";
import { History, Orders } from "./Orders";
import { isOpen } from "./order";
import { Positions } from "./Positions";
import { Proposals, useProposals } from "./Proposals";
import { Strategies } from "./Strategies";

type TabId = "proposals" | "orders" | "history" | "positions" | "fills" | "strategies" | "alerts";

export function Desk({ instrument }: { instrument: Instrument }) {
  const { t } = useText();
  const [picked, setTab] = useState<TabId | null>(null);
  const proposals = useProposals();
  const orders = useData<unknown>({ path: "/api/hft/orders?status=all", channel: "orders", rate: 4 });
  const positions = useData<unknown>({ path: "/api/hft/positions", channel: "positions", rate: 4 });
  const waiting = items<Order>(proposals.value);
  const all = items<Order>(orders.value);
  const of = useInstruments();
  const held = items<Position>(positions.value).filter((row) => isHeld(row, of(row.symbol))).length;
  const tab =
    picked === "proposals" && waiting.length === 0
      ? "orders"
      : (picked ?? (waiting.length > 0 ? "proposals" : "orders"));
  const at = tab === "orders" || tab === "history" ? orders.at : tab === "positions" ? positions.at : null;
  const tabs: { id: TabId; title: string; count?: number }[] = [
    ...(waiting.length > 0
      ? [{ id: "proposals" as const, title: t("proposal.tab"), count: waiting.length }]
      : []),
    { id: "orders", title: t("desk.orders"), count: all.filter(isOpen).length },
    { id: "history", title: t("desk.history") },
    { id: "positions", title: t("desk.positions"), count: held },
    { id: "fills", title: t("desk.fills") },
    { id: "strategies", title: t("desk.strategies") },
    { id: "alerts", title: t("alerts.title") },
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
      {tab === "proposals" && <Proposals list={waiting} onDone={proposals.retry} />}
      {tab === "history" && <History data={orders} />}
      {tab === "orders" && <Orders data={orders} />}
      {tab === "positions" && <Positions data={positions} />}
      {tab === "fills" && <Fills />}
      {tab === "strategies" && <Strategies />}
      {tab === "alerts" && <Alerts symbol={instrument.symbol} />}
      <Download tab={tab} />
    </Panel>
  );
}

const EXPORTS: Partial<Record<TabId, string>> = {
  fills: "/api/hft/fills.csv",
  history: "/api/hft/orders.csv",
};

/** Everything that is stored, not only what the table shows. */
function Download({ tab }: { tab: TabId }) {
  const { t } = useText();
  const path = EXPORTS[tab];
  if (!path) return null;
  return (
    <p className="note">
      <a href={path} download>
        {t("desk.csv")}
      </a>
    </p>
  );
}
