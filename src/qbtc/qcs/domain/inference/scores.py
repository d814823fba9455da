"""Proper scores of probabilities and the test whether one forecast is better than another.

Log-loss in nats. Diebold and Mariano (J. Business & Economic Statistics 13, 1995) on the mean difference of losses, with the
variance of Newey and West (Econometrica 55, 1987) and the small-sample correction of Harvey, Leybourne and Newbold
(International J. of Forecasting 13, 1997), against Student's t of n - 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from qbtc.core.hilbert.types import Index, Real

Verdict = Literal["gain", "no gain", "worse"]
FLOOR = 1e-3
LEVEL = 0.05
LEAST_TESTED = 10


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference` is mean loss minus mean loss of the other: below 0 is better. `p` is two-sided."""

    n: int
    difference: float
    statistic: float
    p: float

    @property
    def verdict(self) -> Verdict:
        if not self.p < LEVEL:
            return "no gain"
        return "gain" if self.difference < 0 else "worse"


def log_loss(probabilities: Real, outcomes: Index) -> Real:
    """-log p(outcome) of each row (T,). Every forecast is mixed with `FLOOR` of the uniform one, so that no single
    impossible outcome decides; the most a row can cost is log(Y / FLOOR)."""
    count = probabilities.shape[1]
    seen = np.take_along_axis(probabilities, outcomes[:, None], axis=1)[:, 0]
    result: Real = -np.log((1 - FLOOR) * seen + FLOOR / count)
    return result


def diebold_mariano(losses: Real, others: Real, *, horizon: int = 1) -> Comparison:
    """Whether `losses` are lower than `others`, row by row, of forecasts `horizon` bars ahead.

    Raises ValueError for series of unequal length or under 10 rows. Equal losses are no gain (p = 1).
    """
    if losses.shape != others.shape or losses.ndim != 1 or len(losses) < LEAST_TESTED:
        raise ValueError(f"losses of shapes {losses.shape} and {others.shape}; two equal series of {LEAST_TESTED} or more are needed")
    gap, n = losses - others, len(losses)
    mean = float(gap.mean())
    variance = long_run_variance(gap, lags(n, horizon)) / n
    if variance <= 1e-24 * max(float(np.mean(losses**2)), 1e-300):
        return Comparison(n, mean, 0.0, 1.0)
    h = min(horizon, n - 1)
    corrected = mean / np.sqrt(variance) * np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    return Comparison(n, mean, float(corrected), _two_sided(float(corrected), n - 1))


def lags(n: int, horizon: int) -> int:
    """Of the variance: what overlapping horizons need, at least Newey and West's rule of thumb."""
    return min(max(horizon - 1, int(4 * (n / 100) ** (2 / 9))), n - 1)


def long_run_variance(x: Real, most: int) -> float:
    """gamma_0 + 2 sum_k (1 - k / (most + 1)) gamma_k, never negative."""
    centred = x - x.mean()
    gamma = [float(centred[k:] @ centred[: len(x) - k]) / len(x) for k in range(most + 1)]
    return gamma[0] + 2 * sum((1 - k / (most + 1)) * g for k, g in enumerate(gamma[1:], start=1))


def holm(p: Real) -> Real:
    """p-values that hold together (Holm 1979): a table of many comparisons finds some by chance."""
    order = np.argsort(p)
    raised = np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order])
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(raised, 1.0)
    return adjusted


def _two_sided(t: float, freedom: int) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(t)))
