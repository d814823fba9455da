import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { OptionAnswer } from "@/api/finance";
import { startLanguages } from "@/i18n";
import en from "@/i18n/en.json";
import es from "@/i18n/es.json";
import { Answer } from "./OptionPrice";
import { askOf, FIELDS, LINES, PAYOFFS, START } from "./optionForm";

vi.mock("@/state/prefs", () => ({ usePrefs: Object.assign(() => ({}), { getState: () => ({}) }) }));

const FOUND: OptionAnswer = {
  quantum: { value: 0.17, interval: [0.16, 0.18], exact: 0.1604, oracle_calls: 1700, qubits: 7, depth: 23 },
  classical: { value: 0.17063, discounted: 0.1697, grid: 0.16228 },
  budget: {
    truncation: -0.00403,
    discretisation: -0.00432,
    payoff: -0.00185,
    sampling: 0.0096,
    total: -0.0006,
  },
};

beforeAll(() => startLanguages("en"));

describe("the option panel", () => {
  test("sends numbers, in either decimal mark, and leaves what is no number for QCS to refuse", () => {
    expect(askOf({ ...START, spot: "2,5", days: " 30 ", strike: "many", qubits: "" })).toEqual({
      payoff: "call",
      spot: 2.5,
      strike: "many",
      volatility: 0.4,
      days: 30,
      qubits: "",
    });
  });
  test("shows the quantum value, the classical one and every line of the error, and claims no advantage", () => {
    const page = renderToStaticMarkup(<Answer found={FOUND} />);
    for (const value of ["0.17000", "0.17063", "0.16228", "0.16040", "0.00403", "0.00432", "0.00960"]) {
      expect(page).toContain(value);
    }
    expect(page).toContain("No quantum advantage");
  });
  test("every payoff, field and line has words in both languages", () => {
    for (const words of [en.option, es.option] as unknown as Record<string, unknown>[]) {
      expect(PAYOFFS.filter((name) => !(name in (words.payoffs as object)))).toEqual([]);
      expect(FIELDS.filter((name) => !(name in words))).toEqual([]);
      expect(LINES.filter((line) => !(`line_${line}` in words))).toEqual([]);
    }
  });
});
