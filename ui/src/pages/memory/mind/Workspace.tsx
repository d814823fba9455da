/** The few places of attention, who holds them now, and seven numbers of its mechanisms, each of its own. */

import type { Candidate, Workspace as Seen } from "@/api/mind";
import { Body, Panel } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { Num, Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed, percent } from "@/lib/format";
import { useData } from "@/state/data";

const useWorkspace = () => {
  const { language } = useText();
  return useData<Seen>({ path: `/api/cio/workspace?language=${language}&history=8`, every: 5_000 });
};

export function Workspace() {
  const { t, maybe } = useText();
  const data = useWorkspace();
  const seen = data.value;
  const columns: Column<Candidate>[] = [
    { key: "kind", head: t("mind.what"), wide: true, cell: (one) => <What one={one} /> },
    { key: "source", head: t("mind.from"), cell: (one) => maybe(`mind.module_${one.source}`, one.source) },
    {
      key: "trust",
      head: t("mind.trust"),
      right: true,
      roomy: true,
      cell: (one) => <Num value={one.confidence} />,
    },
    { key: "salience", head: t("mind.salience"), right: true, cell: (one) => <Num value={one.salience} /> },
  ];
  return (
    <Panel
      title={t("mind.workspace")}
      area="workspace"
      source={t("mind.workspaceSource", { places: seen?.places ?? 0 })}
      at={data.at}
      staleAfter={30_000}
    >
      <Body data={data} empty={seen?.history.length === 0} emptyText={t("mind.workspaceEmpty")} lines={6}>
        <p className="muted">
          {t("mind.cycle", { number: seen?.cycle ?? 0, passed: seen?.passed_over.length ?? 0 })}
        </p>
        <Table
          label={t("mind.places")}
          columns={columns}
          rows={seen?.winners ?? []}
          rowKey={(one) => one.name}
        />
        <Shares attention={seen?.attention} />
        <details>
          <summary>{t("mind.before")}</summary>
          <ul className="plain">
            {seen?.history.slice(1).map((told) => (
              <li key={told.number}>
                <Time value={Number(told.at) / 1e6} />{" "}
                {told.winners
                  .map((one) => `${maybe(`mind.kind_${one.kind}`, one.kind)} ${about(one, maybe)}`)
                  .join(" · ")}
              </li>
            ))}
          </ul>
        </details>
      </Body>
    </Panel>
  );
}

type Maybe = ReturnType<typeof useText>["maybe"];

/** A topic is a kind and a name, which may be a part of the system: market:BTCUSDT, question:ce3. */
const about = (one: Candidate, maybe: Maybe) => {
  const name = one.topic.split(":").slice(1).join(":") || one.topic;
  return maybe(`mind.module_${name}`, name);
};

function What({ one }: { one: Candidate }) {
  const { maybe } = useText();
  return (
    <span className="row">
      <Pill>{maybe(`mind.kind_${one.kind}`, one.kind)}</Pill>
      <span className="ellipsis">{about(one, maybe)}</span>
    </span>
  );
}

function Shares({ attention }: { attention: Seen["attention"] | undefined }) {
  const { t, maybe, language } = useText();
  if (!attention) return null;
  return (
    <ul className="plain shares">
      {Object.entries(attention.expected).map(([module, next]) => (
        <li key={module}>
          <span>{maybe(`mind.module_${module}`, module)}</span>
          <span className="num">{percent(attention.now[module] ?? 0, 0, language)}</span>
          <span className="muted num">{t("mind.next", { share: percent(next, 0, language) })}</span>
        </li>
      ))}
    </ul>
  );
}

export function Indicators() {
  const { t, language, maybe } = useText();
  const data = useWorkspace();
  const seen = data.value;
  return (
    <Panel
      title={t("mind.indicators")}
      area="indicators"
      source={t("mind.indicatorsSource", { cycles: seen?.measured_cycles ?? 0 })}
      at={data.at}
      staleAfter={30_000}
    >
      <Body data={data} empty={seen?.history.length === 0} emptyText={t("mind.workspaceEmpty")} lines={8}>
        <p className="read">{seen?.notice}</p>
        <ul className="indicators">
          {seen?.indicators.map((one) => (
            <li key={one.id}>
              <div className="row">
                <b>{one.id}</b>
                <span className="grow">{one.property}</span>
                <b className="num">{fixed(one.value, 2, language)}</b>
              </div>
              <p className="muted">
                {one.measures} {one.limits}
              </p>
              <p className="muted">
                {t("mind.ablation", {
                  mechanism: maybe(`mind.mechanism_${one.mechanism}`, one.mechanism),
                  on: fixed(one.on.value, 2, language),
                  off: fixed(one.off.value, 2, language),
                  count: one.samples,
                })}
              </p>
            </li>
          ))}
        </ul>
      </Body>
    </Panel>
  );
}
