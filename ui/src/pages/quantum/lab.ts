/** The form of the circuit lab as what QCS takes: no component, no request. */

import type { CircuitAsk, SweepAsk, Term } from "@/api/circuits";
import { numberOf } from "@/lib/format";

export const TASKS = ["counts", "probabilities", "expectation"] as const;
export const NOISES = ["none", "depolarising", "dephasing", "bit-flip"] as const;
export const SHOTS = ["128", "1024", "8192", "100000"] as const;

export const BELL =
  'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0], q[1];\nmeasure q -> c;\n';
export const TURN =
  'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float theta;\nqubit[2] q;\nry(theta) q[0];\ncx q[0], q[1];\n';

export const START = {
  source: BELL,
  task: "counts",
  shots: "1024",
  observable: "Z0 Z1",
  noise: "none",
  strength: "0.01",
};
export type LabForm = typeof START;

export const SWEEP = { source: TURN, observable: "Z0", start: "0", stop: "6.2832", count: "25" };
export type SweepForm = typeof SWEEP;

/** "0.5 Z0 Z1 + X0" as terms; a word that is no Pauli matrix is left for QCS to refuse. */
export const termsOf = (text: string): Term[] =>
  text.split("+").map((part) => {
    const [first = "", ...rest] = part.trim().split(/[\s*]+/);
    const factor = numberOf(first);
    return typeof factor === "number"
      ? { factor, paulis: rest.join(" ") }
      : { factor: 1, paulis: [first, ...rest].join(" ").trim() };
  });

/** The same channel after every gate. */
const noiseOf = ({ noise, strength }: LabForm) =>
  noise === "none" ? null : { gates: [{ gate: "*", channel: { kind: noise, p: numberOf(strength) } }] };

export const runOf = (form: LabForm): CircuitAsk => ({
  source: form.source,
  task: form.task,
  shots: Number(form.shots),
  seed: 1,
  observables: form.task === "expectation" ? [termsOf(form.observable)] : [],
  noise: noiseOf(form),
});

/** The names of the input declarations of a program. */
export const inputsOf = (source: string): string[] =>
  [...source.matchAll(/^\s*input\s+[^;]*?\b(\w+)\s*;/gm)].map((match) => match[1] ?? "");

/** Every input over the same numbers, together. */
export const sweepOf = ({ source, observable, start, stop, count }: SweepForm): SweepAsk => ({
  sweep: {
    circuit: { source, task: "expectation", observables: [termsOf(observable)] },
    inputs: Object.fromEntries(
      inputsOf(source).map((name) => [
        name,
        { start: numberOf(start), stop: numberOf(stop), count: numberOf(count) },
      ]),
    ),
    together: true,
  },
});

/** Points of a polyline in a box, y upwards over [-1, 1] or what the values need. */
export function polyline(values: number[], width: number, height: number): string {
  const most = Math.max(1, ...values.map(Math.abs));
  const step = width / Math.max(1, values.length - 1);
  return values
    .map(
      (value, i) => `${(i * step).toFixed(1)},${(height / 2 - (value / most) * (height / 2 - 4)).toFixed(1)}`,
    )
    .join(" ");
}
