"""HAR: tomorrow's realised variance from that of the last day, week and month. F. Corsi (2009).

HAR-J adds yesterday's jump; HAR-CJ takes jumps and the continuous part apart at every horizon (T. Andersen,
T. Bollerslev, F. Diebold 2007); `log` takes logarithms of all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .regression import Line, automatic_lags, least_squares
from .result import BadSample, Estimate, Floats, normal_estimate, one_of, series, within

DAYS = (1, 5, 22)
KINDS = ("har", "har-j", "har-cj")
LEAST = 60


@dataclass(frozen=True)
class Har:
    """`coefficients` with Newey-West errors; `forecast` of the mean variance of the next `horizon` periods with its
    predictive interval; `r2` in the sample, of logarithms where `logs`."""

    kind: str
    logs: bool
    horizon: int
    n: int
    coefficients: dict[str, Estimate]
    r2: float
    forecast: Estimate
    words: str
    fitted: Floats


def har(
    variances: ArrayLike,
    continuous: ArrayLike | None = None,
    *,
    kind: str = "har",
    logs: bool = False,
    horizon: int = 1,
    level: float = 0.95,
) -> Har:
    """Of realised variances, float64[n] > 0; `continuous`, float64[n]: bipower or MedRV, for the kinds with jumps.

    Raises BadSample.
    """
    one_of(kind, KINDS, "kind")
    rv = series(variances, least=LEAST, name="variances")
    within(horizon, 1, 66, "horizon")
    within(level, 0.5, 0.999, "level")
    if not (rv > 0).all():
        raise BadSample(
            f"variances: value {int(np.argmin(rv))} is {rv.min():g}; a realised variance is positive", "variances"
        )
    columns = _columns(rv, _continuous(continuous, rv, kind), kind, logs)
    names = ("constant", *columns)
    x = np.column_stack([np.ones(rv.size), *columns.values()])
    first = DAYS[-1] - 1
    ahead = np.array([rv[t + 1 : t + 1 + horizon].mean() for t in range(first, rv.size - horizon)])
    target = np.log(ahead) if logs else ahead
    line = least_squares(target, x[first : rv.size - horizon], lags=max(automatic_lags(target.size), horizon - 1))
    forecast = _forecast(line, x[-1], logs, level)
    coefficients = {n: normal_estimate(b, e, level) for n, b, e in zip(names, line.beta, line.errors, strict=True)}
    words = (
        f"{kind.upper()}{' in logarithms' if logs else ''} explains {line.r2:.0%} of the variance of the next {horizon} "
        f"period(s); the next one is forecast at volatility {math.sqrt(max(forecast.value, 0.0)):.4g}."
    )
    return Har(kind, logs, horizon, target.size, coefficients, line.r2, forecast, words, target - line.residuals)


def _continuous(given: ArrayLike | None, rv: Floats, kind: str) -> Floats:
    if kind == "har":
        return rv
    if given is None:
        raise BadSample(
            f"continuous: {kind} needs the part of each variance without jumps (bipower or MedRV)", "continuous"
        )
    found = series(given, least=rv.size, name="continuous")
    if found.size != rv.size:
        raise BadSample(f"continuous: {found.size} values for {rv.size} variances", "continuous")
    return np.minimum(found, rv)


def _columns(rv: Floats, continuous: Floats, kind: str, logs: bool) -> dict[str, Floats]:
    """Regressors by name, float64[n] each; NaN before there is a month."""
    base = continuous if kind == "har-cj" else rv
    mark = "c" if kind == "har-cj" else "rv"
    change = np.log if logs else np.asarray
    found = {f"{mark}_{days}": change(_trailing(base, days)) for days in DAYS}
    jumps = rv - continuous
    jump_days = {"har": (), "har-j": DAYS[:1], "har-cj": DAYS}[kind]
    found |= {f"j_{days}": np.log1p(_trailing(jumps, days)) if logs else _trailing(jumps, days) for days in jump_days}
    return found


def _trailing(x: Floats, days: int) -> Floats:
    """Mean of the last `days` values; of as many as there are at the beginning."""
    sums = np.concatenate([[0.0], np.cumsum(x)])
    ends = np.arange(1, x.size + 1)
    begins = np.maximum(ends - days, 0)
    return np.asarray((sums[ends] - sums[begins]) / (ends - begins))


def _forecast(line: Line, last: Floats, logs: bool, level: float) -> Estimate:
    """With the deviation of the residuals and of the coefficients; of logarithms turned back, the mean corrected."""
    spread = float(line.residuals.var(ddof=line.beta.size))
    error = math.sqrt(max(spread + float(last @ line.covariance @ last), 0.0))
    found = normal_estimate(float(last @ line.beta), error, level)
    if not logs:
        return Estimate(found.value, error, max(found.low, 0.0), found.high, level)
    value = math.exp(found.value + 0.5 * spread)
    return Estimate(value, value * error, math.exp(found.low), math.exp(found.high), level)
