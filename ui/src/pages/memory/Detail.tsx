/** One memory, whole, with what was stored beside it; it can be forgotten here. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { remove } from "@/api/http";
import type { Memory } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { Dialog } from "@/components/Dialog";
import { Body } from "@/components/Panel";
import { Button, Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { memoryText } from "@/lib/memoryText";
import { useData } from "@/state/data";

export function Detail({ id, onClose }: { id: string; onClose(): void }) {
  const { t, maybe, language } = useText();
  const data = useData<Memory>({ path: `/api/cio/memories/${encodeURIComponent(id)}` });
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const memory = data.value;
  const forget = async () => {
    await remove(`/api/cio/memories/${encodeURIComponent(id)}`);
    await client.invalidateQueries();
    onClose();
  };
  if (asking) {
    return (
      <Confirm
        title={t("memory.forget")}
        will={t("memory.forgetWill")}
        willNot={t("memory.forgetWillNot")}
        action={t("memory.forget")}
        danger
        run={forget}
        onClose={() => setAsking(false)}
      />
    );
  }
  return (
    <Dialog title={t("memory.one")} onClose={onClose} wide>
      <Body data={data} emptyText={t("memory.gone")}>
        <div className="row muted wrap">
          <Pill>{maybe(`memory.is_${memory?.kind ?? "note"}`, memory?.kind ?? "")}</Pill>
          {memory?.scope && <span>{memory.scope}</span>}
          {memory?.symbol && <span>{memory.symbol}</span>}
          <Time value={memory?.happened_at ?? memory?.ingested_at} full />
        </div>
        <p className="read verbatim">{memoryText(memory?.text, { language, t, maybe })}</p>
        {memory?.signs && memory.signs.length > 0 && (
          <p className="note tone-warn">
            {t("memory.untrusted", {
              signs: memory.signs.map((sign) => maybe(`memory.sign_${sign}`, sign)).join(", "),
            })}
          </p>
        )}
        {memory?.kind === "tool" && (
          <details>
            <summary>{t("memory.raw")}</summary>
            <pre className="json">{memory.text}</pre>
          </details>
        )}
        {memory?.metadata && Object.keys(memory.metadata).length > 0 && (
          <pre className="json">{JSON.stringify(memory.metadata, null, 2)}</pre>
        )}
        <div className="row end">
          <code className="muted ellipsis grow">{id}</code>
          <Button look="danger" icon="trash" onClick={() => setAsking(true)}>
            {t("memory.forget")}
          </Button>
        </div>
      </Body>
    </Dialog>
  );
}
