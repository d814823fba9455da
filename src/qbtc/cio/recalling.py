"""Recall from question to hits: asks each leg, fuses, and reads the hits under the asker's row policy."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from qbtc.contracts.memory import MemoryHit, NamedTime, Recall
from qbtc.core.language import query_terms
from qbtc.core.language.text26 import text_state
from qbtc.core.language.time_span import TimeSpan
from qbtc.kit.clock import Clock, SystemClock
from qbtc.kit.embedding import Embedder, Vectors
from qbtc.kit.errors import QbtcError
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import histogram
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import identities, memories, narrowing, recalled, text_states
from .adapters.lexicon import Lexicon
from .domain import ranking as rules
from .domain.abstention import DEPTH
from .domain.evidence import NAMES, Asked, Floats, candidates, evidence
from .domain.judge import probability_of
from .domain.memory import Memory, State
from .domain.ranking import Question, Ranked
from .domain.reading import named_time, seconds
from .domain.segment import EVERYTHING, Segment, Slots
from .domain.similarity import likeness, likenesses
from .ports import States, VectorSearch

log = get_logger(__name__)

CANDIDATES = 100
ESTIMATED = 256
STATE_POOL = 5000
MAX_EMBEDDED = 2000
SPARE = 20
"""Hits looked at beyond the limit where some may have been superseded."""


Champion = Callable[[Connection], Awaitable[Mapping[str, float]]]


async def shipped(_conn: Connection) -> Mapping[str, float]:
    """The weights of this release, where nothing was learned from use."""
    return rules.WEIGHTS


@dataclass(frozen=True, slots=True)
class Parts:
    """What recall is made of; `champion` says by which weights it ranks now."""

    store: Store
    embedder: Embedder
    lexicon: Lexicon
    vectors: VectorSearch
    states: States
    cosine_floor: float
    answer_threshold: float = 0.25
    clock: Clock = field(default_factory=SystemClock)
    champion: Champion = shipped


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question finds, best first, and what is known about it. `rows` is the evidence of the hits, by memory."""

    found: list[tuple[Ranked, Memory]]
    rows: Mapping[str, Floats]
    probability: float | None
    threshold: float
    time: TimeSpan | None
    foreign_model: str | None = None
    erased_since: int = 0

    @property
    def abstained(self) -> bool:
        return self.probability is not None and self.probability < self.threshold


