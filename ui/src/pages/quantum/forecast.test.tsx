import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Inferred } from "@/api/inference";
import { startLanguages } from "@/i18n";
import en from "@/i18n/en.json";
import es from "@/i18n/es.json";
import { ForecastAnswer } from "./ForecastAnswer";
import { classesOf, judgementOf, pOf } from "./forecast";

vi.mock("@/state/prefs", () => ({ usePrefs: Object.assign(() => ({}), { getState: () => ({}) }) }));

const NOTHING = { n: 89, difference: 0, p: 1, verdict: "no gain" as const };
const line = (model: string, loss: number, p = 1) => ({
  model,
  loss,
  hits: 0.4,
  against_base: { ...NOTHING, p },
});
const FOUND: Inferred = {
  rows: 240,
  train: 150,
  held_out: 89,
  folds: 2,
  horizon: 1,
  edges: [-0.5, 0.25],
  models: [
    line("base rate", 1.1),
    line("quantum filter", 1.0731, 0.49),
    line("quantum direct", 1.2),
    line("gaussian hmm", 1.0512, 0.04),
    line("kalman", 1.3),
    line("last outcome", 1.08),
  ],
  pairs: [
    {
      model: "quantum filter",
      other: "gaussian hmm",
      comparison: { n: 89, difference: 0.02, p: 0.312 },
      verdict: "no gain",
    },
  ],
  verdict: "no gain",
  forecast: { "quantum filter": [0.2, 0.3, 0.5], "base rate": [0.3, 0.3, 0.4] },
  change: { statistic: 0.1234, p: 0.0071, judged: 108, share_below_level: 0.083, null: 83 },
};

beforeAll(() => startLanguages("en"));

describe("the forecast panel", () => {
  test("sets the better quantum model against the best of the others", () => {
    const { ours, rest, pair } = judgementOf(FOUND);
    expect([ours.model, rest.model, pair?.comparison.p]).toEqual(["quantum filter", "gaussian hmm", 0.312]);
  });
  test("says no gain, every loss, the next outcome and the p of the change", () => {
    const page = renderToStaticMarkup(<ForecastAnswer found={FOUND} />);
    for (const words of [
      "No gain.",
      "1.0731",
      "1.0512",
      "p = 0.312",
      "89 held-out",
      "50%",
      "0.123 bits",
      "0.007",
    ]) {
      expect(page).toContain(words);
    }
    for (const row of ["Base rate", "POVM alone", "Kalman filter"]) expect(page).toContain(row);
  });
  test("says that a change is not judged where its null is missing, and nothing of a known outcome", () => {
    const page = renderToStaticMarkup(
      <ForecastAnswer found={{ ...FOUND, forecast: null, change: { why: "few" } }} />,
    );
    expect(page).toContain("not judged");
    expect(page).not.toContain(en.forecast.next);
  });
  test("writes a p that is nearly nothing as less than a thousandth", () => {
    expect([pOf(0.0001, "en"), pOf(0.0001, "es"), pOf(0.5, "en")]).toEqual(["< 0.001", "< 0,001", "= 0.500"]);
  });
  test("names classes by their edges", () => {
    expect(classesOf([0], "en")).toEqual(["≤ 0.00", "> 0.00"]);
    expect(classesOf([-0.5, 0.25], "es")).toEqual(["≤ −0,50", "−0,50 … 0,25", "> 0,25"]);
  });
  test("every model, step and verdict has words in both languages", () => {
    const needed = FOUND.models.flatMap(({ model }) => {
      const name = model.replace(" ", "_");
      return [`model_${name}`, `step_${name}`];
    });
    needed.push(
      "step_rows",
      "step_forecast",
      "step_change",
      "verdict_gain",
      "verdict_no_gain",
      "verdict_worse",
    );
    for (const words of [en.forecast, es.forecast]) {
      expect(needed.filter((name) => !(name in words))).toEqual([]);
    }
  });
});
