"""What stated probabilities are worth once it is known what happened: Brier score, calibration error, ROC area.

    Brier   mean (p - y)^2                                   G. Brier (1950); 0 is perfect, rate (1 - rate) knows the rate only
    ECE     sum over bins of n_b / n |mean p - mean y|       Naeini, Cooper, Hauskrecht (2015); bins of equal count by p
    area    P(p of a success > p of a failure), ties half    Mann and Whitney (1947); 0.5 tells nothing apart

Intervals are percentiles of a bootstrap over the forecasts (blocks where they follow each other in time). ECE is an
absolute value: the bootstrap lifts it, so its interval leans upwards and never holds 0 on a finite sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qbtc.core.statistics.bootstrap import SEED, stationary

Floats = NDArray[np.float64]

BINS: Final = 10
DRAWS: Final = 1000


class ForecastsRefused(ValueError):
    """The forecasts cannot be scored; the message says why."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A score and its 95 % interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`rate` is the share of successes; `ignorant` the Brier score of always saying it."""

    count: int
    rate: float
    ignorant: float
    brier: Figure
    ece: Figure
    area: Figure


def brier(p: Floats, y: Floats) -> float:
    return float(np.mean((p - y) ** 2))


def expected_calibration_error(p: Floats, y: Floats) -> float:
    """Over at most BINS bins of nearly equal count; equal forecasts share a bin, whatever its count."""
    order = np.argsort(p, kind="stable")
    p, y = p[order], y[order]
    cuts = np.linspace(0, p.size, min(BINS, p.size) + 1).round().astype(np.int64)[:-1]
    starts = np.unique(np.searchsorted(p, p[cuts], side="left"))
    return float(np.abs(np.add.reduceat(p - y, starts)).sum() / p.size)


def roc_area(p: Floats, y: Floats) -> float:
    """NaN without both successes and failures."""
    wins = float(y.sum())
    losses = y.size - wins
    if not wins or not losses:
        return math.nan
    _, places, counts = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((ranks @ y - wins * (wins + 1) / 2) / (wins * losses))


def scored(
    forecasts: ArrayLike, outcomes: ArrayLike, *, block: float = 1.0, draws: int = DRAWS, seed: int = SEED
) -> Calibration:
    """Forecasts in [0, 1] against outcomes 0 or 1, both (n,). `block`: how many neighbours are drawn together on average.

    Raises ForecastsRefused.
    """
    p, y = _checked(forecasts, outcomes)
    places = stationary(p.size, draws, block, np.random.default_rng(seed))
    rate = float(y.mean())
    made = [_figure(score, p, y, places) for score in (brier, expected_calibration_error, roc_area)]
    return Calibration(p.size, rate, rate * (1 - rate), *made)


def _figure(score: Callable[[Floats, Floats], float], p: Floats, y: Floats, places: NDArray[np.int64]) -> Figure:
    found = np.array([score(p[row], y[row]) for row in places])
    found = found[np.isfinite(found)]
    low, high = np.quantile(found, (0.025, 0.975)) if found.size else (math.nan, math.nan)
    return Figure(score(p, y), float(low), float(high))


def _checked(forecasts: ArrayLike, outcomes: ArrayLike) -> tuple[Floats, Floats]:
    p, y = np.asarray(forecasts, np.float64), np.asarray(outcomes, np.float64)
    if p.ndim != 1 or p.shape != y.shape or not p.size:
        raise ForecastsRefused(f"one outcome for each forecast and one at least, not shapes {p.shape} and {y.shape}")
    if not ((p >= 0) & (p <= 1)).all():
        raise ForecastsRefused("a forecast is a probability from 0 to 1")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ForecastsRefused("an outcome is 0 or 1")
    return p, y
