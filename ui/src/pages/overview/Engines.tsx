/** Database, cache, gateway: which one, which version, embedded or given. */

import type { Engine } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { StatePill } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { serviceList } from "./Services";

export const useEngines = () =>
  useData<unknown>({ path: "/api/web/engines", channel: "engines", every: 15_000 });
export const engineList = (value: unknown) => serviceList(value) as Engine[];

export function Engines() {
  const { t, maybe } = useText();
  const data = useEngines();
  const engines = engineList(data.value);
  return (
    <Panel
      title={t("engines.title")}
      area="engines"
      source={t("engines.source")}
      at={data.at}
      staleAfter={60_000}
    >
      <Body data={data} empty={engines.length === 0} emptyText={t("engines.empty")}>
        <ul className="engines">
          {engines.map((engine) => (
            <li key={engine.name}>
              <span className="engine-name">
                <strong>{maybe(`engines.name_${engine.name}`, engine.name)}</strong>
                <span className="muted ellipsis">
                  {engine.version ?? "—"}
                  {engine.embedded !== undefined &&
                    ` · ${t(engine.embedded ? "engines.embedded" : "engines.given")}`}
                </span>
              </span>
              <StatePill state={engine.state} />
            </li>
          ))}
        </ul>
      </Body>
    </Panel>
  );
}
