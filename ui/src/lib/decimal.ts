/** Exact decimal strings: compare, multiply, check steps. Money never becomes a binary float here. */

export interface Decimal {
  units: bigint;
  scale: number;
}

const PATTERN = /^(-?)(\d{1,20})(?:\.(\d{1,18}))?$/;

export function parseDecimal(text: string): Decimal | null {
  const match = PATTERN.exec(text.trim());
  if (!match) return null;
  const fraction = match[3] ?? "";
  const units = BigInt(`${match[2]}${fraction}`);
  return { units: match[1] === "-" ? -units : units, scale: fraction.length };
}

function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
}

export function compare(a: Decimal, b: Decimal): number {
  const [x, y] = align(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

export function isMultipleOf(value: Decimal, step: Decimal): boolean {
  const [x, y] = align(value, step);
  return y === 0n || x % y === 0n;
}

export function toText({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale ? digits.slice(digits.length - scale).replace(/0+$/, "") : "";
  return `${units < 0n ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

/** Decimals that a tick or step such as "0.01000000" allows. */
export function decimalsOf(step: string | undefined, fallback: number): number {
  const fraction = step?.split(".")[1]?.replace(/0+$/, "");
  return step === undefined ? fallback : (fraction?.length ?? 0);
}
