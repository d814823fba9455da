/** The memories that something rests on; each opens. */

import { Button } from "@/components/ui";
import { useText } from "@/i18n";

const SHOWN = 6;

export function Evidence({ ids, onOpen }: { ids: readonly string[]; onOpen(id: string): void }) {
  const { t } = useText();
  if (ids.length === 0) return null;
  return (
    <div className="row wrap">
      <span className="muted">{t("reflection.evidence")}</span>
      {ids.slice(0, SHOWN).map((id, index) => (
        <Button key={id} small look="ghost" title={id} onClick={() => onOpen(id)}>
          {t("reflection.memory", { n: index + 1 })}
        </Button>
      ))}
      {ids.length > SHOWN && <span className="muted">{t("fact.others", { count: ids.length - SHOWN })}</span>}
    </div>
  );
}
