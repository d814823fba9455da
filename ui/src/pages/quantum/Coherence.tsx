/** Coherence with its bootstrap interval and purity over time, effective rank below; each with its own scale. */

import { lazy, Suspense, useMemo } from "react";
import { items } from "@/api/http";
import type { CoherencePoint } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { useText } from "@/i18n";
import { toMillis } from "@/lib/format";
import { useData } from "@/state/data";

const Series = lazy(() => import("@/components/Series"));

/** Bars close once a second; where some are missing the line is broken, not drawn through. */
const isGap = (before: number | undefined, now: number) => before !== undefined && now - before > 5;

export function Coherence({ symbol }: { symbol: string }) {
  const { t } = useText();
  const data = useData<unknown>({
    path: `/api/qcs/coherence?symbol=${symbol}&limit=300`,
    enabled: Boolean(symbol),
    every: 2_000,
  });
  const series = useMemo(() => {
    const points = items<CoherencePoint>(data.value)
      .map((point) => ({ ...point, s: (toMillis(point.bar_end ?? point.t ?? point.at) ?? 0) / 1_000 }))
      .sort((a, b) => a.s - b.s)
      .flatMap((point, index, all) =>
        isGap(all[index - 1]?.s, point.s) ? [{ s: point.s - 1 }, point] : [point],
      );
    const column = (key: "coherence" | "coherence_low" | "coherence_high" | "purity" | "effective_rank") =>
      points.map((point: Partial<CoherencePoint>) => point[key] ?? null);
    return {
      times: points.map((point) => point.s),
      coherence: column("coherence"),
      low: column("coherence_low"),
      high: column("coherence_high"),
      purity: column("purity"),
      rank: column("effective_rank"),
    };
  }, [data.value]);
  const name = (key: string) => t(`quantum.${key}`);
  return (
    <Panel
      title={t("quantum.coherenceTitle")}
      area="coherence"
      source={t("quantum.coherenceSource")}
      at={data.at}
      staleAfter={15_000}
    >
      <Body data={data} empty={series.times.length < 2} emptyText={t("quantum.coherenceEmpty")} lines={6}>
        <Suspense fallback={null}>
          <Series
            label={t("quantum.coherenceTitle")}
            times={series.times}
            height={150}
            band={[0, 1]}
            lines={[
              {
                name: name("high"),
                values: series.high,
                decimals: 3,
                colour: "--accent",
                range: [0, 1],
                sparse: true,
              },
              { name: name("low"), values: series.low, decimals: 3, colour: "--accent", sparse: true },
              { name: name("coherence"), values: series.coherence, decimals: 3, colour: "--accent" },
              { name: name("purity"), values: series.purity, decimals: 3, colour: "--down-solid" },
            ]}
          />
          <Series
            label={name("rank")}
            times={series.times}
            height={110}
            lines={[{ name: name("rank"), values: series.rank, decimals: 2, colour: "--up-solid" }]}
          />
        </Suspense>
      </Body>
    </Panel>
  );
}
