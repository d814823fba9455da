/** Search that shows why each memory came up: its score, and how much each leg gave. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "@/api/http";
import type { Recall as RecallAnswer } from "@/api/types";
import { Empty, Failure, Panel, Skeleton } from "@/components/Panel";
import { Button, Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { memoryText } from "@/lib/memoryText";

export function Recall({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useText();
  const [text, setText] = useState("");
  const recall = useMutation({
    mutationFn: (query: string) => post<RecallAnswer>("/api/cio/recall", { text: query, limit: 10 }),
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
      {recall.isPending && <Skeleton />}
      {recall.isError && <Failure error={recall.error} retry={() => recall.mutate(text)} />}
      {recall.isIdle && <Empty text={t("recall.idle")} />}
      {recall.data && <Hits answer={recall.data} onOpen={onOpen} />}
    </Panel>
  );
}

function Hits({ answer, onOpen }: { answer: RecallAnswer; onOpen(id: string): void }) {
  const { t, maybe, language } = useText();
  if (answer.hits.length === 0) return <Empty text={t("recall.none", { count: answer.searched ?? 0 })} />;
  return (
    <>
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
                <Time value={hit.happened_at} full />
              </span>
              <Legs score={hit.score} legs={hit.legs ?? {}} />
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function Legs({ score, legs }: { score: number | undefined; legs: Record<string, number> }) {
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
    </span>
  );
}
