/**
 * The stop control. It talks straight to HFT by HTTP: no socket, bus or database is needed for it.
 *
 * Friction grows with the blast radius: pause is a click, cancel is held, flatten is a typed word.
 */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { items, post } from "@/api/http";
import type { Order, Position } from "@/api/types";
import { Dialog } from "@/components/Dialog";
import { Hold } from "@/components/Hold";
import { Failure } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { isOpen } from "@/pages/trade/order";
import { useData } from "@/state/data";
import { isHeld, useInstruments } from "@/state/instruments";
import { useCan, useOverlays } from "@/state/session";
import { useTrading } from "./Badges";

export type Scope = "pause" | "cancel" | "flatten";

/** What a kill could not do yet: orders that are open, symbols with a position. */
interface Killed {
  still_open?: number;
  not_flat?: string[];
  unserved?: string[];
}

function useCounts() {
  const of = useInstruments();
  const orders = useData<unknown>({ path: "/api/hft/orders?status=open", channel: "orders" }).value;
  const held = useData<unknown>({ path: "/api/hft/positions", channel: "positions" }).value;
  return {
    orders: items<Order>(orders).filter(isOpen).length, // the channel carries finished ones too
    positions: items<Position>(held).filter((row) => isHeld(row, of(row.symbol))).length,
  };
}

export function KillDialog() {
  const { t } = useText();
  const show = useOverlays((s) => s.show);
  const allowed = useCan("trader");
  const counts = useCounts();
  const halted = useTrading().value?.state === "HALTED";
  const client = useQueryClient();
  const kill = useMutation({
    mutationFn: (scope: Scope) => post<Killed>("/api/hft/kill", { scope, reason: t("kill.reason") }),
    onSettled: () => client.invalidateQueries(),
  });
  const resume = useMutation({
    mutationFn: () => post("/api/hft/resume", { reason: t("kill.resumeReason") }),
    onSuccess: () => show("kill", false),
    onSettled: () => client.invalidateQueries(),
  });
  const busy = kill.isPending || resume.isPending || !allowed;
  return (
    <Dialog title={t("kill.title")} onClose={() => show("kill", false)}>
      {halted ? (
        <div className="kill-step kill-halted">
          <div>
            <strong>{t("kill.isHalted")}</strong>
            <p className="muted">{t("kill.resumeText")}</p>
          </div>
          <Button look="primary" icon="play" data-focus disabled={busy} onClick={() => resume.mutate()}>
            {t("kill.resume")}
          </Button>
        </div>
      ) : (
        <p className="muted">{t("kill.intro")}</p>
      )}
      {!allowed && <p className="note tone-warn">{t("kill.viewer")}</p>}
      <div className="kill-steps">
        <Step title={t("kill.pause")} text={t("kill.pauseText")}>
          <Button
            look={halted ? "plain" : "danger"}
            icon="pause"
            disabled={busy || halted}
            onClick={() => kill.mutate("pause")}
          >
            {t(halted ? "kill.pauseDone" : "kill.pauseAction")}
          </Button>
        </Step>
        <Step title={t("kill.cancel")} text={t("kill.cancelText", { count: counts.orders })}>
          <Hold
            label={t("kill.cancelAction")}
            holding={t("kill.holding")}
            disabled={busy}
            onHeld={() => kill.mutate("cancel")}
          />
        </Step>
        <Flatten count={counts.positions} busy={busy} onGo={() => kill.mutate("flatten")} />
      </div>
      <div aria-live="assertive">
        {kill.isSuccess && kill.variables && <Outcome scope={kill.variables} killed={kill.data} />}
        {kill.isError && <Failure error={kill.error} />}
        {resume.isError && <Failure error={resume.error} />}
      </div>
    </Dialog>
  );
}

function Outcome({ scope, killed }: { scope: Scope; killed?: Killed }) {
  const { t } = useText();
  const open = scope === "pause" ? 0 : (killed?.still_open ?? 0);
  const held = killed?.not_flat ?? [];
  const beyond = killed?.unserved ?? [];
  if (open + held.length + beyond.length === 0)
    return <p className="note tone-ok">{t(`kill.done_${scope}`)}</p>;
  return (
    <div className="note tone-warn" role="alert">
      {open + held.length > 0 && <p>{t("kill.notDone")}</p>}
      {beyond.length > 0 && <p>{t("banner.unserved", { symbols: beyond.join(", ") })}</p>}
      {open > 0 && <p>{t("kill.stillOpen", { count: open })}</p>}
      {held.length > 0 && <p>{t("kill.notFlat", { symbols: held.join(", ") })}</p>}
    </div>
  );
}

function Step({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <div className="kill-step">
      <div>
        <strong>{title}</strong>
        <p className="muted">{text}</p>
      </div>
      {children}
    </div>
  );
}

function Flatten({ count, busy, onGo }: { count: number; busy: boolean; onGo(): void }) {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const word = t("kill.word");
  return (
    <div className="kill-step">
      <div>
        <strong>{t("kill.flatten")}</strong>
        <p className="muted">{t("kill.flattenText", { count })}</p>
      </div>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === word) onGo();
        }}
      >
        <input
          aria-label={t("kill.typeWord", { word })}
          placeholder={t("kill.typeWord", { word })}
          value={typed}
          onChange={(event) => setTyped(event.target.value.toUpperCase())}
          autoComplete="off"
          spellCheck={false}
        />
        <Button look="danger" type="submit" disabled={busy || typed !== word}>
          {t("kill.flattenAction")}
        </Button>
      </form>
    </div>
  );
}
