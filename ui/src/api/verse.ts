/** A text as QCS scans and measures it. */

import { post } from "./http";

export interface Unit {
  text: string;
  start: number;
  end: number;
  stressed: boolean;
}
export interface VerseLine {
  text: string;
  syllables: number;
  stresses: string;
  rhyme: string;
  verse: string;
  foot: string;
  units: Unit[];
}
export interface Scansion {
  language: string;
  form: string;
  verse_probability: number | null;
  lines: VerseLine[];
  stanzas: { first: number; last: number; scheme: string; name: string }[];
}
export interface Density {
  density: number;
  expected: number;
  p: number;
}
export interface Slant {
  first: number;
  second: number;
  closeness: number;
}
export interface Measures {
  rhythm: { period: number; strength: number; p: number };
  periodicity: number | null;
  closure: number | null;
  texture: Record<string, Density>;
  slants: Slant[];
}
export interface Resonance {
  fidelity: number;
  cosine: number;
  p: number;
  within: [number | null, number | null];
}
export interface VerseAnswer extends Scansion {
  measures: Measures;
  other: Scansion | null;
  resonance: Resonance | null;
}
export interface VerseAsk {
  text: string;
  other: string;
  language: string;
}

/** Empty fields are left for QCS to decide. */
export const scanVerse = ({ text, other, language }: VerseAsk) =>
  post<VerseAnswer>("/api/qcs/resonance", {
    text,
    ...(other.trim() && { other }),
    ...(language && { language }),
  });
