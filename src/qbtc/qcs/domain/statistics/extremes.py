"""Extreme values: block maxima (GEV), peaks over a threshold (GPD), return levels with profile intervals.

S. Coles, An introduction to statistical modeling of extreme values (2001): chapters 3 and 4, threshold diagnostics 4.3,
profile likelihood 2.6.6. Values are losses, or whatever is feared when it is large. xi > 0: heavy tail.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .result import BadSample, Estimate, Floats, normal_estimate, one_of, series, within

METHODS = ("gpd", "gev")
LEAST_PEAKS, LEAST_BLOCKS = 20, 10
CHI = 3.841458820694124
"""95 % of chi-squared with one degree."""
LEVEL = 0.95
BAD = 1e100
Loss = Callable[[Floats], float]


@dataclass(frozen=True)
class ReturnLevel:
    """What is exceeded once in `period` values on average, with its profile-likelihood interval."""

    period: float
    level: Estimate


@dataclass(frozen=True)
class ThresholdRow:
    """A threshold, the values above it, their mean excess (linear in the threshold where the GPD holds) and the shape with
    its error (constant where it holds)."""

    threshold: float
    peaks: int
    mean_excess: float
    shape: float
    error: float


@dataclass(frozen=True)
class Extremes:
    """`parameters`: shape, scale and, of the GEV, location, with errors by the observed information. `threshold` and
    `share` of the values above it, or `block`; NaN and 0 for the other method."""

    method: str
    n: int
    used: int
    threshold: float
    share: float
    block: int
    parameters: dict[str, Estimate]
    loglik: float
    levels: tuple[ReturnLevel, ...]
    thresholds: tuple[ThresholdRow, ...]
    words: str


def extremes(
    values: ArrayLike,
    *,
    method: str = "gpd",
    quantile: float = 0.95,
    block: int = 20,
    periods: tuple[float, ...] = (100.0, 1000.0),
) -> Extremes:
    """Of values, float64[n]; the GPD above their `quantile`, the GEV of maxima of `block` values. `periods` of the return
    levels, in values. Raises BadSample."""
    one_of(method, METHODS, "method")
    x = series(values, least=100)
    within(quantile, 0.5, 0.999, "quantile")
    for period in periods:
        within(period, 2, 1e9, "periods")
    return _peaks(x, quantile, periods) if method == "gpd" else _maxima(x, block, periods)


def gpd_loss(parameters: Floats, excess: Floats) -> float:
    """Minus log-likelihood of (xi, log sigma)."""
    xi, sigma = parameters[0], math.exp(min(parameters[1], 600.0))
    z = excess / sigma
    if abs(xi) < 1e-8:
        return float(excess.size * parameters[1] + z.sum())
    inside = 1.0 + xi * z
    if inside.min() <= 0 or xi <= -1:
        return BAD
    return float(excess.size * parameters[1] + (1.0 + 1.0 / xi) * np.log(inside).sum())


def gev_loss(parameters: Floats, maxima: Floats) -> float:
    """Minus log-likelihood of (xi, log sigma, mu)."""
    xi, sigma = parameters[0], math.exp(min(parameters[1], 600.0))
    z = (maxima - parameters[2]) / sigma
    if abs(xi) < 1e-8:
        return float(maxima.size * parameters[1] + z.sum() + np.exp(-z).sum())
    inside = 1.0 + xi * z
    if inside.min() <= 0 or xi <= -1:
        return BAD
    logs = np.log(inside)
    return float(maxima.size * parameters[1] + (1.0 + 1.0 / xi) * logs.sum() + np.exp(-logs / xi).sum())


def lowest(loss: Loss, start: Floats) -> tuple[Floats, float]:
    """The least by Nelder and Mead, begun again from where it ended."""
    from scipy.optimize import minimize

    at = start
    for _ in range(2):
        found = minimize(loss, at, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000})
        at = found.x
    return np.asarray(at), float(found.fun)


def gpd(excess: Floats) -> tuple[Floats, float]:
    """((xi, sigma), log-likelihood) of positive excesses, float64[n]."""
    mean, variance = float(excess.mean()), float(excess.var())
    start = np.array([0.5 * (1 - mean * mean / variance), math.log(0.5 * mean * (1 + mean * mean / variance))])
    if gpd_loss(start, excess) >= BAD:
        start = np.array([0.1, math.log(mean)])
    found, loss = lowest(lambda p: gpd_loss(p, excess), start)
    return np.array([found[0], math.exp(found[1])]), -loss


def deviations(loss: Loss, at: Floats) -> Floats:
    """Standard errors by the inverse of the second derivatives; NaN where they are no minimum."""
    steps = 1e-4 * np.maximum(np.abs(at), 0.1)
    shifts = np.diag(steps)
    curve = np.array(
        [
            [
                (loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b)) / (4 * a.sum() * b.sum())
                for b in shifts
            ]
            for a in shifts
        ]
    )
    if (
        not np.isfinite(curve).all()
        or np.abs(curve).max() > 1e50
        or np.linalg.eigvalsh(0.5 * (curve + curve.T)).min() <= 0
    ):
        return np.full(at.size, np.nan)
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(curve))))


def profile(best: float, error: float, loss_at: Callable[[float], float], lowest_loss: float) -> tuple[float, float]:
    """Where twice the loss of a fixed value is CHI above its least, below and above `best`; infinite if nowhere."""

    def over(value: float) -> float:
        return 2.0 * (loss_at(value) - lowest_loss) - CHI

    step = error if math.isfinite(error) and error > 0 else 0.1 * abs(best) or 1.0
    return _crossing(over, best, -step), _crossing(over, best, step)


def _crossing(over: Callable[[float], float], best: float, step: float) -> float:
    from scipy.optimize import brentq

    inside, outside = best, best + step
    for _ in range(40):
        if over(outside) > 0:
            return float(brentq(over, inside, outside, rtol=1e-6))
        inside, outside = outside, outside + (outside - best)
    return math.copysign(math.inf, step)


def gpd_level(xi: float, sigma: float, odds: float) -> float:
    """Excess that a peak is above with probability 1 / odds."""
    return float(sigma * math.log(odds) if abs(xi) < 1e-8 else sigma * (odds**xi - 1.0) / xi)


def _peaks(x: Floats, quantile: float, periods: tuple[float, ...]) -> Extremes:
    u = float(np.quantile(x, quantile))
    excess = x[x > u] - u
    if excess.size < LEAST_PEAKS:
        raise BadSample(f"quantile: {excess.size} values lie above {u:.4g}; {LEAST_PEAKS} are needed", "quantile")
    scale = float(excess.mean())
    (xi, sigma), loglik = gpd(excess / scale)
    errors = deviations(lambda p: gpd_loss(p, excess / scale), np.array([xi, math.log(sigma)]))
    share = excess.size / x.size
    parameters = {
        "shape": normal_estimate(xi, errors[0]),
        "scale": normal_estimate(sigma * scale, sigma * scale * errors[1]),
    }
    usable = [p for p in periods if p * share > 1]
    levels = tuple(
        _gpd_return(excess / scale, (xi, sigma), -loglik, period * share, (u, scale, period)) for period in usable
    )
    words = _words(parameters["shape"], levels, f"{excess.size} peaks over {u:.4g}")
    return Extremes(
        "gpd",
        x.size,
        excess.size,
        u,
        share,
        0,
        parameters,
        loglik - excess.size * math.log(scale),
        levels,
        thresholds(x),
        words,
    )


def _gpd_return(
    excess: Floats, fit: tuple[float, float], least: float, odds: float, place: tuple[float, float, float]
) -> ReturnLevel:
    """Profile over the shape, the scale following from the level; the share above the threshold is taken as known."""
    u, scale, period = place
    best = gpd_level(*fit, odds)

    def loss_at(level: float) -> float:
        return _least_along(lambda xi: gpd_loss(np.array([xi, _log(level / gpd_level(xi, 1.0, odds))]), excess), fit[0])

    low, high = profile(best, 0.1 * best, loss_at, least)
    return ReturnLevel(period, Estimate(u + scale * best, math.nan, u + scale * low, u + scale * high, LEVEL))


def _log(value: float) -> float:
    return math.log(value) if value > 0 else 700.0


def _least_along(loss: Callable[[float], float], near: float) -> float:
    """Least over the shape, near that of the fit."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        loss, bounds=(max(near - 1.5, -0.99), near + 1.5), method="bounded", options={"xatol": 1e-6}
    )
    return float(found.fun)


