"""Intervals of a statistic of a dependent series by drawing its blocks again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qbtc.core.statistics import bootstrap

from .result import Estimate, Floats, Ints, one_of, series, within

Statistic = Callable[[Floats], Floats]
"""float64[draws, n] -> float64[draws]."""
LEAST, AT_ONCE = 20, 1 << 21


def _sharpes(rows: Floats) -> Floats:
    return bootstrap.sharpes(rows)


def _skewness(rows: Floats) -> Floats:
    d = rows - rows.mean(axis=1, keepdims=True)
    cubes, below = (d**3).mean(axis=1), (d * d).mean(axis=1) ** 1.5
    return np.asarray(np.divide(cubes, below, out=np.full(len(rows), np.nan), where=below > 0))


STATISTICS: dict[str, Statistic] = {
    "mean": lambda rows: np.asarray(rows.mean(axis=1)),
    "deviation": lambda rows: np.asarray(rows.std(axis=1, ddof=1)),
    "median": lambda rows: np.asarray(np.median(rows, axis=1)),
    "sharpe": _sharpes,
    "skewness": _skewness,
    "quantile_05": lambda rows: np.asarray(np.quantile(rows, 0.05, axis=1)),
}
KINDS = ("stationary", "circular", "moving")


@dataclass(frozen=True)
class Resampled:
    """`estimate` with its bootstrap error and percentile interval; `bias` mean of the draws less the estimate (all NaN
    where the statistic does not exist in too many draws, as of a series with one value that differs); `block` mean
    length of the blocks, `automatic` if the series chose it."""

    statistic: str
    kind: str
    n: int
    estimate: Estimate
    bias: float
    block: float
    automatic: bool
    draws: int
    seed: int
    words: str


def resample(
    values: ArrayLike,
    *,
    statistic: str = "mean",
    kind: str = "stationary",
    block: float | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 1,
) -> Resampled:
    """Of a series, float64[n], n >= 20; `block`: by Politis and White (2004) if not given. Raises BadSample."""
    of = STATISTICS[one_of(statistic, STATISTICS, "statistic")]
    one_of(kind, KINDS, "kind")
    x = series(values, least=LEAST)
    within(draws, 100, 20_000, "draws")
    within(level, 0.5, 0.999, "level")
    length = _block(x, kind, block)
    found = drawn(x, of, kind, length, draws, np.random.default_rng(seed))
    value = float(of(x[None, :])[0])
    estimate, bias = _estimate(value, found, level)
    return Resampled(
        statistic, kind, x.size, estimate, bias, length, block is None, draws, seed, _words(statistic, x.size, estimate)
    )


def _estimate(value: float, found: Floats, level: float) -> tuple[Estimate, float]:
    """(estimate with error and interval, bias); NaN where the statistic does not exist in more draws than the interval leaves
    out on a side: those would be missing at one of its ends, and nobody knows which."""
    known = found[np.isfinite(found)]
    if found.size - known.size > (1 - level) / 2 * found.size or known.size < 2:
        return Estimate(value, level=level), np.nan
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(known.std(ddof=1)), float(low), float(high), level), float(known.mean()) - value


def _words(statistic: str, n: int, e: Estimate) -> str:
    between = (
        f"with {e.level:.0%} confidence between {e.low:.4g} and {e.high:.4g}"
        if np.isfinite(e.low)
        else "without an interval: too many draws of its blocks hold no variance"
    )
    return f"The {statistic} of {n} values is {e.value:.4g}, {between}."


def _block(x: Floats, kind: str, block: float | None) -> float:
    if block is not None:
        return within(block, 1, x.size, "block")
    stationary, circular = bootstrap.optimal_blocks(x)
    return stationary if kind == "stationary" else float(np.ceil(circular))


def drawn(x: Floats, of: Statistic, kind: str, block: float, draws: int, rng: np.random.Generator) -> Floats:
    """The statistic of each draw, float64[draws], in pieces so that memory stays small."""
    piece = max(1, AT_ONCE // x.size)
    parts = [min(piece, draws - done) for done in range(0, draws, piece)]
    return np.concatenate([of(x[_places(x.size, part, kind, block, rng)]) for part in parts])


def _places(count: int, draws: int, kind: str, block: float, rng: np.random.Generator) -> Ints:
    if kind == "stationary":
        return bootstrap.stationary(count, draws, block, rng)
    by = bootstrap.circular if kind == "circular" else bootstrap.moving
    return by(count, draws, int(block), rng)
