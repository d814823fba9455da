"""How many independent trials a set of correlated ones amounts to."""

from __future__ import annotations

import math

import numpy as np

from .series import Floats

DEAD = 1e-13


def moving(returns: Floats) -> np.typing.NDArray[np.bool_]:
    """Which columns of float64[T, N] have variance, bool[N]. Raises ValueError."""
    if returns.ndim != 2 or returns.shape[1] < 1:
        raise ValueError(f"returns of trials are a matrix of periods by trials, not of shape {returns.shape}")
    deviation = returns.std(axis=0)
    return np.asarray(deviation > DEAD * np.abs(returns).max(axis=0, initial=0.0))


def average_correlation(returns: Floats) -> float:
    """Mean of the correlations of all pairs of columns of float64[T, N] that have variance; 0 with less than two.

    Without the N x N matrix: the sum of all correlations is the squared length of the sum of standardised columns.
    """
    x = returns[:, moving(returns)]
    count = x.shape[1]
    if count < 2:
        return 0.0
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    whole = float((z.sum(axis=1) ** 2).mean())
    return float((whole - count) / (count * (count - 1)))


def variance_of_ratios(returns: Floats) -> float:
    """Of the Sharpe ratios (of a period) of those columns of float64[T, N] that have variance, with n - 1; NaN of less than
    two."""
    chosen = returns[:, moving(returns)]
    if chosen.shape[1] < 2:
        return math.nan
    return float((chosen.mean(axis=0) / chosen.std(axis=0, ddof=1)).var(ddof=1))


def believed(variance: float, count: int) -> float:
    """That variance or, where nobody knows it, the least it can be: of the estimate itself over `count` periods, without
    skill."""
    return variance if math.isfinite(variance) else 1.0 / max(count - 1, 1)


def effective_number(returns: Floats) -> float:
    """rho + (1 - rho) N of float64[T, N], rho the average correlation, within [1, N].

    Bailey, Lopez de Prado, The deflated Sharpe ratio (2014), appendix A.3. Trials that did nothing count as trials.
    """
    rho, count = average_correlation(returns), int(returns.shape[1])
    return min(max(rho + (1.0 - rho) * count, 1.0), float(count))
