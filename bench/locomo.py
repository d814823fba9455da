"""Recall quality on LoCoMo conversations beside its baselines, conversations held out: prints one JSON line.

Each turn is a memory ("speaker: text", by its speaker, in its session, at the time of the session), each question is asked
as it is; a time that it names is counted from the end of the conversation, as CIO does for an archive. any@10 and all@10
are the shares of questions of which any or all evidence turns are among the first ten, at session level any@5 and all@5
for the sessions of the evidence. Every conversation is ranked with weights learned on the other four, by CIO's own
rules (cio/domain), and next to that with the weights that CIO ships, which have seen all five. Baselines of the same run:
BM25, BM25 whose hits lend half to their neighbours, dense, and reciprocal rank fusion of BM25 and dense. Category 3
(open-domain inference) is reported apart. No language model is called; the local embedder is. The difference to the best
baseline comes with a 95 % interval by bootstrap over questions within conversations.

`--weights` prints the table for cio/domain/ranking.py instead, learned on all conversations. The data is never part of the
product: it is looked for in QBTC_DATA or ../shared/data, and without it the line says that it was skipped.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qbtc.cio.domain.evidence import NAMES, Asked, candidates, evidence
from qbtc.cio.domain.marks import marks_of
from qbtc.cio.domain.ranking import WEIGHTS, plausible, rank
from qbtc.cio.domain.reading import named_time, seconds
from qbtc.cio.domain.segment import EVERYTHING, Entry, Segment
from qbtc.core.language import analyse, query_terms
from qbtc.core.language.written_time import written_time
from qbtc.core.retrieval import reciprocal_rank, top_cosine
from qbtc.kit.embedding import LocalEmbedder, Vectors
from qbtc.testing.data import DATA

LOCOMO = DATA / "memory" / "locomo_dev.json"
FLOOR = 0.80
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)
POOL = 100
FORM = NAMES.index("author")
PLAIN = ("within", "after", "before")
"""Without these columns it is recall that does not read times."""
"""From this column on a weight may be negative."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Turn:
    key: str
    speaker: str
    text: str
    session: str
    at: float


@dataclass(frozen=True)
class Case:
    """A question with what ranking knows of it: a row of evidence for each candidate, and what the baselines find."""

    gold: tuple[str, ...]
    category: int
    keys: list[str]
    rows: Floats
    baselines: dict[str, list[str]]


def turns(conversation: dict[str, object]) -> list[Turn]:
    sessions = ((str(n), conversation.get(f"session_{n}")) for n in range(1, 100))
    return [
        Turn(
            turn["dia_id"], turn["speaker"], f"{turn['speaker']}: {turn['text']}", session, _time(conversation, session)
        )
        for session, said in sessions
        for turn in (said if isinstance(said, list) else [])
    ]


def _time(conversation: dict[str, object], session: str) -> float:
    return written_time(str(conversation[f"session_{session}_date_time"])).timestamp()


async def embed(embedder: LocalEmbedder, texts: Sequence[str], kind: str) -> Vectors:
    rows = [await embedder.embed(texts[i : i + 64], kind) for i in range(0, len(texts), 64)]  # type: ignore[arg-type]
    return np.concatenate(rows)


def indexed(spoken: Sequence[Turn]) -> Segment:
    segment = Segment()
    for turn in spoken:
        said = analyse(turn.text), "s", "chat", turn.session, turn.speaker, marks_of(turn.text)
        entry = Entry(turn.key, *said, happened=turn.at)
        segment.add(entry)
    return segment


def lent(segment: Segment, found: dict[str, float]) -> list[str]:
    """BM25 with half of the better neighbour's score on top."""
    slots = {key: segment.around(segment.slots_of([key]), 1)[0] for key in found}
    near = [segment.ids[slot] for beside in slots.values() for slot in beside[[0, 2]] if slot >= 0]
    lifted = {}
    for key in dict.fromkeys([*found, *near]):
        before, _, after = segment.around(segment.slots_of([key]), 1)[0]
        beside = [found.get(segment.ids[slot], 0.0) for slot in (before, after) if slot >= 0]
        lifted[key] = found.get(key, 0.0) + 0.5 * max(beside, default=0.0)
    return sorted(lifted, key=lambda key: -lifted[key])


