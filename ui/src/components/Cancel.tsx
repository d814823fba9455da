/** A button that ends what runs: off until the service has answered; a refusal is told. */

import { useState } from "react";
import { useText } from "@/i18n";
import { complain } from "./complain";
import { Button } from "./ui";

interface CancelProps {
  cancel(): Promise<unknown>;
  onDone?(): void;
  disabled?: boolean;
}

export function Cancel({ cancel, onDone, disabled }: CancelProps) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    await cancel().catch(complain);
    setBusy(false);
    onDone?.();
  };
  return (
    <Button
      small
      disabled={disabled || busy}
      onClick={(event) => {
        event.stopPropagation();
        void go();
      }}
    >
      {t("common.cancel")}
    </Button>
  );
}
