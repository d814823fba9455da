"""Intervals of a statistic of a series whose neighbours depend on each other: blocks are drawn again, not values."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .series import Floats, Ints

Statistic = Callable[[Floats], Floats]
"""float64[draws, n] -> float64[draws]."""
DRAWS, SEED = 1000, 20_140_731
AT_ONCE = 1 << 22
"""Values drawn in one piece, so that memory stays small."""


@dataclass(frozen=True)
class Interval:
    """Bounds of a statistic at `level`, and all that it takes to find them again."""

    low: float
    high: float
    level: float
    draws: int
    block: float
    seed: int


def block_length(count: int) -> int:
    """n^(1/3), the rate at which the error of the variance is least (P. Hall, J. Horowitz, B.-Y. Jing, 1995)."""
    return max(1, round(float(np.cbrt(count))))


def stationary(count: int, draws: int, block: float, rng: np.random.Generator) -> Ints:
    """Places int64[draws, count]: blocks of geometric length, `block` on average, on a circle.

    D. Politis, J. Romano, The stationary bootstrap (1994). Raises ValueError.
    """
    _check(count, block)
    fresh = rng.random((draws, count)) < 1.0 / block
    fresh[:, 0] = True
    return _walk(fresh, rng.integers(0, count, (draws, count)))


def circular(count: int, draws: int, block: int, rng: np.random.Generator) -> Ints:
    """Places int64[draws, count]: blocks of `block` values on a circle (Politis, Romano, 1992). Raises ValueError."""
    _check(count, block)
    fresh = np.broadcast_to(np.arange(count) % block == 0, (draws, count))
    return _walk(fresh, rng.integers(0, count, (draws, count)))


def moving(count: int, draws: int, block: int, rng: np.random.Generator) -> Ints:
    """Places int64[draws, count]: blocks of `block` values that do not run over the end (H. Kuensch, 1989; R. Liu,
    K. Singh, 1992). Raises ValueError."""
    _check(count, block)
    if block > count:
        raise ValueError(f"a block of {block} values does not fit {count} values")
    pieces = -(-count // block)
    begins = rng.integers(0, count - block + 1, (draws, pieces))
    places = begins[:, :, None] + np.arange(block)
    return np.asarray(places.reshape(draws, pieces * block)[:, :count])


def optimal_blocks(x: Floats) -> tuple[float, float]:
    """(average block of the stationary, block of the circular bootstrap) with least error of the variance of the mean.

    D. Politis, H. White, Automatic block-length selection (2004), with the correction of A. Patton, D. Politis, H. White
    (2009): a flat-top window over twice the lag at which the first run of insignificant autocorrelations begins.
    At least 1, at most min(3 sqrt(n), n / 3) rounded up. Raises ValueError with less than 8 values or no variance.
    """
    count = x.size
    if count < 8 or not np.ptp(x) > 0:
        raise ValueError(f"a block length needs 8 values that differ, not {count}{' equal ones' * (count >= 8)}")
    longest = min(int(np.ceil(np.sqrt(count))) + _run(count), count - 1)
    d = x - x.mean()
    covariance = np.array([float(d[k:] @ d[: count - k]) for k in range(longest + 1)]) / count
    bandwidth = min(2 * _last_significant(covariance, count), longest)
    lags = np.arange(-bandwidth, bandwidth + 1)
    share = np.abs(lags) / bandwidth if bandwidth else np.zeros(1)
    window = np.where(share <= 0.5, 1.0, 2.0 * (1.0 - share)) * covariance[np.abs(lags)]
    slope, spectrum = float(np.abs(lags) @ window), float(window.sum())
    most = float(np.ceil(min(3.0 * np.sqrt(count), count / 3.0)))
    root = np.cbrt(count)
    found = [float(np.cbrt(2.0 * slope**2 / (factor * spectrum**2)) * root) for factor in (2.0, 4.0 / 3.0)]
    return min(max(found[0], 1.0), most), min(max(found[1], 1.0), most)


def _run(count: int) -> int:
    """How many lags in a row have to be insignificant: K_n of Politis, White."""
    return max(5, int(np.log10(count)))


def _last_significant(covariance: Floats, count: int) -> int:
    """Where the first run of insignificant autocorrelations begins; without such a run the last significant lag.

    One lag behind the paper's m, as in the authors' own code and in arch."""
    rho = np.abs(covariance[1:] / covariance[0])
    loud = rho >= 2.0 * np.sqrt(np.log10(count) / count)
    run = _run(count)
    quiet = np.convolve(~loud, np.ones(run), "valid") >= run - 0.5
    if quiet.any():
        return int(quiet.argmax()) + 1
    return int(np.flatnonzero(loud)[-1]) + 1


def _check(count: int, block: float) -> None:
    if count < 1 or not block >= 1:
        raise ValueError(f"a bootstrap needs one value at least and blocks of one at least, not {count} and {block}")


def _walk(fresh: np.typing.NDArray[np.bool_], chosen: Ints) -> Ints:
    """Where `fresh`, the chosen place; else the one behind the last."""
    count = fresh.shape[1]
    steps = np.arange(count)
    begins = np.maximum.accumulate(np.where(fresh, steps, 0), axis=1)
    return np.asarray((np.take_along_axis(chosen, begins, axis=1) + steps - begins) % count)


def interval(
    x: Floats, statistic: Statistic, *, draws: int = DRAWS, block: float | None = None, level: float = 0.95, seed: int = SEED
) -> Interval:
    """Percentile interval by the stationary bootstrap; NaN with less than two values. The same seed, the same interval."""
    length = float(block_length(x.size) if block is None else block)
    if x.size < 2:
        return Interval(math.nan, math.nan, level, draws, length, seed)
    rng = np.random.default_rng(seed)
    piece = max(1, AT_ONCE // x.size)
    parts = [min(piece, draws - done) for done in range(0, draws, piece)]
    found = np.concatenate([statistic(x[stationary(x.size, part, length, rng)]) for part in parts])
    found = found[np.isfinite(found)]
    if not found.size:
        return Interval(math.nan, math.nan, level, draws, length, seed)
    low, high = np.quantile(found, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(float(low), float(high), level, draws, length, seed)


def sharpes(drawn: Floats) -> Floats:
    """The Sharpe ratio of a period of each row; NaN where a row has no variance."""
    deviation = drawn.std(axis=1, ddof=1)
    means = drawn.mean(axis=1)
    return np.asarray(np.divide(means, deviation, out=np.full(len(drawn), np.nan), where=deviation > 0))
