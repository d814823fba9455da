import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { VerseAnswer, VerseLine } from "@/api/verse";
import { startLanguages } from "@/i18n";
import { beatsOf, groupsOf, partsOf } from "./scan";
import { Answer } from "./Verse";

vi.mock("@/state/prefs", () => ({ usePrefs: Object.assign(() => ({}), { getState: () => ({}) }) }));

const unit = (text: string, start: number, stressed: boolean) => ({
  text,
  start,
  end: start + text.length,
  stressed,
});
const LINE: VerseLine = {
  text: "la blanca aurora,",
  syllables: 6,
  stresses: "-+--+-",
  rhyme: "a",
  verse: "hexasílabo",
  foot: "",
  units: [
    unit("la", 0, false),
    unit("blan", 3, true),
    unit("ca au", 7, false),
    unit("ro", 12, true),
    unit("ra", 14, false),
  ],
};
const FOUND: VerseAnswer = {
  language: "es",
  form: "",
  verse_probability: 0.93,
  lines: [LINE, { ...LINE, rhyme: "" }],
  stanzas: [{ first: 0, last: 2, scheme: "a-", name: "" }],
  measures: {
    rhythm: { period: 3, strength: 0.8, p: 0.00001 },
    periodicity: 0.8,
    closure: 0.5,
    texture: { alliteration: { density: 0.1, expected: 0.05, p: 0.04 } },
    slants: [{ first: 0, second: 1, closeness: 0.9 }],
  },
  other: null,
  resonance: { fidelity: 0.81, cosine: -0.7, p: 0.05, within: [0.89, null] },
};

beforeAll(() => startLanguages("en"));

describe("the drawing of a scansion", () => {
  test("has every character of the line once, syllables of a word together", () => {
    const groups = groupsOf(LINE);
    const drawn = groups.map(
      ({ gap, marks }) => gap + marks.flatMap((mark) => mark.parts.map((part) => part.text)).join(""),
    );
    expect(drawn.join("")).toBe(LINE.text);
    expect(groups.map((group) => group.marks.length)).toEqual([1, 4, 0]);
  });
  test("ties the words that a synalepha joins, and nothing else", () => {
    expect(partsOf("ca au").map((part) => [part.text, part.tie])).toEqual([
      ["ca", false],
      [" ", true],
      ["au", false],
    ]);
    expect(partsOf("don't").filter((part) => part.tie)).toHaveLength(1);
    expect(partsOf("ra")).toEqual([{ text: "ra", tie: false }]);
  });
  test("letters that are read out more than once stay on the screen once", () => {
    const twice = { ...LINE, text: "19 veces", units: [unit("19", 0, false), unit("19", 0, true)] };
    expect(groupsOf(twice).map((group) => group.gap)).toEqual(["", " veces"]);
  });
  test("counts beats from one", () => expect(beatsOf("-+--+-")).toEqual([2, 5]));
});

describe("the answer", () => {
  test("shows probability, measures beside chance, near rhymes and each text with itself", () => {
    const page = renderToStaticMarkup(<Answer found={FOUND} />);
    for (const text of ["93%", "10.0%", "5.0%", "0.040", "≈ 1", "0.810", "0.890", "—"])
      expect(page).toContain(text);
  });
});
