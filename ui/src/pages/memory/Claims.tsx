/** Claims that CIO holds or refused, when it last reflected, and reflecting now. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { items, post } from "@/api/http";
import type { Reflection, ReflectionRun } from "@/api/types";
import { Body, Failure } from "@/components/Panel";
import { Button, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { ReflectionCard } from "./ReflectionCard";

export function Claims({ state, onOpen }: { state: "held" | "rejected"; onOpen(id: string): void }) {
  const { t } = useText();
  const path = `/api/cio/reflections?about=claims&state=${state}&limit=50`;
  const data = useData<unknown>({ path, every: 20_000 });
  const list = items<Reflection>(data.value);
  return (
    <>
      <LastRun />
      <Body data={data} empty={list.length === 0} emptyText={t(`reflection.empty_${state}`)} lines={6}>
        <ul className="reflections">
          {list.map((reflection) => (
            <ReflectionCard key={reflection.reflection_id} reflection={reflection} onOpen={onOpen} />
          ))}
        </ul>
      </Body>
    </>
  );
}

function LastRun() {
  const { t, maybe } = useText();
  const client = useQueryClient();
  const runs = useData<unknown>({ path: "/api/cio/reflections/runs?limit=1", every: 20_000 });
  const last = items<ReflectionRun>(runs.value)[0];
  const reflect = useMutation({
    mutationFn: () => post("/api/cio/reflections", {}),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <div className="note-form">
      <div className="row wrap">
        <span className="muted grow">
          {last ? (
            <>
              <Time value={last.at} full /> ·{" "}
              {t("reflection.run", {
                why: maybe(`reflection.because_${last.why}`, last.why),
                considered: last.considered,
                kept: last.kept,
                rejected: last.rejected,
              })}
            </>
          ) : (
            t("reflection.never")
          )}
        </span>
        <Button icon="retry" small disabled={reflect.isPending} onClick={() => reflect.mutate()}>
          {t("reflection.now")}
        </Button>
      </div>
      {reflect.isError && <Failure error={reflect.error} />}
    </div>
  );
}
