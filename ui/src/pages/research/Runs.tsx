/** Runs of research: start a backtest, see what waits, cancel it, open what is done. */

import { items } from "@/api/http";
import { cancelRun, type RunRow, type TapeRow } from "@/api/research";
import { navigate } from "@/app/router";
import { Cancel } from "@/components/Cancel";
import { Body, Panel } from "@/components/Panel";
import { Progress } from "@/components/Progress";
import { Table } from "@/components/Table";
import { Num, Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import type { Data } from "@/state/data";
import { useCan } from "@/state/session";
import { StartBacktest } from "./StartBacktest";
import { toneOf } from "./words";

export const WAITING = ["queued", "running"];

export function Runs({ data, tapes }: { data: Data<unknown>; tapes: TapeRow[] }) {
  const { t } = useText();
  const list = items<RunRow>(data.value);
  return (
    <div className="grid research-grid">
      <StartBacktest tapes={tapes} onStarted={data.retry} />
      <Panel title={t("research.runs")} at={data.at} flush>
        <Body data={data} empty={list.length === 0} emptyText={t("research.noRuns")}>
          <Table
            label={t("research.listRuns")}
            rows={list}
            rowKey={(row) => row.id}
            onRow={(row) => navigate(`/research/runs/${row.id}`)}
            columns={[
              { key: "strategy", head: t("research.strategy"), cell: (row) => <Name run={row} /> },
              { key: "state", head: t("research.state"), cell: (row) => <State run={row} /> },
              {
                key: "net",
                head: t("research.net"),
                right: true,
                cell: (row) => <Num value={row.headline?.net} signed decimals={4} />,
              },
              {
                key: "tape",
                head: t("research.tape"),
                roomy: true,
                cell: (row) => <span className="ellipsis">{row.asked.tape}</span>,
              },
              {
                key: "at",
                head: t("common.time"),
                right: true,
                roomy: true,
                cell: (row) => <Time value={row.created} full />,
              },
              {
                key: "act",
                head: t("research.action"),
                right: true,
                cell: (row) =>
                  WAITING.includes(row.state) ? <CancelRun id={row.id} onDone={data.retry} /> : null,
              },
            ]}
          />
        </Body>
      </Panel>
    </div>
  );
}

function Name({ run }: { run: RunRow }) {
  const { t } = useText();
  const path = `/research/runs/${run.id}`;
  return (
    <>
      <a
        href={path}
        onClick={(event) => {
          event.preventDefault();
          event.stopPropagation();
          navigate(path);
        }}
      >
        {run.asked.strategy}
      </a>{" "}
      <small className="muted">{t(`research.kind_${run.kind}`)}</small>
    </>
  );
}

function State({ run }: { run: RunRow }) {
  const { t } = useText();
  return (
    <span className="row">
      <Pill tone={toneOf(run.state)}>{t(`research.run_${run.state}`)}</Pill>
      {run.state === "running" && <Progress progress={run.progress} />}
    </span>
  );
}

export function CancelRun({ id, onDone }: { id: string; onDone(): void }) {
  const allowed = useCan("trader");
  return <Cancel cancel={() => cancelRun(id)} onDone={onDone} disabled={!allowed} />;
}
