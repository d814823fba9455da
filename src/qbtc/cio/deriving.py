"""The background task that reads facts out of what people said, in the order in which it was kept.

A portion is judged by the rules of `domain/promotion` against what its place (an owner and a scope) knows already and
what the person behind each memory was shown: the other turns of the conversation, and what the memory itself gave them in
the last hours. What is promoted becomes statements with the memory as evidence. No model; nothing that is read is ever obeyed.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from qbtc.core.language import sentences
from qbtc.kit.ids import uuid7
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import facts, memories, recalled
from .adapters.facts import Known, Place, Statement, Unread
from .adapters.recalled import Shown
from .domain.intervals import nanoseconds
from .domain.promotion import Gate, Gist, Item, Refusal, Role, gist_of, refusal_of, refusal_of_sentence
from .domain.promotion import Said as Judged
from .domain.promotion_words import without_frame, without_quotations
from .domain.speaking import role_of, speaker_of
from .domain.statements import Reading, read, validity
from .domain.tracking import Said
from .rounds import Rounds

log = get_logger(__name__)

PORTION: Final = 200
BESIDE: Final = 400
"""Turns of the same conversations that are looked at for echoes, at most."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a portion of one place is judged against. `turns` are memories of the same conversations, `shown` is by person, oldest first."""

    known: Sequence[Known] = ()
    turns: Sequence[Unread] = ()
    shown: Mapping[str, Sequence[Shown]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Derived:
    """Statements by memory, how many sentences were refused by reason, and what could not be read."""

    statements: Sequence[Statement]
    refused: Counter[Refusal]
    failed: Mapping[str, Exception]


class Deriving(Rounds):
    """Reads memories that were not read yet."""

    def __init__(self, store: Store, wake: asyncio.Event, *, echo_hours: float) -> None:
        super().__init__(store, wake)
        self._echo = timedelta(hours=echo_hours)
        self._sentences = counter("qbtc_cio_sentences_total", "Sentences judged as facts", ("outcome",))

    async def portion(self, person: str | None) -> int:
        async with self._store.transaction(user=person) as conn:
            waiting = await facts.unread(conn, person, limit=PORTION)
        for place, items in by_place(waiting).items():
            await self._derive(person, place, items)
        return len(waiting)

    async def _derive(self, person: str | None, place: Place, items: Sequence[Unread]) -> None:
        shown = {name: await self._shown(name, items) for name in {i.speaker for i in items if i.speaker}}
        stems = await asyncio.to_thread(stems_in, items)
        async with self._store.transaction(user=person) as conn:
            known = await facts.known(conn, place, stems)
            turns = await self._turns(conn, place, items)
        derived = await asyncio.to_thread(derive, items, Context(known, turns, shown))
        async with self._store.transaction(user=person) as conn:
            await write(conn, place, items, derived)
        self._tell(derived)

    async def _shown(self, person: str, items: Sequence[Unread]) -> list[Shown]:
        """What this person was shown, read as this person: it may be private."""
        first, last = min(i.ingested_at for i in items), max(i.ingested_at for i in items)
        async with self._store.transaction(user=person) as conn:
            return await recalled.between(conn, person, first - self._echo, last)

    async def _turns(self, conn: Connection, place: Place, items: Sequence[Unread]) -> list[Unread]:
        talks = sorted({i.session for i in items if i.session is not None})
        return await facts.beside(conn, place, talks, items[-1].place, limit=BESIDE) if talks else []

    def _tell(self, derived: Derived) -> None:
        for memory_id, error in derived.failed.items():
            log.error("a memory cannot be read for facts", memory_id=memory_id, exc_info=error)
        for reason, count in derived.refused.items():
            self._sentences.labels(reason).inc(count)
        for one in derived.statements:
            self._sentences.labels("supports" if one.supports else "promoted").inc()


async def write(conn: Connection, place: Place, items: Sequence[Unread], derived: Derived) -> None:
    """Statements of the memories that are still there, their facts, and the mark that they were read."""
    await facts.turn(conn, place.owner)
    there = set(await memories.lock_present(conn, [item.memory_id for item in items]))
    new = [one for one in derived.statements if one.said.memory_id in there]
    await facts.rebuild(conn, await facts.put(conn, place, new, new_track=(uuid7() for _ in new)))
    await facts.mark(conn, sorted(there - set(derived.failed)), "done")
    await facts.mark(conn, sorted(there & set(derived.failed)), "failed")


def by_place(items: Iterable[Unread]) -> dict[Place, list[Unread]]:
    """Items by whose they are and in which scope, each in order."""
    found: dict[Place, list[Unread]] = defaultdict(list)
    for item in items:
        found[Place(item.owner, item.scope)].append(item)
    return found


def stems_in(items: Iterable[Unread]) -> set[str]:
    """Stems of what may become a fact."""
    said = (without_quotations(i.text) for i in items if refusal_of(_item(i)) is None)
    return {
        s for text in said for one in sentences(text) if refusal_of_sentence(one) is None for s in gist_of(one).stems
    }


def derive(items: Sequence[Unread], context: Context) -> Derived:
    """What the items of one place say; pure. A text on which a rule fails is named with its error and holds up no other."""
    desk = _Desk(context)
    found, refused, failed = list[Statement](), Counter[Refusal](), dict[str, Exception]()
    for item in items:
        try:
            outcomes = desk.judged(item)
        except Exception as error:
            failed[item.memory_id] = error
            continue
        refused.update(one.refused for one in outcomes if one.refused is not None)
        for one in outcomes:
            if one.refused is None:
                found.extend(desk.statements(item, one))
    return Derived(found, refused, failed)


class _Desk:
    """The gates of a portion, one a speaker, and what is known by sentence."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._gates: dict[str, Gate] = {}
        self._known = {(one.memory_id, one.sentence): (one.key, one.topical) for one in context.known}
        self._told: set[tuple[str, str]] = set()
        self._shown: Counter[str] = Counter()

    def judged(self, item: Unread) -> list[Judged]:
        """Each sentence of the item, promoted, supporting or refused."""
        name = _speaker(item) or ""
        gate = self._gate(name)
        self._recalled(gate, name, item)
        for turn in self._turns_before(item):
            if (name, turn.memory_id) not in self._told:
                self._told.add((name, turn.memory_id))
                gate.recalled(_talk(item), [turn.text])
        return gate.judge(_item(item))

    def statements(self, item: Unread, judged: Judged) -> list[Statement]:
        """The statements of a promoted or supporting sentence."""
        speaker = _speaker(item)
        if speaker is None:
            return []
        found = [
            _statement(item, judged, reading, speaker, follows=follows)
            for reading in read(_whole(judged), speaker)
            for follows in self._follows(reading, judged)
        ]
        if judged.promoted and found:
            self._known[item.memory_id, judged.sentence] = (found[-1].key, found[-1].said.topical)
        return found

    def _follows(self, reading: Reading, judged: Judged) -> list[str | None]:
        """The key that the reading goes with: its own (None), or that of what it repeats; none for a paraphrase of a relation."""
        known = self._known.get((judged.supports or "", judged.repeats))
        if known is None or reading.value != _whole(judged) or reading.key == known[0]:
            return [None]
        return [known[0]] if known[1] else []

    def _recalled(self, gate: Gate, name: str, item: Unread) -> None:
        """Tell the gate what the memory showed this person up to then, each text once."""
        shown, told = self._context.shown.get(item.speaker or "", ()), self._shown[name]
        before = [one.text for one in shown[told:] if one.at <= item.ingested_at]
        gate.recalled(None, before)
        self._shown[name] += len(before)

    def _gate(self, speaker: str) -> Gate:
        if speaker not in self._gates:
            gate = self._gates[speaker] = Gate()
            for one in self._context.known:
                if one.said_by == speaker:
                    gate.known.add(_gist(one), one.memory_id, one.sentence)
        return self._gates[speaker]

    def _turns_before(self, item: Unread) -> list[Unread]:
        """What others than people said in this conversation before."""
        turns = (
            turn for turn in self._context.turns if turn.session == item.session is not None and turn.place < item.place
        )
        return [turn for turn in turns if _role(turn) != "person"]


def _statement(item: Unread, judged: Judged, reading: Reading, speaker: str, *, follows: str | None) -> Statement:
    said = Said(
        memory_id=item.memory_id,
        order=item.place,
        sentence=_whole(judged),
        about=reading.about,
        value=reading.value,
        denies=reading.denies,
        valid=validity(judged.sentence, item.happened_at),
        known_at=nanoseconds(item.ingested_at),
        confidence=reading.confidence,
    )
    stems = gist_of(judged.sentence).stems
    return Statement(said, reading.key, speaker, stems, judged.supports is not None, follows)


def _whole(judged: Judged) -> str:
    return " ".join(without_frame(judged.sentence).split())


def _gist(known: Known) -> Gist:
    made = gist_of(known.sentence)
    return Gist(known.stems, made.numbers, made.negated)


def _item(item: Unread) -> Item:
    return Item(item.memory_id, item.text, _role(item), _talk(item))


def _talk(item: Unread) -> str:
    """The conversation; what belongs to none stands alone."""
    return item.session if item.session is not None else f"alone:{item.memory_id}"


def _role(item: Unread) -> Role:
    return role_of(item.kind, item.author, item.metadata, item.speaker or item.owner)


def _speaker(item: Unread) -> str | None:
    return speaker_of(item.author, item.speaker, item.owner)
