"""LongMemEval's retrieval figures for CIO, by the official formulas: prints one JSON line.

`qbtc bench longmemeval --data longmemeval_s.json` reads the published file (Wu et al. 2024, arXiv 2410.10813). Without it the five
LoCoMo conversations are turned into the same form (`converted`) and measured, which proves the harness and is no figure of
LongMemEval; without those the line says that it was skipped.

Every question has a haystack of its own, indexed afresh; each turn is a memory ("role: content", at the time of its session), the
question is asked at its date. Ranked with the shipped weights by CIO's own rules, BM25 and dense beside it. Following the
official evaluation: only turns of the user are ranked, questions whose id has "_abs" and those without a target are left out,

    recall_any@k, recall_all@k    any or all targets among the first k
    ndcg_any@k                    DCG@k / ideal DCG@k, relevance 1 for a target, DCG = rel_1 + sum_{i>=2} rel_i / log2 i

at turn level and, by the turns of a session, at session level: there k grows until k sessions are met, and the gain is of turns
that belong to a target session. A target turn is one with `has_answer` in one of `answer_session_ids`; the other turns of such a
session do not find it: they count as a session of their own, as the official ids have it ("noans").

`--limit N` takes the first N questions, `--type NAME` one type of question.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from bench.harness import emit
from bench.locomo import FLOOR, LOCOMO, POOL, embed, turns

from qbtc.cio.domain.evidence import Asked, candidates, evidence
from qbtc.cio.domain.marks import marks_of
from qbtc.cio.domain.ranking import plausible, rank
from qbtc.cio.domain.reading import named_time, seconds
from qbtc.cio.domain.segment import EVERYTHING, Entry, Segment
from qbtc.core.language import analyse, query_terms
from qbtc.core.language.written_time import written_time
from qbtc.core.retrieval import top_cosine
from qbtc.kit.embedding import LocalEmbedder, Vectors

SESSION_KS, TURN_KS = (5, 10), (5, 10, 50)
ABSTAINING, WITHOUT = "_abs", "-noans"
_DATE = re.compile(r"^(\d{4})/(\d{2})/(\d{2}) \([A-Za-z]{3}\) (\d{2}):(\d{2})$")


class BadHaystack(ValueError):
    """The file is not LongMemEval's; the message says where."""


@dataclass(frozen=True, slots=True)
class Said:
    """A turn: `key` is session_number, counted from 1, `target` says that it holds evidence.

    In the key of a turn without evidence the session of an answer is named apart.
    """

    key: str
    session: str
    role: str
    text: str
    at: float
    target: bool


@dataclass(frozen=True, slots=True)
class Haystack:
    question_id: str
    kind: str
    question: str
    asked_at: float
    said: tuple[Said, ...]

    @property
    def abstaining(self) -> bool:
        return ABSTAINING in self.question_id


def parsed(rows: Iterable[Mapping[str, Any]]) -> list[Haystack]:
    """The published form. Raises BadHaystack with the question that is not as it must be."""
    return [_haystack(row, number) for number, row in enumerate(rows, start=1)]


def _haystack(row: Mapping[str, Any], number: int) -> Haystack:
    try:
        parts = zip(row["haystack_session_ids"], row["haystack_dates"], row["haystack_sessions"], strict=True)
        answers = set(row["answer_session_ids"])
        said = tuple(
            _said(turn, name, place, time_of(date), name in answers)
            for name, date, turns_of in parts
            for place, turn in enumerate(turns_of, start=1)
        )
        at = time_of(row["question_date"])
        return Haystack(str(row["question_id"]), str(row["question_type"]), str(row["question"]), at, said)
    except (KeyError, TypeError, ValueError) as error:
        raise BadHaystack(f"question {number}: {type(error).__name__}: {error}") from None


def _said(turn: Mapping[str, Any], session: str, place: int, at: float, holding: bool) -> Said:
    target = holding and bool(turn.get("has_answer"))
    named = f"{session}{WITHOUT}" if holding and not target else session
    return Said(f"{named}_{place}", session, turn["role"], turn["content"], at, target)


