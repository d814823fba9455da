/** What followed similar moments, with the memories that say so. */

import { useMemo } from "react";
import { items } from "@/api/http";
import type { Reflection } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed, percent } from "@/lib/format";
import { useData } from "@/state/data";
import { useChannel } from "@/state/live";
import { Evidence } from "./Evidence";

/** Without enough earlier moments a reflection says nothing about what follows, at any length. */
const says = (reflection: Reflection) =>
  Number(reflection.confidence ?? 0) !== 0 || Number(reflection.bias ?? 0) !== 0;

export function Reflections({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useText();
  const data = useData<unknown>({ path: "/api/cio/reflections?limit=30", every: 20_000 });
  const live = useChannel("reflections", 4);
  const list = useMemo(() => {
    const byId = new Map<string, Reflection>();
    const fresh = live.log.map((entry) => entry.value as Reflection).reverse();
    for (const reflection of [...fresh, ...items<Reflection>(data.value)]) {
      if (reflection?.reflection_id && !byId.has(reflection.reflection_id))
        byId.set(reflection.reflection_id, reflection);
    }
    return [...byId.values()].slice(0, 50);
  }, [live.log, data.value]);
  const quiet = list.filter((reflection) => !says(reflection));
  return (
    <Panel
      title={t("reflection.title")}
      area="reflections"
      source={t("reflection.source")}
      at={data.at}
      flush
    >
      <Body data={data} empty={list.length === 0} emptyText={t("reflection.empty")} lines={8}>
        <ul className="reflections">
          {list.filter(says).map((reflection) => (
            <Card key={reflection.reflection_id} reflection={reflection} onOpen={onOpen} />
          ))}
          {quiet.length > 0 && (
            <li>
              <details>
                <summary className="muted">{t("reflection.quiet", { count: quiet.length })}</summary>
                <ul className="reflections">
                  {quiet.map((reflection) => (
                    <Card key={reflection.reflection_id} reflection={reflection} onOpen={onOpen} />
                  ))}
                </ul>
              </details>
            </li>
          )}
        </ul>
      </Body>
    </Panel>
  );
}

/** A rule is named with its version: what-followed/1. */
const ruleName = (rule: string) => rule.split("/")[0];

function Card({ reflection, onOpen }: { reflection: Reflection; onOpen(id: string): void }) {
  const { t, language, maybe } = useText();
  const evidence = reflection.evidence ?? [];
  return (
    <li>
      <div className="row muted">
        {reflection.symbol && <Pill>{reflection.symbol}</Pill>}
        <Time value={reflection.created_at} full />
      </div>
      <p className="read">{language === "es" ? reflection.text_es : reflection.text_en}</p>
      <div className="row muted figures-row">
        <span>
          {t("reflection.confidence")} <b className="num">{percent(reflection.confidence, 0, language)}</b>
        </span>
        <span>
          {t("reflection.bias")} <b className="num">{fixed(reflection.bias, 2, language, true)}</b>
        </span>
        <span>
          n = <b className="num">{reflection.sample ?? "—"}</b>
        </span>
        {reflection.rule && (
          <span className="ellipsis">
            {maybe(`reflection.rule_${ruleName(reflection.rule)}`, reflection.rule)}
          </span>
        )}
      </div>
      <Evidence ids={evidence} onOpen={onOpen} />
    </li>
  );
}
