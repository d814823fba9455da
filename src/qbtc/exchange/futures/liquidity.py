"""Where a contract's book and trades come from: the spot market of the same symbol, or recorded futures frames. Pure.

Derived from spot, as stated here: the best `LEVELS` spot levels of each side, bids rounded down and asks up to the
contract's tick (so the book never crosses), quantities rounded down to its step and summed per price; every spot
trade is a contract trade at its price rounded to the nearest tick. The index is spot's mid price. Recorded: the frames
as they are, and without a spot market the contract's own mid is the index.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ...core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade
from ...core.market.book import Level
from ...core.market.futures.contracts import Contract
from ...core.market.futures.market import Market
from ...core.market.futures.matching import TICKS, Step
from ...core.market.instrument import OffGrid, units

LEVELS = 200
MOST_LOTS = 1 << 60
Priced = tuple[int, int]


class SpotTrade(NamedTuple):
    """`side` 1: the taker bought. Integers of 1e-8."""

    trade_id: int
    price: int
    quantity: int
    side: int


class SpotBook(Protocol):
    """One spot symbol as (price, quantity) in 1e-8, best first, the id of its last trade (0: none), and its trades after
    an id, oldest first; if they are very many, the oldest."""

    def levels(self, count: int) -> tuple[list[Priced], list[Priced]]: ...
    def trades_after(self, trade_id: int) -> list[SpotTrade]: ...
    def last_trade(self) -> int: ...


class SpotMirror:
    """Follows one spot book. `step` gives what changed since the last one."""

    def __init__(self, spot: SpotBook, contract: Contract) -> None:
        self._spot = spot
        self._contract = contract
        self._shown: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._last_trade = spot.last_trade()

    def book(self) -> tuple[list[Level], list[Level], int]:
        """Changed levels in ticks and lots (0 lots: gone), and the index: spot's mid, 0 without a two-sided book."""
        spot = self._spot.levels(LEVELS)
        changes = [self._changes(side, spot[side]) for side in (0, 1)]
        index = (spot[0][0][0] + spot[1][0][0]) // 2 if spot[0] and spot[1] else 0
        return changes[0], changes[1], index

    def _changes(self, side: int, levels: list[Priced]) -> list[Level]:
        fresh, shown = on_grid(levels, self._contract, side), self._shown[side]
        gone = [(tick, 0) for tick in shown if tick not in fresh]
        found = gone + [(tick, lots) for tick, lots in fresh.items() if shown.get(tick) != lots]
        shown.clear()
        shown.update(fresh)
        return found

    def trades(self) -> list[tuple[int, int, int]]:
        """New trades as (tick, lots, side); those below one lot are left out."""
        found = []
        for row in self._spot.trades_after(self._last_trade):
            self._last_trade = row.trade_id
            tick = (row.price + self._contract.tick // 2) // self._contract.tick
            lots = row.quantity // self._contract.step
            if lots and tick:
                found.append((tick, lots, row.side))
        return found


def on_grid(levels: Iterable[Priced], contract: Contract, side: int) -> dict[int, int]:
    """Ticks to lots, best first. Sizes are summed before they are rounded."""
    summed: dict[int, int] = {}
    for price, quantity in levels:
        tick = price // contract.tick if side == 0 else -(-price // contract.tick)
        summed[tick] = summed.get(tick, 0) + quantity
    return {tick: total // contract.step for tick, total in summed.items() if total >= contract.step}


class Recorded:
    """Feeds recorded futures frames of one symbol; depth follows the futures rule (`pu` of one is `u` before)."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._last = 0
        self._pending: list[DepthUpdate] = []
        self.gaps = 0

    def on_frame(self, event: DepthUpdate | Trade | BookTicker | Snapshot, now: int) -> list[Step]:
        """Steps of the matching. A frame off the contract's grid is refused with OffGrid, and nothing changes."""
        if isinstance(event, Snapshot):
            return self._snapshot(event, now)
        if isinstance(event, DepthUpdate):
            return self._depth(event, now)
        if isinstance(event, Trade):
            return self._trade(event, now)
        return []

    def _snapshot(self, event: Snapshot, now: int) -> list[Step]:
        steps = self._market.matcher.replace(self._levels(event.bids), self._levels(event.asks), now)
        self._last = event.lastUpdateId
        pending, self._pending = self._pending, []
        for update in pending:
            if update.last >= self._last:
                steps += self._apply(update, now)
        return steps

    def _depth(self, event: DepthUpdate, now: int) -> list[Step]:
        if not self._last:
            self._levels(event.bids + event.asks)
            self._pending.append(event)
            return []
        if event.last < self._last:
            return []
        return self._apply(event, now)

    def _apply(self, event: DepthUpdate, now: int) -> list[Step]:
        bids, asks = self._levels(event.bids), self._levels(event.asks)
        if event.previous not in (None, self._last) and not event.first <= self._last <= event.last:
            self.gaps += 1
        self._last = event.last
        return self._market.matcher.update(bids, asks, now)

    def _trade(self, event: Trade, now: int) -> list[Step]:
        ((tick, lots),) = self._levels([(event.price, event.quantity)]) or [(0, 0)]
        if not lots:
            raise OffGrid(f"{event.symbol}: a trade of {event.quantity} at {event.price} is none")
        side = -1 if event.buyer_is_maker else 1
        price, quantity = self._market.level((tick, lots))
        self._market.trade(price, quantity, side, now)
        return self._market.matcher.traded(tick, lots, side, now)

    def _levels(self, rows: Iterable[tuple[str, str]]) -> list[Level]:
        """Those that the matching's range of prices and its integers hold."""
        rules = self._market.contract
        found = []
        for price, quantity in rows:
            tick, off = divmod(units(price), rules.tick)
            lots, rest = divmod(units(quantity), rules.step)
            if off or rest:
                raise OffGrid(f"{rules.symbol}: {price} x {quantity} is off the contract's grid")
            if 0 < tick < TICKS and lots < MOST_LOTS:
                found.append((tick, lots))
        return found