def thresholds(
    x: Floats, quantiles: tuple[float, ...] = (0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99)
) -> tuple[ThresholdRow, ...]:
    """What to choose a threshold by: where the shape stops moving."""
    rows = []
    for u in np.unique(np.quantile(x, quantiles)):
        excess = x[x > u] - u
        if excess.size < LEAST_PEAKS:
            break
        scale = float(excess.mean())
        (xi, sigma), _ = gpd(excess / scale)
        error = deviations(lambda p, e=excess / scale: gpd_loss(p, e), np.array([xi, math.log(sigma)]))[0]  # type: ignore[misc]
        rows.append(ThresholdRow(float(u), int(excess.size), scale, float(xi), float(error)))
    return tuple(rows)


def gev_level(xi: float, sigma: float, mu: float, odds: float) -> float:
    """What a maximum is above with probability 1 / odds."""
    y = -math.log1p(-1.0 / odds)
    return mu - sigma * math.log(y) if abs(xi) < 1e-8 else mu + sigma * (y**-xi - 1.0) / xi


def gev(maxima: Floats) -> tuple[Floats, float]:
    """((xi, sigma, mu), log-likelihood) of maxima, float64[n]."""
    sigma = float(maxima.std()) * math.sqrt(6.0) / math.pi
    start = np.array([0.1, math.log(sigma), float(maxima.mean()) - 0.5772 * sigma])
    found, loss = lowest(lambda p: gev_loss(p, maxima), start)
    return np.array([found[0], math.exp(found[1]), found[2]]), -loss


