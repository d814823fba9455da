"""Candles of one symbol, built trade by trade in ticks and lots: the 16 intervals, time zones, rolling windows. Pure.

Kept are seconds (about an hour), minutes (a week, which is the longest rolling window) and hours (a year); everything
else is merged from them when asked for. An interval without a trade shows the last close, as Binance does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
MONTH = 0
"""Stands for a calendar month, which has no width."""
INTERVALS = {
    "1s": SECOND, "1m": MINUTE, "3m": 3 * MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "30m": 30 * MINUTE,
    "1h": HOUR, "2h": 2 * HOUR, "4h": 4 * HOUR, "6h": 6 * HOUR, "8h": 8 * HOUR, "12h": 12 * HOUR,
    "1d": DAY, "3d": 3 * DAY, "1w": 7 * DAY, "1M": MONTH,
}  # fmt: skip
KEPT = {SECOND: 4_000, MINUTE: 7 * 24 * 60 + 2, HOUR: 366 * 24}
_MONDAY = 4 * DAY
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Candle:
    """`value` is the sum of tick * lots, `taker` the lots bought by aggressors, `taker_value` their tick * lots.

    `first` and `last` are trade ids, -1 without a trade.
    """

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    value: int = 0
    trades: int = 0
    taker: int = 0
    taker_value: int = 0
    first: int = -1
    last: int = -1

    def add(self, other: Candle) -> None:
        """Take in a later candle."""
        if not self.trades:
            self.open, self.high, self.low, self.first = other.open, other.high, other.low, other.first
        self.high, self.low, self.close = max(self.high, other.high), min(self.low, other.low), other.close
        self.volume += other.volume
        self.value += other.value
        self.trades += other.trades
        self.taker += other.taker
        self.taker_value += other.taker_value
        self.last = other.last

    @classmethod
    def quiet(cls, start: int, close: int) -> Candle:
        """A stretch without a trade after one that ended at `close`."""
        return cls(start, close, close, close, close)


def start_of(ms: int, interval: str, zone: int = 0) -> int:
    """Where the candle that holds `ms` starts; `zone` is the offset in ms that its days and weeks follow."""
    width, local = INTERVALS[interval], ms + zone
    if width == MONTH:
        return _ms(_date(local).replace(day=1, hour=0, minute=0, second=0, microsecond=0)) - zone
    if interval == "1w":
        return local - (local - _MONDAY) % width - zone
    return local - local % width - zone


def end_of(start: int, interval: str, zone: int = 0) -> int:
    """Where the next candle starts."""
    width = INTERVALS[interval]
    if width != MONTH:
        return start + width
    first = _date(start + zone)
    return _ms((first + timedelta(days=32)).replace(day=1)) - zone


def _date(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)


def _ms(date: datetime) -> int:
    return (date - _EPOCH) // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which candles: like `GET /api/v3/klines`. Times in ms, bounds included, compared with a candle's start."""

    interval: str
    limit: int = 500
    since: int | None = None
    until: int | None = None
    zone: int = 0