def time_of(date: str) -> float:
    """ "2023/05/20 (Sat) 02:21" or a written date, in seconds since 1970 UTC. Raises ValueError."""
    found = _DATE.match(date)
    return datetime(*map(int, found.groups()), tzinfo=UTC).timestamp() if found else written_time(date).timestamp()


def dcg(relevances: Sequence[int], k: int) -> float:
    first = np.asarray(relevances, dtype=np.float64)[:k]
    if not first.size:
        return 0.0
    return float(first[0] + (first[1:] / np.log2(np.arange(2, first.size + 1))).sum())


def scores(order: Sequence[str], targets: set[str], corpus: Sequence[str], k: int) -> dict[str, float]:
    """Of the ids in their order of rank; `corpus` are the ids of everything ranked (a session's as often as it has turns)."""
    first = set(order[:k])
    ideal = dcg(sorted((int(key in targets) for key in corpus), reverse=True), k)
    gain = dcg([int(key in targets) for key in order[:k]], k)
    return {
        f"recall_any@{k}": float(bool(first & targets)),
        f"recall_all@{k}": float(targets <= first),
        f"ndcg_any@{k}": gain / ideal if ideal else 0.0,
    }


def session_scores(order: Sequence[str], targets: set[str], corpus: Sequence[str], k: int) -> dict[str, float]:
    """The same by sessions: as many turns are looked at as it takes to meet k sessions."""
    ranked, whole, wanted = ([_session(key) for key in keys] for keys in (order, corpus, sorted(targets)))
    reach = k
    while reach <= len(whole) and len(set(ranked[:reach])) < k:
        reach += 1
    found = scores(ranked, set(wanted), whole, reach)
    return {name.replace(f"@{reach}", f"@{k}"): value for name, value in found.items()}


def _session(key: str) -> str:
    return key.rpartition("_")[0]


def indexed(said: Sequence[Said]) -> Segment:
    segment = Segment()
    for turn in said:
        text = f"{turn.role}: {turn.text}"
        rest = analyse(text), "s", "chat", turn.session, turn.role, marks_of(turn.text)
        segment.add(Entry(turn.key, *rest, happened=turn.at))
    return segment


def ordered(hay: Haystack, matrix: Vectors, vector: Vectors) -> dict[str, list[str]]:
    """Every user turn by each ranking, best first; what a ranking does not list follows in the order of the haystack."""
    segment, keys = indexed(hay.said), [turn.key for turn in hay.said]
    span = seconds(named_time(hay.question, clock=_clock(hay), asked_at=hay.asked_at, newest=lambda: None))
    asked = Asked(hay.question, tuple(query_terms(hay.question)), FLOOR, span)
    words = segment.best(asked.terms, scope=None, kinds=(), limit=POOL)
    near = {keys[i]: cosine for i, cosine in top_cosine(matrix, vector, len(keys))}
    kept = plausible(dict(list(near.items())[:POOL]), floor=FLOOR, lexical=words)
    then = [] if span is None else segment.within(*span, scope=None, kinds=(), filters=EVERYTHING, limit=POOL)
    slots = candidates(segment, {*words, *kept, *then}, scope=None, kinds=())
    rows = evidence(segment, slots, asked, kept)
    found = rank({segment.ids[slot]: row for slot, row in zip(slots.tolist(), rows, strict=True)}, {}, len(keys))
    every = segment.best(asked.terms, scope=None, kinds=(), limit=len(keys))
    orders = {"cio": [one.memory_id for one in found], "bm25": list(every), "dense": list(near)}
    users = {turn.key for turn in hay.said if turn.role == "user"}
    return {name: [key for key in dict.fromkeys([*order, *keys]) if key in users] for name, order in orders.items()}


def _clock(hay: Haystack) -> datetime:
    return datetime.fromtimestamp(hay.asked_at, UTC)