def case(segment: Segment, ids: Sequence[str], matrix: Vectors, question: dict[str, object], vector: Vectors) -> Case:
    text = str(question["question"])
    asked = Asked(text, tuple(query_terms(text)), FLOOR, asked_span(segment, text))
    words = segment.best(asked.terms, scope=None, kinds=(), limit=POOL)
    near = {ids[i]: cosine for i, cosine in top_cosine(matrix, vector, POOL)}
    kept = plausible(near, floor=FLOOR, lexical=words)
    then = (
        [] if asked.span is None else segment.within(*asked.span, scope=None, kinds=(), filters=EVERYTHING, limit=POOL)
    )
    slots = candidates(segment, {*words, *kept, *then}, scope=None, kinds=())
    baselines = {
        "bm25": list(words),
        "bm25_neighbours": lent(segment, words),
        "dense": list(near),
        "rrf": list(reciprocal_rank({"bm25": list(words), "dense": list(near)})),
    }
    gold = tuple(e for e in question.get("evidence", []) if e in set(ids))  # type: ignore[attr-defined]
    keys = [segment.ids[slot] for slot in slots]
    return Case(gold, int(str(question["category"])), keys, evidence(segment, slots, asked, kept), baselines)


def asked_span(segment: Segment, text: str) -> tuple[float, float] | None:
    def newest() -> float | None:
        return segment.newest(None, (), EVERYTHING)

    return seconds(named_time(text, clock=LONG_AFTER, asked_at=None, newest=newest))


async def cases(item: dict[str, object], embedder: LocalEmbedder) -> tuple[list[Case], dict[str, str]]:
    spoken = turns(item["conversation"])  # type: ignore[arg-type]
    segment, ids = indexed(spoken), [turn.key for turn in spoken]
    asked = [q for q in item["qa"] if set(q.get("evidence", [])) & set(ids)]  # type: ignore[attr-defined]
    matrix = await embed(embedder, [turn.text for turn in spoken], "passage")
    vectors = await embed(embedder, [q["question"] for q in asked], "query")
    found = [case(segment, ids, matrix, q, vector) for q, vector in zip(asked, vectors, strict=True)]
    return found, {turn.key: turn.session for turn in spoken}


def learned(known: Sequence[Case], ridge: float = 1e-3, without: Sequence[str] = ()) -> dict[str, float]:
    """Weights of the greatest listwise likelihood, on columns scaled to unit deviation, with a ridge; `without` these columns.

    Every piece of evidence competes with what is none, not with the other pieces: with s the scores and N the candidates
    that are no evidence, the loss of one is -log(exp s / (exp s + sum over N of exp)), averaged over those of a question.
    """
    known = [one for one in known if set(one.gold) & set(one.keys)]
    rows = np.concatenate([one.rows for one in known])
    scale = rows.std(axis=0) + 1e-9
    starts = np.cumsum([0, *(len(one.keys) for one in known)])[:-1]
    which = np.repeat(np.arange(len(known)), [len(one.keys) for one in known])
    share = np.concatenate([_share(one) for one in known])
    other = share == 0
    scaled = rows / scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        score = scaled @ weights
        highest = np.maximum.reduceat(score, starts)
        power = np.exp(score - highest[which])
        against = np.add.reduceat(power * other, starts)
        total = against[which] + power
        value = ((np.log(total) - score + highest[which]) * share).sum() / len(known)
        pull = (power / total - 1) * share + power * other * np.add.reduceat(share / total, starts)[which]
        return value + 0.5 * ridge * weights @ weights, scaled.T @ pull / len(known) + ridge * weights

    fixed = {NAMES.index(name) for name in without}
    bounds = [
        (0.0, 0.0) if column in fixed else (0.0, None) if column < FORM else (None, None)
        for column in range(len(NAMES))
    ]
    found = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B", bounds=bounds).x
    return dict(zip(NAMES, (float(w) for w in found / scale), strict=True))


def _share(one: Case) -> Floats:
    """1 / their number for the pieces of evidence, 0 for the other candidates."""
    hit = np.array([key in one.gold for key in one.keys], dtype=float)
    share: Floats = hit / hit.sum()
    return share


