"""Recall from question to hits: asks each leg, fuses, and reads the hits under the asker's row policy."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qbtc.contracts.memory import MemoryHit, Recall
from qbtc.core.language import query_terms
from qbtc.kit.embedding import Embedder, Vectors
from qbtc.kit.errors import QbtcError
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import histogram
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import memories, recalled
from .adapters.lexicon import Lexicon
from .domain import ranking as rules
from .domain.evidence import Asked, Floats, candidates, evidence
from .domain.memory import Memory, State
from .domain.ranking import Question, Ranked
from .domain.segment import Segment
from .domain.similarity import likenesses
from .ports import States, VectorSearch

log = get_logger(__name__)

CANDIDATES = 100
ESTIMATED = 256
STATE_POOL = 5000
MAX_EMBEDDED = 2000


@dataclass(frozen=True, slots=True)
class Parts:
    """What recall is made of."""

    store: Store
    embedder: Embedder
    lexicon: Lexicon
    vectors: VectorSearch
    states: States
    cosine_floor: float


class Recaller:
    def __init__(self, parts: Parts) -> None:
        self._p = parts
        self._seconds = histogram("qbtc_cio_recall_seconds", "Time of a recall, by part", ("part",))

    async def recall(self, question: Question, state: State | None = None) -> Recall:
        """The best memories that the asker may see; no hits when nothing speaks to the question."""
        vector = await self._embedded(question.text)
        async with self._p.store.transaction(user=question.person) as conn:
            return await self._search(conn, question, vector, state)

    async def recall_all(self, questions: Sequence[Question]) -> list[list[tuple[Ranked, Memory]]]:
        """What each question of one person finds, best first: one call of the model, one transaction."""
        if not questions:
            return []
        vectors = await self._embedded_all([q.text for q in questions])
        async with self._p.store.transaction(user=questions[0].person) as conn:
            return [await self._found(conn, q, v, None) for q, v in zip(questions, vectors, strict=True)]

    async def recall_in(self, conn: Connection, question: Question, state: State | None = None) -> Recall:
        """The same in a transaction that is open already and runs as the person of the question."""
        return await self._search(conn, question, await self._embedded(question.text), state)

    async def _search(
        self,
        conn: Connection,
        question: Question,
        vector: Vectors | None,
        state: State | None,
    ) -> Recall:
        found = await self._found(conn, question, vector, state)
        if question.person is not None:
            await recalled.note(conn, question.person, [memory.memory_id for _, memory in found])
        return Recall(hits=tuple(_hit(*one) for one in found), searched=self._p.lexicon.size(question.person))

    async def _found(
        self,
        conn: Connection,
        question: Question,
        vector: Vectors | None,
        state: State | None,
    ) -> list[tuple[Ranked, Memory]]:
        started = time.perf_counter()
        likeness = {} if state is None else await self._alike(conn, question, state)
        evidence = await self._evidence(conn, question, vector, likeness)
        ranked = rules.rank(evidence, likeness, question.limit)
        known = await memories.by_ids(conn, [r.memory_id for r in ranked])
        self._seconds.labels("search").observe(time.perf_counter() - started)
        return [(r, known[r.memory_id]) for r in ranked if r.memory_id in known]

    async def _embedded(self, text: str) -> Vectors | None:
        return (await self._embedded_all([text]))[0]

    async def _embedded_all(self, texts: Sequence[str]) -> list[Vectors | None]:
        """The queries' vectors; None for no text, and for all when the model fails: then the other legs answer."""
        asked = [i for i, text in enumerate(texts) if text.strip() and "\x00" not in text]
        found: list[Vectors | None] = [None] * len(texts)
        if not asked:
            return found
        with self._seconds.labels("embed").time():
            try:
                rows = await self._p.embedder.embed([texts[i][:MAX_EMBEDDED] for i in asked], "query")
            except (QbtcError, RuntimeError, OSError, ImportError) as error:
                log.error(
                    "the query could not be embedded",
                    error=f"{type(error).__name__}: {error}",
                )
                return found
        for i, row in zip(asked, rows, strict=True):
            found[i] = row
        return found

    async def _evidence(
        self, conn: Connection, q: Question, vector: Vectors | None, alike: Collection[str]
    ) -> dict[str, Floats]:
        """Evidence by memory for those that can be among the best, and for those whose states are alike."""
        segments = await self._p.lexicon.segments(conn, q.person)
        asked = Asked(q.text, tuple(query_terms(q.text)), self._p.cosine_floor)
        words = [segment.best(asked.terms, scope=q.scope, kinds=q.kinds, limit=CANDIDATES) for segment in segments]
        near = {} if vector is None else await self._nearest(conn, q, vector, segments)
        lexical = [key for found in words for key in found]
        kept = rules.plausible(near, floor=self._p.cosine_floor, lexical=lexical)
        return {
            key: row
            for segment, seeds in zip(segments, words, strict=True)
            for key, row in weighed(segment, q, asked, seeds, kept, alike).items()
        }

    async def _nearest(
        self, conn: Connection, q: Question, vector: Vectors, segments: Sequence[Segment]
    ) -> dict[str, float]:
        near = [key for s in segments for key in s.nearest(vector, scope=q.scope, kinds=q.kinds, limit=ESTIMATED)]
        if not near:
            return {}
        return await self._p.vectors.exact(conn, vector, identity=self._p.embedder.identity, ids=near, limit=CANDIDATES)

    async def _alike(self, conn: Connection, q: Question, state: State) -> dict[str, float]:
        ids = await memories.with_state(conn, scope=q.scope, kinds=q.kinds, limit=STATE_POOL)
        known = await self._p.states.get(conn, ids)
        return best_alike(state, known, CANDIDATES)


def weighed(
    segment: Segment,
    question: Question,
    asked: Asked,
    lexical: Iterable[str],
    cosines: Mapping[str, float],
    alike: Collection[str] = (),
) -> dict[str, Floats]:
    """Evidence by memory for what words or vectors found in the segment and what stands around it.

    Only those that can be among the best of the question, whatever their ids, and those that are alike besides.
    """
    slots = candidates(segment, {*lexical, *cosines}, scope=question.scope, kinds=question.kinds)
    rows = evidence(segment, slots, asked, cosines)
    kept = np.union1d(rules.shortlist(rows, question.limit), np.flatnonzero(np.isin(slots, segment.slots_of(alike))))
    return {segment.ids[slots[at]]: rows[at] for at in kept.tolist()}


def best_alike(state: State, known: dict[str, State], limit: int) -> dict[str, float]:
    """Positive likeness scores, best first: a mirrored moment is no likeness."""
    if not known:
        return {}
    keys = list(known)
    vectors = np.stack([known[key].vector for key in keys])
    found = likenesses(state, vectors, np.array([known[key].intensity for key in keys]))
    scored = sorted(
        ((s.score, key) for key, s in zip(keys, found, strict=True) if s.score > 0),
        reverse=True,
    )
    return {key: score for score, key in scored[:limit]}


def _hit(ranked: Ranked, memory: Memory) -> MemoryHit:
    return MemoryHit(
        memory_id=memory.memory_id,
        text=memory.text,
        kind=memory.kind,
        scope=memory.scope,
        happened_at=memory.happened_at,
        score=ranked.score,
        legs=dict(ranked.legs),
        symbol=memory.symbol,
        metadata=dict(memory.metadata),
    )
