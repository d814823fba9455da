/** One circuit over many values of its inputs: a job, whose processes share the points. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Sweep as Found, type SweepItem, sweepCircuit } from "@/api/circuits";
import { Ask } from "@/components/Ask";
import { TextField } from "@/components/Fields";
import { Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Num } from "@/components/ui";
import { useText } from "@/i18n";
import { inputsOf, polyline, SWEEP, type SweepForm, sweepOf } from "./lab";

const NUMBERS = ["start", "stop", "count"] as const;
const WIDTH = 640;
const HEIGHT = 160;

export function Sweep() {
  const { t } = useText();
  const [form, setForm] = useState(SWEEP);
  const change = (part: Partial<SweepForm>) => setForm((before) => ({ ...before, ...part }));
  const run = useMutation({ mutationFn: () => sweepCircuit(sweepOf(form)) });
  const inputs = inputsOf(form.source);
  return (
    <Panel title={t("sweep.title")} area="sweep" source={t("sweep.source")}>
      <Ask
        run={run}
        idle={t("sweep.idle")}
        go={t("sweep.run")}
        ready={inputs.length > 0}
        aside={
          <span className="muted">
            {inputs.length > 0 ? t("sweep.over", { inputs: inputs.join(", ") }) : t("sweep.noInput")}
          </span>
        }
        answer={(found) => <SweepAnswer found={found} />}
      >
        <textarea
          className="code"
          rows={8}
          spellCheck={false}
          aria-label={t("qasm.editor")}
          value={form.source}
          onChange={(event) => change({ source: event.target.value })}
        />
        <div className="research-parameters">
          <TextField
            label={t("qasm.observable")}
            value={form.observable}
            onChange={(observable) => change({ observable })}
          />
          {NUMBERS.map((name) => (
            <TextField
              key={name}
              numeric
              label={t(`sweep.${name}`)}
              value={form[name]}
              onChange={(value) => change({ [name]: value })}
            />
          ))}
        </div>
      </Ask>
    </Panel>
  );
}

export function SweepAnswer({ found }: { found: Found }) {
  const { t } = useText();
  const values = found.items.map((item) => item.values?.[0]);
  const known = values.filter((value) => value !== undefined);
  return (
    <div className="stack">
      {found.failed > 0 && <p className="note tone-warn">{t("sweep.failed", { count: found.failed })}</p>}
      {known.length === values.length && (
        <svg
          className="sweep-line"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={t("sweep.picture")}
        >
          <path d={`M0 ${HEIGHT / 2}H${WIDTH}`} />
          <polyline points={polyline(known, WIDTH, HEIGHT)} />
        </svg>
      )}
      <div className="sweep-table">
        <Table
          label={t("sweep.points")}
          rows={found.items}
          rowKey={(row) => String(row.index)}
          columns={[
            { key: "inputs", head: t("sweep.inputs"), cell: (row) => <code>{pointOf(row)}</code> },
            {
              key: "value",
              head: t("sweep.value"),
              right: true,
              cell: (row) =>
                row.error ? (
                  <span className="text-danger">{row.error.title}</span>
                ) : (
                  <Num value={row.values?.[0]} decimals={6} />
                ),
            },
          ]}
        />
      </div>
    </div>
  );
}

const pointOf = (row: SweepItem) =>
  Object.entries(row.inputs)
    .map(
      ([name, value]) =>
        `${name} ${Number.isFinite(Number(value)) ? Number(Number(value).toFixed(6)) : value}`,
    )
    .join(", ");
