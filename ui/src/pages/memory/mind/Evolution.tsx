/** How the weights of recall change with use: the trial that runs, and every change with its diff and undo. */

import type { Evolution as Seen } from "@/api/mind";
import { Body, Panel } from "@/components/Panel";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { useData } from "@/state/data";
import { Versions } from "./Versions";

export function Evolution() {
  const { t, maybe, language } = useText();
  const data = useData<Seen>({ path: "/api/cio/evolution?versions=5", every: 15_000 });
  const seen = data.value;
  return (
    <Panel title={t("mind.evolution")} area="evolution" source={t("mind.evolutionSource")} at={data.at}>
      <Body data={data} emptyText={t("mind.evolutionNone")}>
        <p>{t("mind.evolutionNow", { events: seen?.events ?? 0, version: seen?.champion ?? 0 })}</p>
        <p className="muted">
          {seen && seen.trial.events > 0
            ? t("mind.evolutionTrial", {
                mean: fixed(seen.trial.mean, 4, language, true),
                low: fixed(seen.trial.low, 4, language, true),
                high: fixed(seen.trial.high, 4, language, true),
                events: seen.trial.events,
                window: seen.window,
              })
            : t("mind.evolutionNone")}
        </p>
        <details>
          <summary>{t("mind.weights")}</summary>
          <ul className="plain shares">
            {Object.entries(seen?.weights ?? {}).map(([name, value]) => (
              <li key={name}>
                <span>{maybe(`mind.weight_${name}`, name)}</span>
                <span className="num">{fixed(value, 3, language)}</span>
              </li>
            ))}
          </ul>
        </details>
        <Versions
          versions={seen?.versions ?? []}
          undo="/api/cio/evolution/undo"
          will={t("mind.evolutionUndoWill")}
        />
      </Body>
    </Panel>
  );
}
