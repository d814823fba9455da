"""Robust z-scores of the features against the symbol's own past.

z = (x - median) / (1.4826 MAD), clipped to +-5. Reference: one value a minute over what exists, up to 30 days;
under 120 such values the last 120 bars; under 30 bars the score is masked. Where the MAD is 0 there is no scale, so
the score is masked too. Nothing is imputed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26

from .bars import NANOS

MAD_SCALE = 1.4826
MIN_VALUES = 30
RECENT_BARS = 120
MIN_MINUTES = 120
MAX_MINUTES = 30 * 24 * 60
MINUTE_NS = 60 * NANOS
VALUES_A_BAR = 100_000

Array = NDArray[np.float64]


def robust(history: Array) -> tuple[Array, Array, NDArray[np.int64]]:
    """(median, 1.4826 MAD, count) over axis 0 of (value, ...) ignoring NaN; NaN where there is no value."""
    count = np.isfinite(history).sum(axis=0)
    median = _median(history, count)
    return median, MAD_SCALE * _median(np.abs(history - median), count), count


def _median(values: Array, count: NDArray[np.int64]) -> Array:
    """Median over axis 0 without NaN: they sort to the end, so the middle is taken among the first `count`."""
    ordered = np.sort(values, axis=0)
    low = np.maximum((count - 1) // 2, 0)[None]
    high = np.minimum(count // 2, len(values) - 1)[None]
    result: Array = (np.take_along_axis(ordered, low, 0)[0] + np.take_along_axis(ordered, high, 0)[0]) / 2
    return result


def score(values: Array, median: Array, scale: Array, count: NDArray[np.int64]) -> tuple[Array, NDArray[np.bool_]]:
    """(scores with 0 where masked, mask that is true where a score exists)."""
    with np.errstate(invalid="ignore"):
        present = np.isfinite(values) & (count >= MIN_VALUES) & (scale > 0)
    z = np.divide(values - median, scale, out=np.zeros_like(values), where=present)
    return np.clip(z, -basis26.CLIP, basis26.CLIP), present


class Reference:
    """The past of all symbols: last 120 bars and one value a minute. Grows with what exists, up to 30 days.

    Medians over the minutes are refreshed by turns, a bounded number of values a bar, so that thirty days of fifty
    symbols never delay a bar; the order of the turns depends on the number of bars only.
    """

    def __init__(self, symbols: int) -> None:
        self._shape = (symbols, basis26.SIZE)
        columns = symbols * basis26.SIZE
        self._bars = np.full((RECENT_BARS, *self._shape), np.nan)
        self._minutes = np.full((64, columns), np.nan, dtype=np.float32)
        self._count = 0
        self._next_minute: int | None = None
        self._median, self._scale = np.full(columns, np.nan), np.full(columns, np.nan)
        self._known = np.zeros(columns, dtype=np.int64)
        self._cursor = 0

    def standardise(self, values: Array, end_ns: int) -> tuple[Array, NDArray[np.bool_]]:
        """Scores of one bar's values (symbol, 26); the bar itself belongs to its reference."""
        self._bars[:-1] = self._bars[1:]
        self._bars[-1] = values
        self._keep_minute(values, end_ns)
        self._refresh()
        use = (self._known >= MIN_MINUTES).reshape(self._shape)
        longer = (self._median.reshape(self._shape), self._scale.reshape(self._shape), self._known.reshape(self._shape))
        median, scale, count = (np.where(use, a, b) for a, b in zip(longer, robust(self._bars), strict=True))
        return score(values, median, scale, count)

    def _keep_minute(self, values: Array, end_ns: int) -> None:
        minute = end_ns // MINUTE_NS
        if self._next_minute is None or minute >= self._next_minute:
            self._next_minute = minute + 1
            self.add_minute(values)

    def add_minute(self, values: Array) -> None:
        """Append one minute's values (symbol, 26), NaN where masked; also used to load the stored past."""
        if self._count == MAX_MINUTES:
            self._minutes[:-1] = self._minutes[1:]
            self._count -= 1
        if self._count == len(self._minutes):
            grown = np.full((min(2 * self._count, MAX_MINUTES), self._minutes.shape[1]), np.nan, dtype=np.float32)
            grown[: self._count] = self._minutes[: self._count]
            self._minutes = grown
        self._minutes[self._count] = np.reshape(values, -1)
        self._count += 1

    def _refresh(self) -> None:
        if self._count < MIN_MINUTES:
            return
        columns = len(self._median)
        turn = min(columns, max(1, VALUES_A_BAR // self._count))
        where = (self._cursor + np.arange(turn)) % columns
        self._cursor = (self._cursor + turn) % columns
        found = robust(self._minutes[: self._count, where].astype(np.float64))
        self._median[where], self._scale[where], self._known[where] = found

    @property
    def minutes(self) -> int:
        return self._count
