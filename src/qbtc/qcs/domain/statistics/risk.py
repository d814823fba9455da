"""Value at risk and expected shortfall of the next period by five methods. Losses are positive.

historical       quantile of the past returns                      cornish-fisher  normal quantile moved by skew and tails
filtered         past returns in units of their GARCH deviation    garch           the law of the GARCH's errors
evt              GPD above the threshold of the standardised losses (A. McNeil, R. Frey 2000)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qbtc.core.statistics import series as moments
from qbtc.core.statistics import tails

from . import garch
from .extremes import gpd, gpd_level
from .garch.forecasting import errors
from .resample import drawn
from .result import BadSample, Estimate, Floats, one_of, series, within

METHODS = ("historical", "filtered", "garch", "evt", "cornish-fisher")
BY_GARCH = ("filtered", "garch", "evt")
LEAST, DRAWS = 100, 400
SIMULATED = 200_000
MOST_BY_GARCH, NEWEST = 20_000, 2_000


@dataclass(frozen=True)
class Risk:
    """`value_at_risk` and `expected_shortfall` of the next period at `level`, in the units of the returns; `deviation`
    forecast by the GARCH, or of the sample. Intervals: block bootstrap, of the methods by GARCH for fixed parameters."""

    method: str
    level: float
    n: int
    value_at_risk: Estimate
    expected_shortfall: Estimate
    deviation: float
    draws: int
    seed: int
    words: str


def risk(
    returns: ArrayLike, *, method: str = "historical", level: float = 0.99, errors_law: str = "t", seed: int = 1
) -> Risk:
    """Of returns, float64[n], n >= 100, the last one newest. `errors_law` of the method "garch". Raises BadSample."""
    one_of(method, METHODS, "method")
    x = series(returns, least=LEAST, name="returns")
    within(level, 0.9, 0.999, "level")
    rng = np.random.default_rng(seed)
    if method in BY_GARCH:
        if x.size > MOST_BY_GARCH:
            raise BadSample(f"returns: {x.size} values; {method} takes {MOST_BY_GARCH:,} at most", "returns")
        at, (mean, unit), pair = _by_garch(x, method, level, (errors_law, rng))
    else:
        at, (mean, unit), pair = x, (0.0, 1.0), _pair(x, method, level)
    spread = _intervals(at, "historical" if method in {"filtered", "garch"} else method, level, rng)
    shrink = math.sqrt(min(x.size, NEWEST) / x.size)
    if method == "garch":
        spread = np.full(spread.shape, np.nan)
    var, es = (_estimate(value, (unit, shrink), column) for value, column in zip(pair, spread.T, strict=True))
    var, es = _moved(var, -mean), _moved(es, -mean)
    words = (
        f"With probability {level:g} the next loss is at most {var.value:.4g} ({method}); beyond it the loss is "
        f"{es.value:.4g} on average."
    )
    return Risk(method, level, x.size, var, es, unit if method in BY_GARCH else float(x.std()), DRAWS, seed, words)


def _by_garch(
    x: Floats, method: str, level: float, by: tuple[str, np.random.Generator]
) -> tuple[Floats, tuple[float, float], tuple[float, float]]:
    """(standardised returns, (mean, deviation) ahead, (VaR, ES) of a standardised period)."""
    law, rng = by
    spec = garch.Spec("gjr", errors=law if method == "garch" else "normal")
    fit = garch.fit(x, spec)
    ahead = float(fit.theta[0]), math.sqrt(fit.next_variance)
    if method == "garch":
        simulated = errors(spec, fit.theta, (1, SIMULATED), rng)[0]
        return fit.standardised, ahead, _pair(simulated, "historical", level)
    return fit.standardised, ahead, _pair(fit.standardised, "historical" if method == "filtered" else method, level)


def _pair(x: Floats, method: str, level: float) -> tuple[float, float]:
    """(VaR, ES) of a sample, float64[n]."""
    if method == "historical":
        return tails.value_at_risk(x, level), tails.expected_shortfall(x, level)
    return _cornish_fisher(x, level) if method == "cornish-fisher" else _by_extremes(x, level)


def _by_extremes(x: Floats, level: float) -> tuple[float, float]:
    """GPD above the 90 % quantile of losses, or what leaves twenty of them."""
    losses = -x
    u = float(np.quantile(losses, max(min(0.9, 1.0 - 20.0 / x.size), 0.5)))
    excess = losses[losses > u] - u
    (xi, sigma), _ = gpd(excess / excess.mean())
    sigma *= float(excess.mean())
    odds = excess.size / x.size / (1.0 - level)
    if odds < 1:
        raise BadSample(f"level: {level} lies below the threshold of the extremes; use 0.95 or above", "level")
    beyond = gpd_level(xi, sigma, odds)
    es = u + (beyond + sigma) / (1.0 - xi) if xi < 1 else math.inf
    return u + beyond, float(es)


def _cornish_fisher(x: Floats, level: float) -> tuple[float, float]:
    """E. Cornish, R. Fisher (1938), to the fourth moment; ES as the mean of the quantiles beyond.

    Quantiles are kept from falling back towards the middle, where the expansion does not hold any more.
    """
    m = moments.moments(x)
    shares = (1.0 - level) * (np.arange(2000) + 0.5) / 2000
    var = _expanded(np.array([1.0 - level]), m)[0]
    beyond = np.maximum(_expanded(shares, m), var)
    return float(var), float(beyond.mean())


def _expanded(shares: Floats, m: moments.Moments) -> Floats:
    from scipy.special import ndtri

    z, excess = ndtri(shares), m.kurtosis - 3.0
    moved = z + (z**2 - 1) * m.skew / 6 + (z**3 - 3 * z) * excess / 24 - (2 * z**3 - 5 * z) * m.skew**2 / 36
    return np.asarray(-(m.mean + m.deviation * moved))


def _intervals(x: Floats, method: str, level: float, rng: np.random.Generator) -> Floats:
    """Draws of (VaR, ES), float64[draws, 2]; of the slow methods fewer, of the newest values."""
    draws = DRAWS if method == "historical" else 60
    x = x[-NEWEST:]

    def both(rows: Floats) -> Floats:
        return np.array([_safe(row, method, level) for row in rows])

    found = drawn(x, both, "stationary", max(1.0, round(x.size ** (1 / 3))), draws, rng)
    return found.reshape(-1, 2)


def _safe(x: Floats, method: str, level: float) -> tuple[float, float]:
    try:
        return _pair(x, method, level)
    except BadSample:
        return math.nan, math.nan


def _estimate(value: float, scale: tuple[float, float], found: Floats) -> Estimate:
    """In the unit of returns; of draws from the newest values only, the spread shrinks with the root of their number."""
    unit, shrink = scale
    found = found[np.isfinite(found)]
    if found.size < 20:
        return Estimate(unit * value)
    low, high = np.quantile(found, [0.025, 0.975])
    if shrink < 1:
        low, high = value + shrink * (np.array([low, high]) - found.mean())
    return Estimate(unit * value, unit * shrink * float(found.std(ddof=1)), unit * float(low), unit * float(high))


def _moved(e: Estimate, by: float) -> Estimate:
    return Estimate(e.value + by, e.error, e.low + by, e.high + by, e.level)
