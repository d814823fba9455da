/** Asks before an action and shows how it ended; says what will happen and what will not. */

import { useState } from "react";
import { useText } from "@/i18n";
import { Dialog } from "./Dialog";
import { Failure } from "./Panel";
import { Button } from "./ui";

interface ConfirmProps {
  title: string;
  will: string;
  willNot?: string;
  action: string;
  danger?: boolean;
  run(): Promise<unknown>;
  onClose(): void;
}

export function Confirm({ title, will, willNot, action, danger, run, onClose }: ConfirmProps) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      await run();
      onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{will}</p>
      {willNot && <p className="muted">{willNot}</p>}
      {error !== null && <Failure error={error} />}
      <div className="row end">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button look={danger ? "danger" : "primary"} onClick={() => void go()} disabled={busy}>
          {busy ? t("common.working") : action}
        </Button>
      </div>
    </Dialog>
  );
}
