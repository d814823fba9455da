/** Money: equity and P&L, with the line of equity since this page was first opened. */

import { lazy, Suspense, useEffect, useState } from "react";
import type { Pnl } from "@/api/types";
import { riskOf, useTrading } from "@/app/Badges";
import { Body, Panel } from "@/components/Panel";
import { Num, Stat } from "@/components/ui";
import { useText } from "@/i18n";
import { isKnown } from "@/lib/format";
import type { Data } from "@/state/data";

const Series = lazy(() => import("@/components/Series"));
const KEEP = 3_600;
const history: [number, number][] = [];

function useHistory(data: Data<Pnl>): [number, number][] {
  const [, repaint] = useState(0);
  const equity = data.value?.equity;
  const at = data.at;
  useEffect(() => {
    if (!isKnown(equity) || at === null) return;
    const last = history.at(-1);
    if (last && at - last[0] * 1_000 < 1_000) return;
    history.push([at / 1_000, Number(equity)]);
    if (history.length > KEEP) history.shift();
    repaint((count) => count + 1);
  }, [equity, at]);
  return history;
}

export function Equity({ pnl }: { pnl: Data<Pnl> }) {
  const { t } = useText();
  const points = useHistory(pnl);
  const mode = riskOf(useTrading().value);
  const value = pnl.value;
  return (
    <Panel
      title={t("equity.title")}
      area="equity"
      source={mode ? t(`equity.source_${mode}`) : t("equity.source")}
      at={pnl.at}
      staleAfter={15_000}
    >
      <Body data={pnl} emptyText={t("equity.empty")}>
        <div className="stats">
          <Stat label={t("equity.equity")}>
            <Num value={value?.equity} unit={value?.currency ?? "USDT"} />
          </Stat>
          <Stat label={t("equity.total")}>
            <Num value={value?.total} signed />
          </Stat>
          <Stat label={t("equity.realised")}>
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
        {points.length > 2 && (
          <Suspense fallback={null}>
            <Series
              height={120}
              label={t("equity.line")}
              times={points.map((p) => p[0])}
              lines={[
                {
                  name: t("equity.equity"),
                  values: points.map((p) => p[1]),
                  decimals: 2,
                  colour: "--accent",
                },
              ]}
            />
          </Suspense>
        )}
      </Body>
    </Panel>
  );
}