class Recaller:
    def __init__(self, parts: Parts) -> None:
        self._p = parts
        self._seconds = histogram("qbtc_cio_recall_seconds", "Time of a recall, by part", ("part",))

    @property
    def threshold(self) -> float:
        """Below this probability the answer is that there is none."""
        return self._p.answer_threshold

    async def recall(self, question: Question, state: State | None = None) -> Recall:
        """The best memories that the asker may see; no hits when nothing speaks to the question."""
        vector = await self._embedded(question.text)
        async with self._p.store.transaction(user=question.person) as conn:
            # All that it writes is what was shown; a crash of the database may lose that, an answer does not wait for the disk.
            await conn.execute("SET LOCAL synchronous_commit = off")
            return await self._search(conn, question, vector, state)

    async def recall_all(self, questions: Sequence[Question]) -> list[Answer]:
        """What each question of one person finds, best first: one call of the model, one transaction."""
        if not questions:
            return []
        vectors = await self._embedded_all([q.text for q in questions])
        async with self._p.store.transaction(user=questions[0].person) as conn:
            return [await self._found(conn, q, v, None) for q, v in zip(questions, vectors, strict=True)]

    async def recall_in(self, conn: Connection, question: Question, state: State | None = None) -> Recall:
        """The same in a transaction that is open already and runs as the person of the question."""
        return await self._search(conn, question, await self._embedded(question.text), state)

    async def listed(self, question: Question) -> tuple[list[str], Floats]:
        """The ids of the best `question.limit` memories as they are listed now, and the evidence for each (n, columns)."""
        vector = await self._embedded(question.text)
        async with self._p.store.transaction(user=question.person) as conn:
            answer = await self._found(conn, question, vector, None)
        ids = [memory.memory_id for _, memory in answer.found if memory.memory_id in answer.rows]
        return ids, np.stack([answer.rows[one] for one in ids]) if ids else np.zeros((0, len(NAMES)))

    async def _search(
        self,
        conn: Connection,
        question: Question,
        vector: Vectors | None,
        state: State | None,
    ) -> Recall:
        answer = await self._found(conn, question, vector, state)
        keys = [memory.memory_id for _, memory in answer.found]
        if question.person is not None:
            await recalled.note(conn, question.person, keys)
        shown = await self._overlaps(conn, question.text, keys)
        return Recall(
            hits=tuple(_hit(*one, answer.rows, shown) for one in answer.found),
            searched=self._p.lexicon.size(question.person),
            probability=answer.probability,
            threshold=answer.threshold,
            abstained=answer.abstained,
            named_time=_shown_time(answer.time),
            foreign_model=answer.foreign_model,
            erased_since=answer.erased_since,
        )

    async def _found(
        self,
        conn: Connection,
        question: Question,
        vector: Vectors | None,
        state: State | None,
    ) -> Answer:
        started = time.perf_counter()
        question = await _narrowed(conn, question)
        segments = await self._p.lexicon.segments(conn, question.person)
        span = self._named_time(question, segments)
        alike = {} if state is None else await self._alike(conn, question, state, segments)
        asked = Asked(question.text, tuple(query_terms(question.text)), self._p.cosine_floor, seconds(span))
        evidence = await self._evidence(conn, question, asked, vector, segments, alike)
        spare = SPARE if await narrowing.any_superseded(conn) else 0
        ranked = rules.rank(evidence, alike, question.limit + spare, await self._p.champion(conn))
        known = await memories.by_ids(conn, [r.memory_id for r in ranked])
        found = [
            (r, known[r.memory_id]) for r in ranked if r.memory_id in known and _stands(known[r.memory_id], question)
        ]
        known_at = question.filters.known_at
        answer = Answer(
            found[: question.limit],
            evidence,
            _judged(question, vector, state, list(evidence.values()), sum(map(len, segments))),
            self._p.answer_threshold,
            span,
            await identities.foreign(conn, self._p.embedder.identity),
            0 if math.isinf(known_at) else await narrowing.erased_since(conn, known_at, question.scope),
        )
        self._seconds.labels("search").observe(time.perf_counter() - started)
        return answer

    def _named_time(self, q: Question, segments: Sequence[Segment]) -> TimeSpan | None:
        def newest() -> float | None:
            times = (segment.newest(q.scope, q.kinds, q.filters) for segment in segments)
            return max((at for at in times if at is not None), default=None)

        return named_time(q.text, clock=self._p.clock.now(), asked_at=q.asked_at, newest=newest)

    async def _overlaps(self, conn: Connection, text: str, keys: Sequence[str]) -> dict[str, dict[str, float]]:
        """How like the text states are: shown with each hit, of no weight (bench/locomo)."""
        states = await text_states.of(conn, keys) if keys and text.strip() else {}
        if not states:
            return {}
        asked = await asyncio.to_thread(text_state, text)
        own = State(asked.vector, asked.intensity)
        found = {key: likeness(own, State(other.vector, other.intensity)) for key, other in states.items()}
        return {
            key: {"overlap": one.overlap, "fidelity": one.fidelity, "intensity_ratio": one.ratio}
            for key, one in found.items()
        }

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
        self,
        conn: Connection,
        q: Question,
        asked: Asked,
        vector: Vectors | None,
        segments: Sequence[Segment],
        alike: Collection[str],
    ) -> dict[str, Floats]:
        """Evidence by memory for those that can be among the best, and for those whose states are alike."""
        scans = [] if vector is None else [_scan(segment, q, vector) for segment in segments]
        words = [
            segment.best(asked.terms, scope=q.scope, kinds=q.kinds, filters=q.filters, limit=CANDIDATES)
            for segment in segments
        ]
        then = [_timely(segment, q, asked.span) for segment in segments]
        names = [key for segment, scan in zip(segments, scans, strict=False) for key in segment.names(await scan)]
        near = {} if vector is None else await self._nearest(conn, vector, names)
        lexical = [key for found in words for key in found]
        kept = rules.plausible(near, floor=self._p.cosine_floor, lexical=lexical)
        return {
            key: row
            for segment, seeds, timely in zip(segments, words, then, strict=True)
            for key, row in weighed(segment, q, asked, [*seeds, *timely], kept, alike).items()
        }

    async def _nearest(self, conn: Connection, vector: Vectors, names: Sequence[str]) -> dict[str, float]:
        """The exact cosines of the nearest of these memories."""
        if not names:
            return {}
        identity = self._p.embedder.identity
        return await self._p.vectors.exact(conn, vector, identity=identity, ids=names, limit=CANDIDATES)

    async def _alike(
        self, conn: Connection, q: Question, state: State, segments: Sequence[Segment]
    ) -> dict[str, float]:
        ids = await memories.with_state(conn, scope=q.scope, kinds=q.kinds, limit=STATE_POOL)
        if q.filters is not EVERYTHING:
            ids = [key for segment in segments for key in _allowed(segment, ids, q)]
        known = await self._p.states.get(conn, ids)
        return best_alike(state, known, CANDIDATES)


