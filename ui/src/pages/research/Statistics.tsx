/** Statistics: choose a method, paste numbers or take a symbol's returns, read the sentence and the table. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { get, items, post } from "@/api/http";
import type { Candle } from "@/api/types";
import { Ask as Asked } from "@/components/Ask";
import { Body, Failure, Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { useText } from "@/i18n";
import { significant } from "@/lib/format";
import { useData } from "@/state/data";
import { useSymbol } from "@/state/symbol";
import {
  bodyOf,
  type Choices,
  columnsOf,
  linesOf,
  type Method,
  returnsOf,
  type Statistic,
  settings,
} from "./statistics";

const CANDLES = 5_000;

export function Statistics() {
  const { t } = useText();
  const data = useData<unknown>({ path: "/api/qcs/stats" });
  const methods = items<Method>(data.value);
  return (
    <Panel title={t("stats.title")} source={t("stats.source")}>
      <Body data={data} empty={methods.length === 0} emptyText={t("stats.none")}>
        <Ask methods={methods} />
      </Body>
    </Panel>
  );
}

function Ask({ methods }: { methods: Method[] }) {
  const { t, maybe } = useText();
  const { symbol, symbols } = useSymbol();
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const [choices, setChoices] = useState<Choices>({});
  const method = methods.find((each) => each.name === name) ?? (methods[0] as Method);
  const columns = columnsOf(text);
  const run = useMutation({
    mutationFn: () =>
      post<Statistic>(`/api/qcs/stats/${method.name}`, bodyOf(method, columns ?? [], choices)),
  });
  const fill = useMutation({
    mutationFn: (of: string) => get<unknown>(`/api/hft/candles?symbol=${of}&limit=${CANDLES}`),
    onSuccess: (found) => setText(returnsOf(items<Candle>(found)).join("\n")),
  });
  return (
    <Asked
      run={run}
      idle={t("stats.idle")}
      go={t("stats.run")}
      ready={columns !== null}
      aside={
        <span className="muted">
          {columns
            ? t("stats.read", { rows: columns[0]?.length, columns: columns.length })
            : text.trim() && t("stats.unread")}
        </span>
      }
      answer={(found) => <Answer found={found} />}
    >
      <label className="stack">
        {t("stats.method")}
        <select
          value={method.name}
          onChange={(event) => {
            setName(event.target.value);
            setChoices({});
            run.reset();
          }}
        >
          {methods.map((each) => (
            <option key={each.name} value={each.name}>
              {maybe(`stats.of_${each.name.replaceAll("-", "_")}`, each.title)}
            </option>
          ))}
        </select>
      </label>
      <label className="row">
        {t("stats.returns")}
        <select value="" onChange={(event) => event.target.value && fill.mutate(event.target.value)}>
          <option value="">{t("stats.symbol")}</option>
          {[...new Set([symbol, ...symbols])].filter(Boolean).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      {fill.isError && <Failure error={fill.error} />}
      <textarea
        className="code"
        rows={10}
        spellCheck={false}
        aria-label={t("stats.values")}
        placeholder={t("stats.paste", { inputs: method.inputs.join(", ") })}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Settings method={method} choices={choices} choose={setChoices} />
    </Asked>
  );
}

interface SettingsProps {
  method: Method;
  choices: Choices;
  choose(choices: Choices): void;
}

function Settings({ method, choices, choose }: SettingsProps) {
  const set = (name: string) => (event: { target: { value: string } }) =>
    choose({ ...choices, [name]: event.target.value });
  return (
    <div className="row wrap">
      {settings(method).map(([name, schema]) => (
        <span key={name} className="row" title={schema.description}>
          <code className="nowrap">{name}</code>
          {schema.enum || schema.type === "boolean" ? (
            <select aria-label={name} value={choices[name] ?? String(schema.default)} onChange={set(name)}>
              {(schema.enum ?? ["false", "true"]).map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          ) : (
            <input
              aria-label={name}
              className="num"
              size={7}
              inputMode="decimal"
              placeholder={String(schema.default ?? "")}
              value={choices[name] ?? ""}
              onChange={set(name)}
            />
          )}
        </span>
      ))}
    </div>
  );
}

export function Answer({ found }: { found: Statistic }) {
  const { t, language } = useText();
  return (
    <div className="stack">
      <p>{language === "es" ? found.words_es : found.words}</p>
      <Table
        label={t("stats.result")}
        rows={linesOf(found.result, language)}
        rowKey={([name]) => name}
        columns={[
          { key: "name", head: t("stats.quantity"), cell: ([name]) => <code>{name}</code> },
          {
            key: "value",
            head: t("stats.value"),
            right: true,
            cell: ([, value]) => <span className="num wraps">{value}</span>,
          },
        ]}
      />
      <p className="muted num">{significant(found.ms, 3, language)} ms</p>
    </div>
  );
}
