"""Whether recall learns from use: weights evolve on four LoCoMo conversations, measured on the fifth. One JSON line.

An event is a question whose first ten hits under the champion's weights hold some of its evidence: those hits are marked
useful (questions of the four conversations drawn with replacement, until there are 1,000 events). Nothing else is told to
the learner. Measured is any@10 on the conversation that was not used, all five in turn, over several seeds:

    recovered       (evolved - uniform) / (tuned - uniform), from all weights 1; tuned are learned with full knowledge on the
                    same four conversations (bench/locomo.py)
    worst_step      the most that a new champion was below the best one before it, in points, after any 100 events
    from_tuned      the same when it starts at the tuned weights: the change at the end, and the worst at any look
    wrong_feedback  from the tuned weights, with random hits marked useful: what hostile or careless people can do

`--seeds N` (5). The data is looked for as bench/locomo.py does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

import numpy as np
from bench.harness import emit
from bench.locomo import LOCOMO, Case, Floats, cases, learned

from qbtc.cio.domain.evolution import UNIFORM, Evolution, Rule, evolving
from qbtc.cio.domain.learning import LONGEST, Feedback, standing, vector
from qbtc.kit.embedding import LocalEmbedder

SHOWN, EVENTS, LOOK = 10, 1000, 100
AIM_RECOVERED, AIM_WORST = 0.90, -0.5


class Judged:
    """Questions with the places of their evidence among their candidates."""

    def __init__(self, asked: Sequence[Case]) -> None:
        self.all = [(one.rows, np.array([key in one.gold for key in one.keys])) for one in asked]

    def any10(self, weights: Floats) -> Floats:
        """Of each question whether evidence is among the first ten."""
        return np.array([gold[standing(rows, weights)[:SHOWN]].any() for rows, gold in self.all], dtype=float)


def event(
    asked: tuple[Floats, np.ndarray, str], evolution: Evolution, rng: np.random.Generator, wrong: bool
) -> Feedback | None:
    """What a person says of the first ten hits; None when none of them is useful."""
    rows, gold, question = asked
    order = standing(rows, vector(evolution.champion))[:LONGEST]
    shown = min(SHOWN, len(order))
    places = (
        (int(rng.integers(shown)),) if wrong and shown else tuple(int(i) for i in np.flatnonzero(gold[order[:shown]]))
    )
    return Feedback(rows[order], places, evolution.events, question=question) if places and len(order) > 1 else None


def lived(
    known: Judged, start: dict[str, float], seed: int, *, rule: Rule, wrong: bool = False
) -> tuple[list[Floats], int, int]:
    """The champion at every look, how many changes of champion there were, and how many questions it took."""
    rng, evolution = np.random.default_rng(seed), evolving(start, at=0, rule=rule)
    champions, asked = [vector(evolution.champion)], 0
    while evolution.events < EVENTS:
        drawn = int(rng.integers(len(known.all)))
        asked += 1
        if (told := event((*known.all[drawn], str(drawn)), evolution, rng, wrong)) is None:
            continue
        evolution = evolution.after(told)
        if evolution.events % LOOK == 0:
            champions.append(vector(evolution.champion))
    return champions, len(evolution.history.versions) - 1, asked


def curves(
    folds: Sequence[Judged], starts: Sequence[dict[str, float]], seed: int, *, rule: Rule, wrong: bool = False
) -> dict[str, object]:
    """any@10 over all five held-out conversations at every look, with counts."""
    found, changes, asked = [], 0, 0
    for number, held in enumerate(folds):
        known = Judged([])
        known.all = [one for other, fold in enumerate(folds) if other != number for one in fold.all]
        champions, changed, questions = lived(known, starts[number], seed, rule=rule, wrong=wrong)
        changes, asked = changes + changed, asked + questions
        found.append(np.array([held.any10(weights) for weights in champions]))
    return {"curve": np.concatenate(found, axis=1).mean(axis=1), "changes": changes / 5, "asked": asked / 5}


def worst(curve: Floats) -> float:
    """The most, in points, that it was below the best before it."""
    return round(float((curve - np.maximum.accumulate(curve)).min() * 100), 2)


def spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "mean": round(float(np.mean(values)), 3),
        "sd": round(float(np.std(values, ddof=1)), 3) if len(values) > 1 else 0.0,
        "min": round(min(values), 3),
        "max": round(max(values), 3),
    }


def report(loaded: Sequence[tuple[list[Case], dict[str, str]]], seeds: int) -> dict[str, object]:
    folds = [Judged(asked) for asked, _ in loaded]
    tuned = [learned([c for o, (rest, _) in enumerate(loaded) if o != n for c in rest]) for n in range(len(loaded))]
    low, high = (
        float(np.concatenate([fold.any10(vector(w)) for fold, w in zip(folds, tables, strict=True)]).mean())
        for tables in ([dict(UNIFORM)] * len(folds), tuned)
    )
    runs: dict[str, list[dict[str, object]]] = {"uniform": [], "tuned": [], "wrong": []}
    for seed in range(seeds):
        runs["uniform"].append(curves(folds, [dict(UNIFORM)] * len(folds), seed, rule=Rule()))
        runs["tuned"].append(curves(folds, tuned, seed, rule=Rule()))
        runs["wrong"].append(curves(folds, tuned, seed, rule=Rule(), wrong=True))
        print(f"seed {seed} of {seeds} done", file=sys.stderr, flush=True)
    ends = {name: [np.asarray(run["curve"], float) for run in each] for name, each in runs.items()}
    recovered = spread([(float(c[-1]) - low) / (high - low) for c in ends["uniform"]])
    steps = spread([worst(c) for c in ends["uniform"]])
    below = spread([float((c - c[0]).min() * 100) for c in ends["tuned"]])
    return {
        "seeds": seeds,
        "uniform_any@10": round(low, 4),
        "tuned_any@10": round(high, 4),
        "evolved_any@10": spread([float(c[-1]) for c in ends["uniform"]]),
        "recovered": recovered,
        "worst_step_points": steps,
        "questions_asked": spread([float(str(run["asked"])) for run in runs["uniform"]]),
        "changes_of_champion": spread([float(str(run["changes"])) for run in runs["uniform"]]),
        "from_tuned_points": {"end": spread([float((c[-1] - c[0]) * 100) for c in ends["tuned"]]), "worst": below},
        "wrong_feedback_points": spread([float((c - c[0]).min() * 100) for c in ends["wrong"]]),
        "aims": {
            "recovered_mean_90_percent": recovered["mean"] >= AIM_RECOVERED,
            "never_half_a_point_below": min(steps["min"], below["min"]) >= AIM_WORST,
        },
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description="Weights of recall that evolve by feedback, conversations held out.")
    parser.add_argument("--seeds", type=int, default=5, help="runs, each with events of its own (5)")
    seeds = parser.parse_args().seeds
    if not LOCOMO.exists():
        print(json.dumps({"bench": "evolution", "skipped": "no locomo_dev.json in ../shared/data or QBTC_DATA"}))
        return
    embedder = LocalEmbedder()
    loaded = [await cases(item, embedder) for item in json.loads(LOCOMO.read_text())]
    emit("evolution", **report(loaded, seeds))


if __name__ == "__main__":
    asyncio.run(main())
