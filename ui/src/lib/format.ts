/** Numbers, ages and times as people read them, in their language. Unknown is a dash, never zero. */

export const UNKNOWN = "—";

export type Numeric = number | string | null | undefined;

const formats = new Map<string, Intl.NumberFormat>();

function formatter(language: string, key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const id = `${language}|${key}`;
  const known = formats.get(id) ?? new Intl.NumberFormat(language, { useGrouping: "always", ...options });
  formats.set(id, known);
  return known;
}

export function isKnown(value: Numeric): value is number | string {
  return value !== null && value !== undefined && value !== "" && Number.isFinite(Number(value));
}

/** Fixed decimals; a decimal string is formatted exactly, without passing through a float. */
export function fixed(value: Numeric, decimals: number, language: string, signed = false): string {
  if (!isKnown(value)) return UNKNOWN;
  const options: Intl.NumberFormatOptions = {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: signed ? "exceptZero" : "auto",
  };
  const format = formatter(language, `f${decimals}${signed}`, options);
  return format.format(value as number).replace("-", "−");
}

/** Short form for large counts: 12.3K. */
export function compact(value: Numeric, language: string): string {
  if (!isKnown(value)) return UNKNOWN;
  return formatter(language, "c", { notation: "compact", maximumFractionDigits: 1 }).format(Number(value));
}

export function percent(value: Numeric, decimals: number, language: string): string {
  if (!isKnown(value)) return UNKNOWN;
  return formatter(language, `p${decimals}`, {
    style: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(Number(value));
}

/** A number whose size is not known beforehand, in at most `digits` significant digits. */
export function significant(value: Numeric, digits: number, language: string): string {
  if (!isKnown(value)) return UNKNOWN;
  return formatter(language, `s${digits}`, { maximumSignificantDigits: digits })
    .format(Number(value))
    .replace("-", "−");
}

/** A p of a test: to three decimals, and what is less than that never as zero. */
export function pValue(p: Numeric, language: string): string {
  return isKnown(p) && Number(p) < 0.001 ? `< ${fixed(0.001, 3, language)}` : fixed(p, 3, language);
}

/** A number that was typed in either decimal mark; what is none comes back as it is, for a service to refuse. */
export function numberOf(text: string): number | string {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(value) ? value : text;
}

/** Age in one unit: 340 ms, 12 s, 5 min, 3 h, 2 d. */
export function age(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h`;
  return `${Math.floor(ms / 86_400_000)} d`;
}

export function bytes(value: Numeric, language: string): string {
  if (!isKnown(value)) return UNKNOWN;
  const mega = Number(value) / 1_048_576;
  return mega >= 1024 ? `${fixed(mega / 1024, 1, language)} GB` : `${fixed(mega, 0, language)} MB`;
}

/**
 * Milliseconds since the epoch of anything the services send: RFC 3339 text, or an integer of seconds,
 * milliseconds, microseconds or nanoseconds (also as text), told apart by size.
 */
export function toMillis(value: unknown): number | null {
  if (typeof value === "string" && !/^\d+(\.\d+)?$/.test(value)) {
    const parsed = Date.parse(value);
    return Number.isNaN(parsed) ? null : parsed;
  }
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || number <= 0) return null;
  if (number > 1e17) return number / 1e6;
  if (number > 1e14) return number / 1e3;
  return number > 1e11 ? number : number * 1e3;
}

export function clockTime(ms: number, language: string, millis = false): string {
  const text = new Date(ms).toLocaleTimeString(language, { hour12: false });
  return millis ? `${text}.${String(Math.floor(ms % 1000)).padStart(3, "0")}` : text;
}

export function dateTime(ms: number, language: string): string {
  return new Date(ms).toLocaleString(language, { dateStyle: "medium", timeStyle: "medium", hour12: false });
}
