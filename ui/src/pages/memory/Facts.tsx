/** What follows from what people said: since when, on which memories, and what is over or no longer believed. */

import { useState } from "react";
import type { Fact, FactList } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { percent } from "@/lib/format";
import { useData } from "@/state/data";
import { Evidence } from "./Evidence";

export function Facts({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useText();
  const [words, setWords] = useState("");
  const [history, setHistory] = useState(false);
  const text = words.trim() ? `&text=${encodeURIComponent(words.trim())}` : "";
  const data = useData<FactList>({
    path: `/api/cio/facts?limit=50&history=${history}${text}`,
    every: 10_000,
  });
  const facts = data.value?.items ?? [];
  const controls = (
    <select
      aria-label={t("fact.which")}
      value={history ? "history" : "now"}
      onChange={(event) => setHistory(event.target.value === "history")}
    >
      <option value="now">{t("fact.now")}</option>
      <option value="history">{t("fact.history")}</option>
    </select>
  );
  return (
    <Panel
      title={t("fact.title")}
      area="facts"
      controls={controls}
      source={t("fact.source")}
      at={data.at}
      staleAfter={60_000}
      flush
    >
      <div className="note-form">
        <input
          type="search"
          aria-label={t("fact.words")}
          placeholder={t("fact.words")}
          value={words}
          maxLength={200}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      <Body
        data={data}
        empty={facts.length === 0}
        emptyText={text ? t("fact.none") : t("fact.empty")}
        lines={6}
      >
        <ul className="reflections">
          {facts.map((fact) => (
            <Row key={fact.fact_id} fact={fact} onOpen={onOpen} />
          ))}
        </ul>
        {data.value && data.value.total > facts.length && (
          <p className="muted note-form">
            {t("fact.more", { shown: facts.length, count: data.value.total })}
          </p>
        )}
      </Body>
    </Panel>
  );
}

function Row({ fact, onOpen }: { fact: Fact; onOpen(id: string): void }) {
  const { t, language } = useText();
  const state = fact.known_until ? "superseded" : fact.holds ? "holds" : "over";
  return (
    <li>
      <p className="read verbatim">{state === "holds" ? fact.sentence : <s>{fact.sentence}</s>}</p>
      <div className="row muted wrap figures-row">
        <span>
          {t("fact.about")} <b>{fact.subject}</b>
        </span>
        <span>
          {t("fact.since")} {fact.valid_from ? <Time value={fact.valid_from} full /> : t("fact.unknown")}
        </span>
        {fact.valid_until && (
          <span>
            {t("fact.until")} <Time value={fact.valid_until} full />
          </span>
        )}
        {fact.known_until && (
          <span>
            {t("fact.believedUntil")} <Time value={fact.known_until} full />
          </span>
        )}
        <span>
          {t("fact.confidence")} <b className="num">{percent(fact.confidence, 0, language)}</b>
        </span>
        {state !== "holds" && <Pill tone="warn">{t(`fact.is_${state}`)}</Pill>}
        <Pill>{fact.private ? t("fact.private") : fact.scope}</Pill>
      </div>
      <Evidence ids={fact.evidence} onOpen={onOpen} />
    </li>
  );
}
