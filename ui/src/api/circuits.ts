/** Circuits of QCS: run, draw, export, sweep. */

import { post } from "./http";
import { compute } from "./jobs";

export interface Term {
  factor: number;
  paulis: string;
}
export interface CircuitAsk {
  source: string;
  task: string;
  shots: number;
  seed: number;
  observables: Term[][];
  noise: Record<string, unknown> | null;
  inputs?: Record<string, string>;
}
export interface CircuitRun {
  counts?: Record<string, number>;
  probabilities?: Record<string, number> | null;
  values?: number[];
  errors?: number[];
  n_qubits?: number;
  depth?: number | null;
  engine?: string;
  why?: string;
  ms?: number;
}
export interface SweepItem extends CircuitRun {
  index: number;
  inputs: Record<string, string>;
  error?: { title: string; detail?: string };
}
export interface Sweep {
  items: SweepItem[];
  failed: number;
}
export interface SweepAsk {
  sweep: {
    circuit: { source: string; task: string; observables: Term[][] };
    inputs: Record<string, { start: unknown; stop: unknown; count: unknown }>;
    /** Point k takes the k-th value of every input, instead of every combination. */
    together: boolean;
  };
}

export const runCircuit = (ask: CircuitAsk) => post<CircuitRun>("/api/qcs/circuits", ask);

/** A picture of the circuit as SVG. */
export const drawCircuit = async (source: string, inputs: Record<string, string> = {}) =>
  (await post<{ drawing: string }>("/api/qcs/circuits/draw", { source, inputs, style: "svg" })).drawing;

/** The same circuit as OpenQASM 2 or 3. */
export const exportCircuit = async (source: string, to: 2 | 3) =>
  (await post<{ source: string }>("/api/qcs/circuits/export", { source, to })).source;

export const sweepCircuit = (ask: SweepAsk) => compute<Sweep>("/api/qcs/circuits/batch", ask);
