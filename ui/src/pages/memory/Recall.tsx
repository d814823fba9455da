/** Search that shows why each memory came up, and says when it does not have the answer. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "@/api/http";
import type { Recall as RecallAnswer } from "@/api/types";
import { ChoiceField, TextField } from "@/components/Fields";
import { Empty, Failure, Panel, Skeleton } from "@/components/Panel";
import { Button, Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed, percent } from "@/lib/format";
import { memoryText } from "@/lib/memoryText";
import { Helped } from "./mind/Helped";
import { NO_FILTERS, type RecallFilters, searchBody } from "./recallFilters";

const KINDS = ["all", "note", "chat", "market", "trade", "tool", "document"];

export function Recall({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useText();
  const [text, setText] = useState("");
  const [filters, setFilters] = useState(NO_FILTERS);
  const recall = useMutation({
    mutationFn: (query: string) => post<RecallAnswer>("/api/cio/search", searchBody(query, filters)),
  });
  return (
    <Panel title={t("recall.title")} area="recall" source={t("recall.source")}>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) recall.mutate(text.trim());
        }}
      >
        <input
          type="search"
          aria-label={t("recall.label")}
          placeholder={t("recall.placeholder")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" look="primary" icon="search" disabled={!text.trim() || recall.isPending}>
          {t("recall.go")}
        </Button>
      </form>
      <Filters value={filters} onChange={setFilters} />
      {recall.isPending && <Skeleton />}
      {recall.isError && <Failure error={recall.error} retry={() => recall.mutate(text)} />}
      {recall.isIdle && <Empty text={t("recall.idle")} />}
      {recall.data && <Hits answer={recall.data} asked={recall.variables ?? ""} onOpen={onOpen} />}
    </Panel>
  );
}

function Filters({ value, onChange }: { value: RecallFilters; onChange(next: RecallFilters): void }) {
  const { t } = useText();
  const set = (part: Partial<RecallFilters>) => onChange({ ...value, ...part });
  const day = (name: "since" | "until" | "knownAt") => (
    <label className="field">
      <span>{t(`recall.${name}`)}</span>
      <input type="date" value={value[name]} onChange={(event) => set({ [name]: event.target.value })} />
    </label>
  );
  return (
    <details>
      <summary className="muted">{t("recall.filters")}</summary>
      <div className="row wrap">
        <ChoiceField
          label={t("memory.kind")}
          value={value.kind}
          options={KINDS.map((kind) => ({ value: kind, label: t(`memory.kind_${kind}`) }))}
          onChange={(kind) => set({ kind })}
        />
        <TextField label={t("recall.author")} value={value.author} onChange={(author) => set({ author })} />
        {day("since")}
        {day("until")}
        {day("knownAt")}
      </div>
    </details>
  );
}

/** Whether the hits hold the answer, which time counted, and what was left out. */
function Verdict({ answer }: { answer: RecallAnswer }) {
  const { t, language } = useText();
  const named = answer.named_time;
  const values = {
    probability: percent(answer.probability, 0, language),
    threshold: percent(answer.threshold, 0, language),
  };
  return (
    <>
      {answer.abstained ? (
        <p className="note tone-warn" role="status">
          <strong>{t("recall.doNotHave")}</strong>{" "}
          {answer.hits.length > 0 && t("recall.doNotHaveWhy", values)}
        </p>
      ) : (
        <p className="muted">{t(answer.probability == null ? "recall.unjudged" : "recall.holds", values)}</p>
      )}
      {named && (
        <p className="muted">
          {t("recall.named", { text: named.text })} {named.start ? <Time value={named.start} full /> : "…"} –{" "}
          {named.end ? <Time value={named.end} full /> : "…"}
        </p>
      )}
      {Boolean(answer.erased_since) && (
        <p className="muted">{t("recall.erased", { count: answer.erased_since })}</p>
      )}
      {answer.foreign_model && (
        <p className="note tone-warn">{t("recall.foreign", { model: answer.foreign_model })}</p>
      )}
    </>
  );
}

interface HitsProps {
  answer: RecallAnswer;
  asked: string;
  onOpen(id: string): void;
}

function Hits({ answer, asked, onOpen }: HitsProps) {
  const { t, maybe, language } = useText();
  if (answer.hits.length === 0)
    return (
      <>
        <Verdict answer={answer} />
        <Empty text={t("recall.none", { count: answer.searched ?? 0 })} />
      </>
    );
  return (
    <>
      <Verdict answer={answer} />
      <p className="muted">
        {t("recall.searched", { hits: answer.hits.length, count: answer.searched ?? 0 })}
      </p>
      <ol className="hits">
        {answer.hits.map((hit) => (
          <li key={hit.memory_id}>
            <button type="button" onClick={() => onOpen(hit.memory_id)}>
              <span className="clamp-3">{memoryText(hit.text, { language, t, maybe })}</span>
              <span className="row muted">
                <Pill>{maybe(`memory.is_${hit.kind}`, hit.kind ?? "")}</Pill>
                {hit.author && <span>{hit.author}</span>}
                <Time value={hit.happened_at} full />
                {hit.superseded_at && <Pill tone="warn">{t("recall.superseded")}</Pill>}
              </span>
              <Legs score={hit.score} legs={hit.legs ?? {}} overlap={hit.evidence?.overlap} />
            </button>
            {answer.hits.length > 1 && <Helped key={asked} text={asked} id={hit.memory_id} />}
          </li>
        ))}
      </ol>
    </>
  );
}

interface LegsProps {
  score: number | undefined;
  legs: Record<string, number>;
  /** Of the text states of question and memory: shown, of no weight. */
  overlap: number | undefined;
}

function Legs({ score, legs, overlap }: LegsProps) {
  const { t, maybe, language } = useText();
  const most = Math.max(1e-9, ...Object.values(legs).map(Math.abs));
  return (
    <span className="legs">
      <span className="leg">
        <span>{t("recall.score")}</span>
        <strong className="num">{fixed(score, 3, language)}</strong>
      </span>
      {Object.entries(legs).map(([name, value]) => (
        <span className="leg" key={name}>
          <span>{maybe(`recall.leg_${name}`, name)}</span>
          <i className="leg-bar">
            <b style={{ width: `${(Math.abs(value) / most) * 100}%` }} />
          </i>
          <span className="num">{fixed(value, 3, language)}</span>
        </span>
      ))}
      {overlap !== undefined && (
        <span className="leg" title={t("recall.overlapWhy")}>
          <span>{t("recall.overlap")}</span>
          <span className="num">{fixed(overlap, 2, language, true)}</span>
        </span>
      )}
    </span>
  );
}
