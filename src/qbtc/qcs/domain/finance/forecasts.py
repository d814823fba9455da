"""Forecasts of realised variance and what they are worth: HAR, ridge readouts, losses, Diebold-Mariano.

Forecasts are of ln RV one step ahead, turned back by exp(mean + residual variance / 2). Nothing is fitted on what it is
judged on: readouts are fitted again at intervals on all that came before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qbtc.core.hilbert.types import Real

HAR = (1, 6, 24)
REFIT = 24


@dataclass(frozen=True, slots=True)
class Comparison:
    """Mean loss difference (negative: the first is better), its statistic and two-sided p."""

    difference: float
    statistic: float
    p: float


def realised_variance(closes: Real, block: int) -> Real:
    """Sums of squared log returns over blocks of `block` prices, (n // block); a block without a move is left at its floor."""
    returns = np.diff(np.log(closes))
    whole = returns[: returns.size // block * block].reshape(-1, block)
    return np.asarray(np.maximum(np.sum(whole**2, axis=1), 1e-12))


def har_features(log_variance: Real) -> Real:
    """Means of the last 1, 6 and 24 values at each time, (T, 3): Corsi 2009, with hours for days. NaN where there are too few."""
    sums = np.concatenate([[0.0], np.cumsum(log_variance)])
    rows = np.full((log_variance.size, len(HAR)), np.nan)
    for column, span in enumerate(HAR):
        rows[span - 1 :, column] = (sums[span:] - sums[:-span]) / span
    return rows


def walk_forward(features: Real, target: Real, first: int, penalty: float) -> tuple[Real, Real]:
    """Forecasts of target[t + 1] from features[t] for t >= `first`: (means, residual variances) of T - 1 - first steps.

    Every 24 steps a ridge readout is fitted again on what was known then.
    """
    steps = range(first, target.size - 1)
    means, spreads = np.zeros(len(steps)), np.zeros(len(steps))
    start = int(np.argmax(np.isfinite(features).all(axis=1)))
    for place, t in enumerate(steps):
        if place % REFIT == 0:
            weights, centre, scale, spread = ridge(features[start:t], target[start + 1 : t + 1], penalty)
        means[place] = np.concatenate([[1.0], (features[t] - centre) / scale]) @ weights
        spreads[place] = spread
    return means, spreads


def ridge(features: Real, target: Real, penalty: float) -> tuple[Real, Real, Real, float]:
    """Weights (1 + columns; the constant is not penalised) of standardised columns, their centre and scale, residual variance."""
    centre, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 1e-12, scale, 1.0)
    rows = np.column_stack([np.ones(target.size), (features - centre) / scale])
    damped = penalty * np.eye(rows.shape[1])
    damped[0, 0] = 0.0
    weights = np.linalg.solve(rows.T @ rows + damped, rows.T @ target)
    return weights, centre, scale, float(np.mean((target - rows @ weights) ** 2))


def losses(forecast: Real, actual: Real) -> dict[str, Real]:
    """QLIKE (RV / F - ln(RV / F) - 1, Patton 2011) and the squared error of ln RV, each (T)."""
    ratio = actual / forecast
    return {"qlike": ratio - np.log(ratio) - 1, "mse": np.log(ratio) ** 2}


def diebold_mariano(first: Real, second: Real, lags: int | None = None) -> Comparison:
    """Whether two series of losses differ in mean, with a Newey-West variance and the t correction of Harvey et al. 1997."""
    from scipy.special import stdtr

    difference = first - second
    n = difference.size
    lags = math.ceil(n ** (1 / 3)) if lags is None else lags
    centred = difference - difference.mean()
    variance = float(centred @ centred) / n
    for lag in range(1, lags + 1):
        variance += 2 * (1 - lag / (lags + 1)) * float(centred[lag:] @ centred[:-lag]) / n
    if variance <= 0:
        return Comparison(float(difference.mean()), 0.0, 1.0)
    statistic = float(difference.mean()) / math.sqrt(variance / n) * math.sqrt((n - 1) / n)
    return Comparison(float(difference.mean()), statistic, float(2 * stdtr(n - 1, -abs(statistic))))
