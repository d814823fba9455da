"""What our orders would have met in a full book of orders, written for clarity: lists, one event after the other.

Ours stand in the queues among the others; only they are changed by what they meet. `at_price`: a trade at a worse price
than ours does not reach ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from qbtc.core.market.tape.layout import Kind
from qbtc.hft.domain.backtest.layout import CANCELED
from qbtc.hft.domain.strategy_records import GTC, IOC, POST
from qbtc.testing.order_flow import Events

Fill = tuple[int, int, int, int, int]
"""(time, order, tick, lots, maker)"""


@dataclass(eq=False)
class Member:
    """An order in a queue; ours have a number of our ledger."""

    side: int
    tick: int
    lots: int
    ours: int = 0


@dataclass
class FullBook:
    partial: bool
    at_price: bool = False
    queues: dict[tuple[int, int], list[Member]] = field(default_factory=dict)
    others: dict[int, Member] = field(default_factory=dict)
    mine: dict[int, Member] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    expired: list[tuple[int, int]] = field(default_factory=list)

    def levels(self, side: int) -> Iterator[tuple[int, int]]:
        """(price, lots of others) from the best outwards."""
        there = [
            (tick, sum(m.lots for m in queue if not m.ours)) for (s, tick), queue in self.queues.items() if s == side
        ]
        return iter(sorted((level for level in there if level[1] > 0), reverse=side == 0))

    # ---- the market

    def event(self, e: np.void) -> None:
        kind, number, at = Kind(int(e["kind"])), int(e["order"]), int(e["exchange"])
        side, tick, lots = int(e["side"]), int(e["tick"]), int(e["lots"])
        if kind == Kind.CLEAR:
            self.expired += [(at, number) for number in self.mine]
            self.queues, self.others, self.mine = {}, {}, {}
        elif kind == Kind.ADD:
            self._come(number, Member(side, tick, lots), lots, at)
        elif kind == Kind.CANCEL:
            self._less(number, lots or self.others[number].lots)
            if self.others[number].lots == 0:
                del self.others[number]
        elif kind == Kind.FILL:
            self._filled(self.others[number], lots, at)
            self._less(number, lots)
        else:
            self._modified(number, tick, lots, at)

    def _modified(self, number: int, tick: int, lots: int, at: int) -> None:
        m = self.others[number]
        if tick == m.tick and lots <= m.lots:
            m.lots = lots
            return
        more = lots if tick != m.tick else lots - m.lots
        self._less(number, m.lots)
        self._come(number, Member(m.side, tick, lots), more, at)

    def _less(self, number: int, lots: int) -> None:
        m = self.others[number]
        m.lots -= lots
        if m.lots == 0:
            self.queues[m.side, m.tick].remove(m)

    def _come(self, number: int, m: Member, new: int, at: int) -> None:
        """An order of the market joins a queue; ours on the other side that it crosses were there before it."""
        self._met([o for o in self.mine.values() if o.side != m.side and self._reaches(o, m.tick)], new, at)
        self.queues.setdefault((m.side, m.tick), []).append(m)
        self.others[number] = m

    def _reaches(self, o: Member, tick: int) -> bool:
        return o.tick <= tick if o.side else o.tick >= tick

    def _filled(self, m: Member, lots: int, at: int) -> None:
        """A taker met an order of the market: those of ours that come before it were met first."""
        queue = self.queues[m.side, m.tick]
        ahead = [o for o in queue[: queue.index(m)] if o.ours]
        better = [] if self.at_price else [o for o in self.mine.values() if o.side == m.side and o.tick != m.tick and self._reaches(o, m.tick)]
        self._met(better + ahead, lots, at)

    def _met(self, met: list[Member], lots: int, at: int) -> None:
        """Best price first, then the oldest."""
        for o in sorted(met, key=lambda o: (o.tick if o.side else -o.tick, o.ours)):
            got = min(lots, o.lots) if self.partial else o.lots
            if got:
                self._fill(o, got, o.tick, 1, at)
                lots -= got if self.partial else 0

    def _fill(self, o: Member, lots: int, tick: int, maker: int, at: int) -> None:
        self.fills.append((at, o.ours, tick, lots, maker))
        o.lots -= lots
        if o.lots == 0 and o.ours in self.mine:
            del self.mine[o.ours]
            self.queues[o.side, o.tick].remove(o)

    # ---- ours

    def arrive(self, number: int, side: int, tick: int, lots: int, rest: int, at: int) -> None:
        o = Member(side, tick, lots, number)
        levels = list(self.levels(1 - side))
        market = tick == 0
        crosses = bool(levels) and (market or (tick >= levels[0][0] if side == 0 else tick <= levels[0][0]))
        if crosses and rest != POST:
            self._take(o, levels, market, rest, at)
        elif crosses or market or rest == IOC:
            self.expired.append((at, number))
        else:
            self.mine[number] = o
            self.queues.setdefault((side, tick), []).append(o)

    def _take(self, o: Member, levels: list[tuple[int, int]], market: bool, rest: int, at: int) -> None:
        if not self.partial:
            self._fill(o, o.lots, levels[0][0], 0, at)
            return
        for tick, there in levels:
            if not market and (tick > o.tick if o.side == 0 else tick < o.tick):
                break
            self._fill(o, min(there, o.lots), tick, 0, at)
            if o.lots == 0:
                return
        if rest == GTC and not market:
            self._fill(o, o.lots, o.tick, 0, at)
        else:
            self.expired.append((at, o.ours))

    def withdraw(self, number: int) -> None:
        o = self.mine.pop(number, None)
        if o is not None:
            self.queues[o.side, o.tick].remove(o)


def replay(events: Events, orders: np.ndarray, *, partial: bool, at_price: bool = False) -> FullBook:
    """The ledger's orders (LEDGER records: arrivals, and the times of cancels that were taken) in a full book.

    Events of one exchange time are in the order in which they were received, as a tape has them."""
    book = FullBook(partial, at_price)
    events = events[np.lexsort((events["local"], events["exchange"]))]
    steps = [(int(e["exchange"]), 0, n) for n, e in enumerate(events)]
    for o in orders[orders["arrived"] > 0]:
        steps.append((int(o["arrived"]), 1, int(o["order"])))
        if o["status"] == CANCELED:
            steps.append((int(o["ended"]), 2, int(o["order"])))
    for at, what, n in sorted(steps):
        if what == 0:
            book.event(events[n])
        elif what == 1:
            o = orders[n - 1]
            book.arrive(n, int(o["side"]), int(o["tick"]), int(o["lots"]), int(o["rest"]), at)
        else:
            book.withdraw(n)
    return book
