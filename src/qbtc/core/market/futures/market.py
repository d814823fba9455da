"""The public side of one contract: book, trades, candles, index, mark price and funding. No I/O, no clock.

The book's changes are collected by `flush`, which numbers them; how often readers hear of them is `publisher`'s
business. Index and funding as core.market.margin_funding states them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from ..book import Level
from ..margin import value
from ..margin_funding import Funding, mark_price, next_funding
from .contracts import Contract
from .errors import FCode, error
from .matching import Matcher
from .series import Series
from .wire import MS

KEEP = 5000


@dataclass(slots=True)
class Print:
    """A public trade. `side` 1: the taker bought."""

    trade_id: int
    price: int
    quantity: int
    side: int
    ms: int


@dataclass(slots=True)
class Aggregate:
    """Trades of one price and taker side within 100 ms."""

    agg_id: int
    price: int
    quantity: int
    side: int
    ms: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Diff:
    """Changed levels in integers of 1e-8 with ids `first`..`last`."""

    first: int
    last: int
    bids: dict[int, int]
    asks: dict[int, int]


@dataclass(slots=True)
class Prices:
    index: int = 0
    mark: int = 0
    last: int = 0
    settled_rate: int = 10_000


class Market:
    def __init__(self, contract: Contract, matcher: Matcher, now: int) -> None:
        self.contract = contract
        self.matcher = matcher
        self.prices = Prices()
        self.funding = Funding(contract.funding_cap)
        self.next_funding = next_funding(now)
        self.series, self.marks, self.indexes, self.premiums = Series(), Series(), Series(), Series()
        self.trades: deque[Print] = deque(maxlen=KEEP)
        self.aggregates: deque[Aggregate] = deque(maxlen=KEEP)
        self.update_id = 1
        self.trade_id = 0
        self.agg_id = 0
        self.waiting = False
        """Has had no mark price since the start: recovered orders are not in the book yet, and no others are taken."""
        self.fresh_trades: list[Print] = []
        self.fresh_aggregates: list[Aggregate] = []
        self._path: list[tuple[int, int]] = []

    @property
    def symbol(self) -> str:
        return self.contract.symbol

    # ---- book

    def top(self, count: int, side: int) -> list[tuple[int, int]]:
        """Best levels as (price, quantity)."""
        return [self.level(item) for item in self.matcher.top(count, side)]

    def level(self, item: Level) -> tuple[int, int]:
        return item[0] * self.contract.tick, item[1] * self.contract.step

    def touch(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Best bid and ask as (price, quantity); zeros where there is none."""
        bids, asks = self.top(1, 0), self.top(1, 1)
        return (bids[0] if bids else (0, 0)), (asks[0] if asks else (0, 0))

    def flush(self) -> Diff | None:
        """What changed since the last call, numbered."""
        bids, asks = self.matcher.changes()
        if not bids and not asks:
            return None
        first = self.update_id + 1
        self.update_id += len(bids) + len(asks)
        return Diff(first, self.update_id, dict(map(self.level, bids)), dict(map(self.level, asks)))

    def reachable(self, side: int, price: int) -> int:
        """Quantity that an order of `side` could take up to `price` now."""
        total, best = 0, self.top(1, 1 if side > 0 else 0)
        if not best or (best[0][0] - price) * side > 0:
            return 0
        for at, quantity in self.top(5000, 1 if side > 0 else 0):
            if (at > price) if side > 0 else (at < price):
                break
            total += quantity
        return total

    def matched_price(self, side: int, match: str) -> int:
        """The book's price that a `priceMatch` names. Raises ApiError -5041."""
        kind, _, depth = match.partition("_")
        book = (1 if side > 0 else 0) if kind == "OPPONENT" else (0 if side > 0 else 1)
        levels = self.top(int(depth or 1), book)
        if len(levels) < int(depth or 1):
            raise error(FCode.NO_MATCH_DEPTH)
        return levels[-1][0]

    # ---- trades

    def trade(self, price: int, quantity: int, side: int, now: int) -> int:
        """Record a public trade; returns its id."""
        self.trade_id += 1
        row = Print(self.trade_id, price, quantity, side, now // MS)
        self.trades.append(row)
        self.fresh_trades.append(row)
        self.prices.last = price
        self._passed(row)
        quote = value(price, quantity)
        self.series.trade(row.ms, price, quantity, quote, bought=side > 0, trade_id=row.trade_id)
        self._aggregate(row)
        return row.trade_id

    def _aggregate(self, row: Print) -> None:
        last = self.fresh_aggregates[-1] if self.fresh_aggregates else None
        if last and (last.price, last.side) == (row.price, row.side) and row.ms - last.ms < 100:
            last.quantity += row.quantity
            last.last = row.trade_id
            return
        self.agg_id += 1
        made = Aggregate(self.agg_id, row.price, row.quantity, row.side, row.ms, row.trade_id, row.trade_id)
        self.aggregates.append(made)
        self.fresh_aggregates.append(made)

    def _passed(self, row: Print) -> None:
        path = self._path
        if len(path) > 1 and (path[-1][1] - path[-2][1]) * (row.price - path[-1][1]) >= 0:
            path[-1] = (row.trade_id, row.price)
        else:
            path.append((row.trade_id, row.price))

    def take_path(self) -> list[tuple[int, int]]:
        """(trade id, price) of the trades since the last call between which the price turned, and of the last one: it
        passed no price beyond these."""
        found, self._path = self._path, []
        return found

    def take_trades(self) -> tuple[list[Print], list[Aggregate]]:
        """Trades since the last call."""
        found = self.fresh_trades, self.fresh_aggregates
        self.fresh_trades, self.fresh_aggregates = [], []
        return found

    # ---- prices

    def reprice(self, index: int, now: int) -> bool:
        """Take the index (0: the contract's own mid) and work out the mark price. True if the mark changed."""
        (bid, _), (ask, _) = self.touch()
        mid = (bid + ask) // 2 if bid and ask else bid or ask
        index = index or mid or self.prices.index
        if not index:
            return False
        self.funding.sample(bid, ask, index, now)
        before = self.prices.mark
        self.prices.index = index
        left = max(self.next_funding - now, 0)
        self.prices.mark = mark_price(index, self.funding.basis, self.prices.last, self.funding.rate, left)
        ms = now // MS
        self.series.quiet(ms, self.prices.last or self._on_grid(index))
        self.marks.sample(ms, self.prices.mark)
        self.indexes.sample(ms, index)
        self.premiums.sample(ms, (mid - index) * 10**8 // index if mid else 0)
        return self.prices.mark != before

    def marked(self, mark: int) -> None:
        """Take a mark price that somebody else worked out."""
        self.prices.mark = mark
        self.waiting = False

    def _on_grid(self, price: int) -> int:
        """The nearest tick."""
        tick = self.contract.tick
        return (price + tick // 2) // tick * tick

    def funding_due(self, now: int) -> int | None:
        """The rate to settle if a payment time has passed."""
        if now < self.next_funding or not self.prices.mark:
            return None
        self.next_funding = next_funding(now)
        self.prices.settled_rate = self.funding.settle()
        return self.prices.settled_rate

    def protected(self, contract_price: int) -> bool:
        """Whether mark and contract price are too far apart for a protected trigger."""
        gap = abs(self.prices.mark - contract_price)
        return gap * 10**8 > self.contract.trigger_protect * max(self.prices.mark, 1)
