/** How far a run or a job is. */

import { useText } from "@/i18n";
import { percent } from "@/lib/format";

export interface Share {
  step: string;
  share: number;
  done?: number;
  of?: number;
}

export function Progress({ progress }: { progress: Share | null | undefined }) {
  const { t, language, maybe } = useText();
  const share = progress?.share ?? 0;
  const step = progress
    ? progress.step && maybe(`research.step_${progress.step}`, progress.step)
    : t("research.step_starting");
  return (
    <span className="row nowrap">
      <progress max={1} value={share} aria-label={step || t("jobs.state_running")} />
      <small className="muted">
        {step} {progress?.of ? `${progress.done ?? 0}/${progress.of}` : percent(share, 0, language)}
      </small>
    </span>
  );
}
