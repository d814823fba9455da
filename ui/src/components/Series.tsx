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
}

interface SeriesProps {
  label: string;
  times: number[];
  lines: Line[];
  height?: number;
}

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** While nobody points at the plot its legend shows the newest value. */
function newest(plot: uPlot, index: number): number | null {
  const values = Array.from(plot.data[index] ?? []);
  return values.findLast((value) => value !== null && value !== undefined) ?? null;
}

function idle(plot: uPlot): void {
  plot.root.parentElement?.classList.toggle("idle", plot.cursor.idx == null);
}

function options(lines: Line[], width: number, height: number, language: string): uPlot.Options {
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
    scales: { x: { time: true }, y: range ? { range } : {} },
    axes: [
      { stroke: css("--muted"), font, grid, ticks: grid, size: 28, values: clock },
      {
        stroke: css("--muted"),
        font,
        grid,
        ticks: grid,
        size: 80,
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
        width: 1.5,
        points: { show: false },
        value: (plot: uPlot, value: number | null, index: number) =>
          fixed(plot.cursor.idx == null ? newest(plot, index) : value, line.decimals, language),
      })),
    ],
  };
}

export default function Series({ label, times, lines, height = 180 }: SeriesProps) {
  const { language } = useText();
  const theme = usePrefs((s) => s.theme);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shape = lines.map((line) => `${line.name}${line.colour}${line.decimals}`).join("|");
  const data = useMemo(
    () => [times, ...lines.map((line) => line.values)] as uPlot.AlignedData,
    [times, lines],
  );
  const latest = useRef({ lines, data });
  latest.current = { lines, data };
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = new uPlot(
      options(latest.current.lines, element.clientWidth, height, language),
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
