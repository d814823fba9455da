"""Candles of one price (last, mark, index, premium) and the statistics of a day. Pure; bounded; integers of 1e-8.

Minutes are kept for three days; longer intervals are merged from them when asked for. A minute in which nothing
happened has a candle too, at the last price and with a count of 0. A day's statistics are those of the last 1,440
minutes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WIDTHS = {
    "1m": MINUTE, "3m": 3 * MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "30m": 30 * MINUTE,
    "1h": HOUR, "2h": 2 * HOUR, "4h": 4 * HOUR, "6h": 6 * HOUR, "8h": 8 * HOUR, "12h": 12 * HOUR,
    "1d": DAY, "3d": 3 * DAY, "1w": 7 * DAY, "1M": 0,
}  # fmt: skip
_MONDAY = 4 * DAY
KEEP = 3 * 1440


@dataclass(slots=True)
class Candle:
    """`volume` base, `quote` its value, `taker` and `taker_quote` what aggressive buyers took."""

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    quote: int = 0
    count: int = 0
    taker: int = 0
    taker_quote: int = 0
    first_id: int = -1
    last_id: int = -1

    def add(self, other: Candle) -> None:
        """Take a later one in. What nothing happened in has no open of its own."""
        if not self.count and other.count:
            self.open = self.high = self.low = other.open
        self.high, self.low, self.close = max(self.high, other.high), min(self.low, other.low), other.close
        self.volume += other.volume
        self.quote += other.quote
        self.count += other.count
        self.taker += other.taker
        self.taker_quote += other.taker_quote
        self.first_id = other.first_id if self.first_id < 0 else self.first_id
        self.last_id = other.last_id if other.last_id >= 0 else self.last_id


def start_of(interval: str, ms: int) -> int:
    """Start of the candle that holds a time."""
    if interval == "1M":
        return _month(ms)[0]
    shift = _MONDAY if interval == "1w" else 0
    return (ms - shift) // WIDTHS[interval] * WIDTHS[interval] + shift


def end_of(interval: str, start: int) -> int:
    """Last millisecond of a candle."""
    return (_month(start)[1] if interval == "1M" else start + WIDTHS[interval]) - 1


def _month(ms: int) -> tuple[int, int]:
    first = datetime.fromtimestamp(ms / 1000, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + timedelta(days=32)).replace(day=1)
    return int(first.timestamp() * 1000), int(after.timestamp() * 1000)


class Series:
    def __init__(self) -> None:
        self.minutes: deque[Candle] = deque(maxlen=KEEP)
        self._before: dict[str, tuple[int, Candle | None]] = {}
        """By interval: the running minute, and what the running candle holds of those before it."""

    def trade(self, ms: int, price: int, quantity: int, quote: int, *, bought: bool, trade_id: int) -> None:
        taker = (quantity, quote) if bought else (0, 0)
        start = ms - ms % MINUTE
        _put(
            self.minutes,
            Candle(start, price, price, price, price, quantity, quote, 1, *taker, trade_id, trade_id),
        )

    def sample(self, ms: int, price: int) -> None:
        """A price that is not traded (mark, index, premium); `count` counts samples."""
        _put(self.minutes, Candle(ms - ms % MINUTE, price, price, price, price, count=1))

    def quiet(self, ms: int, price: int) -> None:
        """Time passed and nothing was traded; `price` is what the first candle of all shows."""
        _put(self.minutes, _flat(ms - ms % MINUTE, self.minutes[-1].close if self.minutes else price))

    def read(self, interval: str, start: int, end: int, limit: int) -> list[Candle]:
        """Candles that begin within `start`..`end` (ms): the first ones if `start` is given, else the last."""
        chosen = [c for c in self._merged(interval) if start <= c.start <= end]
        return chosen[:limit] if start else chosen[-limit:]

    def current(self, interval: str) -> Candle | None:
        """The newest candle of an interval."""
        if not self.minutes:
            return None
        newest = self.minutes[-1]
        begin = start_of(interval, newest.start)
        minute, before = self._before.get(interval, (-1, None))
        if minute != newest.start:
            before = self._merged_before(newest, begin)
            self._before[interval] = newest.start, before
        return _merge([before, newest] if before else [newest], lambda ms: begin)[0]

    def _merged_before(self, newest: Candle, begin: int) -> Candle | None:
        rows = []
        for candle in reversed(self.minutes):
            if candle.start < begin:
                break
            if candle is not newest:
                rows.append(candle)
        return _merge(reversed(rows), lambda ms: begin)[0] if rows else None

    def day(self, now: int) -> Candle | None:
        rows = [candle for candle in self.minutes if candle.start > now - DAY]
        return _merge(rows, lambda ms: rows[0].start)[0] if rows else None

    def _merged(self, interval: str) -> list[Candle]:
        return list(self.minutes) if interval == "1m" else _merge(self.minutes, lambda ms: start_of(interval, ms))


def _merge(rows: Iterable[Candle], start: Callable[[int], int]) -> list[Candle]:
    found: list[Candle] = []
    for row in rows:
        begin = start(row.start)
        if found and found[-1].start == begin:
            found[-1].add(row)
        else:
            fresh = Candle(begin, row.open, row.high, row.low, row.close)
            fresh.volume, fresh.quote, fresh.count = row.volume, row.quote, row.count
            fresh.taker, fresh.taker_quote = row.taker, row.taker_quote
            fresh.first_id, fresh.last_id = row.first_id, row.last_id
            found.append(fresh)
    return found


def _put(series: deque[Candle], candle: Candle) -> None:
    """Add to the running minute or begin one, after those in which nothing happened."""
    if series and series[-1].start >= candle.start:
        series[-1].add(candle)
        return
    if series:
        first, close = max(series[-1].start + MINUTE, candle.start - KEEP * MINUTE), series[-1].close
        series.extend(_flat(start, close) for start in range(first, candle.start, MINUTE))
    series.append(candle)


def _flat(start: int, price: int) -> Candle:
    return Candle(start, price, price, price, price)
