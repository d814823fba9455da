/** The candle chart (Lightweight Charts); loaded only when a chart is on screen. */

import {
  type CandlestickData,
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { useEffect, useRef } from "react";
import type { Candle, Fill } from "@/api/types";
import { useText } from "@/i18n";
import { fixed, toMillis } from "@/lib/format";
import { usePrefs } from "@/state/prefs";

interface CandlesProps {
  candles: Candle[];
  bar: Candle | undefined;
  fills: Fill[];
  decimals: number;
}

interface Parts {
  chart: IChartApi;
  price: ISeriesApi<"Candlestick">;
  volume: ISeriesApi<"Histogram">;
  markers: ISeriesMarkersPluginApi<Time>;
  lastTime: number;
}

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const local = (ms: number) =>
  (Math.floor(ms / 1_000) - new Date(ms).getTimezoneOffset() * 60) as UTCTimestamp;

const candleOf = (bar: Candle): CandlestickData => ({
  time: local(bar.t),
  open: Number(bar.o),
  high: Number(bar.h),
  low: Number(bar.l),
  close: Number(bar.c),
});
const volumeOf = (bar: Candle) => ({
  time: local(bar.t),
  value: Number(bar.v),
  color: Number(bar.c) >= Number(bar.o) ? css("--up-fill") : css("--down-fill"),
});

function build(element: HTMLElement, decimals: number, language: string): Parts {
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: "transparent" },
      textColor: css("--muted"),
      fontFamily: css("--font"),
      fontSize: Number.parseInt(css("--fs-12-px"), 10),
      attributionLogo: false,
    },
    grid: { vertLines: { color: css("--line") }, horzLines: { color: css("--line") } },
    rightPriceScale: { borderColor: css("--line") },
    timeScale: { borderColor: css("--line"), timeVisible: true, secondsVisible: true, rightOffset: 4 },
    localization: { locale: language, priceFormatter: (value: number) => fixed(value, decimals, language) },
  });
  const up = css("--up-solid");
  const down = css("--down-solid");
  const price = chart.addSeries(CandlestickSeries, {
    upColor: up,
    wickUpColor: up,
    borderUpColor: up,
    downColor: down,
    wickDownColor: down,
    borderDownColor: down,
    priceFormat: { type: "price", precision: decimals, minMove: 10 ** -decimals },
  });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "volume" },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  return { chart, price, volume, markers: createSeriesMarkers(price, []), lastTime: 0 };
}

function markersOf(fills: Fill[], first: number, last: number): SeriesMarker<Time>[] {
  return fills
    .map((fill) => ({ fill, ms: toMillis(fill.at) ?? 0 }))
    .filter(({ ms }) => ms >= first && ms <= last + 60_000)
    .slice(0, 200)
    .sort((a, b) => a.ms - b.ms)
    .map(({ fill, ms }) => {
      const buy = fill.side === "BUY";
      return {
        time: local(ms),
        position: buy ? "belowBar" : "aboveBar",
        shape: buy ? "arrowUp" : "arrowDown",
        color: css(buy ? "--up" : "--down"),
        text: "",
      };
    });
}

const ordered = (candles: Candle[]) =>
  [...new Map(candles.map((bar) => [Math.floor(bar.t / 1_000), bar])).values()].sort((a, b) => a.t - b.t);

export default function Candles({ candles, bar, fills, decimals }: CandlesProps) {
  const { language, t } = useText();
  const theme = usePrefs((s) => s.theme);
  const updown = usePrefs((s) => s.updown);
  const box = useRef<HTMLDivElement>(null);
  const parts = useRef<Parts | null>(null);
  useEffect(() => {
    if (!box.current) return undefined;
    const made = build(box.current, decimals, language);
    parts.current = made;
    return () => {
      parts.current = null;
      made.chart.remove();
    };
  }, [theme, updown, language, decimals]);
  useEffect(() => {
    const now = parts.current;
    if (!now) return;
    const bars = ordered(candles);
    const newer = bar && bar.t > (bars.at(-1)?.t ?? 0) ? [...bars, bar] : bars;
    now.price.setData(newer.map(candleOf));
    now.volume.setData(newer.map(volumeOf));
    now.lastTime = newer.at(-1)?.t ?? 0;
  }, [candles, theme, updown, language, decimals]);
  useEffect(() => {
    const now = parts.current;
    if (!now || !bar || bar.t < now.lastTime) return;
    now.price.update(candleOf(bar));
    now.volume.update(volumeOf(bar));
    now.lastTime = bar.t;
  }, [bar]);
  useEffect(() => {
    parts.current?.markers.setMarkers(markersOf(fills, candles[0]?.t ?? 0, parts.current.lastTime));
  }, [fills, candles, theme, updown, language, decimals]);
  return <div className="candles" ref={box} role="img" aria-label={t("trade.chartLabel")} />;
}
