"""A replica: a set of events by (origin, sequence), and what it says about each item.

Merging is the join of a semilattice: the union of the events, closed under erasure (the numbers of an erased item leave
every event about it). So it is commutative, associative and idempotent, and replicas that have exchanged their events
in any order, any number of times, hold the same (Shapiro et al. 2011, conflict-free replicated data types).

Of several events about an item the one with the highest (formula, Lamport clock, origin, sequence) counts: a newer
formula is never overruled by an older one, and the rest is a total order that needs no synchronised clocks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .events import Event, Numbers, digest

Name = tuple[str, int]
Rank = tuple[int, int, str, int]


class Conflict(ValueError):
    """Two different events bear the same name: an origin was used twice, or an event was altered on its way."""

    def __init__(self, one: Event, other: Event) -> None:
        super().__init__(
            f"event {one.sequence} of {one.origin!r} is about {one.item!r} at {one.clock} here and about {other.item!r} "
            f"at {other.clock} there, or its numbers differ; an origin must never be used by two replicas"
        )
        self.name = one.name


@dataclass(frozen=True, slots=True)
class Replica:
    """`events` by name; `current` the event that counts for each item; `clock` the highest Lamport time seen."""

    events: Mapping[Name, Event]
    current: Mapping[str, Event]
    clock: int

    def __getitem__(self, item: str) -> Numbers | None:
        """The 26 numbers of `item`, None when it was erased; raises KeyError for an item never heard of."""
        return self.current[item].body


def empty() -> Replica:
    return Replica({}, {}, 0)


def append(replica: Replica, origin: str, item: str, body: Numbers) -> tuple[Replica, Event]:
    """The replica after its own statement, and the event to send. Raises ValueError for an item that was erased."""
    if item in replica.current and replica[item] is None:
        raise ValueError(f"item {item!r} was erased; an erased item stays erased, use another id")
    return _said(replica, origin, item, body)


def erase(replica: Replica, origin: str, item: str) -> tuple[Replica, Event]:
    """The replica without the numbers of `item` in any event, and the event that does the same elsewhere."""
    return _said(replica, origin, item, None)


def _said(replica: Replica, origin: str, item: str, body: Numbers | None) -> tuple[Replica, Event]:
    event = Event(origin, _next(replica, origin), replica.clock + 1, item, body)
    return received(replica, [event]), event


def _next(replica: Replica, origin: str) -> int:
    return 1 + max((sequence for name, sequence in replica.events if name == origin), default=0)


def merge(one: Replica, other: Replica) -> Replica:
    """Both replicas' events. Raises `Conflict` when two different events bear one name."""
    return received(one, other.events.values())


def received(replica: Replica, events: Iterable[Event]) -> Replica:
    """The replica after `events` in whatever order, doubled or late. Raises `Conflict`; then nothing was taken."""
    new = tuple(events)
    kept, current = dict(replica.events), dict(replica.current)
    for event in new:
        kept[event.name] = _joined(kept.get(event.name), event)
    for event in new:
        _count(current, kept[event.name])
    _close(kept, current, {event.item for event in new})
    return Replica(kept, current, max((replica.clock, *(event.clock for event in new))))


def _joined(old: Event | None, new: Event) -> Event:
    """The join of two accounts of one event: equal, or one has lost its numbers to erasure."""
    if old is None or old == new:
        return new
    if (old.clock, old.item) != (new.clock, new.item) or (old.body is not None and new.body is not None):
        raise Conflict(old, new)
    return old if old.body is None else new


def _count(current: dict[str, Event], event: Event) -> None:
    held = current.get(event.item)
    if held is None or _rank(event) > _rank(held):
        current[event.item] = event


def _rank(event: Event) -> Rank:
    """Erasure ranks above every formula."""
    formula = 2**63 if event.body is None else event.body.formula
    return formula, event.clock, event.origin, event.sequence


def _close(kept: dict[Name, Event], current: dict[str, Event], touched: set[str]) -> None:
    """Take the numbers of erased items out of every event, in place."""
    erased = {item for item in touched if current[item].body is None}
    bare = [event for event in kept.values() if event.item in erased] if erased else []
    for event in bare:
        kept[event.name] = Event(event.origin, event.sequence, event.clock, event.item, None)
        _count(current, kept[event.name])


def vector(replica: Replica) -> dict[str, int]:
    """For each origin the last sequence up to which no event is missing: what to ask another replica beyond."""
    held: dict[str, int] = {}
    for origin, sequence in sorted(replica.events):
        if sequence == held.get(origin, 0) + 1:
            held[origin] = sequence
    return held


def missing(replica: Replica, theirs: Mapping[str, int]) -> tuple[Event, ...]:
    """What a replica with vector `theirs` may lack: later events, and every erasure, in order of name.

    Erasures always go along: one may have taken the numbers out of an event that the other holds in full.
    """
    new = (e for e in replica.events.values() if e.body is None or e.sequence > theirs.get(e.origin, 0))
    return tuple(sorted(new, key=lambda event: event.name))


def state_hash(replica: Replica) -> str:
    """SHA-256 (hex) over the items in order of id, each with the exact bits of its numbers; the path there is left out."""
    whole = hashlib.sha256()
    for item in sorted(replica.current):
        whole.update(digest(item, replica[item]))
    return whole.hexdigest()
