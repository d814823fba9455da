/** Where prices come from and whether money is at risk: always in sight, never guessed. */

import type { Market, Trading } from "@/api/types";
import { useText } from "@/i18n";
import { fixed, UNKNOWN } from "@/lib/format";
import { useData } from "@/state/data";

export const useMarket = () => useData<Market>({ path: "/api/hft/market", channel: "market", rate: 4 });
export const useTrading = () => useData<Trading>({ channel: "trading", rate: 4 });

/** HFT says "connecting" before it knows the venue; its mode means nothing until then. */
const connecting = (market: Market | undefined) => market?.state === "connecting" && !market.session;

export function marketEnded(market: Market | undefined): boolean {
  return !connecting(market) && (market?.mode === "ENDED" || market?.state?.toUpperCase() === "ENDED");
}

/** What is at risk: as the mode, but that nothing is on a test network. */
export const riskOf = (trading: Trading | undefined) =>
  trading?.mode === "LIVE" && trading.test ? "TEST" : trading?.mode;

const MODES = ["LIVE", "REPLAY", "SIMULATED", "ENDED"];

export function MarketBadge() {
  const { t, language } = useText();
  const { value } = useMarket();
  const mode = marketEnded(value) ? "ENDED" : value?.mode;
  const known = mode && MODES.includes(mode) && !connecting(value) ? mode : null;
  const speed =
    known === "REPLAY" && value?.speed && value.speed !== 1 ? ` ${fixed(value.speed, 0, language)}×` : "";
  return (
    <span
      className={`badge market-${(known ?? "unknown").toLowerCase()}`}
      title={known ? t(`market.hint.${known}`) : t("market.hint.unknown")}
      data-testid="market-badge"
    >
      <i className="dot" aria-hidden="true" />
      <span className="sr">{t("market.label")} </span>
      {known ? t(`market.${known}`) + speed : UNKNOWN}
    </span>
  );
}

export function TradingBadge() {
  const { t } = useText();
  const { value } = useTrading();
  const mode = value?.mode;
  const halted = value?.state === "HALTED";
  const state = value?.state && value.state !== "ACTIVE" ? ` · ${t(`trading.${value.state}`)}` : "";
  const venue = value?.venue && value.venue !== "local" ? value.venue : null;
  const look = (mode ?? "unknown").toLowerCase().replace("_", "-");
  return (
    <span
      className={`badge trading-${look} ${halted ? "trading-halted" : ""}`}
      title={mode ? t(`trading.hint.${riskOf(value)}`, { venue }) : t("trading.hint.unknown")}
      data-testid="trading-badge"
    >
      <span className="sr">{t("trading.label")} </span>
      {mode ? t(`trading.${mode}`) : UNKNOWN}
      {venue && <span className="badge-venue">{venue}</span>}
      {state}
    </span>
  );
}
