import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Candle } from "@/api/types";
import { startLanguages } from "@/i18n";
import en from "@/i18n/en.json";
import es from "@/i18n/es.json";
import { Answer } from "./Statistics";
import { bodyOf, columnsOf, linesOf, type Method, returnsOf, settings } from "./statistics";

vi.mock("@/state/prefs", () => ({ usePrefs: Object.assign(() => ({}), { getState: () => ({}) }) }));

const GARCH: Method = {
  name: "garch",
  title: "GARCH",
  inputs: ["values"],
  table: false,
  required: ["values"],
  parameters: {
    values: { type: "array" },
    errors: { enum: ["normal", "t"], default: "normal" },
    horizon: { type: "integer", default: 10 },
    logs: { type: "boolean", default: false },
    count: { anyOf: [{ type: "integer" }, { type: "null" }], default: null },
    block: {},
  },
};

beforeAll(() => startLanguages("en"));

describe("pasted numbers", () => {
  test("are columns, however they are set apart, and a line of words is a header", () => {
    expect(columnsOf("a,b\n1, 2\n3;4\n5\t-6e-1\n\n")).toEqual([
      [1, 3, 5],
      [2, 4, -0.6],
    ]);
  });
  test("that are none, or not as many in each line, are not guessed", () => {
    expect(columnsOf("")).toBeNull();
    expect(columnsOf("1 2\n3")).toBeNull();
    expect(columnsOf("1\nx")).toBeNull();
  });
});

test("returns are those of the closes, oldest first", () => {
  const bars = [
    { t: 2, c: "110" },
    { t: 1, c: "100" },
  ] as unknown as Candle[];
  expect(returnsOf(bars)[0]).toBeCloseTo(Math.log(1.1), 12);
});

describe("the body of a request", () => {
  test("has the series and what was chosen, numbers as numbers", () => {
    expect(
      bodyOf(GARCH, [[1, 2]], { errors: "t", horizon: "5", logs: "true", count: "2", block: "3" }),
    ).toEqual({
      values: [1, 2],
      count: 2,
      errors: "t",
      horizon: 5,
      logs: true,
    });
    expect(settings(GARCH).map(([name]) => name)).toEqual(["errors", "horizon", "logs", "count"]);
  });
  test("gives the columns that are left to a method of several series, as rows", () => {
    const spa = { ...GARCH, inputs: ["benchmark", "losses"], table: true };
    const columns = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(bodyOf(spa, columns, {})).toEqual({
      benchmark: [1, 2],
      losses: [
        [3, 5],
        [4, 6],
      ],
    });
  });
});

describe("a result", () => {
  const result = {
    parameters: { "beta[1]": { value: 0.8, error: 0.1, low: 0.6, high: 1, level: 0.95 } },
    half_life: null,
    variances: Array.from({ length: 100 }, () => 1),
    words: "no line of its own",
  };
  test("is a line a number, with its interval, and a long list is counted", () => {
    expect(linesOf(result, "en")).toEqual([
      ["parameters.beta[1]", "0.8  [0.6, 1]"],
      ["half_life", "—"],
      ["variances", "[100]"],
    ]);
  });
  test("is shown under its sentence", () => {
    const page = renderToStaticMarkup(
      <Answer found={{ method: "garch", words: "Calm.", words_es: "En calma.", ms: 3.2, result }} />,
    );
    expect(page).toContain("<p>Calm.</p>");
    expect(page).toContain("parameters.beta[1]");
  });
});

test("every method of the engine has a name in both languages", () => {
  const source = readFileSync(
    join(import.meta.dirname, "../../../../src/qbtc/qcs/statistics/methods.py"),
    "utf8",
  );
  const names = [...source.matchAll(/^ +\(\s*"([a-z-]+)",$|^ +\("([a-z-]+)", "/gm)].map(
    (m) => m[1] ?? m[2] ?? "",
  );
  expect(names.length).toBeGreaterThan(15);
  for (const words of [en, es])
    expect(names.filter((name) => !(`of_${name.replaceAll("-", "_")}` in words.stats))).toEqual([]);
});
