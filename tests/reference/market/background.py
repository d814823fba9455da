"""Our orders against a background book that is recorded or live: a set of levels, not of orders.

One rule set:

1. A marketable order takes displayed size from the best level outwards, at the level's price. What it took is
   remembered: that size is not there again until an update names the level (the level refreshes).
2. A bookTicker newer than the book is the truth about the touch: levels better than it are gone, and at it its
   quantity counts.
3. What rests stands behind all size displayed at its price when it arrived (`ahead`) and behind our older orders.
   `ahead` shrinks by recorded trades at that price, and never exceeds the size displayed there now (cancels).
4. A recorded trade through our price fills us first, up to the trade's size; a trade at our price first uses up
   `ahead`, then fills us. We trade at our own price, as maker.
5. If the background's opposite touch reaches our price, we are filled at our price from the size displayed there,
   which is then taken as in rule 1. So the combined book is never crossed.
6. Our orders trade with each other only where no background size is better priced or equally priced.

The recording itself does not react to us: no impact beyond the size we took. Pure; times are passed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qbtc.core.market.book import Book, Level, Side

from .orders import (
    BACKGROUND,
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
class _Own:
    order: Order
    remaining: int
    ahead: int


@dataclass(frozen=True, slots=True)
class Touch:
    """Best bid and ask with quantities, at one update id (a bookTicker)."""

    update_id: int
    bid: Level
    ask: Level


class BackgroundMarket:
    """One symbol: the background book plus our resting orders. `take_changes` tells what to publish."""

    def __init__(self) -> None:
        self.book = Book()
        self.last_tick: int | None = None
        self._touch: Touch | None = None
        self._consumed: dict[tuple[int, int], int] = {}
        self._own: dict[int, _Own] = {}
        self._own_size: dict[tuple[int, int], int] = {}
        self._dirty: set[tuple[int, int]] = set()

    def __contains__(self, order_id: int) -> bool:
        return order_id in self._own

    def remaining(self, order_id: int) -> int:
        return self._own[order_id].remaining if order_id in self._own else 0

    @property
    def untouched(self) -> bool:
        """True if nothing of ours shows: the background may be published as it is."""
        return not (self._own or self._consumed or self._dirty)

    def displayed(self, side: int, tick: int) -> int:
        """Published quantity of a level: background less what we took, plus our own."""
        key = (side, tick)
        rest = self.book.quantity(side, tick) - self._consumed.get(key, 0)
        return max(rest, 0) + self._own_size.get(key, 0)

    def taken(self) -> list[tuple[int, int]]:
        """(side, tick) of levels from which we took size that has not refreshed."""
        return list(self._consumed)

    def top(self, n: int, side: int) -> list[Level]:
        """The published book, best first."""
        if not (self._own_size or self._consumed):
            return self.book.top(n, side)
        own = [tick for (where, tick) in self._own_size if where == side]
        spare = sum(1 for where, _ in self._consumed if where == side)
        ticks = {tick for tick, _ in self.book.top(n + spare, side)}.union(own)
        ordered = sorted(ticks, reverse=side == Side.BUY)
        shown = ((tick, self.displayed(side, tick)) for tick in ordered)
        return [level for level in shown if level[1]][:n]

    def published_touch(self) -> tuple[Level | None, Level | None]:
        """Best published bid and ask, the newest bookTicker included."""
        sides = []
        for side in (Side.BUY, Side.SELL):
            best = next(self._available(side), None)
            own = [tick for (where, tick) in self._own_size if where == side]
            sides.append(self._merge(best, own, side))
        return sides[0], sides[1]

    def take_changes(self) -> tuple[list[Level], list[Level]]:
        """Levels (bids, asks) changed by our orders since the last call, with the quantity to publish."""
        changed: tuple[list[Level], list[Level]] = ([], [])
        for side, tick in sorted(self._dirty):
            changed[side].append((tick, self.displayed(side, tick)))
        self._dirty.clear()
        return changed

    # ---- the background moves

    def on_snapshot(self, bids: Iterable[Level], asks: Iterable[Level], update_id: int, now: int) -> list[Event]:
        self.book.replace(bids, asks, update_id)
        self._touch = None
        self._consumed.clear()
        return self._after_move(now)

    def on_depth(self, bids: Iterable[Level], asks: Iterable[Level], update_id: int, now: int) -> list[Event]:
        for side, rows in ((0, bids), (1, asks)):
            for tick, quantity in rows:
                self.book.apply(side, tick, quantity)
                if self._consumed:
                    self._consumed.pop((side, tick), None)
        self.book.update_id = update_id
        return self._after_move(now)

    def on_touch(self, touch: Touch, now: int) -> list[Event]:
        self._touch = touch
        return self._after_move(now)

    def on_trade(self, tick: int, quantity: int, taker: Side, now: int) -> list[Event]:
        """A recorded trade: rules 3 and 4."""
        self.last_tick = tick
        if not self._own:
            return []
        events: list[Event] = []
        for own in self._priority(taker.opposite):
            if quantity <= 0 or not own.order.reaches(tick):
                break
            if own.order.tick == tick:
                passed = min(own.ahead, quantity)
                own.ahead -= passed
                # Orders of ours behind this one wait behind the same size, so it is passed once for all of them.
                filled = min(quantity - passed, own.remaining)
                self._pass_others(own, passed)
                quantity -= passed + filled
            else:
                filled = min(quantity, own.remaining)
                quantity -= filled
            self._fill_maker(own, filled, now, events)
        return events

    # ---- our orders

    def submit(self, order: Order, now: int) -> list[Event]:
        refusal = self._refusal(order)
        if refusal is not None:
            return [Rejected(order.order_id, now, refusal)]
        events: list[Event] = [Accepted(order.order_id, now)]
        remaining, stopped = order.quantity, False
        if order.tif is not TimeInForce.FOK or self._fillable(order):
            remaining, stopped = self._take(order, now, events)
        if remaining and order.may_rest and not stopped:
            self._rest(order, remaining)
        elif remaining:
            reason = Reason.SELF_TRADE if stopped else Reason.UNFILLED
            events.append(Cancelled(order.order_id, now, remaining, reason))
        return events

    def cancel(self, order_id: int, now: int, reason: Reason = Reason.REQUESTED) -> list[Event]:
        own = self._own.get(order_id)
        if own is None:
            return [Rejected(order_id, now, Reason.UNKNOWN)]
        left = own.remaining
        self._reduce(own, left)
        return [Cancelled(order_id, now, left, reason)]

    def restore(self, order: Order, remaining: int) -> None:
        """Put back an order that rested before a restart, behind what is displayed now."""
        self._rest(order, remaining)

    # ---- inside

    def _available(self, side: Side) -> Iterator[Level]:
        """Background levels best first, less what we took, under rule 2."""
        touch = self._touch if self._touch and self._touch.update_id > self.book.update_id else None
        edge = (touch.bid if side is Side.BUY else touch.ask) if touch else None
        if edge is not None:
            left = edge[1] - self._consumed.get((side, edge[0]), 0)
            if left > 0:
                yield edge[0], left
        for tick, quantity in self.book.walk(side):
            if edge is not None and (tick >= edge[0] if side is Side.BUY else tick <= edge[0]):
                continue
            left = quantity - self._consumed.get((side, tick), 0)
            if left > 0:
                yield tick, left

    def _shown(self, side: Side, tick: int) -> int:
        """Background size at a price under rule 2, less what we took."""
        quantity = self.book.quantity(side, tick)
        if self._touch and self._touch.update_id > self.book.update_id:
            edge = self._touch.bid if side is Side.BUY else self._touch.ask
            if tick == edge[0]:
                quantity = edge[1]
            elif (tick > edge[0]) if side is Side.BUY else (tick < edge[0]):
                quantity = 0
        return max(quantity - self._consumed.get((side, tick), 0), 0)

    def _hide_stale(self, order: Order) -> None:
        """Levels that a newer bookTicker has removed must not show crossed with our resting order."""
        side = order.side.opposite
        for tick, quantity in self.book.walk(side):
            if not order.reaches(tick):
                return
            if self._consumed.get((side, tick), 0) < quantity:
                self._consumed[(side, tick)] = quantity
                self._dirty.add((side, tick))

    def _merge(self, best: Level | None, own: list[int], side: Side) -> Level | None:
        ours = (max(own) if side is Side.BUY else min(own)) if own else None
        if ours is None:
            return best
        size = self._own_size[(side, ours)]
        if best is None or (ours > best[0] if side is Side.BUY else ours < best[0]):
            return ours, size
        return (best[0], best[1] + size) if ours == best[0] else best

    def _best_opposite(self, side: Side) -> int | None:
        bid, ask = self.published_touch()
        level = ask if side is Side.BUY else bid
        return level[0] if level else None

    def _refusal(self, order: Order) -> Reason | None:
        if not order.valid:
            return Reason.INVALID
        if order.order_id in self._own:
            return Reason.DUPLICATE
        best = self._best_opposite(order.side) if order.kind is Kind.LIMIT_MAKER else None
        return Reason.WOULD_TAKE if best is not None and order.reaches(best) else None

    def _offers(self, side: Side) -> list[tuple[int, int, int]]:
        """(tick, quantity, own order id or BACKGROUND) that an order of `side` could take, best first."""
        own = list(self._priority(side.opposite))
        offers: list[tuple[int, int, int]] = []
        for tick, quantity in self._available(side.opposite):
            while own and (own[0].order.tick < tick if side is Side.BUY else own[0].order.tick > tick):
                first = own.pop(0)
                offers.append((first.order.tick, first.remaining, first.order.order_id))
            offers.append((tick, quantity, BACKGROUND))
            if len(offers) > 5000:
                break
        return offers + [(item.order.tick, item.remaining, item.order.order_id) for item in own]

    def _fillable(self, order: Order) -> bool:
        mine = order.stp is SelfTrade.NONE
        usable = (q for t, q, who in self._offers(order.side) if order.reaches(t) and (mine or who == BACKGROUND))
        return sum(usable) >= order.quantity

    def _take(self, order: Order, now: int, events: list[Event]) -> tuple[int, bool]:
        """Trade while the price allows; returns what remains and whether STP stopped it."""
        remaining, budget = order.quantity, order.budget
        for tick, offered, who in self._offers(order.side):
            if not remaining or not order.reaches(tick):
                break
            if who != BACKGROUND and order.stp is not SelfTrade.NONE:
                if order.stp is not SelfTrade.EXPIRE_TAKER:
                    events += self.cancel(who, now, Reason.SELF_TRADE)
                if order.stp is not SelfTrade.EXPIRE_MAKER:
                    return remaining, True
                continue
            quantity = min(offered, affordable(budget, tick, remaining) if order.budget else remaining)
            if not quantity:
                break
            remaining -= quantity
            budget -= quantity * tick if order.budget else 0
            self._consume(order.side.opposite, tick, quantity, who)
            self.last_tick = tick
            events.append(Traded(now, who, order.order_id, order.side, tick, quantity))
        return remaining, False

    def _consume(self, side: Side, tick: int, quantity: int, who: int) -> None:
        if who == BACKGROUND:
            self._consumed[(side, tick)] = self._consumed.get((side, tick), 0) + quantity
            self._dirty.add((side, tick))
        else:
            self._reduce(self._own[who], quantity)

    def _rest(self, order: Order, remaining: int) -> None:
        self._own[order.order_id] = _Own(order, remaining, self._shown(order.side, order.tick))
        key = (int(order.side), order.tick)
        self._own_size[key] = self._own_size.get(key, 0) + remaining
        self._dirty.add(key)
        self._hide_stale(order)

    def _reduce(self, own: _Own, quantity: int) -> None:
        key = (int(own.order.side), own.order.tick)
        own.remaining -= quantity
        self._own_size[key] -= quantity
        self._dirty.add(key)
        if not self._own_size[key]:
            del self._own_size[key]
        if not own.remaining:
            del self._own[own.order.order_id]

    def _priority(self, side: Side) -> list[_Own]:
        """Our orders of one side, best price first, then oldest (dict order is arrival order)."""
        chosen = [own for own in self._own.values() if own.order.side is side]
        return sorted(chosen, key=lambda own: -own.order.tick if side is Side.BUY else own.order.tick)

    def _pass_others(self, first: _Own, passed: int) -> None:
        for other in self._own.values():
            if other is not first and other.order.side is first.order.side and other.order.tick == first.order.tick:
                other.ahead = max(other.ahead - passed, 0)

    def _fill_maker(self, own: _Own, quantity: int, now: int, events: list[Event]) -> None:
        if quantity:
            self._reduce(own, quantity)
            order = own.order
            events.append(Traded(now, order.order_id, BACKGROUND, order.side.opposite, order.tick, quantity))

    def _after_move(self, now: int) -> list[Event]:
        """Rules 3 (cap) and 5 after the background changed."""
        if not self._own:
            return []
        for own in self._own.values():
            own.ahead = min(own.ahead, self._shown(own.order.side, own.order.tick))
        events: list[Event] = []
        for side in (Side.BUY, Side.SELL):
            self._cross(side, now, events)
            for own in self._priority(side)[:1]:
                self._hide_stale(own.order)
        return events

    def _cross(self, side: Side, now: int, events: list[Event]) -> None:
        for own in self._priority(side):
            for tick, offered in list(_while(self._available(side.opposite), own.order)):
                quantity = min(offered, own.remaining)
                self._consume(side.opposite, tick, quantity, BACKGROUND)
                self._fill_maker(own, quantity, now, events)
                if not own.remaining:
                    break


def _while(levels: Iterator[Level], order: Order) -> Iterator[Level]:
    for level in levels:
        if not order.reaches(level[0]):
            return
        yield level
