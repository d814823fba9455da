"""Do series move together in the long run? Engle-Granger for two or more, Johansen for the number of relations."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .result import BadSample, Floats, Test, matrix, within

LEAST, MOST_ROWS, MOST_SERIES = 40, 20_000, 6


@dataclass(frozen=True)
class Johansen:
    """`trace`, `maximum`: statistics of at most r = 0, 1, ... relations, float64[m]; their 90, 95 and 99 % critical
    values float64[m, 3]; `rank` by the trace at 95 %; `vectors` float64[m, m], a relation a column."""

    trace: Floats
    trace_critical: Floats
    maximum: Floats
    maximum_critical: Floats
    rank: int
    vectors: Floats


@dataclass(frozen=True)
class Cointegration:
    """`hedge` float64[m - 1] and `constant`: first column = constant + others @ hedge + spread; `half_life` of the spread
    in periods (NaN if it does not return), `z` how many deviations the spread is from its mean now."""

    n: int
    engle_granger: Test
    critical: dict[str, float]
    hedge: Floats
    constant: float
    half_life: float
    z: float
    johansen: Johansen
    words: str
    spread: Floats


def cointegration(values: ArrayLike, *, lags: int = 1) -> Cointegration:
    """Of levels, float64[n, m], n >= 40, n <= 20,000, 2 <= m <= 6; `lags` of differences in Johansen's model. Raises BadSample."""
    x = matrix(values, rows=LEAST, columns=2)
    if x.shape[1] > MOST_SERIES or len(x) > MOST_ROWS:
        raise BadSample(
            f"values: {len(x)} rows of {x.shape[1]}; allowed: {LEAST} to {MOST_ROWS:,} rows of 2 to {MOST_SERIES}"
        )
    within(lags, 0, 20, "lags")
    if np.linalg.matrix_rank(x - x.mean(axis=0)) < x.shape[1]:
        raise BadSample("values: one column is constant or a combination of the others, so that nothing can be tested")
    unit = x.std(axis=0)
    standard = (x - x.mean(axis=0)) / unit
    test, critical = _engle_granger(standard)
    design = np.column_stack([np.ones(len(x)), x[:, 1:]])
    beta = np.asarray(np.linalg.lstsq(design, x[:, 0], rcond=None)[0], np.float64)
    spread = x[:, 0] - design @ beta
    found = _johansen(standard, lags, unit)
    half_life = half_life_of(spread)
    z = float(spread[-1] / spread.std())
    return Cointegration(
        len(x), test, critical, beta[1:], float(beta[0]), half_life, z, found, _words(test, found, half_life), spread
    )


def _engle_granger(x: Floats) -> tuple[Test, dict[str, float]]:
    from statsmodels.tsa.stattools import coint

    statistic, p_value, critical = coint(x[:, 0], x[:, 1:])[:3]
    test = Test(float(statistic), float(p_value), "the series are not cointegrated")
    return test, dict(zip(("1%", "5%", "10%"), (float(c) for c in critical), strict=True))


def _johansen(x: Floats, lags: int, unit: Floats) -> Johansen:
    from statsmodels.tsa.vector_ar.vecm import coint_johansen

    found = coint_johansen(x, 0, lags)
    above = np.asarray(found.lr1) > np.asarray(found.cvt)[:, 1]
    rank = int(np.argmin(above)) if not above.all() else x.shape[1]
    trace, trace_bound, maximum, maximum_bound = (np.asarray(p) for p in (found.lr1, found.cvt, found.lr2, found.cvm))
    return Johansen(trace, trace_bound, maximum, maximum_bound, rank, np.asarray(found.evec) / unit[:, None])


def half_life_of(spread: Floats) -> float:
    """ln 2 / -ln(1 + b) of d spread_t = a + b spread_(t-1) + e; NaN unless -1 < b < 0."""
    before = spread[:-1] - spread[:-1].mean()
    b = float(before @ np.diff(spread) / (before @ before))
    return math.log(2.0) / -math.log1p(b) if -1.0 < b < 0.0 else math.nan


def _words(test: Test, johansen: Johansen, half_life: float) -> str:
    first = "are cointegrated" if test.rejected else "are not shown to be cointegrated"
    back = f"; the spread loses half of its distance in {half_life:.1f} periods" if math.isfinite(half_life) else ""
    return f"By Engle-Granger the series {first} (5 %); Johansen's trace finds {johansen.rank} relation(s){back}."
