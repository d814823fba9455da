"""A Kalman filter as a forecaster: linear regression of the value on components of the rows, its coefficients drifting.

    beta_t = beta_{t-1} + w,  w ~ N(0, q s^2 I);     value_t = x_t . beta_t + e,  e ~ N(0, s^2)

q is chosen by the likelihood of the training rows, s^2 follows from it (concentrated). The value of row t is known `horizon`
bars later and is not used before. Class probabilities are those of the predictive Gaussian between the edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from qbtc.core.hilbert.types import Real

from .series import Components, Series

DRIFTS = (0.0, 1e-6, 1e-5, 1e-4, 1e-3)
PRIOR = 10.0


@dataclass(frozen=True, slots=True)
class Predicted:
    """Mean and variance (in units of s^2) of every row's value."""

    mean: Real
    variance: Real


def kalman(data: Series, train: int) -> Real:
    """Probabilities (T, Y) of all rows; only rows before `train` choose anything."""
    known = train - data.horizon + 1
    components = Components.learn(data.states[:train])
    x = _with_one(components.of(data.states))
    centre, scale = _scale(data.values[:known])
    y = (data.values - centre) / scale
    drift = max(DRIFTS, key=lambda q: _fit(x[:known], y[:known], q, data.horizon)[0])
    noise = _fit(x[:known], y[:known], drift, data.horizon)[1]
    found = filtered(x, y, drift, data.horizon)
    deviation = np.sqrt(noise * found.variance)
    return between((data.edges - centre) / scale, found.mean, deviation)


def filtered(x: Real, y: Real, drift: float, horizon: int = 1) -> Predicted:
    """Predictions of y from x (T, k) and the values known by then; start beta ~ N(0, 10 I)."""
    mean, variance = _run(np.ascontiguousarray(x), np.ascontiguousarray(y), drift, horizon, PRIOR)
    return Predicted(mean, variance)


def between(edges: Real, mean: Real, deviation: Real) -> Real:
    """Mass of N(mean, deviation^2) (T,) between neighbouring edges: (T, len(edges) + 1)."""
    from scipy.special import ndtr

    below = ndtr((edges - mean[:, None]) / deviation[:, None])
    full = np.concatenate([np.zeros((len(mean), 1)), below, np.ones((len(mean), 1))], axis=1)
    return np.diff(full, axis=1)


def _fit(x: Real, y: Real, drift: float, horizon: int) -> tuple[float, float]:
    """Concentrated log-likelihood and s^2; the first rows, where the prior rules, do not count."""
    found = filtered(x, y, drift, horizon)
    burn = min(x.shape[1] + horizon, len(x) // 2)
    variance = found.variance[burn:]
    noise = float(np.mean((y[burn:] - found.mean[burn:]) ** 2 / variance))
    return -0.5 * float(len(variance) * np.log(max(noise, 1e-300)) + np.sum(np.log(variance))), max(noise, 1e-12)


def _with_one(x: Real) -> Real:
    return np.concatenate([np.ones((len(x), 1)), x], axis=1)


def _scale(values: Real) -> tuple[float, float]:
    deviation = float(values.std())
    return float(values.mean()), deviation if deviation > 0 else 1.0


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _run(x: Real, y: Real, drift: float, horizon: int, prior: float) -> tuple[Real, Real]:
    steps, size = x.shape
    beta, cov = np.zeros(size), np.eye(size) * prior
    mean, variance = np.empty(steps), np.empty(steps)
    for t in range(steps):
        if t >= horizon:
            row = x[t - horizon]
            for i in range(size):
                cov[i, i] += drift
            pulled = cov @ row
            total = row @ pulled + 1.0
            beta += pulled * ((y[t - horizon] - row @ beta) / total)
            for i in range(size):
                for j in range(size):
                    cov[i, j] -= pulled[i] * pulled[j] / total
        now = x[t]
        mean[t] = now @ beta
        variance[t] = now @ (cov @ now) + horizon * drift * (now @ now) + 1.0
    return mean, variance