async def measured(hays: Sequence[Haystack], embedder: LocalEmbedder) -> list[dict[str, dict[str, float]]]:
    """Of each question with a target the figures of each ranking."""
    known: dict[str, Vectors] = {}
    out = []
    for hay in hays:
        texts = [f"{turn.role}: {turn.text}"[:2000] for turn in hay.said]
        await _remember(known, texts, embedder)
        (vector,) = await embed(embedder, [hay.question], "query")
        corpus = [turn.key for turn in hay.said if turn.role == "user"]
        targets = {turn.key for turn in hay.said if turn.role == "user" and turn.target}
        if targets:
            orders = ordered(hay, np.stack([known[text] for text in texts]), vector)
            out.append({name: _figures(order, targets, corpus) for name, order in orders.items()})
    return out


async def _remember(known: dict[str, Vectors], texts: Sequence[str], embedder: LocalEmbedder) -> None:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known |= dict(zip(new, await embed(embedder, new, "passage"), strict=True))


def _figures(order: Sequence[str], targets: set[str], corpus: Sequence[str]) -> dict[str, float]:
    turn = {f"turn_{n}": v for k in TURN_KS for n, v in scores(order, targets, corpus, k).items()}
    session = {f"session_{n}": v for k in SESSION_KS for n, v in session_scores(order, targets, corpus, k).items()}
    return session | turn


def converted(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """LoCoMo in LongMemEval's form: both speakers are users, evidence turns have the answer, asked at the end."""
    out = []
    for number, item in enumerate(items):
        said, talk = turns(item["conversation"]), item["conversation"]
        names = list(dict.fromkeys(turn.session for turn in said))
        dates = [str(talk[f"session_{name}_date_time"]) for name in names]
        for place, question in enumerate(item["qa"]):
            gold = set(question.get("evidence", []))
            sessions = [
                [{"role": "user", "content": t.text, "has_answer": t.key in gold} for t in said if t.session == name]
                for name in names
            ]
            holding = [
                f"{number}.{name}"
                for name, rows in zip(names, sessions, strict=True)
                if any(r["has_answer"] for r in rows)
            ]
            out.append(
                {
                    "question_id": f"locomo-{number}-{place}" + ("" if holding else ABSTAINING),
                    "question_type": f"locomo-category-{question['category']}",
                    "question": str(question["question"]),
                    "question_date": dates[-1],
                    "haystack_dates": dates,
                    "haystack_session_ids": [f"{number}.{name}" for name in names],
                    "haystack_sessions": sessions,
                    "answer_session_ids": holding,
                }
            )
    return out


def report(figures: Sequence[dict[str, dict[str, float]]]) -> dict[str, object]:
    names = figures[0].keys() if figures else ()
    return {
        name: {key: round(float(np.mean([one[name][key] for one in figures])), 4) for key in figures[0][name]}
        for name in names
    }


async def main() -> None:
    options = argparse.ArgumentParser(description="LongMemEval's retrieval figures for CIO.")
    options.add_argument("--data", type=Path, help="the published file; without it LoCoMo is converted")
    options.add_argument("--limit", type=int, help="only the first N questions")
    options.add_argument("--type", help="only questions of this type")
    given = options.parse_args()
    path = given.data or LOCOMO
    if not path.exists():
        print(
            json.dumps(
                {
                    "bench": "longmemeval",
                    "skipped": f"no {path.name}: give --data, or LoCoMo in ../shared/data or QBTC_DATA",
                }
            )
        )
        return
    rows = json.loads(path.read_text())
    hays = [hay for hay in parsed(rows if given.data else converted(rows)) if given.type in (None, hay.kind)][
        : given.limit
    ]
    asked = [hay for hay in hays if not hay.abstaining]
    embedder = LocalEmbedder()
    figures = await measured(asked, embedder)
    embedder.close()
    source = "longmemeval" if given.data else "converted from locomo"
    emit("longmemeval", source=source, questions=len(figures), left_out=len(hays) - len(figures), **report(figures))


if __name__ == "__main__":
    asyncio.run(main())
