"""What one symbol traded since the venue started: trades, aggregate trades, candles, rolling figures. Pure; bounded.

An aggregate trade is what one taker order filled at one price at one time; its id is that of its first trade, so that
ids rise across restarts. Recorded trades carry no order ids: trades that arrive together at one time, price and side
are taken for one order's.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from ..core.market.instrument import Instrument
from .klines import DAY, MINUTE, Candle, Candles

BATCH = 256
KEEP = 50_000
"""Trades, and aggregate trades, that can be asked for."""


class Print(NamedTuple):
    """A trade. Time in ms."""

    trade_id: int
    tick: int
    lots: int
    ms: int
    buyer_is_maker: bool


class Aggregate(NamedTuple):
    first: int
    last: int
    tick: int
    lots: int
    ms: int
    buyer_is_maker: bool


class Ring:
    """Rows of integers whose first column rises; the oldest go when it is full."""

    def __init__(self, width: int, keep: int) -> None:
        self._columns = [array("q") for _ in range(width)]
        self._keep = keep
        self._added = 0
        self._fresh: list[tuple[int, ...]] = []

    def append(self, row: tuple[int, ...]) -> None:
        self._fresh.append(row)
        if len(self._fresh) == BATCH:
            self._settle()

    def _settle(self) -> None:
        """Columns take rows in batches: one by one costs ten times as much."""
        rows, self._fresh = self._fresh, []
        room = self._keep - self._added
        for column, values in zip(self._columns, zip(*rows, strict=True), strict=bool(rows)):
            column.extend(values[: max(room, 0)])
            for offset, value in enumerate(values[max(room, 0) :], max(room, 0)):
                column[(self._added + offset) % self._keep] = value
        self._added += len(rows)

    def __len__(self) -> int:
        if self._fresh:
            self._settle()
        return min(self._added, self._keep)

    def __getitem__(self, index: int) -> int:
        """First column, by age: 0 is the oldest row kept."""
        return self._value(0, index)

    def rows(self, start: int, stop: int) -> Iterator[tuple[int, ...]]:
        for index in range(max(start, 0), min(stop, len(self))):
            yield tuple(self._value(column, index) for column in range(len(self._columns)))

    def at_least(self, column: int, value: int) -> int:
        """Index of the first row whose `column` (which must rise) is at least `value`."""
        return bisect_left(range(len(self)), value, key=lambda index: self._value(column, index))

    def _value(self, column: int, index: int) -> int:
        at = index if self._added <= self._keep else (self._added + index) % self._keep
        return self._columns[column][at]


class Tape:
    def __init__(self, instrument: Instrument, keep: int = KEEP) -> None:
        self.instrument = instrument
        self.candles = Candles()
        self.last: Print | None = None
        self.count = 0
        self._trades = Ring(5, keep)
        self._aggregates = Ring(6, keep)
        self._open: Aggregate | None = None

    def trade(self, item: Print) -> Aggregate | None:
        """Take a trade; returns the aggregate that it ended."""
        self.last = item
        self.count += 1
        self._trades.append(item)
        self.candles.trade(
            item.ms, item.tick, item.lots, buyer_aggressed=not item.buyer_is_maker, trade_id=item.trade_id
        )
        held = self._open
        if held is not None and (held.ms, held.tick, held.buyer_is_maker) == (item.ms, item.tick, item.buyer_is_maker):
            self._open = held._replace(last=item.trade_id, lots=held.lots + item.lots)
            return None
        ended = self.settle()
        self._open = Aggregate(item.trade_id, item.trade_id, item.tick, item.lots, item.ms, item.buyer_is_maker)
        return ended

    def settle(self) -> Aggregate | None:
        """End the aggregate that is still open: nothing more of its order can come."""
        ended, self._open = self._open, None
        if ended is not None:
            self._aggregates.append(ended)
        return ended

    # ---- asked

    def recent(self, limit: int, from_id: int | None = None) -> list[Print]:
        """The last trades, or those from an id on."""
        start = len(self._trades) - limit if from_id is None else self._trades.at_least(0, from_id)
        return [_print(row) for row in self._trades.rows(start, max(start, 0) + limit)]

    def aggregates(
        self, limit: int, *, from_id: int | None = None, since: int | None = None, until: int | None = None
    ) -> list[Aggregate]:
        """Oldest first; by time the first ones from `since` on, else the last ones up to `until`."""
        rows = self._aggregates
        stop = len(rows) if until is None else rows.at_least(4, until + 1)
        if from_id is not None:
            start = rows.at_least(0, from_id)
        elif since is not None:
            start = rows.at_least(4, since)
        else:
            start = max(stop - limit, 0)
        return [_aggregate(row) for row in rows.rows(start, min(stop, start + limit))]

    def rolling(self, now: int, width: int = DAY) -> Candle:
        """Figures of the last `width` ms, from the minute on that holds their beginning; prices 0 before any trade."""
        found = self.candles.window(now - width)
        if found is not None:
            return found
        since = now - width
        return Candle.quiet(since - since % MINUTE, self.last.tick if self.last else 0)

    def before(self, now: int, width: int = DAY) -> int:
        """The last price before the window; 0 if there was none."""
        return self.candles.before(now - width) or 0


def _print(row: tuple[int, ...]) -> Print:
    trade_id, tick, lots, ms, maker = row
    return Print(trade_id, tick, lots, ms, bool(maker))


def _aggregate(row: tuple[int, ...]) -> Aggregate:
    first, last, tick, lots, ms, maker = row
    return Aggregate(first, last, tick, lots, ms, bool(maker))
