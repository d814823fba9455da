/** Keyboard shortcuts, read from the registry, and credits. */

import { COMMANDS } from "@/commands/registry";
import { Dialog } from "@/components/Dialog";
import { useText } from "@/i18n";
import { useOverlays } from "@/state/session";

export default function Help() {
  const { t } = useText();
  const show = useOverlays((s) => s.show);
  return (
    <Dialog title={t("cmd.help")} onClose={() => show("help", false)}>
      <dl className="keys">
        {COMMANDS.filter((command) => command.keys).map((command) => (
          <div key={command.id}>
            <dt>{t(command.title)}</dt>
            <dd>
              <kbd>{command.keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        {t("help.credit")}{" "}
        <a href="https://www.tradingview.com/" target="_blank" rel="noopener noreferrer">
          TradingView Lightweight Charts™
        </a>
      </p>
    </Dialog>
  );
}
