import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vite";
import { describe, expect, test } from "vitest";
import en from "./en.json";
import es from "./es.json";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value]] : Object.entries(flat(value, `${prefix}${key}.`)),
    ),
  );
}

const root = join(import.meta.dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.tsx?$/.test(name) && !name.includes(".test."),
);
const english = flat(en);
const spanish = flat(es);
const base = (key: string) => key.replace(/_(one|many|other)$/, "");

describe("dictionaries", () => {
  test("both languages have the same keys, plural forms of the language aside", () => {
    expect(new Set(Object.keys(spanish).map(base))).toEqual(new Set(Object.keys(english).map(base)));
  });
  test("both languages use the same placeholders and no text is empty or shouts", () => {
    const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();
    for (const [key, text] of Object.entries(english)) {
      const other = spanish[key] ?? "";
      expect(holes(other), key).toEqual(holes(text));
      expect(`${text}${other}`, key).not.toMatch(/!/);
      expect(other.length, key).toBeGreaterThan(0);
    }
  });
  test("every literal key in the code exists", () => {
    const known = new Set(Object.keys(english).flatMap((key) => [key, base(key)]));
    for (const name of files) {
      const code = readFileSync(join(root, name), "utf8");
      for (const [, key] of code.matchAll(/\b(?:t|say)\("([\w.]+)"/g))
        expect(known, `${name}: ${key}`).toContain(key);
    }
  });
});

interface Node {
  type: string;
  value?: unknown;
  name?: { name?: string };
}

function literals(node: unknown, found: string[]): string[] {
  if (Array.isArray(node)) for (const child of node) literals(child, found);
  else if (typeof node === "object" && node !== null) {
    const { type, value, name } = node as Node;
    if (type === "JSXText" && /\p{L}{2,}/u.test(String(value))) found.push(String(value).trim());
    if (type === "JSXAttribute" && ["aria-label", "title", "placeholder", "alt"].includes(name?.name ?? "")) {
      const text =
        (value as { type?: string; value?: unknown } | null)?.type === "Literal"
          ? (value as { value: unknown }).value
          : "";
      if (/\p{L}{2,}/u.test(String(text))) found.push(String(text));
    }
    for (const child of Object.values(node)) literals(child, found);
  }
  return found;
}

const NAMES = ["ms", "QBTC", "Ctrl K", "./qbtc", "TradingView Lightweight Charts™"];

test("no text is written into a component: it comes from the dictionaries", () => {
  for (const name of files.filter((file) => file.endsWith(".tsx"))) {
    const tree = parseAst(readFileSync(join(root, name), "utf8"), { lang: "tsx" });
    const found = literals(tree, []).filter((text) => !NAMES.some((allowed) => text.startsWith(allowed)));
    expect(found, name).toEqual([]);
  }
});
