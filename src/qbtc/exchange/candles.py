"""Candles of one symbol, built trade by trade in ticks and lots. Pure; bounded."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

INTERVALS = {"1s": 1000, "1m": 60_000, "3m": 180_000, "5m": 300_000, "15m": 900_000, "30m": 1_800_000, "1h": 3_600_000}
_FINE, _COARSE = 1000, 60_000


@dataclass(slots=True)
class Candle:
    """`value` is the sum of tick * lots, `taker` the lots bought by aggressors, `taker_value` their tick * lots."""

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

    def add(self, other: Candle) -> None:
        self.high, self.low, self.close = max(self.high, other.high), min(self.low, other.low), other.close
        self.volume += other.volume
        self.value += other.value
        self.trades += other.trades
        self.taker += other.taker
        self.taker_value += other.taker_value


class Candles:
    def __init__(self, keep: int = 3600) -> None:
        self._series: dict[int, deque[Candle]] = {_FINE: deque(maxlen=keep), _COARSE: deque(maxlen=keep)}

    def trade(self, ms: int, tick: int, lots: int, *, buyer_aggressed: bool) -> None:
        value = tick * lots
        bought = (lots, value) if buyer_aggressed else (0, 0)
        for width, series in self._series.items():
            single = Candle(ms - ms % width, tick, tick, tick, tick, lots, value, 1, *bought)
            _put(series, single)

    def read(self, interval: str, limit: int) -> list[Candle]:
        """The last `limit` candles that saw trades, oldest first."""
        width = INTERVALS[interval]
        if width in self._series:
            return list(self._series[width])[-limit:]
        merged: deque[Candle] = deque(maxlen=limit)
        for candle in self._series[_COARSE]:
            copy = Candle(candle.start - candle.start % width, candle.open, candle.high, candle.low, candle.close)
            copy.volume, copy.value, copy.trades = candle.volume, candle.value, candle.trades
            copy.taker, copy.taker_value = candle.taker, candle.taker_value
            _put(merged, copy)
        return list(merged)


def _put(series: deque[Candle], candle: Candle) -> None:
    if series and series[-1].start >= candle.start:
        series[-1].add(candle)
    else:
        series.append(candle)
