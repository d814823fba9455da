import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Job, merged } from "@/api/jobs";
import { startLanguages } from "@/i18n";
import en from "@/i18n/en.json";
import es from "@/i18n/es.json";
import { inputsOf, NOISES, polyline, runOf, START, SWEEP, sweepOf, TASKS, termsOf } from "./lab";
import { Outcome } from "./Outcome";
import { SweepAnswer } from "./Sweep";

vi.mock("@/state/prefs", () => ({ usePrefs: Object.assign(() => ({}), { getState: () => ({}) }) }));

beforeAll(() => startLanguages("en"));

const job = (id: string, state: Job["state"], created: string): Job => ({
  id,
  kind: "circuits",
  state,
  progress: { share: 0, step: "" },
  parameters: {},
  created,
});

describe("the circuit lab", () => {
  test("asks for what is chosen, and for nothing else", () => {
    expect(runOf(START)).toMatchObject({ task: "counts", shots: 1024, observables: [], noise: null });
    const noisy = runOf({ ...START, noise: "dephasing", strength: "0,02" });
    expect(noisy.noise).toEqual({ gates: [{ gate: "*", channel: { kind: "dephasing", p: 0.02 } }] });
    expect(runOf({ ...START, task: "expectation", observable: "X1" }).observables).toEqual([
      [{ factor: 1, paulis: "X1" }],
    ]);
  });
  test("reads sums of Pauli words, with factors in either decimal mark", () => {
    expect(termsOf("0,5 Z0 Z1 + X0 + -2*Y3")).toEqual([
      { factor: 0.5, paulis: "Z0 Z1" },
      { factor: 1, paulis: "X0" },
      { factor: -2, paulis: "Y3" },
    ]);
  });
  test("sweeps every input that the program declares", () => {
    expect(inputsOf("input float theta;\n  input angle[20] phi ;\nqubit q;")).toEqual(["theta", "phi"]);
    expect(sweepOf({ ...SWEEP, count: "5" }).sweep.inputs).toEqual({
      theta: { start: 0, stop: 6.2832, count: 5 },
    });
    expect(polyline([1, 0, -1], 100, 108)).toBe("0.0,4.0 50.0,54.0 100.0,104.0");
  });
  test("every task and noise has words in both languages", () => {
    for (const words of [en.qasm, es.qasm]) {
      for (const name of TASKS) expect(words).toHaveProperty(`task_${name}`);
      for (const name of NOISES) expect(words).toHaveProperty(`noise_${name.replaceAll("-", "_")}`);
    }
  });
  test("shows counts with their share, and an expectation value with its error", () => {
    const counted = renderToStaticMarkup(<Outcome run={{ counts: { "00": 3, "11": 1 } }} drawing={null} />);
    expect(counted).toContain("75.0%");
    const valued = renderToStaticMarkup(
      <Outcome run={{ values: [0.25], errors: [0.01] }} drawing="<svg/>" />,
    );
    expect(valued).toContain("0.25");
    expect(valued).toContain("± 0.01");
    expect(valued).toContain('src="data:image/svg+xml');
  });
  test("shows which point of a sweep failed and why, and the others", () => {
    const items = [
      { index: 0, inputs: { theta: "0.0" }, values: [1] },
      { index: 1, inputs: { theta: "x" }, error: { title: "The circuit is not valid OpenQASM" } },
    ];
    const page = renderToStaticMarkup(<SweepAnswer found={{ items, failed: 1 }} />);
    expect(page).toContain("1 point failed");
    expect(page).toContain("The circuit is not valid OpenQASM");
    expect(page).toContain("1.000000");
  });
});

describe("jobs", () => {
  test("what is pushed is newer than the list, an end is never undone, the newest comes first", () => {
    const listed = [job("a", "running", "2026-01-01"), job("b", "done", "2026-01-02")];
    const pushed = [
      job("b", "running", "2026-01-02"),
      job("a", "done", "2026-01-01"),
      job("c", "queued", "2026-01-03"),
    ];
    expect(merged(listed, pushed).map(({ id, state }) => [id, state])).toEqual([
      ["c", "queued"],
      ["b", "done"],
      ["a", "done"],
    ]);
  });
});