def ranking(one: Case, weights: dict[str, float]) -> list[str]:
    return [r.memory_id for r in rank(dict(zip(one.keys, one.rows, strict=True)), {}, POOL, weights)]


def hits(one: Case, order: Sequence[str], sessions: dict[str, str]) -> tuple[bool, bool, bool, bool]:
    """any@10 and all@10 of turns, any@5 and all@5 of sessions (a session stands where its best turn does)."""
    top = [key in order[:10] for key in one.gold]
    met = list(dict.fromkeys(sessions[key] for key in order))[:5]
    inside = [sessions[key] in met for key in one.gold]
    return any(top), all(top), any(inside), all(inside)


def summary(rows: Sequence[tuple[bool, bool, bool, bool]]) -> dict[str, float]:
    means = np.array(rows, dtype=float).mean(axis=0)
    return {
        name: round(float(v), 4)
        for name, v in zip(("any@10", "all@10", "session_any@5", "session_all@5"), means, strict=True)
    } | {"questions": len(rows)}


def interval(ours: Floats, theirs: Floats, groups: Sequence[int], seed: int = 26) -> tuple[float, float, float]:
    """The mean difference in points and its 95 % bootstrap interval, questions drawn anew within each conversation."""
    rng, difference = np.random.default_rng(seed), (ours - theirs) * 100
    parts = [difference[np.array(groups) == g] for g in sorted(set(groups))]
    draws = [np.concatenate([rng.choice(p, len(p)) for p in parts]).mean() for _ in range(2000)]
    low, high = np.quantile(draws, (0.025, 0.975))
    return round(float(difference.mean()), 2), round(float(low), 2), round(float(high), 2)


def report(loaded: Sequence[tuple[list[Case], dict[str, str]]]) -> dict[str, object]:
    outcomes: dict[str, list[tuple[bool, bool, bool, bool]]] = {}
    categories, groups = [], []
    for number, (asked, sessions) in enumerate(loaded):
        others = [one for other, (rest, _) in enumerate(loaded) if other != number for one in rest]
        tables = {
            "cio_held_out": learned(others),
            "cio_held_out_without_times": learned(others, without=PLAIN),
            "cio_shipped": dict(WEIGHTS),
        }
        for one in asked:
            categories.append(one.category)
            groups.append(number)
            found = {name: ranking(one, weights) for name, weights in tables.items()} | one.baselines
            for name, order in found.items():
                outcomes.setdefault(name, []).append(hits(one, order, sessions))
    return _told(outcomes, np.array(categories), groups)


def _told(
    outcomes: dict[str, list[tuple[bool, bool, bool, bool]]], categories: NDArray[np.int_], groups: list[int]
) -> dict[str, object]:
    usual = np.flatnonzero(categories != 3)
    out: dict[str, object] = {
        name: {
            "all": summary(rows),
            "without_category_3": summary([rows[i] for i in usual]),
            "category_3": summary([rows[i] for i in np.flatnonzero(categories == 3)]),
        }
        for name, rows in outcomes.items()
    }
    for column, measure in enumerate(("any@10", "all@10")):
        means = {name: np.array(rows, dtype=float)[:, column] for name, rows in outcomes.items()}
        best = max((name for name in means if not name.startswith("cio")), key=lambda name: means[name].mean())
        out[f"points_over_best_{measure}"] = {
            "baseline": best,
            "difference_low_high": interval(means["cio_held_out"], means[best], groups),
        }
    return out


async def main() -> None:
    if not LOCOMO.exists():
        print(json.dumps({"bench": "locomo", "skipped": "no locomo_dev.json in ../shared/data or QBTC_DATA"}))
        return
    embedder, loaded = LocalEmbedder(), []
    for item in json.loads(LOCOMO.read_text()):
        loaded.append(await cases(item, embedder))
        print(f"{len(loaded)} conversations read", file=sys.stderr, flush=True)
    if "--weights" in sys.argv:
        weights = learned([one for asked, _ in loaded for one in asked])
        print("\n".join(f'    "{name}": {value:.3f},' for name, value in weights.items()))
        return
    print(json.dumps({"bench": "locomo"} | report(loaded)))


if __name__ == "__main__":
    asyncio.run(main())
