/** What followed similar moments, and what CIO claims or refused to claim, with the memories that say so. */

import { useMemo, useState } from "react";
import { items } from "@/api/http";
import type { Reflection } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { useChannel } from "@/state/live";
import { Claims } from "./Claims";
import { ReflectionCard } from "./ReflectionCard";

/** Without enough earlier moments a reflection says nothing about what follows, at any length. */
const says = (reflection: Reflection) =>
  Number(reflection.confidence ?? 0) !== 0 || Number(reflection.bias ?? 0) !== 0;

type View = "moments" | "held" | "rejected";
const VIEWS: readonly View[] = ["moments", "held", "rejected"];

export function Reflections({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useText();
  const [view, setView] = useState<View>("moments");
  const controls = (
    <select
      aria-label={t("reflection.view")}
      value={view}
      onChange={(event) => setView(VIEWS.find((name) => name === event.target.value) ?? "moments")}
    >
      {VIEWS.map((name) => (
        <option key={name} value={name}>
          {t(`reflection.view_${name}`)}
        </option>
      ))}
    </select>
  );
  return (
    <Panel
      title={t("reflection.title")}
      area="reflections"
      controls={controls}
      source={t(`reflection.source_${view}`)}
      flush
    >
      {view === "moments" ? <Moments onOpen={onOpen} /> : <Claims state={view} onOpen={onOpen} />}
    </Panel>
  );
}

function Moments({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useText();
  const data = useData<unknown>({ path: "/api/cio/reflections?about=moments&limit=30", every: 20_000 });
  const live = useChannel("reflections", 4);
  const list = useMemo(() => {
    const byId = new Map<string, Reflection>();
    const heard = live.log.map((entry) => entry.value as Reflection).reverse();
    const fresh = heard.filter((reflection) => reflection?.moment_id);
    for (const reflection of [...fresh, ...items<Reflection>(data.value)]) {
      if (reflection?.reflection_id && !byId.has(reflection.reflection_id))
        byId.set(reflection.reflection_id, reflection);
    }
    return [...byId.values()].slice(0, 50);
  }, [live.log, data.value]);
  const quiet = list.filter((reflection) => !says(reflection));
  return (
    <Body data={data} empty={list.length === 0} emptyText={t("reflection.empty")} lines={8}>
      <ul className="reflections">
        {list.filter(says).map((reflection) => (
          <ReflectionCard key={reflection.reflection_id} reflection={reflection} onOpen={onOpen} />
        ))}
        {quiet.length > 0 && (
          <li>
            <details>
              <summary className="muted">{t("reflection.quiet", { count: quiet.length })}</summary>
              <ul className="reflections">
                {quiet.map((reflection) => (
                  <ReflectionCard key={reflection.reflection_id} reflection={reflection} onOpen={onOpen} />
                ))}
              </ul>
            </details>
          </li>
        )}
      </ul>
    </Body>
  );
}
