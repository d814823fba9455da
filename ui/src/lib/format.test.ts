import { describe, expect, test } from "vitest";
import { compare, decimalsOf, isMultipleOf, multiply, parseDecimal, toText } from "./decimal";
import { age, fixed, numberOf, percent, pValue, toMillis, UNKNOWN } from "./format";

const d = (text: string) => {
  const value = parseDecimal(text);
  if (!value) throw new Error(`not a decimal: ${text}`);
  return value;
};

describe("numbers on screen", () => {
  test("unknown is a dash and never zero", () => {
    for (const value of [null, undefined, "", "NaN", Number.NaN]) expect(fixed(value, 2, "en")).toBe(UNKNOWN);
    expect(percent(null, 1, "es")).toBe(UNKNOWN);
  });
  test("thousands and decimals follow the language, also for four digits in Spanish", () => {
    expect(fixed("1234.5", 2, "en")).toBe("1,234.50");
    expect(fixed("1234.5", 2, "es")).toBe("1.234,50");
  });
  test("a long decimal string keeps every digit", () => {
    expect(fixed("12345678901234567.12345678", 8, "en")).toBe("12,345,678,901,234,567.12345678");
  });
  test("signed numbers show plus and a real minus sign", () => {
    expect(fixed(3, 1, "en", true)).toBe("+3.0");
    expect(fixed(-3, 1, "en", true)).toBe("−3.0");
  });
});

describe("times", () => {
  test("seconds, milliseconds, microseconds, nanoseconds and RFC 3339 mean the same moment", () => {
    const ms = 1_723_075_200_000;
    for (const value of [ms / 1e3, ms, ms * 1e3, `${ms}000000`, "2024-08-08T00:00:00Z"])
      expect(toMillis(value)).toBe(ms);
    expect(toMillis("soon")).toBeNull();
  });
  test("ages use one unit", () => {
    expect([340, 12_900, 300_000, 7_300_000].map(age)).toEqual(["340 ms", "12 s", "5 min", "2 h"]);
  });
});

describe("exact decimals", () => {
  test("products and comparisons are exact where floats are not", () => {
    expect(toText(multiply(d("0.1"), d("0.2")))).toBe("0.02");
    expect(compare(d("0.30"), d("0.3"))).toBe(0);
  });
  test("a price off the tick is seen", () => {
    expect(isMultipleOf(d("60000.01"), d("0.01000000"))).toBe(true);
    expect(isMultipleOf(d("60000.015"), d("0.01"))).toBe(false);
  });
  test("text that is not a plain decimal is refused", () => {
    for (const text of ["1e5", "1,5", "--1", "", "Infinity"]) expect(parseDecimal(text)).toBeNull();
    expect(decimalsOf("0.00100000", 2)).toBe(3);
  });
});

describe("numbers of a test and of a form", () => {
  test("a p is never shown as zero, nor invented", () => {
    expect([pValue(0.00001, "en"), pValue(0.0001, "es"), pValue(0.0123, "en")]).toEqual([
      "< 0.001",
      "< 0,001",
      "0.012",
    ]);
    expect([pValue(null, "en"), pValue(undefined, "en")]).toEqual(["—", "—"]);
  });
  test("a typed number is read in either decimal mark, and what is none stays as it is", () => {
    expect(["0,5", " 2.5 ", "-3"].map(numberOf)).toEqual([0.5, 2.5, -3]);
    expect(["", " ", "much", "Infinity"].map(numberOf)).toEqual(["", " ", "much", "Infinity"]);
  });
});
