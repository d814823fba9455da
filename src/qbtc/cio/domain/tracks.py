"""The rows of one subject and predicate: what is believed now, in order of validity, and what was believed before.

The rows believed now never overlap, so each moment of event time has at most one value, found by bisection. A statement
cuts the rows that it overlaps, ends the knowledge of the originals at its ingest time, and puts the pieces back. Rows
that were believed for no time (several statements of one ingest time) leave no trace. For the many values of a predicate
that is not single there is a track a value. Cost of a statement: the rows it overlaps, plus a list insertion.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from operator import attrgetter

from .facts import Assertion, Denial, Fact, Statement, name_of
from .intervals import FOREVER, Interval

_START = attrgetter("valid.start")
_END = attrgetter("valid.end")


@dataclass(slots=True)
class Track:
    """`current` is sorted by validity without overlap; `past` in the order in which its rows ceased to be believed."""

    current: list[Fact] = field(default_factory=list)
    past: list[Fact] = field(default_factory=list)

    def add(self, statement: Statement) -> None:
        """Take a statement, whose ingest time is not before any that was added."""
        low, high = self._overlapped(statement.valid)
        touched = self.current[low:high]
        self.current[low:high] = _after(touched, statement)
        known = statement.known_at
        ended = [row for row in touched if row.known.start < known and not _leaves(row, statement)]
        self.past.extend(replace(row, known=Interval(row.known.start, known)) for row in ended)

    def at(self, valid_at: int, known_at: int) -> Fact | None:
        """The row believed at `known_at` about `valid_at`."""
        found = self._now(valid_at)
        if found is not None and known_at in found.known:
            return found
        return next((row for row in self.past if known_at in row.known and valid_at in row.valid), None)

    def rows(self) -> Iterator[Fact]:
        """Every row that was ever believed, superseded ones first."""
        yield from self.past
        yield from self.current

    def _now(self, valid_at: int) -> Fact | None:
        place = bisect_right(self.current, valid_at, key=_START) - 1
        return self.current[place] if place >= 0 and valid_at in self.current[place].valid else None

    def _overlapped(self, valid: Interval) -> tuple[int, int]:
        return bisect_right(self.current, valid.start, key=_END), bisect_left(self.current, valid.end, key=_START)


def _after(touched: list[Fact], statement: Statement) -> list[Fact]:
    """What is believed, where `touched` was, once the statement is known; in order of validity."""
    rows: list[Fact] = []
    free = [statement.valid]
    for row in touched:
        if _leaves(row, statement):
            rows.append(row)
            continue
        rows.extend(_fresh(row, piece, statement.known_at) for piece in row.valid.without(statement.valid))
        shared = row.valid.common(statement.valid)
        if isinstance(statement, Assertion) and shared and name_of(row.value) == name_of(statement.value):
            rows.append(_supported(row, shared, statement))
            free = [piece for one in free for piece in one.without(shared)]
    if isinstance(statement, Assertion):
        rows.extend(_new(piece, statement) for piece in free)
    return sorted(rows, key=_START)


def _leaves(row: Fact, statement: Statement) -> bool:
    """A denial of another value does not touch the row."""
    return (
        isinstance(statement, Denial) and statement.value is not None and name_of(statement.value) != name_of(row.value)
    )


def _fresh(row: Fact, valid: Interval, known_at: int) -> Fact:
    return replace(row, valid=valid, known=Interval(known_at, FOREVER))


def _supported(row: Fact, valid: Interval, assertion: Assertion) -> Fact:
    return replace(_fresh(row, valid, assertion.known_at), support=(*row.support, assertion))


def _new(valid: Interval, assertion: Assertion) -> Fact:
    return Fact(assertion.about, assertion.value, valid, Interval(assertion.known_at, FOREVER), (assertion,))
