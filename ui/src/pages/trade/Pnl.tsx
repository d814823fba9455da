/** Profit and loss of the desk. */

import type { Pnl as PnlData } from "@/api/types";
import { riskOf, useTrading } from "@/app/Badges";
import { Body, Panel } from "@/components/Panel";
import { Num, Stat } from "@/components/ui";
import { useText } from "@/i18n";
import { isKnown } from "@/lib/format";
import { useData } from "@/state/data";

export function Pnl() {
  const { t } = useText();
  const data = useData<PnlData>({ path: "/api/hft/pnl", channel: "pnl", rate: 4, every: 8_000 });
  const value = data.value;
  const mode = riskOf(useTrading().value);
  return (
    <Panel
      title={t("equity.pnl")}
      area="pnl"
      source={mode ? t(`equity.source_${mode}`) : t("equity.source")}
      at={data.at}
      staleAfter={15_000}
    >
      <Body data={data} emptyText={t("equity.empty")}>
        <div className="stats stats-2">
          <Stat label={t("equity.total")}>
            <Num value={value?.total} signed />
          </Stat>
          <Stat label={t("equity.equity")}>
            <Num value={value?.equity} />
          </Stat>
          <Stat label={t("equity.realised")} hint={t("equity.sum")}>
            <Num value={value?.realised} signed />
          </Stat>
          <Stat label={t("equity.unrealised")}>
            <Num value={value?.unrealised} signed />
          </Stat>
          <Stat label={t("equity.fees")} hint={t("equity.sum")}>
            <Num value={isKnown(value?.fees) ? -Number(value?.fees) : null} signed />
          </Stat>
        </div>
        {value?.unvalued && value.unvalued.length > 0 && (
          <p className="muted">{t("equity.unvalued", { assets: value.unvalued.join(", ") })}</p>
        )}
      </Body>
    </Panel>
  );
}
