/** Forecasts of the symbol's next states by a fitted channel and POVM, beside classical ones, and what they were worth. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Inferred, infer } from "@/api/inference";
import { cancelJob, type Job } from "@/api/jobs";
import { Ask } from "@/components/Ask";
import { Cancel } from "@/components/Cancel";
import { ChoiceField } from "@/components/Fields";
import { Panel } from "@/components/Panel";
import { Progress } from "@/components/Progress";
import { useText } from "@/i18n";
import { DIMENSIONS, nameOf } from "./basis";
import { ForecastAnswer } from "./ForecastAnswer";
import { HORIZONS } from "./forecast";

const TARGETS = DIMENSIONS.filter((dimension) => dimension.letter !== "N");

export function Forecast({ symbol }: { symbol: string }) {
  const { t, language } = useText();
  const [target, setTarget] = useState("B");
  const [horizon, setHorizon] = useState<string>(HORIZONS[0]);
  const [job, setJob] = useState<Job<Inferred>>();
  const run = useMutation({
    mutationFn: () => infer({ symbol, target, horizon: Number(horizon) }, setJob),
    onSettled: () => setJob(undefined),
  });
  return (
    <Panel title={t("forecast.title")} area="forecast" source={t("forecast.source")}>
      <Ask
        run={run}
        idle={t("forecast.idle")}
        go={t("forecast.run")}
        ready={Boolean(symbol)}
        waiting={<Fitting job={job} />}
        answer={(found) => <ForecastAnswer found={found} />}
      >
        <ChoiceField
          label={t("forecast.target")}
          value={target}
          options={TARGETS.map((dimension) => ({
            value: dimension.letter,
            label: `${dimension.letter} ${nameOf(dimension, language)}`,
          }))}
          onChange={setTarget}
        />
        <ChoiceField label={t("forecast.horizon")} value={horizon} options={HORIZONS} onChange={setHorizon} />
      </Ask>
    </Panel>
  );
}

function Fitting({ job }: { job: Job<Inferred> | undefined }) {
  const { t, maybe } = useText();
  const key = `forecast.step_${(job?.progress.step ?? "").replaceAll(" ", "_")}`;
  const step = maybe(key, t("forecast.step_waits"));
  return (
    <div className="stack">
      <Progress progress={{ share: job?.progress.share ?? 0, step }} />
      {job && (
        <div className="row">
          <Cancel cancel={() => cancelJob(job.id)} />
        </div>
      )}
    </div>
  );
}
