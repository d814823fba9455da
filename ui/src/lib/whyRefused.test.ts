import { expect, test } from "vitest";
import en from "@/i18n/en.json";
import es from "@/i18n/es.json";
import { whyRefused } from "./whyRefused";

const MISSING = [
  "nothing claimed",
  "no evidence",
  "words",
  "numbers",
  "names",
  "order of names",
  "negation",
  "always",
];

test("every reason of the API has words in both languages", () => {
  const reasons = [
    ...MISSING.map((what) => `its evidence does not say it: ${what}`),
    "a claim names the memories it rests on",
    "evidence that is not in the memory",
    "evidence that scope 'desk' may not see",
  ];
  for (const reason of reasons) {
    const key = `why_${whyRefused(reason)}`;
    expect(Object.keys(en.reflection), reason).toContain(key);
    expect(Object.keys(es.reflection), reason).toContain(key);
  }
});

test("a reason that is not known is told as it came", () => {
  expect(whyRefused("something else")).toBe("other");
  expect(Object.keys(en.reflection)).not.toContain("why_other");
});
