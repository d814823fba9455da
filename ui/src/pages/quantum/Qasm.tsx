/** OpenQASM: write, run, see the drawing and the histogram. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { items, post } from "@/api/http";
import type { QasmExample, QasmRun } from "@/api/types";
import { Empty, Failure, Panel, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed, percent, significant } from "@/lib/format";
import { useData } from "@/state/data";

const BELL =
  'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0], q[1];\nmeasure q -> c;\n';
const SHOTS = [128, 1024, 8192, 100_000];
const MOST = 32;
const WIDTH = 72;

export function Qasm() {
  const { t, language } = useText();
  const [source, setSource] = useState(BELL);
  const [shots, setShots] = useState(1024);
  const examples = items<QasmExample>(useData<unknown>({ path: "/api/qcs/qasm/examples" }).value);
  const run = useMutation({
    mutationFn: async () => {
      const drawn = post<{ drawing: string }>("/api/qcs/circuits/draw", {
        source,
        style: "text",
        width: WIDTH,
      });
      const [answer, picture] = await Promise.all([
        post<QasmRun>("/api/qcs/circuits", { source, shots, seed: 1 }),
        drawn.catch(() => null),
      ]);
      return { ...answer, drawing: picture?.drawing };
    },
  });
  const controls = examples.length > 0 && (
    <select
      aria-label={t("qasm.examples")}
      value=""
      onChange={(event) => {
        const picked = examples.find((example) => example.name === event.target.value);
        if (picked) setSource(picked.source);
      }}
    >
      <option value="">{t("qasm.examples")}</option>
      {examples.map((example) => (
        <option key={example.name}>{example.name}</option>
      ))}
    </select>
  );
  return (
    <Panel title={t("qasm.title")} area="qasm" controls={controls} source={t("qasm.source")}>
      <div className="qasm">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            run.mutate();
          }}
        >
          <textarea
            className="code"
            rows={12}
            spellCheck={false}
            aria-label={t("qasm.editor")}
            value={source}
            onChange={(event) => setSource(event.target.value)}
          />
          <div className="row">
            <label className="row">
              {t("qasm.shots")}
              <select value={shots} onChange={(event) => setShots(Number(event.target.value))}>
                {SHOTS.map((count) => (
                  <option key={count} value={count}>
                    {fixed(count, 0, language)}
                  </option>
                ))}
              </select>
            </label>
            <span className="grow" />
            <Button type="submit" look="primary" icon="play" disabled={run.isPending || !source.trim()}>
              {t("qasm.run")}
            </Button>
          </div>
        </form>
        <div aria-live="polite">
          {run.isIdle && <Empty text={t("qasm.idle")} />}
          {run.isPending && <Skeleton />}
          {run.isError && <Failure error={run.error} />}
          {run.data && <Histogram run={run.data} />}
        </div>
      </div>
    </Panel>
  );
}

function Histogram({ run }: { run: QasmRun }) {
  const { t, language } = useText();
  const all = Object.entries(run.counts).sort((a, b) => b[1] - a[1]);
  const shots = all.reduce((sum, [, count]) => sum + count, 0);
  const most = all[0]?.[1] ?? 1;
  const shown = all.slice(0, MOST).sort((a, b) => a[0].localeCompare(b[0]));
  return (
    <div className="stack">
      <p className="muted row wrap">
        <span>{t("qasm.figures", { qubits: run.n_qubits ?? "—", depth: run.depth ?? "—" })}</span>
        {run.engine && <span title={run.why}>{run.engine}</span>}
        {run.ms !== undefined && <span className="num">{significant(run.ms, 3, language)} ms</span>}
        {all.length > MOST && <span>{t("qasm.top", { shown: MOST, count: all.length })}</span>}
      </p>
      {run.drawing && (
        <pre className="code drawing" role="img" aria-label={t("qasm.drawing")}>
          {run.drawing}
        </pre>
      )}
      <ul className="histogram">
        {shown.map(([bits, count]) => (
          <li key={bits}>
            <code>{bits}</code>
            <span className="regime-bar" aria-hidden="true">
              <i style={{ transform: `scaleX(${count / most})` }} />
            </span>
            <span className="num">
              {fixed(count, 0, language)} <span className="muted">{percent(count / shots, 1, language)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
