/** What a reason, a change and a state say, from the dictionaries. Pure. */

import type { Proposal, ProposalStatus, Reason, RunState } from "@/api/research";
import type { Tone } from "@/components/ui";
import type { Translate } from "@/i18n";
import { significant, UNKNOWN } from "@/lib/format";

/** Why nothing is proposed, with what was found and what it takes. */
export function reasonText(reason: Reason, t: Translate, language: string): string {
  const value = significant(reason.value, 3, language);
  const bar = significant(reason.bar, 3, language);
  return t(`doubt.${reason.doubt}`, { value, bar });
}

/** `step 2 → 3`. */
export function changesText(changes: Proposal["changes"], language: string): string {
  const number = (value: number) => significant(value, 6, language);
  return (
    changes
      .map(({ name, current, proposed }) => `${name} ${number(current)} → ${number(proposed)}`)
      .join(", ") || UNKNOWN
  );
}

const TONES: Record<ProposalStatus | RunState, Tone> = {
  "no-change": "neutral",
  proposed: "info",
  rejected: "neutral",
  expired: "neutral",
  watched: "warn",
  kept: "ok",
  superseded: "neutral",
  "rolling-back": "danger",
  "rolled-back": "danger",
  queued: "neutral",
  running: "info",
  done: "ok",
  failed: "danger",
  cancelled: "neutral",
};

export const toneOf = (state: ProposalStatus | RunState): Tone => TONES[state] ?? "neutral";
