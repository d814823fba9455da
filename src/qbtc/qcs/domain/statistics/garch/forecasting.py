"""What a fitted GARCH says of the next periods: variances, and intervals of returns by simulation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..result import Floats, within
from . import kernel
from .model import GarchFit
from .parameters import LAWS, Spec

DRAWS, MOST_HORIZON = 5000, 250


@dataclass(frozen=True)
class GarchForecast:
    """Of periods 1..horizon ahead, float64[horizon] each: `mean` and `variance` of the return, and its interval
    [`low`, `high`] at `level`; `variance_low`, `variance_high`: where the variance itself will be."""

    mean: Floats
    variance: Floats
    low: Floats
    high: Floats
    variance_low: Floats
    variance_high: Floats
    level: float
    draws: int
    seed: int
    words: str


def forecast(
    fit: GarchFit, horizon: int = 10, *, level: float = 0.95, draws: int = DRAWS, seed: int = 1
) -> GarchForecast:
    """Variances of the linear members are exact (their recursion), those of EGARCH means of the simulated paths.

    Raises BadSample.
    """
    within(horizon, 1, MOST_HORIZON, "horizon")
    within(level, 0.5, 0.999, "level")
    z = errors(fit.spec, fit.theta, (draws, horizon), np.random.default_rng(seed))
    returns, h = _paths(fit, z)
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    low, high = np.quantile(returns, tails, axis=0)
    below, above = np.quantile(h, tails, axis=0)
    exact = h.mean(axis=0) if fit.spec.family == "egarch" else _recursion(fit, horizon)
    mean = _means(fit, horizon)
    words = (
        f"The deviation of the next return is {math.sqrt(exact[0]):.4g}, in {horizon} periods {math.sqrt(exact[-1]):.4g}; "
        f"the next return lies in [{low[0]:.4g}, {high[0]:.4g}] with probability {level:g}."
    )
    return GarchForecast(mean, exact, low, high, below, above, level, draws, seed, words)


def errors(spec: Spec, theta: Floats, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Draws of the law of the errors: mean 0, variance 1."""
    law = LAWS[spec.errors]
    if law == kernel.NORMAL:
        return rng.standard_normal(shape)
    nu, skew = (theta[-1], 0.0) if law == kernel.STUDENT else (theta[-2], theta[-1])
    constants = np.zeros(9)
    kernel.shapes(nu, skew, constants)
    size = np.abs(rng.standard_t(nu, shape)) * math.sqrt((nu - 2.0) / nu)
    right = rng.random(shape) < (1.0 + skew) / 2.0
    drawn = np.where(right, (1.0 + skew) * size, -(1.0 - skew) * size)
    return np.asarray((drawn - constants[0]) / constants[1])


def _paths(fit: GarchFit, z: Floats) -> tuple[Floats, Floats]:
    """(returns, variances) float64[draws, horizon] of drawn errors."""
    draws, horizon = z.shape
    past_e, past_h, past_y = (np.tile(part, (draws, 1)) for part in np.split(fit._tail, 3))
    for t in range(horizon):
        h = _next(fit, past_e, past_h)
        e = np.sqrt(h) * z[:, t]
        y = e + _mean(fit, past_y)
        past_e, past_h, past_y = (np.column_stack(pair) for pair in ((past_e, e), (past_h, h), (past_y, y)))
    return past_y[:, -horizon:], past_h[:, -horizon:]


def _next(fit: GarchFit, e: Floats, h: Floats) -> Floats:
    """float64[draws]: variances that follow paths float64[draws, t]."""
    spec, theta = fit.spec, fit.theta
    at = spec.mean_size + 1
    alpha, rest = theta[at : at + spec.p], theta[at + spec.p :]
    gamma, beta = rest[: spec.asymmetric], rest[spec.asymmetric : spec.asymmetric + spec.variance_lags]
    a, g, b = (slice(None, -n - 1, -1) for n in (spec.p, spec.asymmetric, spec.variance_lags))
    if spec.family == "egarch":
        z = e / np.sqrt(h)
        logs = theta[at - 1] + (np.abs(z[:, a]) - kernel.CENTRE) @ alpha + z[:, g] @ gamma + np.log(h[:, b]) @ beta
        return np.asarray(np.exp(logs))
    square = e * e
    return np.asarray(theta[at - 1] + square[:, a] @ alpha + (square * (e < 0))[:, g] @ gamma + h[:, b] @ beta)


def _mean(fit: GarchFit, y: Floats) -> Floats:
    spec, theta = fit.spec, fit.theta
    if spec.mean == "zero":
        return np.zeros(len(y))
    lags = theta[1 : spec.mean_size]
    return np.asarray(theta[0] + y[:, : -lags.size - 1 : -1] @ lags)


def _means(fit: GarchFit, horizon: int) -> Floats:
    y = np.split(fit._tail, 3)[2][None, :]
    for _ in range(horizon):
        y = np.column_stack([y, _mean(fit, y)])
    return np.asarray(y[0, -horizon:])


def _recursion(fit: GarchFit, horizon: int) -> Floats:
    """E h(T + i) of a linear member: squares ahead are replaced by their variance, falls by half of it."""
    spec, theta = fit.spec, fit.theta
    at = spec.mean_size + 1
    e, past, _ = np.split(fit._tail, 3)
    square, fallen, h = list(e * e), list(e * e * (e < 0)), list(past)
    for _ in range(horizon):
        value = float(theta[at - 1])
        value += sum(float(theta[at + i]) * square[-1 - i] for i in range(spec.p))
        value += sum(float(theta[at + spec.p + i]) * fallen[-1 - i] for i in range(spec.asymmetric))
        value += sum(float(theta[at + spec.p + spec.asymmetric + i]) * h[-1 - i] for i in range(spec.variance_lags))
        square.append(value)
        fallen.append(0.5 * value)
        h.append(value)
    return np.array(h[-horizon:])
