import { expect, test } from "vitest";
import { layout } from "./waterfall";

test("children follow their parent, later ones further right, and an orphan is a root", () => {
  const ns = (ms: number) => String((1_723_075_200_000 + ms) * 1e6);
  const { bars, total } = layout([
    { span_id: "b", parent_id: "a", name: "b", start_ns: ns(5), duration_ms: 10 },
    { span_id: "a", name: "a", start_ns: ns(0), duration_ms: 8 },
    { span_id: "c", parent_id: "gone", name: "c", start_ns: ns(20), duration_ms: 1 },
  ]);
  expect(bars.map((bar) => [bar.span.name, bar.depth])).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 0],
  ]);
  expect(bars[1]?.offset).toBeCloseTo(5, 1);
  expect(total).toBeCloseTo(21, 1);
});
