/** Going live: the three conditions with their state, and the venue's name to type. Nothing is shown on paper. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { post, remove } from "@/api/http";
import type { Condition, Trading } from "@/api/types";
import { riskOf, useTrading } from "@/app/Badges";
import { Icon } from "@/components/Icon";
import { Failure, Panel } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { useCan } from "@/state/session";

export function GoLive() {
  const { t } = useText();
  const { value } = useTrading();
  if (!value?.venue || !value.conditions?.length) return null;
  const live = value.mode === "LIVE";
  return (
    <Panel title={t("live.title")} source={t("live.source", { venue: value.venue })}>
      <div className="stack golive">
        <p className={live ? "text-danger" : "muted"}>
          {t(live ? `trading.hint.${riskOf(value)}` : "live.isReadOnly", { venue: value.venue })}
        </p>
        <ul className="conditions">
          {value.conditions.map((condition) => (
            <Row key={condition.name} condition={condition} trading={value} />
          ))}
        </ul>
        {live ? <GoBack /> : <Confirm venue={value.venue} open={value.confirmable === true} />}
      </div>
    </Panel>
  );
}

function Row({ condition, trading }: { condition: Condition; trading: Trading }) {
  const { t } = useText();
  const state = condition.name === "keys" ? (trading.keys ?? "unchecked") : condition.ok ? "ok" : "missing";
  return (
    <li data-testid={`condition-${condition.name}`} data-ok={condition.ok === true}>
      <span className={condition.ok ? "text-ok" : "text-warn"}>
        <Icon name={condition.ok ? "check" : "close"} size={16} />
        <span className="sr">{t(condition.ok ? "live.holds" : "live.missing")}</span>
      </span>
      <span>
        <strong>{t(`live.name_${condition.name}`)}</strong>{" "}
        <span className="muted">{t(`live.${condition.name}_${state}`, { venue: trading.venue })}</span>
      </span>
    </li>
  );
}

function Confirm({ venue, open }: { venue: string; open: boolean }) {
  const { t } = useText();
  const allowed = useCan("trader");
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const confirm = useMutation({
    mutationFn: () => post("/api/hft/live", { confirm: typed }),
    onSuccess: () => setTyped(""),
    onSettled: () => client.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === venue) confirm.mutate();
  };
  return (
    <form className="row wrap" onSubmit={submit}>
      <label className="field grow">
        {t("live.type", { venue })}
        <input
          name="confirm"
          value={typed}
          placeholder={venue}
          disabled={!open || !allowed}
          onChange={(event) => setTyped(event.target.value.trim())}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      </label>
      <Button
        look="danger"
        type="submit"
        disabled={!open || !allowed || typed !== venue || confirm.isPending}
      >
        {t("live.go")}
      </Button>
      {!open && <p className="muted full">{t("live.first")}</p>}
      {!allowed && <p className="note tone-warn full">{t("live.viewer")}</p>}
      {confirm.isError && <Failure error={confirm.error} />}
    </form>
  );
}

function GoBack() {
  const { t } = useText();
  const allowed = useCan("trader");
  const client = useQueryClient();
  const back = useMutation({
    mutationFn: () => remove("/api/hft/live"),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <div className="row wrap">
      <Button icon="pause" disabled={!allowed || back.isPending} onClick={() => back.mutate()}>
        {t("live.back")}
      </Button>
      <span className="muted">{t("live.backText")}</span>
      {back.isError && <Failure error={back.error} />}
    </div>
  );
}
