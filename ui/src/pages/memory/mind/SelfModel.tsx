/** What the system can do with what probability, learned from outcomes, and what such statements were worth. */

import type { Capability, Figure, SelfModel as Seen } from "@/api/mind";
import { Body, Panel } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { useText } from "@/i18n";
import { fixed, percent } from "@/lib/format";
import { capability, situation } from "@/lib/versionText";
import { useData } from "@/state/data";
import { Versions } from "./Versions";

export function SelfModel() {
  const { t, language } = useText();
  const data = useData<Seen>({ path: "/api/cio/self?versions=5", every: 15_000 });
  const seen = data.value;
  const columns: Column<Capability>[] = [
    { key: "name", head: t("mind.capability"), wide: true, cell: (one) => <Name one={one} /> },
    {
      key: "p",
      head: t("mind.probability"),
      right: true,
      cell: (one) => percent(one.probability, 0, language),
    },
    {
      key: "interval",
      head: t("mind.interval"),
      right: true,
      cell: (one) => `${percent(one.low, 0, language)} – ${percent(one.high, 0, language)}`,
    },
    { key: "n", head: "n", right: true, roomy: true, cell: (one) => fixed(one.evidence, 1, language) },
  ];
  return (
    <Panel title={t("mind.self")} area="self" source={t("mind.selfSource")} at={data.at} staleAfter={60_000}>
      <Body data={data} empty={seen?.capabilities.length === 0} emptyText={t("mind.selfEmpty")} lines={6}>
        {seen?.calibration && (
          <p className="muted">
            {t("mind.calibration", {
              count: seen.calibration.count,
              brier: told(seen.calibration.brier, language),
              ignorant: fixed(seen.calibration.ignorant, 3, language),
              ece: told(seen.calibration.ece, language),
            })}
          </p>
        )}
        <Table
          label={t("mind.capabilities")}
          columns={columns}
          rows={seen?.capabilities ?? []}
          rowKey={(one) => `${one.capability} ${one.context ?? ""}`}
        />
        <Versions versions={seen?.versions ?? []} undo="/api/cio/self/undo" will={t("mind.selfUndoWill")} />
      </Body>
    </Panel>
  );
}

const told = (one: Figure, language: string) =>
  `${fixed(one.value, 3, language)} (${fixed(one.low, 3, language)} – ${fixed(one.high, 3, language)})`;

function Name({ one }: { one: Capability }) {
  const words = useText();
  if (one.context !== null) return <span className="muted context">{situation(one.context, words)}</span>;
  const { family, name } = capability(one.capability, words);
  return (
    <span>
      {family} <b>{name}</b>
    </span>
  );
}
