/** Strategies: what each does, and whether it runs. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { items } from "@/api/http";
import { runCommand } from "@/api/operations";
import type { Strategy } from "@/api/types";
import { Body, describe } from "@/components/Panel";
import { Button, StatePill } from "@/components/ui";
import { say, useText } from "@/i18n";
import { useData } from "@/state/data";
import { toast, useCan } from "@/state/session";

const RUNNING = ["running", "active", "started"];

export function Strategies() {
  const { t } = useText();
  const data = useData<unknown>({ path: "/api/hft/strategies", channel: "strategies", rate: 1 });
  const list = items<Strategy>(data.value);
  return (
    <Body data={data} empty={list.length === 0} emptyText={t("strategy.none")}>
      <ul className="strategies">
        {list.map((strategy) => (
          <Row key={strategy.name} strategy={strategy} />
        ))}
      </ul>
    </Body>
  );
}

type Change = { action: "start" | "stop"; parameters: Record<string, number> };

function Row({ strategy }: { strategy: Strategy }) {
  const { t, language } = useText();
  const allowed = useCan("trader");
  const client = useQueryClient();
  const running = RUNNING.includes((strategy.state ?? "").toLowerCase());
  const set = useMutation({
    mutationFn: ({ action, parameters }: Change) =>
      runCommand("hft.strategy.set", { strategy: strategy.name, action, parameters }),
    onSuccess: () => client.invalidateQueries(),
    onError: (error) => {
      const problem = describe(error, say);
      toast("danger", problem.title, problem.detail);
    },
  });
  const about = language === "es" ? (strategy.description_es ?? strategy.description) : strategy.description;
  return (
    <li>
      <div className="grow">
        <div className="row">
          <strong>{strategy.name}</strong>
          <StatePill state={strategy.state} />
        </div>
        {about && <p className="muted">{about}</p>}
        {strategy.fault && <p className="note tone-danger">{strategy.fault}</p>}
        <Parameters
          strategy={strategy}
          disabled={!allowed || set.isPending}
          onSave={(parameters) => set.mutate({ action: running ? "start" : "stop", parameters })}
        />
      </div>
      <Button
        icon={running ? "pause" : "play"}
        disabled={!allowed || set.isPending}
        onClick={() => set.mutate({ action: running ? "stop" : "start", parameters: {} })}
      >
        {t(running ? "strategy.stop" : "strategy.start")}
      </Button>
    </li>
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
          <label key={name} title={range?.doc}>
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
