/** Time series by uPlot, in the colours of the theme. */

import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { say, useText } from "@/i18n";
import { clockTime, fixed } from "@/lib/format";
import { usePrefs } from "@/state/prefs";

export interface Line {
  name: string;
  values: (number | null)[];
  decimals: number;
  colour: string;
  range?: [number, number];
  /** Known at some times only: drawn thin, from one known value to the next. */
  sparse?: boolean;
}

interface SeriesProps {
  label: string;
  times: number[];
  lines: Line[];
  height?: number;
  /** Positions of the lines between which the plot is filled, upper one first. */
  band?: [number, number];
}

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** While nobody points at the plot its legend shows the newest value. */
function newest(plot: uPlot, index: number): number | null {
  const values = Array.from(plot.data[index] ?? []);
  return values.findLast((value) => value !== null && value !== undefined) ?? null;
}

/** Letters of the longest label; uPlot gives none before it has drawn. */
const longest = (texts: string[] | null) => Math.max(0, ...(texts ?? []).map((text) => text.length));

function idle(plot: uPlot): void {
  plot.root.parentElement?.classList.toggle("idle", plot.cursor.idx == null);
}

const filled = ([upper, lower]: [number, number]): uPlot.Band => ({
  series: [upper + 1, lower + 1],
  fill: css("--accent-fill"),
});

type Plotted = Pick<SeriesProps, "lines" | "band"> & { height: number };

function options({ lines, band, height }: Plotted, width: number, language: string): uPlot.Options {
  const font = `${css("--fs-12-px")} ${css("--font")}`;
  const clock = (_plot: uPlot, ticks: number[], _axis: number, _space: number, step: number) =>
    ticks.map((tick) => clockTime(tick * 1_000, language).slice(0, step < 60 ? 8 : 5));
  const grid = { stroke: css("--line"), width: 1 };
  const decimals = lines[0]?.decimals ?? 2;
  const range = lines[0]?.range;
  return {
    width,
    height,
    legend: { show: true, live: true },
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    hooks: { setCursor: [idle] },
    bands: band ? [filled(band)] : [],
    scales: { x: { time: true }, y: range ? { range } : {} },
    axes: [
      { stroke: css("--muted"), font, grid, ticks: grid, size: 28, values: clock },
      {
        stroke: css("--muted"),
        font,
        grid,
        ticks: grid,
        size: (_plot, texts) => Math.max(80, 18 + 7 * longest(texts)),
        space: 24,
        values: (_plot, ticks) => ticks.map((tick) => fixed(tick, decimals, language)),
      },
    ],
    series: [
      {
        label: say("common.time"),
        value: (_plot, time) => (time === null ? "" : clockTime(time * 1_000, language)),
      },
      ...lines.map((line) => ({
        label: line.name,
        stroke: css(line.colour),
        width: line.sparse ? 0.5 : 1.5,
        spanGaps: line.sparse ?? false,
        points: { show: false },
        value: (plot: uPlot, value: number | null, index: number) =>
          fixed(plot.cursor.idx == null ? newest(plot, index) : value, line.decimals, language),
      })),
    ],
  };
}

export default function Series({ label, times, lines, band, height = 180 }: SeriesProps) {
  const { language } = useText();
  const theme = usePrefs((s) => s.theme);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shape = lines.map((line) => `${line.name}${line.colour}${line.decimals}`).join("|");
  const data = useMemo(
    () => [times, ...lines.map((line) => line.values)] as uPlot.AlignedData,
    [times, lines],
  );
  const latest = useRef({ lines, band, data });
  latest.current = { lines, band, data };
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = new uPlot(
      options({ ...latest.current, height }, element.clientWidth, language),
      latest.current.data,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme, language, shape, height]);
  useEffect(() => {
    const shown = plot.current;
    shown?.setData(data);
    if (shown && shown.cursor.idx == null) shown.setLegend({ idx: null as unknown as number });
  }, [data]);
  return <div className="series idle" ref={box} role="img" aria-label={label} />;
}
