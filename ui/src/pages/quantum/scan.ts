/** A scanned line cut into what is drawn: words, and in them syllables with their marks. Pure. */

import type { Slant, VerseLine } from "@/api/verse";

export interface Part {
  text: string;
  /** Whether it stands between the words of a synalepha. */
  tie: boolean;
}
export interface Mark {
  parts: Part[];
  beat: boolean;
}
/** Syllables that are written together, or what stands between two such groups. */
export interface Group {
  start: number;
  gap: string;
  marks: Mark[];
}

const TIED = /[^\p{L}\p{M}\p{N}]+/u;

/** The text of a syllable, what joins two words apart. */
export function partsOf(text: string): Part[] {
  const found: Part[] = [];
  let rest = text;
  for (let match = TIED.exec(rest); match; match = TIED.exec(rest)) {
    const inside = match.index > 0 && match.index + match[0].length < rest.length;
    found.push({ text: rest.slice(0, match.index), tie: false }, { text: match[0], tie: inside });
    rest = rest.slice(match.index + match[0].length);
  }
  return [...found, { text: rest, tie: false }].filter((part) => part.text);
}

/** Groups in the order of the text; every character of the line is in exactly one. */
export function groupsOf({ text, units }: VerseLine): Group[] {
  const found: Group[] = [];
  let at = 0;
  for (const unit of units) {
    const start = Math.max(unit.start, at);
    const gap = text.slice(at, start);
    const mark = { parts: partsOf(text.slice(start, Math.max(unit.end, start))), beat: unit.stressed };
    const last = found.at(-1);
    if (last && !gap) last.marks.push(mark);
    else found.push({ start, gap, marks: [mark] });
    at = Math.max(unit.end, start);
  }
  if (at < text.length) found.push({ start: at, gap: text.slice(at), marks: [] });
  return found;
}

/** Places of the beats, counted from 1. */
export const beatsOf = (stresses: string) =>
  [...stresses].flatMap((sign, index) => (sign === "+" ? [index + 1] : []));

/** For each line that nearly rhymes, the line that it nearly rhymes with, both counted from 0. */
export const nearOf = (slants: Slant[]) => new Map(slants.map((pair) => [pair.second, pair.first]));

export const schemeOf = (lines: VerseLine[]) => lines.map((line) => line.rhyme || "-").join("");
