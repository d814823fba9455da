"""Tapes of orders for tests, and a book of orders that is written for clarity."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.orders import Wrong
from qbtc.core.market.tape.tape import Tape
from qbtc.testing.order_flow import EVENT, START, order_tape

MS = 1_000_000


@dataclass(frozen=True)
class Event:
    """An order's event: `side` is the order's, times are ms after START."""

    kind: Kind
    order: int = 0
    side: int = 0
    tick: int = 0
    lots: int = 0
    at: int = 0
    heard: int | None = None


def tape(events: list[Event]) -> Tape:
    """Events in order of receipt."""
    records = [
        (e.kind, e.order, e.side, e.tick, e.lots, START + e.at * MS, START + (e.at if e.heard is None else e.heard) * MS)
        for e in events
    ]
    return order_tape(np.array(records, EVENT))


@dataclass
class Resting:
    order: int
    side: int
    tick: int
    lots: int
    rank: int


Said = tuple[Kind, list[tuple[int, int, bool, int, int]]]
"""(kind, rows (side, tick, is a trade, lots, mark))"""


@dataclass
class PlainBook:
    """Queues of orders in lists. `take` gives the messages that an event makes, or what is wrong with it."""

    orders: dict[int, Resting] = field(default_factory=dict)
    queues: dict[tuple[int, int], list[Resting]] = field(default_factory=dict)
    messages: int = 0

    def level(self, side: int, tick: int) -> int:
        return sum(o.lots for o in self.queues.get((side, tick), []))

    def best(self, side: int) -> int | None:
        there = [tick for (s, tick), queue in self.queues.items() if s == side and any(o.lots for o in queue)]
        return (min if side else max)(there) if there else None

    def take(self, e: Event) -> tuple[list[Said], int]:
        made, wrong = getattr(self, e.kind.name.lower())(e)
        self.messages += len(made)
        return made, wrong

    def _join(self, o: Resting) -> int:
        self.orders[o.order] = o
        self.queues.setdefault((o.side, o.tick), []).append(o)
        other = self.best(1 - o.side)
        return Wrong.CROSSED if other is not None and (o.tick <= other if o.side else o.tick >= other) else 0

    def _part(self, o: Resting) -> None:
        self.queues[o.side, o.tick].remove(o)

    def _row(self, side: int, tick: int, mark: int = 0) -> tuple[int, int, bool, int, int]:
        return side, tick, False, self.level(side, tick), mark

    def _wrong(self, e: Event) -> int:
        o = self.orders.get(e.order)
        if o is None:
            return Wrong.UNKNOWN_ORDER
        if o.side != e.side:
            return Wrong.OTHER_SIDE
        if e.kind != Kind.MODIFY and e.tick not in (0, o.tick):
            return Wrong.OTHER_PRICE
        if e.kind != Kind.CANCEL and e.lots == 0:
            return Wrong.NO_QUANTITY
        return Wrong.TOO_MUCH if e.kind != Kind.MODIFY and e.lots > o.lots else 0

    def clear(self, e: Event) -> tuple[list[Said], int]:
        self.orders.clear()
        self.queues.clear()
        return [(Kind.CLEAR, [])], 0

    def add(self, e: Event) -> tuple[list[Said], int]:
        old = self.orders.get(e.order)
        if old is not None and old.lots:
            return [], Wrong.KNOWN_ORDER
        if e.lots == 0 or e.tick == 0:
            return [], Wrong.NO_QUANTITY
        crossed = self._join(Resting(e.order, e.side, e.tick, e.lots, self.messages))
        return [(Kind.DEPTH, [self._row(e.side, e.tick, e.lots)])], crossed

    def cancel(self, e: Event) -> tuple[list[Said], int]:
        if wrong := self._wrong(e):
            return [], wrong
        o = self.orders[e.order]
        if e.lots in (0, o.lots):
            self._part(self.orders.pop(e.order))
        else:
            o.lots -= e.lots
        return [(Kind.DEPTH, [self._row(o.side, o.tick)])], 0

    def fill(self, e: Event) -> tuple[list[Said], int]:
        if wrong := self._wrong(e):
            return [], wrong
        o = self.orders[e.order]
        o.lots -= e.lots
        if o.lots == 0:
            self._part(o)
            self.queues[o.side, o.tick].append(o)  # known, and nothing of it waits
        return [(Kind.TRADE, [(1 - o.side, o.tick, True, e.lots, o.rank)]), (Kind.DEPTH, [self._row(o.side, o.tick)])], 0

    def modify(self, e: Event) -> tuple[list[Said], int]:
        if wrong := self._wrong(e):
            return [], wrong
        o = self.orders[e.order]
        tick, more = e.tick or o.tick, e.lots - o.lots
        if tick == o.tick and more <= 0:
            o.lots = e.lots
            return [(Kind.DEPTH, [self._row(o.side, tick)])], 0
        self._part(o)
        rows = [] if tick == o.tick else [self._row(o.side, o.tick)]
        crossed = self._join(Resting(o.order, o.side, tick, e.lots, self.messages))
        return [(Kind.DEPTH, [*rows, self._row(o.side, tick, more if tick == o.tick else e.lots)])], crossed
