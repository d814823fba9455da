/** A text as QCS builds a state of it, and the stored states that are most like it. */

import { items, post } from "./http";
import type { Likeness } from "./types";

export interface TextNumber {
  letter: string;
  name: string;
  measures: string;
  unit: string;
  defined: boolean;
  value: number | null;
  score: number | null;
}
export interface TextState {
  /** null while it is not kept. */
  state_id: string | null;
  label: string | null;
  intensity: number;
  state_hash: string;
  text: { language: string; dimensions: TextNumber[] };
}
export type Near = Partial<Likeness> & {
  state_id: string;
  kind?: string;
  label?: string;
  signed: number | null;
};
export interface TextAnswer {
  made: TextState;
  near: Near[];
}
export interface TextAsk {
  text: string;
  language: string;
  label: string;
}

const NEAREST = 5;

/** Builds the state, keeps it where it has a name, and asks what is like it; another like itself is not shown. */
export async function stateOfText({ text, language, label }: TextAsk): Promise<TextAnswer> {
  const said = { text, ...(language && { language }) };
  const made = await post<TextState>("/api/qcs/states", {
    ...said,
    ...(label.trim() && { label: label.trim() }),
  });
  const found = await post<unknown>("/api/qcs/states/search", { ...said, k: NEAREST + 1 });
  const near = items<Near>(found).filter((row) => row.state_id !== made.state_id);
  return { made, near: near.slice(0, NEAREST) };
}
