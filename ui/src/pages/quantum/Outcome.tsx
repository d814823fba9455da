/** What came out of a circuit: a histogram of counts or probabilities, or expectation values with their errors. */

import type { CircuitRun } from "@/api/circuits";
import { useText } from "@/i18n";
import { fixed, percent, significant } from "@/lib/format";
import { Drawing } from "./Drawing";

const MOST = 32;

export function Outcome({ run, drawing }: { run: CircuitRun; drawing: string | null }) {
  const { t, language } = useText();
  const weights = run.counts ?? run.probabilities ?? {};
  const count = Object.keys(weights).length;
  return (
    <div className="stack">
      <p className="muted row wrap">
        <span>{t("qasm.figures", { qubits: run.n_qubits ?? "—", depth: run.depth ?? "—" })}</span>
        {run.engine && <span title={run.why}>{run.engine}</span>}
        {run.ms !== undefined && <span className="num">{significant(run.ms, 3, language)} ms</span>}
        {count > MOST && <span>{t("qasm.top", { shown: MOST, count })}</span>}
      </p>
      {drawing && <Drawing svg={drawing} />}
      {run.values ? <Values run={run} /> : <Histogram weights={weights} counted={Boolean(run.counts)} />}
    </div>
  );
}

function Values({ run }: { run: CircuitRun }) {
  const { t, language } = useText();
  return (
    <p>
      {t("qasm.expectation")}{" "}
      <strong className="num">
        {run.values?.map((value) => significant(value, 6, language)).join("  ")}
      </strong>
      {run.errors && run.errors.length > 0 && (
        <span className="num muted"> ± {run.errors.map((e) => significant(e, 2, language)).join("  ")}</span>
      )}
    </p>
  );
}

function Histogram({ weights, counted }: { weights: Record<string, number>; counted: boolean }) {
  const { language } = useText();
  const all = Object.entries(weights).sort((a, b) => b[1] - a[1]);
  const whole = all.reduce((sum, [, weight]) => sum + weight, 0);
  const most = all[0]?.[1] ?? 1;
  const shown = all.slice(0, MOST).sort((a, b) => a[0].localeCompare(b[0]));
  return (
    <ul className="histogram">
      {shown.map(([bits, weight]) => (
        <li key={bits}>
          <code>{bits}</code>
          <span className="regime-bar" aria-hidden="true">
            <i style={{ transform: `scaleX(${weight / most})` }} />
          </span>
          <span className="num">
            {counted && `${fixed(weight, 0, language)} `}
            <span className={counted ? "muted" : ""}>
              {percent(weight / whole, counted ? 1 : 3, language)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
