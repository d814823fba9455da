"""The fill rule `venue` on a tape of orders (L3): the recorded orders are orders of the venue's matching core, as ours are.

Whatever others sent comes again at its recorded time: ADD as a limit order, what one taker met (FILLs of one side at one
instant) as an IOC order of that many lots up to the worst price that it paid, or with an ADD behind it as one limit order, MODIFY and CANCEL as the venue takes them. What
follows is the core's business, so a taker that meets ours leaves those behind us in the book, as it would have there. The
core's filters and fees are for our orders only; others are not limited by money.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.engine.layout import ORDER as CORE_ORDER
from qbtc.core.market.engine.layout import RULES, Kind, Tif
from qbtc.core.market.engine.market import Events
from qbtc.core.market.instrument import Instrument
from qbtc.core.market.tape import layout as tape
from qbtc.core.market.tape.tape import Tape
from qbtc.core.market.terms import Terms

from .core_venue import PLENTY, UNIT, CoreVenue
from .feed import Feed

OTHERS, TAKERS = 2, 3
"""Accounts of the recorded orders."""
BEYOND = 1 << 40
"""The core's numbers of recorded orders begin here; ours are below."""
Ints = NDArray[np.int64]


class OrderEvents(NamedTuple):
    """Events of recorded orders in the order of the exchange: `kind` of the tape, `side` and `tick` (0: not said) of the order,
    `lots`, the venue's id of the `order`, and `times` in ns."""

    kind: Ints
    side: Ints
    tick: Ints
    lots: Ints
    order: Ints
    times: Ints


def order_events(source: Tape, passed: NDArray[np.int64]) -> OrderEvents:
    """Those of a tape of orders, in the order of the exchange, without the messages that are `passed` over."""
    taken = np.isin(source.kind, (*tape.L3, tape.Kind.CLEAR))
    taken[passed] = False
    which = np.flatnonzero(taken)
    which = which[np.argsort(source.exchange[which], kind="stable")]
    rows = np.minimum(np.asarray(source.first)[which].astype(np.int64), max(source.info.rows - 1, 0))
    code = np.asarray(source.tick)[rows].astype(np.int64)
    assert source.order is not None
    columns = source.kind[which], code & tape.ASK, code >> tape.SHIFT, source.lots[rows], source.order[rows], source.exchange[which]
    return OrderEvents(*(np.asarray(column).astype(np.int64) for column in columns))


class _Known(NamedTuple):
    """A recorded order: its number in the core, side, tick, and the lots that the recording leaves of it."""

    number: int
    side: int
    tick: int
    rest: int


