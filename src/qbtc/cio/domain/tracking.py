"""One track of statements to rows: what is believed about one thing, in both times, whatever the order they came in.

The rows are a function of the statements alone, so an erasure is the same function of those left. Two rules on top of the ledger:

- What was said about an earlier time never overrides what was said about a later one: an assertion ends where a
  known one that begins later, with another value, begins.
- A sentence that says the same in other words supports the value that is there, over all the time since that began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .contradiction import same_value, sentence_conflict
from .facts import About, Assertion, Denial, Fact, Statement
from .intervals import BEGINNING, Interval
from .ledger import Ledger


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of a track: `memory_id` is its evidence, `order` breaks ties of `known_at`."""

    memory_id: str
    order: int
    sentence: str
    about: About
    value: str
    denies: bool
    valid: Interval
    known_at: int
    confidence: float

    @property
    def topical(self) -> bool:
        """Whether its value is the sentence itself."""
        return self.value == self.sentence


def rows_of(statements: Sequence[Said]) -> list[Fact]:
    """Every row ever believed, superseded ones too, in the words of the first statement left."""
    ordered = sorted(statements, key=lambda one: (one.known_at, one.order))
    if not ordered:
        return []
    ledger, about, taken = Ledger(), ordered[0].about, list[Said]()
    for one in ordered:
        told = replace(one, value=_spelled(one, taken))
        ledger.add(_statement(about, replace(told, valid=_validity(told, taken))))
        taken.append(told)
    return sorted(ledger.rows(), key=lambda row: (row.known.start, row.valid.start))


def _statement(about: About, one: Said) -> Statement:
    evidence = frozenset((one.memory_id,))
    if one.denies:
        return Denial(about, one.value, one.known_at, one.valid, evidence)
    return Assertion(about, one.value, evidence, one.known_at, one.valid, one.confidence)


def _spelled(one: Said, taken: Sequence[Said]) -> str:
    """The value as the newest statement that says the same spelled it."""
    for known in reversed(taken):
        if same_value(known.value, one.value):
            return known.value
        topical = one.topical and known.topical
        if topical and not (one.denies or known.denies) and sentence_conflict(known.sentence, one.sentence) is None:
            return known.value
    return one.value


def _validity(one: Said, taken: Sequence[Said]) -> Interval:
    """Joined to what it supports, and cut where a statement known before says something else of a later time."""
    if one.denies:
        return one.valid
    others = [known.valid.start for known in taken if known.denies or known.value != one.value]
    same = [known.valid.start for known in taken if not known.denies and known.value == one.value]
    since = max((at for at in others if at <= one.valid.start), default=BEGINNING)
    start = min((at for at in same if since < at <= one.valid.start), default=one.valid.start)
    end = min((at for at in others if at > one.valid.start), default=one.valid.end)
    return Interval(start, end)
