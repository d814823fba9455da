import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (ending: string) =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending) && !name.includes(".test."))
    .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));

test("every class that a component names has a rule in the styles", () => {
  const rules = read(".css").flatMap(({ text }) =>
    [...text.matchAll(/\.([a-z][\w-]*)/g)].map((match) => match[1]),
  );
  const known = new Set(rules);
  const named = read(".tsx").flatMap(({ name, text }) =>
    [...text.matchAll(/className="([^"]*)"/g)].flatMap((match) =>
      (match[1] ?? "")
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => ({ name, word })),
    ),
  );
  expect(named.length).toBeGreaterThan(300);
  expect(named.filter(({ word }) => !known.has(word))).toEqual([]);
});
