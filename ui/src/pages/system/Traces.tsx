/** The latest traces: what started each, how long it took, where it went. */

import { items } from "@/api/http";
import type { TraceRow } from "@/api/types";
import { navigate } from "@/app/router";
import { Body, Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Button, Num, Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";

export function Traces() {
  const { t } = useText();
  const data = useData<unknown>({ path: "/api/web/traces?limit=100", every: 5_000 });
  const rows = items<TraceRow>(data.value);
  const open = (row: TraceRow) => navigate(`/system/traces/${encodeURIComponent(row.trace_id)}`);
  return (
    <Panel title={t("system.traces")} source={t("traces.source")} at={data.at} flush>
      <Body data={data} empty={rows.length === 0} emptyText={t("traces.empty")} lines={10}>
        <Table
          label={t("system.traces")}
          rows={rows}
          rowKey={(row) => row.trace_id}
          onRow={open}
          columns={[
            {
              key: "at",
              head: t("common.time"),
              cell: (row) => <Time value={row.start_ns ?? row.started_at ?? row.start} millis />,
            },
            {
              key: "name",
              head: t("traces.name"),
              wide: true,
              cell: (row) => (
                <Button small look="ghost" onClick={() => open(row)}>
                  {row.name ?? row.trace_id.slice(0, 12)}
                </Button>
              ),
            },
            {
              key: "services",
              head: t("traces.services"),
              cell: (row) => (row.services ?? [row.service ?? "—"]).join(" → "),
            },
            {
              key: "spans",
              head: t("traces.spans"),
              right: true,
              cell: (row) => <Num value={row.spans} decimals={0} />,
            },
            {
              key: "ms",
              head: t("traces.duration"),
              right: true,
              cell: (row) => <Num value={row.duration_ms} decimals={2} unit="ms" />,
            },
            {
              key: "error",
              head: "",
              cell: (row) =>
                (row.error || Boolean(row.errors)) && <Pill tone="danger">{t("traces.error")}</Pill>,
            },
          ]}
        />
      </Body>
    </Panel>
  );
}
