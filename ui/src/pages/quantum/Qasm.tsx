/** OpenQASM: write, run with or without noise, see the drawing and what came out, export to the other version. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { drawCircuit, exportCircuit, runCircuit } from "@/api/circuits";
import { items } from "@/api/http";
import type { QasmExample } from "@/api/types";
import { Ask } from "@/components/Ask";
import { complain } from "@/components/complain";
import { ChoiceField, TextField } from "@/components/Fields";
import { Panel } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { useData } from "@/state/data";
import { type LabForm, NOISES, runOf, SHOTS, START, TASKS } from "./lab";
import { Outcome } from "./Outcome";

export function Qasm() {
  const { t } = useText();
  const [form, setForm] = useState(START);
  const change = (part: Partial<LabForm>) => setForm((before) => ({ ...before, ...part }));
  const run = useMutation({
    mutationFn: async () => {
      const drawing = drawCircuit(form.source).catch(() => null);
      return { run: await runCircuit(runOf(form)), drawing: await drawing };
    },
  });
  return (
    <Panel
      title={t("qasm.title")}
      area="qasm"
      controls={<Examples onPick={(source) => change({ source })} />}
      source={t("qasm.source")}
    >
      <Ask
        run={run}
        idle={t("qasm.idle")}
        go={t("qasm.run")}
        ready={Boolean(form.source.trim())}
        aside={<Export source={form.source} onDone={(source) => change({ source })} />}
        answer={(found) => <Outcome {...found} />}
      >
        <textarea
          className="code"
          rows={10}
          spellCheck={false}
          aria-label={t("qasm.editor")}
          value={form.source}
          onChange={(event) => change({ source: event.target.value })}
        />
        <Settings form={form} change={change} />
      </Ask>
    </Panel>
  );
}

function Settings({ form, change }: { form: LabForm; change(part: Partial<LabForm>): void }) {
  const { t, language } = useText();
  const named = (group: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`qasm.${group}_${value.replaceAll("-", "_")}`) }));
  return (
    <div className="research-parameters">
      <ChoiceField
        label={t("qasm.task")}
        value={form.task}
        options={named("task", TASKS)}
        onChange={(task) => change({ task })}
      />
      {form.task === "expectation" ? (
        <TextField
          label={t("qasm.observable")}
          value={form.observable}
          onChange={(observable) => change({ observable })}
        />
      ) : (
        <ChoiceField
          label={t("qasm.shots")}
          value={form.shots}
          options={SHOTS.map((value) => ({ value, label: fixed(Number(value), 0, language) }))}
          onChange={(shots) => change({ shots })}
        />
      )}
      <ChoiceField
        label={t("qasm.noise")}
        value={form.noise}
        options={named("noise", NOISES)}
        onChange={(noise) => change({ noise })}
      />
      {form.noise !== "none" && (
        <TextField
          numeric
          label={t("qasm.strength")}
          value={form.strength}
          onChange={(strength) => change({ strength })}
        />
      )}
    </div>
  );
}

function Examples({ onPick }: { onPick(source: string): void }) {
  const { t } = useText();
  const examples = items<QasmExample>(useData<unknown>({ path: "/api/qcs/qasm/examples" }).value);
  if (examples.length === 0) return null;
  return (
    <select
      aria-label={t("qasm.examples")}
      value=""
      onChange={(event) => {
        const picked = examples.find((example) => example.name === event.target.value);
        if (picked) onPick(picked.source);
      }}
    >
      <option value="">{t("qasm.examples")}</option>
      {examples.map((example) => (
        <option key={example.name}>{example.name}</option>
      ))}
    </select>
  );
}

/** Turns the text into the other version of OpenQASM. */
function Export({ source, onDone }: { source: string; onDone(source: string): void }) {
  const { t } = useText();
  const to = /^\s*OPENQASM\s+2/m.test(source) ? 3 : 2;
  const turn = useMutation({
    mutationFn: () => exportCircuit(source, to),
    onSuccess: onDone,
    onError: complain,
  });
  return (
    <Button small disabled={turn.isPending || !source.trim()} onClick={() => turn.mutate()}>
      {t("qasm.export", { version: to })}
    </Button>
  );
}
