"""Recall that learns from use: a person's word on a hit teaches, and now and then another champion ranks.

The question is ranked again at that moment, so nothing of what people ask has to be kept for learning: the list that
is learned from is the one that recall would show now. A word counts once a person, question and memory. Row locks put the
words of all replicas in one order; the champion changes in the transaction of the word that decided it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from qbtc.kit.clock import Clock
from qbtc.kit.errors import Conflict
from qbtc.kit.metrics import counter
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import evolution_rows, self_rows
from .domain.evolution import Evolution, Rule, evolving
from .domain.learning import LONGEST, Feedback, FeedbackRefused
from .domain.ranking import WEIGHTS, Question
from .domain.versions import Version, VersionRefused
from .errors import BadFeedback
from .knowing import signed
from .recalling import Recaller


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says of one hit of their question."""

    question: Question
    memory_id: str
    helpful: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """`events` so far, the champion's version now, and whether this word changed it."""

    events: int
    champion: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Evolving:
    store: Store
    recaller: Recaller
    clock: Clock
    rule: Rule = field(default_factory=Rule)

    async def learn(self, word: Word) -> Learned:
        """Raises BadFeedback for a memory that is not among the hits, Conflict for a second word on the same hit."""
        person = word.question.person
        if person is None:
            raise BadFeedback("only a person can say that a hit helped")
        ids, rows = await self.recaller.listed(replace(word.question, limit=LONGEST))
        if word.memory_id not in ids:
            raise BadFeedback(
                f"memory {word.memory_id!r} is not among the first {LONGEST} hits of this question", field="memory_id",
                allowed="an id that POST /recall lists for the same text, scope and kinds",
            )  # fmt: skip
        place, name = ids.index(word.memory_id), asked(word.question)
        useful, useless = ((place,), ()) if word.helpful else ((), (place,))
        async with self.store.transaction(user=person) as conn:
            before = await evolution_rows.say(conn, person, name, word.memory_id, word.helpful)
            if before is not None:
                raise Conflict(f"you said already that this hit was {'helpful' if before else 'not helpful'} for this question")
            now = await self._locked(conn)
            try:
                told = Feedback(rows, useful, self.clock.now_ns(), useless, name)
            except FeedbackRefused as error:
                raise BadFeedback(str(error)) from None
            after = now.after(told)
            await evolution_rows.save(conn, after)
        counter("qbtc_cio_feedback_total", "Words on hits", ("helpful",)).labels(str(word.helpful).lower()).inc()
        return Learned(after.events, after.history.current.number, after.history is not now.history)

    async def _locked(self, conn: Connection) -> Evolution:
        """What was learned, locked; begun with the weights of this release when there is nothing yet."""
        found = await evolution_rows.load(conn, self.rule, lock=True)
        if found is not None:
            return found
        fresh = evolving(WEIGHTS, at=self.clock.now_ns(), rule=self.rule)
        known = await self_rows.history(conn, "recall")
        if known is not None:
            history = known.commit(WEIGHTS, at=self.clock.now_ns(), reason="the evidence has other columns now")
            fresh = replace(fresh, history=history)  # type: ignore[arg-type]
        await evolution_rows.save(conn, fresh)
        return await evolution_rows.load(conn, self.rule, lock=True) or fresh

    async def now(self, conn: Connection) -> Evolution:
        return await evolution_rows.load(conn, self.rule) or evolving(WEIGHTS, at=self.clock.now_ns(), rule=self.rule)

    async def undo(self, person: str) -> Version[float]:
        """Back to the champion before; the learners begin again from there."""
        async with self.store.transaction() as conn:
            found = await evolution_rows.load(conn, self.rule, lock=True)
            if found is None:
                raise Conflict("nothing was learned from use yet, so there is nothing to undo")
            try:
                back = found.undone(self.clock.now_ns())
            except VersionRefused as error:
                raise Conflict(str(error)) from None
            last: Version[float] = signed(back.history, person)  # type: ignore[arg-type,assignment]
            history = replace(back.history, versions=(*back.history.versions[:-1], last))
            await evolution_rows.save(conn, replace(back, history=history))
        return last


def asked(question: Question) -> str:
    """A name of what was asked: the same words in the same scope and kinds, the same name."""
    words = " ".join(question.text.casefold().split())
    return hashlib.sha256("\x00".join([words, question.scope or "", *sorted(question.kinds)]).encode()).hexdigest()