class Candles:
    """`trade` touches one candle, that of the running second; the series take it in when it ends or is asked for."""

    def __init__(self) -> None:
        self._kept: dict[int, deque[Candle]] = {width: deque(maxlen=keep) for width, keep in KEPT.items()}
        self._running: Candle | None = None

    def trade(self, ms: int, tick: int, lots: int, *, buyer_aggressed: bool, trade_id: int = -1) -> None:
        running = self._running
        if running is None or ms >= running.start + SECOND or ms < running.start:
            self._settle()
            running = self._running = Candle(ms - ms % SECOND, tick, tick, tick, tick, first=trade_id)
        elif tick > running.high:
            running.high = tick
        elif tick < running.low:
            running.low = tick
        running.close = tick
        running.volume += lots
        running.value += tick * lots
        running.trades += 1
        running.last = trade_id
        if buyer_aggressed:
            running.taker += lots
            running.taker_value += tick * lots

    def _settle(self) -> None:
        """Let the series take in the running second."""
        running, self._running = self._running, None
        if running is None:
            return
        for width, series in self._kept.items():
            if series and series[-1].start >= running.start - running.start % width:
                series[-1].add(running)
            else:
                series.append(replace(running, start=running.start - running.start % width))

    @property
    def _series(self) -> dict[int, deque[Candle]]:
        self._settle()
        return self._kept

    def at(self, start: int, interval: str, zone: int = 0) -> Candle | None:
        """The one candle that starts there; None before the first trade."""
        rows = self._merged(interval, zone, start, end_of(start, interval, zone))
        found = next((candle for candle in rows if candle.start == start), None)
        before = next((candle for candle in rows if candle.start < start), None)
        return found or (Candle.quiet(start, before.close) if before else None)

    def read(self, asked: Asked, now: int) -> list[Candle]:
        """Oldest first, up to the running one; stretches without a trade are filled after the first trade."""
        interval, zone = asked.interval, asked.zone
        last = start_of(min(now, now if asked.until is None else asked.until), interval, zone)
        first = self._back(last, asked) if asked.since is None else _upwards(asked.since, interval, zone)
        end = end_of(last, interval, zone)
        rows = self._merged(interval, zone, first, end)
        filled = (c for c in _fill(reversed(rows), (first, end), interval, zone) if c.start >= first)
        return list(filled)[-asked.limit :] if asked.since is None else list(islice(filled, asked.limit))

    def window(self, since: int) -> Candle | None:
        """All since the minute that holds `since`, as one candle; None if there was no trade."""
        bound = since - since % MINUTE
        merged: Candle | None = None
        minutes = self._series[MINUTE]
        chosen = [candle for candle in _newest(minutes, bound) if candle.start >= bound]
        for candle in reversed(chosen):
            if merged is None:
                merged = replace(candle, start=bound)
            else:
                merged.add(candle)
        return merged

    def before(self, since: int) -> int | None:
        """The last price before the minute that holds `since`."""
        bound = since - since % MINUTE
        for width in (MINUTE, HOUR):
            for candle in reversed(self._series[width]):
                if candle.start + width <= bound:
                    return candle.close
        return None

    @property
    def last(self) -> Candle | None:
        """The second with the latest trade."""
        seconds = self._series[SECOND]
        return seconds[-1] if seconds else None

    def _back(self, last: int, asked: Asked) -> int:
        """Start of the first of `limit` candles that end with `last`."""
        width = INTERVALS[asked.interval]
        if width != MONTH:
            return last - (asked.limit - 1) * width
        return start_of(last - (asked.limit - 1) * 31 * DAY, asked.interval, asked.zone)

    def _merged(self, interval: str, zone: int, first: int, end: int) -> list[Candle]:
        """Candles with trades, newest first, that start in [first, end), and one before them."""
        width = INTERVALS[interval]
        base = SECOND if width == SECOND else HOUR if zone % HOUR == 0 and (width == MONTH or width >= HOUR) else MINUTE
        rows: list[Candle] = []
        for candle in reversed(self._series[base]):
            if candle.start >= end:
                continue
            start = start_of(candle.start, interval, zone)
            if rows and rows[-1].start == start:
                rows[-1] = _joined(candle, rows[-1])
                continue
            if rows and rows[-1].start < first:
                break
            rows.append(replace(candle, start=start))
        return rows


def _joined(earlier: Candle, later: Candle) -> Candle:
    whole = replace(earlier, start=later.start)
    whole.add(later)
    return whole


def _newest(series: deque[Candle], bound: int) -> Iterator[Candle]:
    for candle in reversed(series):
        if candle.start < bound:
            return
        yield candle


def _upwards(since: int, interval: str, zone: int) -> int:
    """The first start at or after `since`."""
    start = start_of(since, interval, zone)
    return start if start == since else end_of(start, interval, zone)


def _fill(rows: Iterable[Candle], bounds: tuple[int, int], interval: str, zone: int) -> Iterator[Candle]:
    """Rows oldest first, with quiet candles between them, from `bounds[0]` up to before `bounds[1]`."""
    first, end = bounds
    last: Candle | None = None
    for candle in rows:
        if last is not None:
            yield from _quiet(last, max(first, end_of(last.start, interval, zone)), candle.start, (interval, zone))
        yield candle
        last = candle
    if last is not None:
        yield from _quiet(last, max(first, end_of(last.start, interval, zone)), end, (interval, zone))


def _quiet(last: Candle, start: int, end: int, grid: tuple[str, int]) -> Iterator[Candle]:
    while start < end:
        yield Candle.quiet(start, last.close)
        start = end_of(start, *grid)
