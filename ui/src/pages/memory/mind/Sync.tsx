/** Whether replicas and services hold the same 26 numbers, by the hashes of what each holds. */

import type { SyncState } from "@/api/mind";
import { Body, Panel } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { Pill } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";

interface Row {
  key: string;
  who: string;
  holds: string;
  same: boolean | null;
  unknown: string;
}

export function Sync() {
  const { t, maybe } = useText();
  const data = useData<SyncState>({ path: "/api/cio/sync", every: 5_000 });
  const seen = data.value;
  const services = (seen?.services ?? []).map((one) => ({
    key: `${one.service} ${one.symbol}`,
    who: `${maybe(`mind.module_${one.service}`, one.service)} ${one.symbol}`,
    holds: one.hash.slice(0, 12),
    same: one.same,
    unknown: t("mind.unseen"),
  }));
  const peers = (seen?.peers ?? []).map((one) => ({
    key: one.url,
    who: one.url,
    holds: one.divergence ? t("mind.apart", { ...one.divergence }) : "",
    same: one.same,
    unknown: t("mind.awayPeer"),
  }));
  const columns: Column<Row>[] = [
    { key: "who", head: t("mind.syncWho"), wide: true, cell: (row) => row.who },
    { key: "holds", head: t("mind.syncWhat"), cell: (row) => <code>{row.holds}</code> },
    { key: "same", head: t("mind.syncSame"), cell: (row) => <InStep row={row} /> },
  ];
  return (
    <Panel title={t("mind.sync")} area="sync" source={t("mind.syncSource")} at={data.at} staleAfter={30_000}>
      <Body data={data} empty={seen?.items === 0} emptyText={t("mind.syncEmpty")}>
        <p className="muted">
          {t("mind.syncNow", {
            items: seen?.items ?? 0,
            hash: seen?.hash.slice(0, 12) ?? "",
            verified: seen?.verified ?? 0,
            wrong: seen?.mismatched ?? 0,
          })}
        </p>
        <Table
          label={t("mind.syncAll")}
          columns={columns}
          rows={[...services, ...peers]}
          rowKey={(row) => row.key}
        />
        {peers.length === 0 && <p className="muted">{t("mind.noPeers")}</p>}
      </Body>
    </Panel>
  );
}

function InStep({ row }: { row: Row }) {
  const { t } = useText();
  if (row.same === null) return <Pill>{row.unknown}</Pill>;
  return <Pill tone={row.same ? "ok" : "danger"}>{t(row.same ? "mind.same" : "mind.different")}</Pill>;
}
