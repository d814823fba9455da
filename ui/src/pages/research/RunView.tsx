/** One run: what was asked, how far it is, and what came out. */

import { lazy, Suspense, useState } from "react";
import { type Run, type RunResult, removeRun, reportPath } from "@/api/research";
import { navigate } from "@/app/router";
import { Confirm } from "@/components/Confirm";
import { Body, Panel } from "@/components/Panel";
import { Progress } from "@/components/Progress";
import { Table } from "@/components/Table";
import { Button, Num, Pill, Stat } from "@/components/ui";
import { useText } from "@/i18n";
import { percent, significant } from "@/lib/format";
import { useData } from "@/state/data";
import { useCan } from "@/state/session";
import { MarginView } from "./MarginView";
import { CancelRun, WAITING } from "./Runs";
import { toneOf } from "./words";

const Series = lazy(() => import("@/components/Series"));

export function RunView({ id }: { id: string }) {
  const { t } = useText();
  const data = useData<Run>({ path: `/api/hft/research/runs/${encodeURIComponent(id)}`, every: 1_500 });
  const run = data.value;
  return (
    <div className="stack">
      <div className="row">
        <Button small icon="right" className="back" onClick={() => navigate("/research/runs")}>
          {t("research.back")}
        </Button>
      </div>
      <Panel title={t("research.oneRun")} at={data.at}>
        <Body data={data} emptyText={t("research.noRuns")}>
          {run && <Details run={run} onChange={data.retry} />}
        </Body>
      </Panel>
    </div>
  );
}

function Details({ run, onChange }: { run: Run; onChange(): void }) {
  const { t, language } = useText();
  const waits = WAITING.includes(run.state);
  return (
    <div className="stack">
      <div className="row wrap">
        <strong>{run.asked.strategy}</strong>
        <span className="muted">{t(`research.kind_${run.kind}`)}</span>
        <Pill tone={toneOf(run.state)}>{t(`research.run_${run.state}`)}</Pill>
        {run.state === "running" && <Progress progress={run.progress} />}
        {waits && <CancelRun id={run.id} onDone={onChange} />}
        {!waits && <Remove id={run.id} />}
        {run.report && (
          <a href={reportPath(run.id, language)} download>
            {t("research.report")}
          </a>
        )}
        {run.kind === "proposal" && run.state === "done" && (
          <Button small onClick={() => navigate(`/research/proposals/${run.id}`)}>
            {t("research.proposal")}
          </Button>
        )}
      </div>
      {run.error && <p className="note tone-danger">{run.error.detail}</p>}
      <Asked run={run} />
      {run.result?.stats && <Statistics result={run.result} />}
      {run.result && <MarginView result={run.result} />}
      {run.result?.trials && <Trials trials={run.result.trials} />}
    </div>
  );
}

function Asked({ run }: { run: Run }) {
  const { t, language } = useText();
  const { tape, parameters = {}, latency, queue, fill, leverage } = run.asked;
  const values = Object.entries(parameters).map(
    ([name, value]) => `${name} ${significant(value, 6, language)}`,
  );
  return (
    <p className="muted">
      {t("research.tape")} <code>{tape}</code>
      {values.length > 0 && ` · ${values.join(", ")}`}
      {[latency, queue, fill].filter(Boolean).map((word) => ` · ${String(word)}`)}
      {leverage ? ` · ${t("research.leverage")} ${String(leverage)}` : null}
    </p>
  );
}

function Statistics({ result }: { result: RunResult }) {
  const { t, language } = useText();
  const s = result.stats ?? {};
  const said = result.texts?.[language];
  const curve = result.curve ?? [];
  return (
    <>
      <div className="stats">
        <Stat label={t("research.net")}>
          <Num value={s.net} signed decimals={4} />
        </Stat>
        <Stat label={t("research.feesPaid")}>
          <Num value={s.fees} decimals={4} />
        </Stat>
        <Stat label={t("research.sharpe")}>
          <Num value={s.sharpe} decimals={2} />
        </Stat>
        <Stat label={t("research.deflated")} hint={t("research.deflatedHint")}>
          <Num value={result.honesty?.deflated_sharpe} decimals={3} />
        </Stat>
        <Stat label={t("research.drawdown")}>
          <Num value={s.max_drawdown} decimals={4} />
        </Stat>
        <Stat label={t("research.fills")}>
          <Num value={s.fills} decimals={0} />
        </Stat>
        <Stat label={t("research.orders")}>
          <Num value={s.orders} decimals={0} />
        </Stat>
        <Stat label={t("research.hits")}>{percent(s.hit_trips, 1, language)}</Stat>
      </div>
      {said && said.cautions.length > 0 && (
        <div className="note tone-warn">
          <strong>{t("research.cautions")}</strong>
          <ul>
            {said.cautions.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
      )}
      {curve.length > 2 && (
        <Suspense fallback={null}>
          <Series
            label={t("research.curve")}
            times={curve.map(([at]) => at / 1_000)}
            lines={[
              {
                name: t("research.net"),
                values: curve.map(([, net]) => net),
                decimals: 4,
                colour: "--accent",
              },
            ]}
          />
        </Suspense>
      )}
      {said && (
        <details>
          <summary>{t("research.assumptions")}</summary>
          <ul>
            {said.assumptions.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Trials({ trials }: { trials: NonNullable<RunResult["trials"]> }) {
  const { t, language } = useText();
  return (
    <Table
      label={t("research.trials")}
      rows={trials.slice(0, 20)}
      rowKey={(row) => JSON.stringify(row.parameters)}
      columns={[
        {
          key: "parameters",
          head: t("research.parameters"),
          cell: (row) =>
            Object.entries(row.parameters)
              .map(([name, value]) => `${name} ${significant(value, 6, language)}`)
              .join(", "),
        },
        {
          key: "score",
          head: t("research.score"),
          right: true,
          cell: (row) => significant(row.score, 4, language),
        },
        {
          key: "profit",
          head: t("research.net"),
          right: true,
          cell: (row) => <Num value={row.profit} signed decimals={4} />,
        },
      ]}
    />
  );
}

function Remove({ id }: { id: string }) {
  const { t } = useText();
  const allowed = useCan("trader");
  const [asking, setAsking] = useState(false);
  const run = async () => {
    await removeRun(id);
    navigate("/research/runs");
  };
  return (
    <>
      <Button small icon="trash" disabled={!allowed} onClick={() => setAsking(true)}>
        {t("research.remove")}
      </Button>
      {asking && (
        <Confirm
          title={t("research.removeTitle")}
          will={t("research.removeWill")}
          action={t("research.remove")}
          danger
          run={run}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
