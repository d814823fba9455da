/** Stored moments that are most like now, a minute apart at least: neighbouring seconds would fill the list. */

import { items } from "@/api/http";
import type { Likeness } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { Num, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";

const SHOWN = 8;
const BARS_APART = 60;

/** `ready` once the symbol has a state that carries information: before that there is nothing to ask with. */
export function Likest({ symbol, ready }: { symbol: string; ready: boolean }) {
  const { t, maybe } = useText();
  const data = useData<{ searched?: { pure?: number } }>({
    path: ready ? "/api/qcs/states/search" : undefined,
    body: { symbol, k: SHOWN, apart: BARS_APART, kinds: ["moment"] },
    every: 5_000,
  });
  const rows = items<Likeness>(data.value);
  const columns: Column<Likeness>[] = [
    { key: "time", head: t("quantum.likest.time"), cell: (row) => <Time value={row.bar_end} full /> },
    { key: "symbol", head: t("quantum.likest.symbol"), cell: (row) => row.symbol },
    {
      key: "regime",
      head: t("regime.title"),
      roomy: true,
      cell: (row) => maybe(`regime.${row.regime}`, row.regime ?? ""),
    },
    {
      key: "signed",
      head: t("quantum.likest.signed"),
      right: true,
      cell: (row) => <Num value={row.signed} decimals={3} />,
    },
    {
      key: "fidelity",
      head: t("quantum.likest.fidelity"),
      right: true,
      cell: (row) => <Num value={row.fidelity} decimals={3} />,
    },
    {
      key: "ratio",
      head: t("quantum.likest.ratio"),
      right: true,
      cell: (row) => <Num value={row.intensity_ratio} decimals={2} />,
    },
  ];
  return (
    <Panel
      title={t("quantum.likest.title")}
      area="likest"
      source={t("quantum.likest.source", { searched: data.value?.searched?.pure ?? "—" })}
      at={data.at}
      staleAfter={20_000}
      flush
    >
      <Body data={data} empty={rows.length === 0} emptyText={t("quantum.likest.empty")}>
        <Table
          label={t("quantum.likest.title")}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.state_id}
        />
      </Body>
    </Panel>
  );
}
