/** The form that starts a backtest; it runs beside trading, in a process of its own. */

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { items } from "@/api/http";
import { startBacktest, type TapeRow } from "@/api/research";
import type { Strategy } from "@/api/types";
import { navigate } from "@/app/router";
import { ChoiceField, TextField } from "@/components/Fields";
import { Failure, Panel } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { useCan } from "@/state/session";
import { bodyOf, type Form, isFutures, START } from "./form";

const QUEUES = ["risk-averse", "power", "power2", "power3", "log", "log2"];
const MARGINS = ["cross", "isolated"];
const FILLS = ["whole", "partial", "venue"];

export function StartBacktest({ tapes, onStarted }: { tapes: TapeRow[]; onStarted(): void }) {
  const { t } = useText();
  const allowed = useCan("trader");
  const whole = items<Strategy>(useData<unknown>({ path: "/api/hft/strategies" }).value).filter(
    (each) => each.state !== "broken",
  );
  const strategies = whole.filter((each) => Object.keys(each.legs ?? {}).length === 0);
  const usable = tapes.filter((tape) => !tape.error);
  const [form, setForm] = useState<Form>(START);
  const strategy = strategies.find((each) => each.name === form.strategy) ?? strategies[0];
  const tape = form.tape || usable[0]?.name || "";
  const futures = isFutures(usable.find((each) => each.name === tape)?.venue);
  const change = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }));
  const send = useMutation({
    mutationFn: () =>
      startBacktest(
        bodyOf({
          ...form,
          tape,
          strategy: strategy?.name ?? "",
          leverage: futures ? form.leverage : "",
        }),
      ),
    onSuccess: ({ id }) => {
      onStarted();
      navigate(`/research/runs/${id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  const ready = Boolean(strategy && tape);
  return (
    <Panel title={t("research.start")}>
      <form className="stack" onSubmit={submit}>
        <ChoiceField
          label={t("research.strategy")}
          value={strategy?.name ?? ""}
          options={strategies.map((each) => each.name)}
          onChange={(name) => change({ strategy: name, parameters: {} })}
        />
        <ChoiceField
          label={t("research.tape")}
          value={tape}
          options={usable.map((each) => each.name)}
          onChange={(name) => change({ tape: name })}
        />
        {strategy && (
          <fieldset className="research-parameters">
            <legend>{t("research.parameters")}</legend>
            {Object.entries(strategy.parameters ?? {}).map(([name, value]) => (
              <TextField
                key={name}
                label={name}
                value={form.parameters[name] ?? String(value)}
                onChange={(text) => change({ parameters: { ...form.parameters, [name]: text } })}
              />
            ))}
          </fieldset>
        )}
        <fieldset className="research-parameters">
          <legend>{t("research.assumptions")}</legend>
          <TextField
            label={t("research.latency")}
            value={form.latency}
            onChange={(latency) => change({ latency })}
          />
          <ChoiceField
            label={t("research.queue")}
            value={form.queue}
            options={QUEUES}
            onChange={(queue) => change({ queue })}
          />
          <ChoiceField
            label={t("research.fill")}
            value={form.fill}
            options={FILLS}
            onChange={(fill) => change({ fill })}
          />
          <TextField label={t("research.fees")} value={form.fees} onChange={(fees) => change({ fees })} />
        </fieldset>
        {strategies.length < whole.length && <p className="note">{t("research.oneMarket")}</p>}
        {futures && <Account form={form} change={change} />}
        {usable.length === 0 && <p className="note">{t("research.noTapes")}</p>}
        {send.isError && <Failure error={send.error} />}
        <Button type="submit" look="primary" icon="play" disabled={!allowed || !ready || send.isPending}>
          {t("research.run")}
        </Button>
      </form>
    </Panel>
  );
}

function Account({ form, change }: { form: Form; change(part: Partial<Form>): void }) {
  const { t } = useText();
  return (
    <fieldset className="research-parameters">
      <legend>{t("research.account")}</legend>
      <TextField
        label={t("research.leverage")}
        numeric
        value={form.leverage}
        onChange={(leverage) => change({ leverage })}
      />
      <ChoiceField
        label={t("research.margin")}
        value={form.margin}
        options={MARGINS.map((value) => ({ value, label: t(`research.margin_${value}`) }))}
        onChange={(margin) => change({ margin })}
      />
      <TextField
        label={t("research.wallet")}
        numeric
        value={form.wallet}
        onChange={(wallet) => change({ wallet })}
      />
      <p className="note">{t("research.leverageHint")}</p>
    </fieldset>
  );
}
