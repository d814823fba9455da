/** Queues of the bus, and messages that could not be handled, to be replayed. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { items, post } from "@/api/http";
import type { DeadLetter, Queue } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { Body, Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Button, Num, Time } from "@/components/ui";
import { say, useText } from "@/i18n";
import { useData } from "@/state/data";
import { toast, useCan } from "@/state/session";

export function Bus() {
  return (
    <div className="grid bus-grid">
      <Queues />
      <DeadLetters />
    </div>
  );
}

function Queues() {
  const { t } = useText();
  const data = useData<unknown>({ path: "/api/web/bus/queues", channel: "queues", rate: 1, every: 5_000 });
  const rows = items<Queue>(data.value);
  const count = (key: "ready" | "unacked" | "dead") => ({
    key,
    head: t(`bus.${key}`),
    right: true,
    cell: (row: Queue) => <Num value={row[key]} decimals={0} />,
  });
  return (
    <Panel
      title={t("bus.queues")}
      area="queues"
      source={t("bus.source")}
      at={data.at}
      staleAfter={20_000}
      flush
    >
      <Body data={data} empty={rows.length === 0} emptyText={t("bus.noQueues")} lines={10}>
        <Table
          label={t("bus.queues")}
          rows={rows}
          rowKey={(row) => row.name}
          columns={[
            { key: "name", head: t("bus.queue"), wide: true, cell: (row) => <code>{row.name}</code> },
            count("ready"),
            count("unacked"),
            count("dead"),
            {
              key: "oldest",
              head: t("bus.oldest"),
              right: true,
              cell: (row) => <Num value={row.oldest_age_s} decimals={1} unit="s" />,
            },
          ]}
        />
      </Body>
    </Panel>
  );
}

function DeadLetters() {
  const { t } = useText();
  const admin = useCan("admin");
  const client = useQueryClient();
  const data = useData<unknown>({ path: "/api/web/bus/dead-letters", every: 10_000, enabled: admin });
  const rows = items<DeadLetter>(data.value);
  const [asking, setAsking] = useState<string[] | null>(null);
  const replay = useMutation({
    mutationFn: (ids: string[]) => post("/api/web/bus/dead-letters/replay", { ids }),
    onSuccess: (_, ids) => {
      toast("ok", say("bus.replayed", { count: ids.length }));
      return client.invalidateQueries();
    },
  });
  const all = (
    <Button
      small
      icon="retry"
      disabled={!admin || rows.length === 0}
      onClick={() => setAsking(rows.map((row) => row.id))}
    >
      {t("bus.replayAll")}
    </Button>
  );
  return (
    <Panel
      title={t("bus.dead_letters")}
      area="dead"
      controls={all}
      source={t("bus.deadSource")}
      at={data.at}
      flush
    >
      <Body data={data} empty={rows.length === 0} emptyText={t(admin ? "bus.noDead" : "bus.adminOnly")}>
        <Table
          label={t("bus.dead_letters")}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: "at", head: t("common.time"), cell: (row) => <Time value={row.at} full /> },
            { key: "queue", head: t("bus.queue"), cell: (row) => <code>{row.queue ?? "—"}</code> },
            {
              key: "key",
              head: t("bus.key"),
              cell: (row) => <code>{row.routing_key ?? row.key ?? "—"}</code>,
            },
            { key: "reason", head: t("bus.reason"), wide: true, cell: (row) => row.reason ?? "—" },
            {
              key: "attempts",
              head: t("bus.attempts"),
              right: true,
              cell: (row) => <Num value={row.attempts} decimals={0} />,
            },
            {
              key: "act",
              head: "",
              right: true,
              cell: (row) => (
                <Button small disabled={!admin} onClick={() => setAsking([row.id])}>
                  {t("bus.replay")}
                </Button>
              ),
            },
          ]}
        />
      </Body>
      {asking && (
        <Confirm
          title={t("bus.replay")}
          will={t("bus.replayWill", { count: asking.length })}
          willNot={t("bus.replayWillNot")}
          action={t("bus.replay")}
          run={() => replay.mutateAsync(asking)}
          onClose={() => setAsking(null)}
        />
      )}
    </Panel>
  );
}
