/** The hot loop: which strategy runs in it, its state with the reason, what it has done and how fast. */

import type { Latency, LatencyStage } from "@/api/types";
import { Body } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { Pill, Stat, StatePill } from "@/components/ui";
import { useText } from "@/i18n";
import { compact, fixed, isKnown, UNKNOWN } from "@/lib/format";
import { useData } from "@/state/data";

const SENT = "frame_to_sent";

export function HotLoop() {
  const { t } = useText();
  const data = useData<Latency>({ path: "/api/hft/latency", channel: "latency", rate: 1, every: 8_000 });
  return (
    <section className="hot-loop" aria-label={t("hot.title")}>
      <h3>{t("hot.title")}</h3>
      <Body data={data} empty={!data.value?.hot} emptyText={t("hot.none")} lines={2}>
        {data.value && <Running value={data.value} />}
      </Body>
    </section>
  );
}

function Running({ value }: { value: Latency }) {
  const { t, maybe, language } = useText();
  const hot = value.hot;
  if (!hot) return null;
  const stages = value.stages.filter((stage) => stage.tier === "hot");
  const sent = stages.find((stage) => stage.name === SENT);
  const counts = [
    ["frames", hot.frames],
    ["orders", hot.sent],
    ["filled", hot.filled],
    ["open", hot.open_orders],
    ["unknown", hot.unknown_orders],
    ["differences", hot.differences],
    ["restarts", hot.restarts],
  ] as const;
  return (
    <>
      <div className="row wrap">
        <strong className="ellipsis">{hot.strategy}</strong>
        <StatePill state={hot.phase === "running" ? hot.state : hot.phase} />
        <Pill tone="neutral">{t(hot.spin ? "hot.spinning" : "hot.sleeping")}</Pill>
        {hot.reason && hot.reason !== "NONE" && (
          <span className="muted">{maybe(`hot.reason_${hot.reason.toLowerCase()}`, hot.reason)}</span>
        )}
      </div>
      <div className="stats stats-dense">
        {counts.map(([name, count]) => (
          <Stat key={name} label={t(`hot.${name}`)}>
            <span className="num">{isKnown(count) ? compact(count, language) : UNKNOWN}</span>
          </Stat>
        ))}
        <Took label={t("hot.p50")} value={sent?.p50_us} />
        <Took label={t("hot.p99")} value={sent?.p99_us} />
      </div>
      <Stages list={stages} />
    </>
  );
}

type Micros = number | null | undefined;

const micros = (value: Micros, language: string) =>
  isKnown(value) ? `${fixed(value, 1, language)} µs` : UNKNOWN;

function Took({ label, value }: { label: string; value: Micros }) {
  const { language } = useText();
  return (
    <Stat label={label}>
      <span className="num">{micros(value, language)}</span>
    </Stat>
  );
}

function Stages({ list }: { list: LatencyStage[] }) {
  const { t, maybe, language } = useText();
  const columns: Column<LatencyStage>[] = [
    { key: "stage", head: t("hot.stage"), cell: (row) => maybe(`hot.stage_${row.name}`, row.name) },
    { key: "n", head: t("hot.count"), right: true, cell: (row) => compact(row.n, language) },
    { key: "p50", head: "p50", right: true, cell: (row) => micros(row.p50_us, language) },
    { key: "p99", head: "p99", right: true, cell: (row) => micros(row.p99_us, language) },
  ];
  return (
    <details>
      <summary>{t("hot.stages")}</summary>
      <Table label={t("hot.stages")} columns={columns} rows={list} rowKey={(row) => row.name} />
    </details>
  );
}
