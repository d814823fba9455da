"""How sure a Sharpe ratio is. Ratios are of a period unless a name says `annual`; all need at least two periods.

A. W. Lo, The statistics of Sharpe ratios (2002); E. Mertens, Comments on variance of the IID estimator in Lo (2002);
D. H. Bailey, M. Lopez de Prado, The Sharpe ratio efficient frontier (2012) and The deflated Sharpe ratio (2014).
"""

from __future__ import annotations

import math
from statistics import NormalDist

from .series import Floats, autocorrelations

NORMAL = NormalDist()
EULER = 0.57721566490153286


def _spread(ratio_: float, skew: float, kurtosis: float) -> float:
    """1 - skew SR + (kurtosis - 1) / 4 SR^2; NaN where the moments cannot belong together."""
    inside = 1.0 - skew * ratio_ + 0.25 * (kurtosis - 1.0) * ratio_ * ratio_
    return inside if inside > 0 else math.nan


def standard_error(sharpe: float, count: int, skew: float, kurtosis: float) -> float:
    """sqrt((1 - skew SR + (kurtosis - 1)/4 SR^2) / (n - 1)). Mertens (2002); Lo's for skew 0, kurtosis 3."""
    return math.sqrt(_spread(sharpe, skew, kurtosis) / (count - 1)) if count > 1 else math.nan


def probabilistic(sharpe: float, benchmark: float, count: int, skew: float, kurtosis: float) -> float:
    """P(true ratio > benchmark). Bailey, Lopez de Prado (2012)."""
    error = standard_error(sharpe, count, skew, kurtosis)
    return NORMAL.cdf((sharpe - benchmark) / error) if math.isfinite(error) else math.nan


def minimum_length(sharpe: float, benchmark: float, skew: float, kurtosis: float, confidence: float = 0.95) -> float:
    """Periods needed before P(true ratio > benchmark) reaches `confidence`; NaN where the ratio is not above it."""
    if not sharpe > benchmark:
        return math.nan
    return 1.0 + _spread(sharpe, skew, kurtosis) * (NORMAL.inv_cdf(confidence) / (sharpe - benchmark)) ** 2


def lags(count: int) -> int:
    """floor(4 (n / 100)^(2/9)): how many autocorrelations are believed. W. Newey, K. West (1994)."""
    return min(int(4.0 * (count / 100.0) ** (2.0 / 9.0)), count - 1)


def lo_factor(x: Floats, periods: float, most: int | None = None) -> float:
    """eta(q) = q / sqrt(q + 2 sum_k (q - k) rho_k): what turns a ratio of a period into one of q periods when profits
    are correlated; sqrt(q) when not. Lo (2002), eq. 20, autocorrelations behind `most` (default `lags`) taken as 0.

    NaN where the sum is not positive.
    """
    count = lags(x.size) if most is None else most
    rho = autocorrelations(x, min(count, max(math.ceil(periods) - 1, 0)))
    inside = periods + 2.0 * sum((periods - k) * float(r) for k, r in enumerate(rho, 1))
    return periods / math.sqrt(inside) if inside > 0 else math.nan


def expected_maximum(trials: float, deviation: float) -> float:
    """Of the ratios of `trials` strategies without any skill, whose ratios deviate by `deviation`:
    deviation ((1 - g) Z^-1[1 - 1/N] + g Z^-1[1 - 1/(N e)]), g Euler's constant; 0 for one trial.
    """
    if trials <= 1:
        return 0.0
    first, second = NORMAL.inv_cdf(1.0 - 1.0 / trials), NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return deviation * ((1.0 - EULER) * first + EULER * second)


def deflated(sharpe: float, count: int, skew: float, kurtosis: float, *, trials: float, variance: float) -> float:
    """P(true ratio > 0) after the best of `trials` was chosen; `variance` is that of the trials' ratios (of a period).

    Bailey, Lopez de Prado (2014).
    """
    return probabilistic(sharpe, expected_maximum(trials, math.sqrt(variance)), count, skew, kurtosis)
