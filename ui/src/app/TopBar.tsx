/** Badges, symbol, clock, palette, language, theme, user; the kill control is always at the right end. */

import { commandById } from "@/commands/registry";
import { Icon } from "@/components/Icon";
import { IconButton } from "@/components/ui";
import { setLanguage, useText } from "@/i18n";
import { clockTime } from "@/lib/format";
import { useConnection, useNow } from "@/state/connection";
import { resolvedTheme, usePrefs } from "@/state/prefs";
import { useOverlays } from "@/state/session";
import { useSymbol } from "@/state/symbol";
import { MarketBadge, TradingBadge, useTrading } from "./Badges";
import { UserMenu } from "./UserMenu";

export function TopBar() {
  const { t } = useText();
  return (
    <header className="topbar">
      <MarketBadge />
      <TradingBadge />
      <SymbolPicker />
      <span className="grow" />
      <Clock />
      <button type="button" className="palette-button" onClick={() => commandById("palette")?.run()}>
        <Icon name="search" size={16} />
        <span>{t("frame.search")}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <Preferences />
      <UserMenu />
      <KillButton />
    </header>
  );
}

function SymbolPicker() {
  const { t } = useText();
  const { symbol, symbols } = useSymbol();
  const set = usePrefs((s) => s.set);
  return (
    <select
      className="symbol"
      aria-label={t("frame.symbol")}
      value={symbol}
      onChange={(event) => set({ symbol: event.target.value })}
      disabled={symbols.length === 0}
    >
      {symbols.length === 0 && <option value="">—</option>}
      {symbols.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

function Clock() {
  const { t, language } = useText();
  const now = useNow();
  const { status, latency } = useConnection();
  const open = status === "open";
  return (
    <div className="clock" title={new Date(now).toISOString().slice(0, 19).replace("T", " ").concat(" UTC")}>
      <span className="num">{clockTime(now, language)}</span>
      <span className={`latency ${open ? "" : "text-warn"}`} title={t("frame.latency")}>
        {open ? (latency === null ? "—" : `${Math.round(latency)} ms`) : t("frame.offline")}
      </span>
    </div>
  );
}

function Preferences() {
  const { t, language } = useText();
  const theme = usePrefs((s) => s.theme);
  const dark = resolvedTheme(theme) !== "light";
  return (
    <div className="prefs">
      <button
        type="button"
        className="icon-btn lang"
        aria-label={t("frame.language")}
        title={t("frame.language")}
        onClick={() => setLanguage(language === "en" ? "es" : "en")}
      >
        {language.toUpperCase()}
      </button>
      <IconButton
        icon={dark ? "sun" : "moon"}
        label={t(dark ? "cmd.themeLight" : "cmd.themeDark")}
        onClick={() => commandById(dark ? "theme.light" : "theme.dark")?.run()}
      />
    </div>
  );
}

function KillButton() {
  const { t } = useText();
  const show = useOverlays((s) => s.show);
  const halted = useTrading().value?.state === "HALTED";
  return (
    <button
      type="button"
      className={`kill ${halted ? "kill-halted" : ""}`}
      aria-label={halted ? t("kill.halted") : t("kill.open")}
      onClick={() => show("kill", true)}
      data-testid="kill"
    >
      <Icon name="stop" size={18} />
      <span>{halted ? t("trading.HALTED") : t("kill.short")}</span>
    </button>
  );
}
