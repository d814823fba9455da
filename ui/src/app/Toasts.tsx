/** Short messages about what an action led to. */

import { IconButton } from "@/components/ui";
import { useText } from "@/i18n";
import { dismissToast, useToasts } from "@/state/session";

export function Toasts() {
  const { t } = useText();
  const list = useToasts((s) => s.list);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((toast) => (
        <div key={toast.id} className={`toast tone-${toast.tone}`}>
          <div>
            <strong>{toast.text}</strong>
            {toast.detail && <p>{toast.detail}</p>}
          </div>
          <IconButton icon="close" label={t("common.close")} onClick={() => dismissToast(toast.id)} />
        </div>
      ))}
    </div>
  );
}
