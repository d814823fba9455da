/** What the system is doing now: the decision loop, money, services, engines, latest events. */

import type { Overview as OverviewData, Pnl } from "@/api/types";
import { riskOf, useMarket, useTrading } from "@/app/Badges";
import { Page } from "@/components/Page";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { useSymbol } from "@/state/symbol";
import { Engines } from "./Engines";
import { Equity } from "./Equity";
import { Events } from "./Events";
import { Loop } from "./Loop";
import { Services } from "./Services";

export const useOverview = () => useData<OverviewData>({ path: "/api/web/overview", every: 10_000 });

function useSentence(): string {
  const { t } = useText();
  const market = useMarket().value;
  const trading = useTrading().value;
  const { symbols } = useSymbol();
  if (!market?.mode) return t("overview.unknown");
  const where = t(`overview.market_${market.mode}`, { symbols: symbols.slice(0, 3).join(", ") || "—" });
  const how = trading?.mode ? t(`overview.trading_${riskOf(trading)}_${trading.state ?? "ACTIVE"}`) : "";
  return `${where} ${how}`.trim();
}

export default function Overview() {
  const { t } = useText();
  const pnl = useData<Pnl>({ path: "/api/hft/pnl", channel: "pnl", rate: 4, every: 8_000 });
  return (
    <Page title={t("page.overview")} sentence={useSentence()}>
      <div className="grid overview-grid">
        <Loop />
        <Equity pnl={pnl} />
        <Services />
        <Engines />
        <Events />
      </div>
    </Page>
  );
}
