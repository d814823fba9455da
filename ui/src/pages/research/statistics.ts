/** Numbers that were pasted, parameters of a method, and a result as lines: no component, no request. */

import type { Candle } from "@/api/types";
import { isKnown, significant } from "@/lib/format";

export interface Schema {
  type?: string;
  /** Of what may be left out: a type or null. */
  anyOf?: { type?: string }[];
  enum?: string[];
  default?: unknown;
  description?: string;
}
export interface Method {
  name: string;
  title: string;
  /** Parameters that are series, in the order of the columns. */
  inputs: string[];
  /** The last of them takes all columns that are left. */
  table: boolean;
  parameters: Record<string, Schema>;
  required: string[];
}
export interface Statistic {
  method: string;
  words: string;
  words_es: string;
  ms: number;
  result: Record<string, unknown>;
}
export type Choices = Record<string, string>;

const LONGEST = 8;

/** Columns of pasted lines; numbers apart by spaces, commas, semicolons or tabs; a first line of words is a header. */
export function columnsOf(text: string): number[][] | null {
  const lines = text
    .split("\n")
    .map((line) => line.trim().split(/[\s,;]+/))
    .filter((cells) => cells[0] !== "");
  const rows = lines.map((cells) => cells.map(Number));
  const body = rows[0]?.some(Number.isNaN) ? rows.slice(1) : rows;
  const width = body[0]?.length ?? 0;
  if (width === 0 || body.some((row) => row.length !== width || row.some(Number.isNaN))) return null;
  return Array.from({ length: width }, (_, column) => body.map((row) => row[column] as number));
}

/** Log returns of the closes, oldest first. */
export function returnsOf(candles: Candle[]): number[] {
  const closes = [...candles].sort((a, b) => a.t - b.t).map((bar) => Number(bar.c));
  return closes.slice(1).map((close, i) => Math.log(close / (closes[i] as number)));
}

const typeOf = (schema: Schema) =>
  schema.type ?? schema.anyOf?.find((each) => each.type !== "null")?.type ?? "";

/** What can be set with one control: words, yes or no, a number. */
export function settings(method: Method): [string, Schema][] {
  return Object.entries(method.parameters).filter(
    ([name, schema]) =>
      !method.inputs.includes(name) &&
      (schema.enum || ["integer", "number", "boolean"].includes(typeOf(schema))),
  );
}

/** The body of the request; columns go to the inputs in order. */
export function bodyOf(method: Method, columns: number[][], choices: Choices): Record<string, unknown> {
  const single = method.table ? method.inputs.slice(0, -1) : method.inputs;
  const rest = columns.slice(single.length);
  const body: Record<string, unknown> = {};
  single.forEach((name, i) => {
    if (columns[i]) body[name] = columns[i];
  });
  const last = method.inputs.at(-1);
  if (method.table && last && rest[0])
    body[last] = rest[0].map((_, row) => rest.map((column) => column[row]));
  for (const [name, schema] of settings(method)) {
    const chosen = choices[name]?.trim();
    if (!chosen) continue;
    if (schema.enum) body[name] = chosen;
    else if (schema.type === "boolean") body[name] = chosen === "true";
    else body[name] = Number(chosen);
  }
  return body;
}

const known = (value: unknown): value is number => typeof value === "number" && isKnown(value);

function text(value: unknown, language: string): string {
  if (Array.isArray(value) && value.length > LONGEST) return `[${value.length}]`;
  if (Array.isArray(value)) return value.map((each) => text(each, language)).join("  ") || "—";
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([name, each]) => `${name} ${text(each, language)}`)
      .join(", ");
  return known(value) ? significant(value, 5, language) : String(value ?? "—");
}

const estimate = (value: object): value is { value: unknown; low: unknown; high: unknown; error: unknown } =>
  "value" in value && "error" in value;

/** Name and text of everything in a result, what is nested with its path. */
export function linesOf(result: unknown, language: string, path = ""): [string, string][] {
  if (typeof result !== "object" || result === null || Array.isArray(result))
    return [[path, text(result, language)]];
  if (estimate(result)) {
    const between =
      known(result.low) && known(result.high)
        ? `  [${text(result.low, language)}, ${text(result.high, language)}]`
        : "";
    return [[path, `${text(result.value, language)}${between}`]];
  }
  return Object.entries(result)
    .filter(([name]) => name !== "words")
    .flatMap(([name, value]) => linesOf(value, language, path ? `${path}.${name}` : name));
}