def _maxima(x: Floats, block: int, periods: tuple[float, ...]) -> Extremes:
    within(block, 2, x.size // LEAST_BLOCKS, "block")
    count = x.size // block
    raw = x[: count * block].reshape(count, block).max(axis=1)
    centre, scale = float(raw.mean()), float(raw.std()) or 1.0
    maxima = (raw - centre) / scale
    (xi, sigma, mu), loglik = gev(maxima)
    errors = deviations(lambda p: gev_loss(p, maxima), np.array([xi, math.log(sigma), mu]))
    parameters = {
        "shape": normal_estimate(xi, errors[0]),
        "scale": normal_estimate(sigma * scale, sigma * scale * errors[1]),
        "location": normal_estimate(centre + scale * mu, scale * errors[2]),
    }
    usable = [p for p in periods if p > 1.01 * block]
    levels = tuple(
        _gev_return(maxima, (xi, sigma, mu), -loglik, (centre, scale, period, period / block)) for period in usable
    )
    words = _words(parameters["shape"], levels, f"{count} maxima of {block} values")
    return Extremes(
        "gev", x.size, count, math.nan, math.nan, block, parameters, loglik - count * math.log(scale), levels, (), words
    )


def _gev_return(
    maxima: Floats, fit: tuple[float, float, float], least: float, place: tuple[float, float, float, float]
) -> ReturnLevel:
    centre, scale, period, odds = place
    best = gev_level(*fit, odds)
    near = np.array([fit[0], math.log(fit[1])])

    def loss_at(level: float) -> float:
        def loss(p: Floats) -> float:
            mu = level - gev_level(float(p[0]), math.exp(min(float(p[1]), 600.0)), 0.0, odds)
            return gev_loss(np.array([p[0], p[1], mu]), maxima)

        return lowest(loss, near)[1]

    low, high = profile(best, 0.2 * abs(best - fit[2]), loss_at, least)
    return ReturnLevel(
        period, Estimate(centre + scale * best, math.nan, centre + scale * low, centre + scale * high, LEVEL)
    )


def _words(shape: Estimate, levels: tuple[ReturnLevel, ...], basis: str) -> str:
    tail = (
        "the tail is heavy" if shape.low > 0 else "the tail ends" if shape.high < 0 else "the tail may be exponential"
    )
    far = (
        f"; once in {levels[-1].period:g} values {levels[-1].level.value:.4g} is exceeded ({levels[-1].level.low:.4g} to {levels[-1].level.high:.4g})"
        if levels
        else ""
    )
    return f"From {basis}: shape {shape.value:.3f} ({shape.low:.3f} to {shape.high:.3f}), {tail}{far}."
