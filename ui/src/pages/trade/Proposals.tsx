/** Orders that somebody proposed (the assistant, a strategy) and that only a person may let into the market. */

import { useState } from "react";
import { runCommand } from "@/api/operations";
import type { LoopEvent, Order } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { Table } from "@/components/Table";
import { Button } from "@/components/ui";
import { say, useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { type Data, useData } from "@/state/data";
import { quantityDecimals, useInstruments } from "@/state/instruments";
import { useChannel } from "@/state/live";
import { toast, useCan } from "@/state/session";
import { useOrderColumns } from "./Orders";

const CHANGES = ["hft.order.proposed", "hft.order.approved"];

/** Waiting proposals; asked again when the loop speaks of one, and every few seconds. */
export function useProposals(): Data<unknown> {
  const events = useChannel("events", 4);
  const spoken = events.log.findLast((entry) => CHANGES.includes((entry.value as LoopEvent).key));
  return useData<unknown>({ path: "/api/hft/proposals", every: 5_000, version: spoken?.offset });
}

interface ProposalsProps {
  list: Order[];
  onDone(): void;
}

type Decision = { order: Order; approve: boolean };

/** What approving sends: exactly what was proposed. */
function approvalOf(order: Order): Record<string, unknown> {
  return { ...order, status: "approved" };
}

export function Proposals({ list, onDone }: ProposalsProps) {
  const { t } = useText();
  const columns = useOrderColumns();
  const [asking, setAsking] = useState<Decision | null>(null);
  return (
    <>
      <p className="note">{t("proposal.hint")}</p>
      <Table
        label={t("proposal.tab")}
        rows={list}
        rowKey={(row) => row.client_order_id}
        columns={[
          ...columns,
          {
            key: "act",
            head: "",
            right: true,
            cell: (row) => <Choice onPick={(approve) => setAsking({ order: row, approve })} />,
          },
        ]}
      />
      {asking && <Ask decision={asking} onDone={onDone} onClose={() => setAsking(null)} />}
    </>
  );
}

function Choice({ onPick }: { onPick(approve: boolean): void }) {
  const { t } = useText();
  const allowed = useCan("trader");
  return (
    <span className="row end nowrap">
      <Button small disabled={!allowed} onClick={() => onPick(false)}>
        {t("proposal.dismiss")}
      </Button>
      <Button small look="primary" disabled={!allowed} onClick={() => onPick(true)}>
        {t("proposal.approve")}
      </Button>
    </span>
  );
}

async function decide({ order, approve }: Decision): Promise<void> {
  const { symbol, client_order_id } = order;
  if (approve) await runCommand("hft.order.approved", approvalOf(order));
  else await runCommand("hft.order.cancel", { symbol, client_order_id });
  toast("ok", say(approve ? "proposal.approved" : "proposal.dismissed"));
}

function Ask({ decision, onDone, onClose }: { decision: Decision; onDone(): void; onClose(): void }) {
  const { t, language } = useText();
  const { order, approve } = decision;
  const instrument = useInstruments()(order.symbol);
  const what = {
    side: t(`order.${order.side}`),
    quantity: fixed(order.quantity, quantityDecimals(order.quantity, instrument), language),
    symbol: order.symbol,
    price: order.price ? fixed(order.price, instrument.priceDecimals, language) : t("desk.atMarket"),
  };
  const run = async () => {
    await decide(decision);
    onDone();
  };
  return (
    <Confirm
      title={t(approve ? "proposal.approveTitle" : "proposal.dismissTitle")}
      will={t(approve ? "proposal.approveWill" : "proposal.dismissWill", what)}
      willNot={t(approve ? "proposal.approveNot" : "proposal.dismissNot")}
      action={t(approve ? "proposal.approve" : "proposal.dismiss")}
      danger={false}
      run={run}
      onClose={onClose}
    />
  );
}
