"""A scope as it can be carried elsewhere: memories with the statements that rest on them, from which the facts follow again.

A statement comes with its memory or not at all, and only one whose sentence is in the text of that memory, so that a file
cannot bring facts that nobody said. Bringing the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from qbtc.core.language import tokens
from qbtc.kit.store.pool import Connection

from .adapters import facts, memories
from .adapters.facts import Carried, Place
from .domain.facts import About
from .domain.intervals import FOREVER, Interval, nanoseconds
from .domain.promotion import gist_of
from .domain.statements import key_of
from .domain.tracking import Said
from .errors import BadMemory

TRACKS = UUID("6f1d6c1e-3a52-4c5a-9f0e-2b8d3d7a9c11")


@dataclass(frozen=True, slots=True)
class Brought:
    """A statement from elsewhere. `track` names the statements of one thing there; times have an offset, None is open."""

    track: str
    sentence: str
    said_by: str
    subject: str
    predicate: str
    value: str
    denies: bool
    supports: bool
    valid_from: datetime | None
    valid_until: datetime | None
    known_at: datetime
    confidence: float


async def bring_statements(conn: Connection, place: Place, given: Mapping[str, Sequence[Brought]]) -> int:
    """Write statements by the given ids of their memories, which are there; returns how many came. Raises BadMemory."""
    known = await memories.given(conn, place.scope, list(given))
    found = [
        (known[name].memory_id, known[name].text, one)
        for name, all_of_it in given.items()
        if name in known
        for one in all_of_it
    ]
    made = [_carried(memory_id, text, place, one, order) for order, (memory_id, text, one) in enumerate(found)]
    await facts.turn(conn, place.owner)
    tracks = await facts.carry(conn, place, made)
    await facts.rebuild(conn, tracks)
    await facts.mark(conn, sorted({one.said.memory_id for one in made}), "done")
    return len(made)


def _carried(memory_id: str, text: str, place: Place, one: Brought, order: int) -> Carried:
    if not _said_in(one.sentence, text):
        raise BadMemory(f"the statement {one.sentence[:80]!r} is not in the text of its memory", field="statements")
    try:
        about = About(one.subject, one.predicate)
        start = nanoseconds(one.valid_from) if one.valid_from else Interval().start
        valid = Interval(start, nanoseconds(one.valid_until) if one.valid_until else FOREVER)
        known = nanoseconds(one.known_at)
    except (ValueError, TypeError) as error:
        raise BadMemory(f"a statement cannot be kept: {error}", field="statements") from None
    said = Said(memory_id, order, one.sentence, about, one.value, one.denies, valid, known, one.confidence)
    track = str(uuid5(TRACKS, f"{place.owner or ''}\n{place.scope}\n{one.track}"))
    return Carried(said, key_of(about), one.said_by, gist_of(one.sentence).stems, one.supports, track)


def _said_in(sentence: str, text: str) -> bool:
    """Whether the words of the sentence come in the text in their order."""
    words = iter(tokens(text))
    return bool(tokens(sentence)) and all(word in words for word in tokens(sentence))
