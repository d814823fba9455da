/** The verdict in a sentence, the loss of every model, the next outcome and the change of state. */

import type { ChangeOfState, Inferred } from "@/api/inference";
import { Table } from "@/components/Table";
import { Num } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed, percent, pValue } from "@/lib/format";
import { classesOf, judgementOf, pOf } from "./forecast";

const keyOf = (model: string) => `forecast.model_${model.replaceAll(" ", "_")}`;

export function ForecastAnswer({ found }: { found: Inferred }) {
  const { t } = useText();
  return (
    <div className="stack">
      <Verdict found={found} />
      <Losses found={found} />
      {found.forecast && <Next found={found} forecast={found.forecast} />}
      <Change change={found.change} />
      <p className="muted">{t("forecast.note")}</p>
    </div>
  );
}

function Verdict({ found }: { found: Inferred }) {
  const { t, maybe, language } = useText();
  const { ours, rest, pair, verdict } = judgementOf(found);
  return (
    <p data-testid="verdict">
      <strong>{t(`forecast.verdict_${verdict.replace(" ", "_")}`)}</strong>{" "}
      {t("forecast.against", {
        ours: maybe(keyOf(ours.model), ours.model),
        rest: maybe(keyOf(rest.model), rest.model),
        a: fixed(ours.loss, 4, language),
        b: fixed(rest.loss, 4, language),
        p: pOf(pair?.comparison.p, language),
        n: found.held_out,
      })}
    </p>
  );
}

function Losses({ found }: { found: Inferred }) {
  const { t, maybe, language } = useText();
  return (
    <Table
      label={t("forecast.losses")}
      rows={found.models}
      rowKey={(row) => row.model}
      columns={[
        { key: "model", head: t("forecast.model"), cell: (row) => maybe(keyOf(row.model), row.model) },
        {
          key: "loss",
          head: t("forecast.loss"),
          right: true,
          cell: (row) => <Num value={row.loss} decimals={4} />,
        },
        {
          key: "hits",
          head: t("forecast.hits"),
          right: true,
          roomy: true,
          cell: (row) => <span className="num">{percent(row.hits, 1, language)}</span>,
        },
        {
          key: "p",
          head: t("forecast.p"),
          right: true,
          cell: (row) =>
            row.model === "base rate" ? (
              "—"
            ) : (
              <span className="num">{pValue(row.against_base.p, language)}</span>
            ),
        },
        {
          key: "verdict",
          head: "",
          roomy: true,
          cell: (row) =>
            row.model === "base rate" ? (
              ""
            ) : (
              <span className="muted">
                {t(`forecast.verdict_${row.against_base.verdict.replace(" ", "_")}`)}
              </span>
            ),
        },
      ]}
    />
  );
}

function Next({ found, forecast }: { found: Inferred; forecast: Record<string, number[]> }) {
  const { t, maybe, language } = useText();
  const classes = classesOf(found.edges, language);
  const rows = Object.entries(forecast).map(([model, p]) => ({ model, p }));
  return (
    <Table
      label={t("forecast.next")}
      rows={rows}
      rowKey={(row) => row.model}
      columns={[
        { key: "model", head: t("forecast.next"), cell: (row) => maybe(keyOf(row.model), row.model) },
        ...classes.map((name, index) => ({
          key: name,
          head: name,
          right: true,
          cell: (row: (typeof rows)[number]) => (
            <span className="num">{percent(row.p[index], 0, language)}</span>
          ),
        })),
      ]}
    />
  );
}

function Change({ change }: { change: ChangeOfState }) {
  const { t, language } = useText();
  if ("why" in change) return <p className="muted">{t("forecast.changeNone")}</p>;
  return (
    <p>
      {t("forecast.change", {
        d: fixed(change.statistic, 3, language),
        p: pOf(change.p, language),
        share: percent(change.share_below_level, 1, language),
        n: change.judged,
      })}
    </p>
  );
}
