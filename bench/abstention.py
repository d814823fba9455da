"""Whether recall knows when it has no answer: a calibrated probability, conversations held out. Prints one JSON line.

Asked of each LoCoMo conversation are its own questions and those of the next conversation with the names of its speakers
put in place of the other's, so that a strange name gives nothing away. The label is whether evidence of the question is
among the first ten hits; foreign questions have none. Judge and weights of ranking are learned on the other four
conversations, without any question that stems from the one measured. The same is asked of the first 1, 2 and 4 sessions alone, with the conversation's later questions among the foreign ones, thinned
to as many as its own: a judge that knows long conversations only is wrong about small memories (`small`). Category 5 (adversarial: the premise is false,
mostly the wrong speaker) is in no training set and is reported apart: its evidence can be found, its answer is not there.

`--judge` prints the judge for cio/domain/judge.py instead, learned on all five conversations under the shipped weights.

Brier score, calibration error (10 bins of equal count), ROC area with 95 % bootstrap intervals; `rate_only` is the Brier
score of knowing the rate. The data is looked for as bench/locomo.py does.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from bench.harness import emit
from bench.locomo import LOCOMO, Case, Floats, case, cases, embed, indexed, learned, turns

from qbtc.cio.domain.abstention import cues, fitted, threshold_of
from qbtc.cio.domain.calibration import Calibration, scored
from qbtc.cio.domain.learning import standing, vector
from qbtc.cio.domain.ranking import WEIGHTS
from qbtc.kit.embedding import LocalEmbedder

SHOWN, ADVERSARIAL = 10, 5
SMALL = (1, 2, 4)


@dataclass(frozen=True)
class Fold:
    """A conversation's own questions and those of the conversation `origin` asked of it; `small` are its first sessions."""

    own: list[Case]
    foreign: list[Case]
    origin: int
    small: tuple[Fold, ...] = ()

    @property
    def taught(self) -> list[tuple[int, list[Case]]]:
        """What a judge may learn from, and which conversation the questions stem from (-1 for its own)."""
        usual = [one for one in self.own if one.category != ADVERSARIAL]
        return [(-1, usual), (self.origin, self.foreign), *(row for part in self.small for row in part.taught)]


def speakers(item: dict[str, object]) -> tuple[str, str]:
    talk = item["conversation"]
    return talk["speaker_a"], talk["speaker_b"]  # type: ignore[index]


def renamed(item: dict[str, object], names: tuple[str, str]) -> list[str]:
    """Its questions, category 5 left out, about the other two people."""
    asked = [str(q["question"]) for q in item["qa"] if q["category"] != ADVERSARIAL]  # type: ignore[attr-defined]
    for old, new in zip(speakers(item), names, strict=True):
        asked = [text.replace(old, new) for text in asked]
    return asked


def first_sessions(item: dict[str, object], count: int) -> dict[str, object]:
    """The conversation until after so many sessions, with all its questions."""
    talk: dict[str, object] = item["conversation"]  # type: ignore[assignment]
    kept = {
        key: value for key, value in talk.items() if not key.startswith("session_") or int(key.split("_")[1]) <= count
    }
    return item | {"conversation": kept}


async def fold(items: Sequence[dict[str, object]], number: int, embedder: LocalEmbedder) -> Fold:
    whole = await part(items, number, items[number], embedder)
    small = [await part(items, number, first_sessions(items[number], count), embedder) for count in SMALL]
    return dataclasses.replace(whole, small=tuple(small))


