"""Which of two forecasts of the same values is better: the test of Diebold and Mariano.

F. Diebold, R. Mariano, Comparing predictive accuracy (1995); small samples: D. Harvey, S. Leybourne, P. Newbold, Testing
the equality of prediction mean squared errors (1997).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .series import NOISE, Floats


class Comparison(NamedTuple):
    """`difference` mean loss of the first less that of the second (negative: the first is better); `error` its standard
    error; `statistic` with the small-sample correction, `p_value` two-sided by Student's t with n - 1 degrees."""

    difference: float
    error: float
    statistic: float
    p_value: float
    n: int
    horizon: int


def diebold_mariano(first: Floats, second: Floats, *, horizon: int = 1) -> Comparison:
    """Of two series of losses, float64[n], of forecasts made `horizon` periods ahead.

    The variance of the mean difference counts the autocovariances up to horizon - 1; where they leave nothing positive,
    Bartlett's weights (Newey, West 1987) take their place. Raises ValueError.
    """
    d = _differences(first, second, horizon)
    n, mean = d.size, float(d.mean())
    variance = _long_run(d - mean, horizon)
    largest = max(float(np.abs(first).max()), float(np.abs(second).max()))
    if variance <= (NOISE * largest) ** 2:
        raise ValueError("the two forecasts have the same loss in every period up to a constant: nothing can be tested")
    error = math.sqrt(variance / n)
    shrunk = math.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    statistic = shrunk * mean / error
    return Comparison(mean, error, statistic, two_sided_t(statistic, n - 1), n, horizon)


def two_sided_t(statistic: float, degrees: float) -> float:
    """P(|T| >= |statistic|) of Student's t."""
    from scipy.special import stdtr

    return float(2.0 * stdtr(degrees, -abs(statistic)))


def _differences(first: Floats, second: Floats, horizon: int) -> Floats:
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"two series of losses of one length are needed, not shapes {first.shape} and {second.shape}")
    if not 1 <= horizon <= first.size // 2 or first.size < 4:
        raise ValueError(f"a horizon of 1 to n / 2 and 4 losses at least are needed, not {horizon} and {first.size}")
    d = np.asarray(first - second, np.float64)
    if not np.isfinite(d).all():
        raise ValueError(f"losses must be finite; that of period {int(np.argmin(np.isfinite(d)))} is not")
    return d


def _long_run(d: Floats, horizon: int) -> float:
    """n times the variance of the mean of centred differences."""
    n = d.size
    covariances = np.array([float(d[k:] @ d[: n - k]) for k in range(horizon)]) / n
    plain = float(covariances[0] + 2.0 * covariances[1:].sum())
    if plain > 0:
        return plain
    weights = 1.0 - np.arange(horizon) / horizon
    return float(2.0 * weights @ covariances - covariances[0])
