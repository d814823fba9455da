/** What changed by itself: versions with reason and diff; the newest can be undone. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "@/api/http";
import type { Version } from "@/api/mind";
import { Confirm } from "@/components/Confirm";
import { Button, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { changeLines, changeReason } from "@/lib/versionText";

export function Versions({ versions, undo, will }: { versions: Version[]; undo: string; will: string }) {
  const words = useText();
  const { t } = words;
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  if (versions.length === 0) return null;
  const run = async () => {
    await post(undo);
    await client.invalidateQueries();
    setAsking(false);
  };
  return (
    <details>
      <summary>{t("mind.versions", { number: versions[0]?.number ?? 0 })}</summary>
      <ul className="plain">
        {versions.map((one) => (
          <li key={one.number}>
            <div className="row muted">
              <b className="num">{one.number}</b> <Time value={Number(one.at) / 1e6} full />{" "}
              <span>{changeReason(one.reason, words)}</span>
            </div>
            <pre className="json">{changeLines(one.diff, words)}</pre>
          </li>
        ))}
      </ul>
      {versions.length > 1 && (
        <Button small icon="retry" onClick={() => setAsking(true)}>
          {t("mind.undo")}
        </Button>
      )}
      {asking && (
        <Confirm
          title={t("mind.undo")}
          will={will}
          willNot={t("mind.undoWillNot")}
          action={t("mind.undo")}
          run={run}
          onClose={() => setAsking(false)}
        />
      )}
    </details>
  );
}
