/** Strategies: what each does, and whether it runs. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
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

function Row({ strategy }: { strategy: Strategy }) {
  const { t, language } = useText();
  const allowed = useCan("trader");
  const client = useQueryClient();
  const running = RUNNING.includes((strategy.state ?? "").toLowerCase());
  const set = useMutation({
    mutationFn: (action: "start" | "stop") =>
      runCommand("hft.strategy.set", { strategy: strategy.name, action }),
    onSuccess: () => client.invalidateQueries(),
    onError: (error) => {
      const problem = describe(error, say);
      toast("danger", problem.title, problem.detail);
    },
  });
  const about = language === "es" ? (strategy.description_es ?? strategy.description) : strategy.description;
  const parameters = Object.entries(strategy.parameters ?? {});
  return (
    <li>
      <div className="grow">
        <div className="row">
          <strong>{strategy.name}</strong>
          <StatePill state={strategy.state} />
        </div>
        {about && <p className="muted">{about}</p>}
        {parameters.length > 0 && (
          <p className="row wrap muted">
            {parameters.map(([name, value]) => (
              <span key={name}>
                {name} <b className="num">{String(value)}</b>
              </span>
            ))}
          </p>
        )}
      </div>
      <Button
        icon={running ? "pause" : "play"}
        disabled={!allowed || set.isPending}
        onClick={() => set.mutate(running ? "stop" : "start")}
      >
        {t(running ? "strategy.stop" : "strategy.start")}
      </Button>
    </li>
  );
}
