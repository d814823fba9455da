/** Strategies: what each does, and whether it runs. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { items } from "@/api/http";
import { runCommand } from "@/api/operations";
import type { Strategy, Tier } from "@/api/types";
import { complain } from "@/components/complain";
import { Body } from "@/components/Panel";
import { Button, Pill, StatePill } from "@/components/ui";
import { say, useText } from "@/i18n";
import { useData } from "@/state/data";
import { useCan } from "@/state/session";
import { HotLoop } from "./HotLoop";
import { Legs, useLegs } from "./Legs";

/** States in which it is to run, so that stopping it is what can be done. */
const RUNNING = ["running", "starting", "blocked", "without_market"];

export function Strategies() {
  const { t } = useText();
  const data = useData<unknown>({ path: "/api/hft/strategies", channel: "strategies", rate: 1 });
  const list = items<Strategy>(data.value);
  return (
    <>
      <HotLoop />
      <Body data={data} empty={list.length === 0} emptyText={t("strategy.none")}>
        <ul className="strategies">
          {list.map((strategy) => (
            <Row key={strategy.name} strategy={strategy} />
          ))}
        </ul>
      </Body>
    </>
  );
}

/** The dictionary's words for what an example says of itself in English; anybody else's words as they are. */
function useOwnWords() {
  const { t } = useText();
  return (key: string, said: string | undefined) =>
    said !== undefined && say(key, { lng: "en" }) === said ? t(key) : said;
}

type Place = { tier?: Tier; spin?: boolean; legs?: Record<string, string> };
type Change = Place & { action: "start" | "stop"; parameters: Record<string, number> };

function Row({ strategy }: { strategy: Strategy }) {
  const { t } = useText();
  const own = useOwnWords();
  const allowed = useCan("trader");
  const client = useQueryClient();
  const running = RUNNING.includes((strategy.state ?? "").toLowerCase());
  const [place, setPlace] = useState<Required<Place>>({ tier: "service", spin: false, legs: {} });
  const set = useMutation({
    mutationFn: (change: Change) => runCommand("hft.strategy.set", { strategy: strategy.name, ...change }),
    onSuccess: () => client.invalidateQueries(),
    onError: complain,
  });
  const legs = useLegs(strategy, place.legs);
  const about = own(`strategy.about_${strategy.name}`, strategy.description);
  return (
    <li>
      <div className="grow">
        <div className="row wrap">
          <strong>{strategy.name}</strong>
          <StatePill state={strategy.state} />
          {running && <Pill tone="neutral">{t(`strategy.tier_${strategy.tier ?? "service"}`)}</Pill>}
          {running &&
            legs.names.map((leg) => <Pill key={leg} tone="neutral">{`${leg}: ${legs.chosen[leg]}`}</Pill>)}
        </div>
        {about && <p className="muted">{about}</p>}
        {running && (strategy.file ?? "same") !== "same" && (
          <p className="note tone-warn">{t(`strategy.file_${strategy.file}`)}</p>
        )}
        {strategy.fault && <p className="note tone-danger">{strategy.fault}</p>}
        <Parameters
          strategy={strategy}
          disabled={!allowed || set.isPending}
          onSave={(parameters) => set.mutate({ action: running ? "start" : "stop", parameters })}
        />
      </div>
      {!running && legs.names.length > 0 && (
        <Legs
          name={strategy.name}
          legs={legs}
          disabled={!allowed}
          onChange={(chosen) => setPlace({ ...place, legs: chosen })}
        />
      )}
      {!running && legs.names.length === 0 && (
        <Where name={strategy.name} place={place} disabled={!allowed} onChange={setPlace} />
      )}
      <Button
        icon={running ? "pause" : "play"}
        disabled={!allowed || set.isPending || (!running && !legs.complete)}
        onClick={() =>
          set.mutate(
            running
              ? { action: "stop", parameters: {} }
              : { action: "start", parameters: {}, ...place, legs: legs.chosen },
          )
        }
      >
        {t(running ? "strategy.stop" : "strategy.start")}
      </Button>
    </li>
  );
}

interface WhereProps {
  name: string;
  place: Required<Place>;
  disabled: boolean;
  onChange(place: Required<Place>): void;
}

/** In which tier it starts; the hot loop may spin. */
function Where({ name, place, disabled, onChange }: WhereProps) {
  const { t } = useText();
  return (
    <div className="tier">
      <select
        aria-label={`${t("strategy.tier")}: ${name}`}
        disabled={disabled}
        value={place.tier}
        onChange={(event) => onChange({ ...place, tier: event.target.value as Tier, spin: false })}
      >
        <option value="service">{t("strategy.tier_service")}</option>
        <option value="hot">{t("strategy.tier_hot")}</option>
      </select>
      {place.tier === "hot" && (
        <label className="row" title={t("strategy.spinHint")}>
          <input
            type="checkbox"
            disabled={disabled}
            checked={place.spin}
            onChange={(event) => onChange({ ...place, spin: event.target.checked })}
          />
          {t("strategy.spin")}
        </label>
      )}
    </div>
  );
}

interface ParametersProps {
  strategy: Strategy;
  disabled: boolean;
  onSave(parameters: Record<string, number>): void;
}

/** A field for each parameter; saving sends only those that were changed. */
function Parameters({ strategy, disabled, onSave }: ParametersProps) {
  const { t } = useText();
  const own = useOwnWords();
  const [edited, setEdited] = useState<Record<string, string>>({});
  const now = strategy.parameters ?? {};
  const changed = Object.entries(edited).filter(([name, text]) => text !== "" && Number(text) !== now[name]);
  const save = (event: FormEvent) => {
    event.preventDefault();
    onSave(Object.fromEntries(changed.map(([name, text]) => [name, Number(text)])));
    setEdited({});
  };
  return (
    <form className="row wrap parameters" onSubmit={save}>
      {Object.entries(now).map(([name, value]) => {
        const range = strategy.ranges?.[name];
        return (
          <label key={name} title={own(`strategy.doc_${strategy.name}_${name}`, range?.doc)}>
            {name}
            <input
              type="number"
              className="num"
              step={range?.kind === "int" ? 1 : "any"}
              min={range?.low}
              max={range?.high}
              value={edited[name] ?? String(value)}
              onChange={(event) => setEdited({ ...edited, [name]: event.target.value })}
            />
          </label>
        );
      })}
      {changed.length > 0 && (
        <Button type="submit" small disabled={disabled}>
          {t("strategy.save")}
        </Button>
      )}
    </form>
  );
}
