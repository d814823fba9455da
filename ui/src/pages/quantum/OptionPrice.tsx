/** A European option by amplitude estimation, Black and Scholes beside it, and where the difference comes from. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type OptionAnswer, priceOption } from "@/api/finance";
import { Ask } from "@/components/Ask";
import { ChoiceField, TextField } from "@/components/Fields";
import { Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Num } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { askOf, budgetOf, FIELDS, PAYOFFS, START } from "./optionForm";

export function OptionPrice() {
  const { t } = useText();
  const [form, setForm] = useState(START);
  const run = useMutation({ mutationFn: () => priceOption(askOf(form)) });
  const change = (name: string) => (value: string) => setForm({ ...form, [name]: value });
  return (
    <Panel title={t("option.title")} area="option" source={t("option.source")}>
      <Ask
        run={run}
        idle={t("option.idle")}
        go={t("option.run")}
        answer={(found) => <Answer found={found} />}
      >
        <ChoiceField
          label={t("option.payoff")}
          value={form.payoff}
          options={PAYOFFS.map((value) => ({ value, label: t(`option.payoffs.${value}`) }))}
          onChange={change("payoff")}
        />
        {FIELDS.map((name) => (
          <TextField
            key={name}
            numeric
            label={t(`option.${name}`)}
            value={form[name]}
            onChange={change(name)}
          />
        ))}
      </Ask>
    </Panel>
  );
}

export function Answer({ found }: { found: OptionAnswer }) {
  const { t, language } = useText();
  const { quantum, classical } = found;
  const [low, high] = quantum.interval.map((end) => fixed(end, 4, language));
  const values = [
    {
      key: "quantum",
      value: quantum.value,
      about: t("option.interval", { low, high, calls: quantum.oracle_calls }),
    },
    {
      key: "circuit",
      value: quantum.exact,
      about: t("option.size", { qubits: quantum.qubits, depth: quantum.depth }),
    },
    { key: "grid", value: classical.grid, about: "" },
    { key: "classical", value: classical.value, about: "" },
  ];
  return (
    <div className="stack">
      <Table
        label={t("option.value")}
        rows={values}
        rowKey={(row) => row.key}
        columns={[
          { key: "what", head: "", cell: (row) => t(`option.row_${row.key}`) },
          {
            key: "value",
            head: t("option.value"),
            right: true,
            cell: (row) => <Num value={row.value} decimals={5} />,
          },
          { key: "about", head: "", roomy: true, cell: (row) => <span className="muted">{row.about}</span> },
        ]}
      />
      <Table
        label={t("option.budget")}
        rows={budgetOf(found)}
        rowKey={(row) => row.line}
        columns={[
          { key: "line", head: t("option.budget"), cell: (row) => t(`option.line_${row.line}`) },
          {
            key: "error",
            head: t("option.error"),
            right: true,
            cell: (row) => <span className="num">{fixed(row.value, 5, language, true)}</span>,
          },
        ]}
      />
      <p className="muted">{t("option.note")}</p>
    </div>
  );
}