async def part(
    items: Sequence[dict[str, object]], number: int, item: dict[str, object], embedder: LocalEmbedder
) -> Fold:
    own, _ = await cases(item, embedder)
    spoken, origin = turns(item["conversation"]), (number + 1) % len(items)  # type: ignore[arg-type]
    segment, ids = indexed(spoken), [turn.key for turn in spoken]
    asked = renamed(items[origin], speakers(items[number])) + later(item, set(ids))
    if item is not items[number]:
        asked = asked[:: max(1, len(asked) // max(1, len(own)))]
    matrix = await embed(embedder, [turn.text for turn in spoken], "passage")
    vectors = await embed(embedder, asked, "query")
    questions = [{"question": text, "evidence": [], "category": 0} for text in asked]
    found = [case(segment, ids, matrix, q, v) for q, v in zip(questions, vectors, strict=True)]  # type: ignore[arg-type]
    return Fold(own, found, origin)


def later(item: dict[str, object], ids: set[str]) -> list[str]:
    """Its questions of which no evidence is there yet."""
    return [
        str(q["question"])
        for q in item["qa"]  # type: ignore[attr-defined]
        if q["category"] != ADVERSARIAL and q.get("evidence") and not set(q["evidence"]) & ids
    ]


def told(asked: Sequence[Case], weights: Floats) -> tuple[Floats, Floats]:
    """Cues of each question, and whether its evidence is among the first ten."""
    hit = [bool({one.keys[i] for i in standing(one.rows, weights)[:SHOWN]} & set(one.gold)) for one in asked]
    return np.array([cues(one.rows, weights) for one in asked]), np.array(hit, dtype=float)


def measured(folds: Sequence[Fold], number: int) -> dict[str, tuple[Floats, Floats]]:
    """Probabilities and labels of the usual, the foreign and the adversarial questions of one conversation held out."""
    rest = [one for other, one in enumerate(folds) if other != number]
    weights = vector(learned([one for each in rest for one in each.own]))
    known = [one for each in rest for origin, rows in each.taught if origin != number for one in rows]
    given, answered = told(known, weights)
    judge, here = fitted(given, answered > 0), folds[number]
    groups = {
        "own": [one for one in here.own if one.category != ADVERSARIAL],
        "foreign": here.foreign,
        "adversarial": [one for one in here.own if one.category == ADVERSARIAL],
        "small": [one for each in here.small for _, rows in each.taught for one in rows],
    }
    out = {}
    for name, asked in groups.items():
        given, hit = told(asked, weights)
        out[name] = judge.probability(given), hit
    return out


def judge(folds: Sequence[Fold]) -> str:
    """As Python, learned on everything but category 5."""
    known = [one for each in folds for _, rows in each.taught for one in rows]
    given, hit = told(known, vector(WEIGHTS))
    made = fitted(given, hit > 0)
    rows = {name: getattr(made, name) for name in ("centre", "scale", "weights")}
    lines = [f"    {name}=np.array([{', '.join(f'{value:.4f}' for value in row)}])," for name, row in rows.items()]
    return "\n".join([*lines, f"    bias={made.bias:.4f},"])


def rounded(found: Calibration) -> dict[str, object]:
    figures: dict[str, object] = {
        n: [round(v, 4) for v in dataclasses.astuple(getattr(found, n))] for n in ("brier", "ece", "area")
    }
    return {"questions": found.count, "rate": round(found.rate, 4), "rate_only": round(found.ignorant, 4), **figures}


def at(threshold: float, parts: dict[str, tuple[Floats, Floats]]) -> dict[str, float]:
    """What abstaining below the threshold does."""
    own, hit = parts["own"]
    return {
        "threshold": round(threshold, 3),
        "foreign_abstained": round(float((parts["foreign"][0] < threshold).mean()), 4),
        "adversarial_abstained": round(float((parts["adversarial"][0] < threshold).mean()), 4),
        "answerable_withheld": round(float((own[hit > 0] < threshold).mean()), 4),
        "small_withheld": round(float((parts["small"][0][parts["small"][1] > 0] < threshold).mean()), 4),
        "small_abstained": round(float((parts["small"][0][parts["small"][1] == 0] < threshold).mean()), 4),
    }


def report(folds: Sequence[Fold]) -> dict[str, object]:
    each = [measured(folds, number) for number in range(len(folds))]
    parts = {name: tuple(np.concatenate([one[name][i] for one in each]) for i in (0, 1)) for name in each[0]}
    p, y = (np.concatenate([parts["own"][i], parts["foreign"][i]]) for i in (0, 1))
    ours = np.concatenate([np.ones(len(parts["own"][0])), np.zeros(len(parts["foreign"][0]))])
    tricky = np.concatenate([parts["own"][0], parts["adversarial"][0]])
    real = np.concatenate([np.ones(len(parts["own"][0])), np.zeros(len(parts["adversarial"][0]))])
    return {
        "hits_hold_the_answer": rounded(scored(p, y)),
        "small": rounded(scored(*parts["small"])),
        "own_or_foreign_area": [round(v, 4) for v in dataclasses.astuple(scored(p, ours).area)],
        "usual_or_adversarial_area": [round(v, 4) for v in dataclasses.astuple(scored(tricky, real).area)],
        "abstaining": [at(threshold_of(wrong=cost, silent=1), parts) for cost in (0.25, 1 / 3, 0.5, 1.0, 2.0)],  # type: ignore[arg-type]
    }


async def main() -> None:
    if not LOCOMO.exists():
        print(json.dumps({"bench": "abstention", "skipped": "no locomo_dev.json in ../shared/data or QBTC_DATA"}))
        return
    items, embedder = json.loads(LOCOMO.read_text()), LocalEmbedder()
    folds = [await fold(items, number, embedder) for number in range(len(items))]
    if "--judge" in sys.argv:
        print(judge(folds))
        return
    emit("abstention", **report(folds))


if __name__ == "__main__":
    asyncio.run(main())
