/** Where the parts of the watch's picture are. Pure. */

type Point = [number, number];

export interface Drawn {
  line: string;
  below: string;
  zero: string;
  now: Point | null;
  hours: number;
  low: number;
  high: number;
}

/** The part of the line up to twice the time that has passed, an hour at least, so that the point is in its middle. */
function shownOf(line: Point[], hours: number): Point[] {
  const end = Math.max(1, 2 * hours);
  const kept = line.filter(([at], index) => at <= end || index < 2);
  return kept;
}

export function pointsOf(
  line: Point[],
  watch: { hours: number; profit: number } | null,
  width: number,
  height: number,
): Drawn {
  const shown = shownOf(line, watch?.hours ?? 0);
  const values = [0, ...shown.map(([, value]) => value), ...(watch ? [watch.profit] : [])];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const end = Math.max(shown.at(-1)?.[0] ?? 1, watch?.hours ?? 0) || 1;
  const pad = 8;
  const x = (at: number) => pad + (at / end) * (width - 2 * pad);
  const y = (value: number) => pad + ((high - value) / (high - low || 1)) * (height - 2 * pad);
  const path = shown.map(([at, value], n) => `${n ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
  const floor = `L${x(shown.at(-1)?.[0] ?? 0).toFixed(1)} ${height}L${x(0).toFixed(1)} ${height}Z`;
  return {
    line: path.join(""),
    below: path.length ? `${path.join("")}${floor}` : "",
    zero: `M${pad} ${y(0).toFixed(1)}H${width - pad}`,
    now: watch ? [x(watch.hours), y(watch.profit)] : null,
    hours: end,
    low,
    high,
  };
}
