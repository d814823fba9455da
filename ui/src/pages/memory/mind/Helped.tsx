/** Two buttons on a hit: did it help with what was asked? One word a hit and question. */

import { useMutation } from "@tanstack/react-query";
import { ApiError, post } from "@/api/http";
import { describe } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";

export function Helped({ text, id }: { text: string; id: string }) {
  const { t } = useText();
  const say = useMutation({
    mutationFn: (helpful: boolean) => post("/api/cio/feedback", { text, memory_id: id, helpful }),
  });
  const told = (error: Error) => {
    if (error instanceof ApiError && error.status === 409) return t("mind.already");
    const { detail, title } = describe(error, t);
    return detail ?? title;
  };
  if (say.isSuccess) return <span className="muted helped">{t("mind.thanks")}</span>;
  return (
    <span className="row helped">
      <Button small look="ghost" disabled={say.isPending} onClick={() => say.mutate(true)}>
        {t("mind.helpful")}
      </Button>
      <Button small look="ghost" disabled={say.isPending} onClick={() => say.mutate(false)}>
        {t("mind.notHelpful")}
      </Button>
      {say.isError && (
        <span className="muted" role="alert">
          {told(say.error)}
        </span>
      )}
    </span>
  );
}