class OrderVenue(CoreVenue):
    """One market, whose other participants are a tape of orders."""

    def __init__(
        self, feed: Feed, item: Instrument, terms: Terms, funds: tuple[float, float] | None, stp: int, events: OrderEvents
    ) -> None:  # fmt: skip
        super().__init__(feed, item, terms, funds, stp, accounts=4)
        for account in (OTHERS, TAKERS):
            for asset in (0, 1):
                self.accounts.deposit(account, asset, PLENTY * UNIT)
        self.events, self._numbers = events, BEYOND
        self._known: dict[int, _Known] = {}  # type: ignore[assignment]
        self._strict, self._loose = self.market.rules.copy(), np.zeros(1, RULES)[0]
        for name in ("maker_rate", "taker_rate"):
            self._loose[name] = self._strict[name]
        self._rule(self._loose)
        self._theirs = np.zeros(1, CORE_ORDER)
        self._next = 0

    @property
    def moments(self) -> NDArray[np.int64]:
        """When each event was at the exchange."""
        return self.events.times

    def begin(self, now: int) -> None:
        """The book is empty before the first event."""

    def submit(self, o: np.void, now: int) -> Events:
        """An order of ours, by the venue's filters and fees."""
        self._rule(self._strict)
        events = super().submit(o, now)
        self._rule(self._loose)
        return events

    def _rule(self, said: np.void) -> None:
        """Loose ones have no filters, and the same fees, since ours may be the maker."""
        for name in RULES.names or ():
            self.market.rules[name] = said[name]

    def take(self, m: int, now: int) -> Events | None:
        """Event `m`, with those that the same taker caused. None: nothing came of it."""
        if m < self._next:
            return None
        e, kind = self.events, int(self.events.kind[m])
        self._next = m + 1
        if kind == tape.Kind.CLEAR:
            return _joined([self._cancel(known.number, now) for known in self._cleared()])
        if kind == tape.Kind.FILL:
            return self._taker(m, now)
        order, side, tick, lots = (int(column[m]) for column in (e.order, e.side, e.tick, e.lots))
        if kind == tape.Kind.ADD:
            return self._add(order, side, tick, lots, now)
        known = self._known[order]
        if kind == tape.Kind.CANCEL:
            return self._less(order, known, lots or known.rest, now)
        if tick in (0, known.tick) and lots <= known.rest:
            return self._less(order, known, known.rest - lots, now)
        gone = self._less(order, known, known.rest, now)
        return _joined([gone, self._add(order, known.side, tick or known.tick, lots, now)])

    def _cleared(self) -> list[_Known]:
        gone = [*self._known.values()]
        self._known.clear()
        return gone

    def _add(self, order: int, side: int, tick: int, lots: int, now: int) -> Events:
        self._known[order] = _Known(self._numbers, side, tick, lots)
        return self._send(OTHERS, side, tick, lots, Tif.GTC, now)

    def _send(self, account: int, side: int, tick: int, lots: int, tif: Tif, now: int) -> Events:
        row = self._theirs[0]
        row["id"], row["account"], row["side"], row["tick"], row["lots"] = self._numbers, account, side, tick, lots
        row["kind"], row["tif"] = Kind.LIMIT, tif
        self._numbers += 1
        return self.market.submit(row, now)

    def _less(self, order: int, known: _Known, lots: int, now: int) -> Events | None:
        """`lots` of a recorded order are withdrawn by its owner; here fewer may be left of it, because ours came before."""
        if lots == 0:
            return None
        if lots >= known.rest:
            del self._known[order]
        else:
            self._known[order] = known._replace(rest=known.rest - lots)
        held = self.market.order(known.number)
        if held is None:
            return None
        whole, left = int(held["lots"]), int(held["lots"] - held["filled"])
        if lots >= min(left, known.rest):
            return self._cancel(known.number, now)
        return self.market.amend(known.number, whole - lots, now).copy()

    def _cancel(self, number: int, now: int) -> Events | None:
        return self.market.cancel(number, now).copy() if number in self.market else None

    def _taker(self, m: int, now: int) -> Events:
        """Who caused the FILLs that follow one another at one instant on one side."""
        e, lots, worst = self.events, 0, 0
        side = self._known[int(e.order[m])].side
        while m < e.kind.size and e.kind[m] == tape.Kind.FILL and e.times[m] == e.times[self._next - 1]:
            order = int(e.order[m])
            known = self._known[order]
            if known.side != side:
                break
            lots += int(e.lots[m])
            worst = known.tick if worst == 0 else max(worst, known.tick) if side else min(worst, known.tick)
            self._known[order] = known._replace(rest=known.rest - int(e.lots[m]))
            m += 1
        self._next = m
        if self._rests(m, 1 - side, worst):
            self._next = m + 1
            rest = int(e.lots[m])
            events = self._send(OTHERS, 1 - side, int(e.tick[m]), lots + rest, Tif.GTC, now)
            self._known[int(e.order[m])] = _Known(self._numbers - 1, 1 - side, int(e.tick[m]), rest)
            return events
        return self._send(TAKERS, 1 - side, worst, lots, Tif.IOC, now)

    def _rests(self, m: int, side: int, worst: int) -> bool:
        """Whether what follows a taker's FILLs is the rest of its limit order: at that instant, at its price or through it."""
        e = self.events
        if m >= e.kind.size or e.kind[m] != tape.Kind.ADD or e.times[m] != e.times[m - 1] or e.side[m] != side:
            return False
        return bool(e.tick[m] <= worst if side else e.tick[m] >= worst)


def _joined(parts: list[Any]) -> Events | None:
    told = [part for part in parts if part is not None and len(part)]
    return np.concatenate(told) if told else None