def _scan(segment: Segment, q: Question, vector: Vectors) -> asyncio.Future[Slots]:
    """The slots nearest to the vector; of a large segment on another processor, while this one looks for words."""
    loop, mask = asyncio.get_running_loop(), segment.mask(q.scope, q.kinds, q.filters)
    if segment.vectors.packed:
        return loop.run_in_executor(None, segment.vectors.nearest, vector, ESTIMATED, mask)
    found: asyncio.Future[Slots] = loop.create_future()
    found.set_result(segment.vectors.nearest(vector, ESTIMATED, mask))
    return found


def weighed(
    segment: Segment,
    question: Question,
    asked: Asked,
    lexical: Iterable[str],
    cosines: Mapping[str, float],
    alike: Collection[str] = (),
) -> dict[str, Floats]:
    """Evidence by memory for what words or vectors found in the segment and what stands around it.

    Only those that can be among the best of the question, whatever their ids, with some to spare for those that were
    superseded and for the judge, and those that are alike besides.
    """
    slots = candidates(
        segment, {*lexical, *cosines}, scope=question.scope, kinds=question.kinds, filters=question.filters
    )
    rows = evidence(segment, slots, asked, cosines)
    kept = np.union1d(
        rules.shortlist(rows, max(question.limit + SPARE, DEPTH)),
        np.flatnonzero(np.isin(slots, segment.slots_of(alike))),
    )
    return {segment.ids[slots[at]]: rows[at] for at in kept.tolist()}


def _judged(
    q: Question, vector: Vectors | None, state: State | None, rows: Sequence[Floats], searched: int
) -> float | None:
    """The judge has only seen questions in words, with their vectors."""
    if not q.text.strip() or state is not None or (rows and vector is None):
        return None
    return probability_of(rows, searched)


async def _narrowed(conn: Connection, q: Question) -> Question:
    """With the ids that the filters by session and metadata leave, which the segments do not know."""
    if not q.sessions and not q.metadata:
        return q
    only = await narrowing.among(conn, q.sessions, q.metadata)
    return replace(q, filters=replace(q.filters, only=only))


def _shown_time(span: TimeSpan | None) -> NamedTime | None:
    return None if span is None else NamedTime(text=span.text, start=span.start, end=span.end)


def _timely(segment: Segment, q: Question, span: tuple[float, float] | None) -> list[str]:
    """The memories of the time that the question names, if they are few enough to look at."""
    if span is None:
        return []
    since, until = span
    return segment.within(since, until, scope=q.scope, kinds=q.kinds, filters=q.filters, limit=CANDIDATES)


def _allowed(segment: Segment, ids: Sequence[str], q: Question) -> list[str]:
    slots = segment.slots_of(ids)
    return [segment.ids[slot] for slot in slots[segment.allowed(slots, q.scope, q.kinds, q.filters)].tolist()]


def _stands(memory: Memory, q: Question) -> bool:
    """Whether nothing had taken the memory's place at the time that is asked about."""
    at = memory.superseded_at
    return at is None or at.timestamp() > q.filters.known_at


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


def _hit(
    ranked: Ranked, memory: Memory, rows: Mapping[str, Floats], shown: Mapping[str, dict[str, float]]
) -> MemoryHit:
    row = rows.get(ranked.memory_id)
    numbers = {} if row is None else {name: float(value) for name, value in zip(NAMES, row, strict=True) if value}
    return MemoryHit(
        memory_id=memory.memory_id,
        text=memory.text,
        kind=memory.kind,
        scope=memory.scope,
        happened_at=memory.happened_at,
        score=ranked.score,
        legs=dict(ranked.legs),
        evidence=numbers | shown.get(ranked.memory_id, {}),
        symbol=memory.symbol,
        metadata=dict(memory.metadata),
        author=memory.author,
        session=memory.session,
        superseded_at=memory.superseded_at,
    )
