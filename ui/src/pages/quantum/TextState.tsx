/** A text in; its 26 numbers with their names out, what the text does not say, and the stored states most like it. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Near, stateOfText, type TextAnswer, type TextNumber } from "@/api/texts";
import { Ask } from "@/components/Ask";
import { ChoiceField, TextField } from "@/components/Fields";
import { Panel, Skeleton } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { Num, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { DIMENSIONS, nameOf } from "./basis";

const START = { text: "", language: "", label: "" };

export function TextState() {
  const { t } = useText();
  const [form, setForm] = useState(START);
  const run = useMutation({ mutationFn: () => stateOfText(form) });
  const change = (name: keyof typeof START) => (value: string) => setForm({ ...form, [name]: value });
  const languages = [
    { value: "", label: t("verse.told") },
    { value: "es", label: t("verse.es") },
    { value: "en", label: t("verse.en") },
  ];
  return (
    <Panel title={t("textState.title")} area="text" source={t("textState.source")}>
      <Ask
        run={run}
        idle={t("textState.idle")}
        go={t("textState.run")}
        ready={Boolean(form.text.trim())}
        waiting={<Skeleton lines={8} />}
        answer={(found) => <Answer found={found} />}
      >
        <label className="field">
          {t("textState.text")}
          <textarea rows={7} value={form.text} onChange={(event) => change("text")(event.target.value)} />
        </label>
        <ChoiceField
          label={t("verse.language")}
          value={form.language}
          options={languages}
          onChange={change("language")}
        />
        <TextField label={t("textState.label")} value={form.label} onChange={change("label")} />
      </Ask>
    </Panel>
  );
}

export function Answer({ found: { made, near } }: { found: TextAnswer }) {
  const { t, language } = useText();
  const defined = made.text.dimensions.filter((row) => row.defined).length;
  const columns: Column<TextNumber>[] = [
    {
      key: "name",
      head: t("textState.dimension"),
      cell: (row) => {
        const dimension = DIMENSIONS.find((each) => each.letter === row.letter);
        return `${row.letter} ${dimension ? nameOf(dimension, language) : row.name}`;
      },
    },
    {
      key: "measures",
      head: t("textState.measures"),
      roomy: true,
      cell: (row) => t(`textState.of_${row.letter}`),
    },
    {
      key: "value",
      head: t("textState.value"),
      right: true,
      cell: (row) => (row.defined ? <Num value={row.value} decimals={3} /> : t("textState.masked")),
    },
    {
      key: "score",
      head: t("textState.score"),
      right: true,
      cell: (row) => <Num value={row.score} decimals={2} />,
    },
  ];
  return (
    <div className="stack">
      <p>
        {t("textState.said", { language: t(`verse.${made.text.language}`), defined })}
        {made.label && ` ${t("textState.kept", { label: made.label })}`}
      </p>
      <Table
        label={t("textState.measures")}
        columns={columns}
        rows={made.text.dimensions}
        rowKey={(row) => row.letter}
      />
      <h3>{t("textState.nearest")}</h3>
      <Nearest rows={near} />
    </div>
  );
}

function Nearest({ rows }: { rows: Near[] }) {
  const { t } = useText();
  if (rows.length === 0) return <p className="muted">{t("textState.none")}</p>;
  const columns: Column<Near>[] = [
    {
      key: "what",
      head: t("textState.what"),
      cell: (row) =>
        row.symbol ? (
          <>
            {row.symbol} <Time value={row.bar_end} full />
          </>
        ) : (
          row.label
        ),
    },
    {
      key: "signed",
      head: t("quantum.likest.signed"),
      right: true,
      cell: (row) => <Num value={row.signed} decimals={3} />,
    },
  ];
  return (
    <Table label={t("textState.nearest")} columns={columns} rows={rows} rowKey={(row) => row.state_id} />
  );
}
