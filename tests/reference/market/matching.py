"""Order-level matching in price-time priority: orders in, events out, integers only, no clock of its own.

Deterministic: the same calls give the same events. Fees, balances and filters are the venue's business; a recorded
background that is no set of orders is `background`.
"""

from __future__ import annotations

from dataclasses import dataclass

from qbtc.core.market.book import Book, Level, Side

from .orders import (
    Accepted,
    Cancelled,
    Event,
    Kind,
    Order,
    Reason,
    Rejected,
    SelfTrade,
    TimeInForce,
    Traded,
    affordable,
)


@dataclass(slots=True)
class Resting:
    order: Order
    remaining: int


@dataclass(slots=True)
class _Taker:
    order: Order
    remaining: int
    budget: int
    time: int
    stopped: bool = False

    def wants(self, tick: int) -> int:
        return affordable(self.budget, tick, self.remaining) if self.order.budget else self.remaining


class Engine:
    """One symbol's orders. `book` is the aggregated view, `last_tick` the price of the last trade."""

    def __init__(self) -> None:
        self.book = Book()
        self.last_tick: int | None = None
        self._queues: tuple[dict[int, dict[int, Resting]], dict[int, dict[int, Resting]]] = ({}, {})
        self._orders: dict[int, Resting] = {}
        self._dirty: set[tuple[int, int]] = set()

    def __contains__(self, order_id: int) -> bool:
        return order_id in self._orders

    def __len__(self) -> int:
        return len(self._orders)

    def remaining(self, order_id: int) -> int:
        """Open quantity of a resting order, 0 if there is none."""
        found = self._orders.get(order_id)
        return found.remaining if found else 0

    def queue(self, side: Side, tick: int) -> list[tuple[int, int]]:
        """(order id, remaining) of one level in time priority."""
        return [(rest.order.order_id, rest.remaining) for rest in self._queues[side].get(tick, {}).values()]

    def top(self, n: int, side: int) -> list[Level]:
        """The published book, best first."""
        return self.book.top(n, side)

    def published_touch(self) -> tuple[Level | None, Level | None]:
        """Best bid and ask."""
        bids, asks = self.book.top(1, 0), self.book.top(1, 1)
        return (bids[0] if bids else None), (asks[0] if asks else None)

    def restore(self, order: Order, remaining: int) -> None:
        """Put back an order that rested before a restart, last in its queue. It must not cross the book."""
        self._rest(order, remaining)

    def take_changes(self) -> tuple[list[Level], list[Level]]:
        """Levels (bids, asks) that changed since the last call, with their quantity now."""
        changed: tuple[list[Level], list[Level]] = ([], [])
        for side, tick in sorted(self._dirty):
            changed[side].append((tick, self.book.quantity(side, tick)))
        self._dirty.clear()
        return changed

    def submit(self, order: Order, now: int) -> list[Event]:
        """Match the order, rest what remains if it may rest."""
        refusal = self._refusal(order)
        if refusal is not None:
            return [Rejected(order.order_id, now, refusal)]
        events: list[Event] = [Accepted(order.order_id, now)]
        taker = _Taker(order, order.quantity, order.budget, now)
        if order.tif is not TimeInForce.FOK or self._fillable(order):
            self._match(taker, events)
        if taker.remaining and order.may_rest and not taker.stopped:
            self._rest(order, taker.remaining)
        elif taker.remaining:
            reason = Reason.SELF_TRADE if taker.stopped else Reason.UNFILLED
            events.append(Cancelled(order.order_id, now, taker.remaining, reason))
        return events

    def cancel(self, order_id: int, now: int) -> list[Event]:
        if order_id not in self._orders:
            return [Rejected(order_id, now, Reason.UNKNOWN)]
        return [self._drop(order_id, now, Reason.REQUESTED)]

    def _refusal(self, order: Order) -> Reason | None:
        if not order.valid:
            return Reason.INVALID
        if order.order_id in self._orders:
            return Reason.DUPLICATE
        best = self.book.best_ask if order.side is Side.BUY else self.book.best_bid
        if order.kind is Kind.LIMIT_MAKER and best is not None and order.reaches(best):
            return Reason.WOULD_TAKE
        return None

    def _fillable(self, order: Order) -> bool:
        """Whether a FOK order fills completely now; own orders that STP would expire do not count."""
        missing = order.quantity
        for tick, total in self.book.walk(order.side.opposite):
            if not order.reaches(tick) or missing <= 0:
                break
            missing -= total if order.stp is SelfTrade.NONE else self._foreign(order, tick)
        return missing <= 0

    def _foreign(self, order: Order, tick: int) -> int:
        level = self._queues[order.side.opposite][tick].values()
        return sum(rest.remaining for rest in level if rest.order.account != order.account)

    def _match(self, taker: _Taker, events: list[Event]) -> None:
        queues = self._queues[taker.order.side.opposite]
        while taker.remaining and not taker.stopped:
            tick = self.book.best_ask if taker.order.side is Side.BUY else self.book.best_bid
            if tick is None or not taker.order.reaches(tick) or not taker.wants(tick):
                return
            maker = next(iter(queues[tick].values()))
            if maker.order.account == taker.order.account and taker.order.stp is not SelfTrade.NONE:
                self._prevent(maker, taker, events)
            else:
                self._trade(maker, taker, events)

    def _prevent(self, maker: Resting, taker: _Taker, events: list[Event]) -> None:
        if taker.order.stp is not SelfTrade.EXPIRE_TAKER:
            events.append(self._drop(maker.order.order_id, taker.time, Reason.SELF_TRADE))
        taker.stopped = taker.order.stp is not SelfTrade.EXPIRE_MAKER

    def _trade(self, maker: Resting, taker: _Taker, events: list[Event]) -> None:
        tick = maker.order.tick
        quantity = min(maker.remaining, taker.wants(tick))
        taker.remaining -= quantity
        taker.budget -= quantity * tick if taker.order.budget else 0
        self._reduce(maker, quantity)
        self.last_tick = tick
        events.append(Traded(taker.time, maker.order.order_id, taker.order.order_id, taker.order.side, tick, quantity))

    def _rest(self, order: Order, remaining: int) -> None:
        rest = self._orders[order.order_id] = Resting(order, remaining)
        self._queues[order.side].setdefault(order.tick, {})[order.order_id] = rest
        self._adjust(order, remaining)

    def _drop(self, order_id: int, now: int, reason: Reason) -> Cancelled:
        rest = self._orders[order_id]
        left = rest.remaining
        self._reduce(rest, left)
        return Cancelled(order_id, now, left, reason)

    def _reduce(self, rest: Resting, quantity: int) -> None:
        order = rest.order
        rest.remaining -= quantity
        self._adjust(order, -quantity)
        if rest.remaining == 0:
            del self._orders[order.order_id]
            level = self._queues[order.side][order.tick]
            del level[order.order_id]
            if not level:
                del self._queues[order.side][order.tick]

    def _adjust(self, order: Order, change: int) -> None:
        self.book.apply(order.side, order.tick, self.book.quantity(order.side, order.tick) + change)
        self._dirty.add((order.side, order.tick))
