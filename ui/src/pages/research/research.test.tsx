import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Proposal } from "@/api/research";
import { Progress } from "@/components/Progress";
import { startLanguages } from "@/i18n";
import en from "@/i18n/en.json";
import { bodyOf, START } from "./form";
import Line from "./Line";
import { pointsOf } from "./picture";
import { changesText, reasonText, toneOf } from "./words";

vi.mock("@/state/prefs", () => ({ usePrefs: Object.assign(() => ({}), { getState: () => ({}) }) }));

const t = (key: string, values?: Record<string, unknown>) => `${key} ${JSON.stringify(values ?? {})}`;
const PYTHON = join(import.meta.dirname, "../../../../src/qbtc/hft/domain");

/** The values of a StrEnum, as its source says them. */
function values(file: string, name: string): string[] {
  const body = readFileSync(join(PYTHON, file), "utf8").split(`class ${name}(StrEnum):`)[1] ?? "";
  const [own = ""] = body.split(/\n(?=\S)/);
  return [...own.matchAll(/^ {4}[A-Z_]+ = "([\w-]+)"/gm)].map((match) => match[1] ?? "");
}

beforeAll(() => startLanguages("en"));

describe("words", () => {
  test("every doubt and every status that HFT knows has a sentence", () => {
    const doubts = values("proposing.py", "Doubt");
    const states = values("proposals.py", "Status");
    expect(doubts.length).toBeGreaterThan(5);
    expect(states.length).toBeGreaterThan(5);
    expect(doubts.filter((name) => !(name in en.doubt))).toEqual([]);
    expect(states.filter((name) => !(`status_${name}` in en.research))).toEqual([]);
    expect(toneOf("rolled-back")).toBe("danger");
  });
  test("a reason carries what was found and what it takes, and a dash for what is not known", () => {
    expect(reasonText({ doubt: "deflated", value: 0.5, bar: 0.95 }, t, "en")).toContain(
      '"value":"0.5","bar":"0.95"',
    );
    expect(reasonText({ doubt: "same", value: null, bar: null }, t, "en")).toContain("—");
  });
  test("a change is what is now and what is proposed, in the numbers of the language", () => {
    const changes: Proposal["changes"] = [{ name: "step", current: 2, proposed: 3.5 }];
    expect(changesText(changes, "en")).toBe("step 2 → 3.5");
    expect(changesText(changes, "es")).toBe("step 2 → 3,5");
    expect(changesText([], "en")).toBe("—");
  });
});

describe("the form of a backtest", () => {
  test("sends numbers as numbers, leaves out what is empty, and lets HFT refuse what is no number", () => {
    const body = bodyOf({
      ...START,
      strategy: "grid",
      tape: "a/b",
      parameters: { step: "2.5", levels: " ", x: "many" },
    });
    expect(body).toMatchObject({
      strategy: "grid",
      tape: "a/b",
      parameters: { step: 2.5, x: "many" },
      latency: "10ms",
    });
    expect(body).not.toHaveProperty("fees");
    expect(body).not.toHaveProperty("leverage");
    expect(bodyOf({ ...START, leverage: "20", wallet: "5000" })).toMatchObject({
      leverage: 20,
      margin: "cross",
      wallet: 5000,
    });
    expect(bodyOf({ ...START, fees: " maker=0,taker=0 " })).toMatchObject({ fees: "maker=0,taker=0" });
  });
});

describe("the picture of the watch", () => {
  const line: [number, number][] = [
    [0, -1],
    [0.5, -1.5],
    [2, -2],
    [100, 40],
  ];
  test("everything that is drawn is inside of it, also a profit that is far away", () => {
    for (const profit of [-500, 0, 700]) {
      const drawn = pointsOf(line, { hours: 0.2, profit }, 640, 180);
      const numbers = [
        ...`${drawn.line} ${drawn.zero} ${drawn.now?.join(" ")}`.matchAll(/-?\d+(\.\d+)?/g),
      ].map((match) => Number(match[0]));
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(640);
    }
  });
  test("a profit below the line is drawn below it", () => {
    const drawn = pointsOf(line, { hours: 0.5, profit: -3 }, 640, 180);
    const heights = [...drawn.line.matchAll(/[ML]\S+ (\S+?)(?=L|$)/g)].map((match) => Number(match[1]));
    expect(drawn.now?.[1]).toBeGreaterThan(Math.max(...heights));
  });
  test("it has a name and says its ranges in words", () => {
    const markup = renderToStaticMarkup(
      <Line label="The watch" line={line} watch={{ hours: 1, profit: 2, lowest: -2 }} />,
    );
    expect(markup).toContain('role="img" aria-label="The watch"');
    expect(markup).toContain("From approval to 100 h of trading; −2.00 to +40.00");
  });
});

test("progress says its step and its share, or how many trials are done", () => {
  expect(renderToStaticMarkup(<Progress progress={{ step: "running", share: 0.25 }} />)).toContain(
    "running 25%",
  );
  expect(
    renderToStaticMarkup(<Progress progress={{ step: "trials", share: 0.5, done: 2, of: 4 }} />),
  ).toContain("trials 2/4");
});
