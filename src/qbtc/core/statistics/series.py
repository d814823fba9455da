"""Moments, ratios and drawdowns of a series of profits, one a period.

A period's profit x is the change of equity; ratios do not depend on its scale. NaN: undefined (no period, no variance).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
YEAR = 31_557_600_000_000_000
"""ns of 365.25 days: these markets never close."""
NOISE = 1e-13
"""A deviation below this share of the largest value is rounding, not variance."""


class Moments(NamedTuple):
    """`deviation` with n - 1; `skew` m3 / m2^1.5 and `kurtosis` m4 / m2^2 (3 for a normal) with n."""

    n: int
    mean: float
    deviation: float
    skew: float
    kurtosis: float


def moments(x: Floats) -> Moments:
    """Of a series, float64[n]."""
    count = int(x.size)
    mean = float(x.mean()) if count else math.nan
    if count < 2:
        return Moments(count, mean, math.nan, math.nan, math.nan)
    scale = float(np.abs(x).max())
    d = (x - mean) / (scale or 1.0)
    square = d * d
    second = float(square.mean())
    deviation = scale * math.sqrt(second * count / (count - 1))
    if deviation <= NOISE * scale:
        return Moments(count, mean, 0.0, math.nan, math.nan)
    return Moments(count, mean, deviation, float((square * d).mean()) / second**1.5, float((square * square).mean()) / second**2)


def ratio(above: float, below: float) -> float:
    """NaN where there is nothing below."""
    return above / below if below else math.nan


def sharpe(x: Floats) -> float:
    """mean / deviation of a period. W. F. Sharpe, The Sharpe ratio (1994), over a rate of 0."""
    m = moments(x)
    return ratio(m.mean, m.deviation)


def sortino(x: Floats) -> float:
    """mean / sqrt(mean of min(x, 0)^2) of a period. F. A. Sortino, R. van der Meer (1991), target 0."""
    down = np.minimum(x, 0.0)
    return ratio(float(x.mean()), math.sqrt(float((down * down).mean()))) if x.size else math.nan


def profit_factor(x: Floats) -> float:
    """Sum of gains over sum of losses; NaN without a loss."""
    return ratio(float(x[x > 0].sum()), float(-x[x < 0].sum()))


def hit_rate(x: Floats) -> float:
    """Share of gains among those that are not 0."""
    moved = x[x != 0]
    return float((moved > 0).mean()) if moved.size else math.nan


def autocorrelations(x: Floats, lags: int) -> Floats:
    """rho_1..rho_lags, float64[lags]: sum of products of deviations over their sum of squares."""
    d = x - x.mean()
    whole = float(d @ d)
    return np.array([float(d[k:] @ d[:-k]) for k in range(1, lags + 1)]) / whole


class Drawdown(NamedTuple):
    """The deepest fall of equity: its depth (>= 0) and places of the last high before it, the low, and the first value at
    or above that high again (-1: never)."""

    depth: float
    peak: int
    trough: int
    end: int


def under_water(equity: Floats) -> Floats:
    """Highest equity so far minus equity, float64[n], >= 0."""
    return np.maximum.accumulate(equity) - equity


def maximum_drawdown(equity: Floats) -> Drawdown:
    """Of equity, float64[n], n >= 1."""
    below = under_water(equity)
    trough = int(below.argmax())
    depth = float(below[trough])
    if depth == 0:
        return Drawdown(0.0, 0, 0, 0)
    peak = int(np.flatnonzero(below[: trough + 1] == 0)[-1])
    again = np.flatnonzero(equity[trough:] >= equity[peak])
    return Drawdown(depth, peak, trough, trough + int(again[0]) if again.size else -1)
