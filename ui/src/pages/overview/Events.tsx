/** The latest events of the loop, newest first. */

import { navigate } from "@/app/router";
import { Body, Panel } from "@/components/Panel";
import { Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { stableKeys } from "@/lib/keys";
import { summaryOf } from "./Loop";
import { useEvents } from "./useEvents";

export function Events() {
  const { t, language } = useText();
  const { events, overview } = useEvents();
  const latest = events.slice(-30).reverse();
  const keys = stableKeys(latest, (event) => `${event.at}|${event.key}|${event.trace_id}`);
  return (
    <Panel title={t("events.title")} area="events" source={t("events.source")} flush>
      {latest.length === 0 && (
        <Body data={overview} empty emptyText={t("events.empty")} lines={6}>
          {null}
        </Body>
      )}
      <ul className="events">
        {latest.map((event, index) => (
          <li key={keys[index]}>
            <button
              type="button"
              disabled={!event.trace_id}
              onClick={() => navigate(`/system/traces/${encodeURIComponent(event.trace_id ?? "")}`)}
            >
              <Time value={event.at} />
              <Pill>{(event.service ?? event.key.split(".")[0] ?? "").toUpperCase()}</Pill>
              <span className="events-text">{summaryOf(event, language)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
