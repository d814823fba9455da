/** Forecasts of the symbol's next states by a fitted channel and POVM, beside classical ones, and what they were worth. */

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Inferred, infer } from "@/api/inference";
import { cancelJob, type Job } from "@/api/jobs";
import { Empty, Failure, Panel } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { percent } from "@/lib/format";
import { DIMENSIONS, nameOf } from "./basis";
import { ForecastAnswer } from "./ForecastAnswer";
import { HORIZONS } from "./forecast";

const TARGETS = DIMENSIONS.filter((dimension) => dimension.letter !== "N");

export function Forecast({ symbol }: { symbol: string }) {
  const { t, language } = useText();
  const [target, setTarget] = useState("B");
  const [horizon, setHorizon] = useState<number>(HORIZONS[0]);
  const [job, setJob] = useState<Job<Inferred>>();
  const run = useMutation({
    mutationFn: () => infer({ symbol, target, horizon }, setJob),
    onSettled: () => setJob(undefined),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run.mutate();
  };
  return (
    <Panel title={t("forecast.title")} area="forecast" source={t("forecast.source")}>
      <div className="qasm">
        <form className="stack" onSubmit={submit}>
          <label className="field">
            {t("forecast.target")}
            <select value={target} onChange={(event) => setTarget(event.target.value)}>
              {TARGETS.map((dimension) => (
                <option key={dimension.letter} value={dimension.letter}>
                  {dimension.letter} {nameOf(dimension, language)}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            {t("forecast.horizon")}
            <select value={horizon} onChange={(event) => setHorizon(Number(event.target.value))}>
              {HORIZONS.map((bars) => (
                <option key={bars} value={bars}>
                  {bars}
                </option>
              ))}
            </select>
          </label>
          <Button type="submit" look="primary" icon="play" disabled={run.isPending || !symbol}>
            {t("forecast.run")}
          </Button>
        </form>
        <div aria-live="polite">
          {run.isIdle && <Empty text={t("forecast.idle")} />}
          {run.isPending && <Fitting job={job} />}
          {run.isError && <Failure error={run.error} />}
          {run.data && !run.isPending && <ForecastAnswer found={run.data} />}
        </div>
      </div>
    </Panel>
  );
}

function Fitting({ job }: { job: Job<Inferred> | undefined }) {
  const { t, maybe, language } = useText();
  const share = job?.progress?.share ?? 0;
  const step = job?.progress?.step ?? "";
  const words = maybe(`forecast.step_${step.replaceAll(" ", "_")}`, t("forecast.step_waits"));
  return (
    <div className="stack">
      <progress max={1} value={share} aria-label={words} />
      <small className="muted">
        {words} {percent(share, 0, language)}
      </small>
      {job && <Button onClick={() => void cancelJob(job.id)}>{t("forecast.cancel")}</Button>}
    </div>
  );
}
