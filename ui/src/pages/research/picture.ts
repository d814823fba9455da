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

export function pointsOf(
  line: Point[],
  watch: { hours: number; profit: number } | null,
  width: number,
  height: number,
): Drawn {
  const values = [0, ...line.map(([, value]) => value), ...(watch ? [watch.profit] : [])];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const end = Math.max(line.at(-1)?.[0] ?? 1, watch?.hours ?? 0) || 1;
  const pad = 8;
  const x = (at: number) => pad + (at / end) * (width - 2 * pad);
  const y = (value: number) => pad + ((high - value) / (high - low || 1)) * (height - 2 * pad);
  const path = line.map(([at, value], n) => `${n ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
  const floor = `L${x(line.at(-1)?.[0] ?? 0).toFixed(1)} ${height}L${x(0).toFixed(1)} ${height}Z`;
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
