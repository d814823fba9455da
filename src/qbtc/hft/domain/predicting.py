"""What live results of a strategy should be, and when they are not that any more. Pure.

The prediction comes from profits that no choice has seen (walk-forward). The watch asks, as often as it likes, whether
the profit since the start has fallen below a line; the line is made so that a strategy that is as good as predicted
ever crosses it with a probability of `error` at most, however often and however long one looks:

    lowest(n) = n * least - u(n * deviation^2)

`u` is the one-sided normal mixture boundary of S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Time-uniform,
nonparametric, nonasymptotic confidence sequences (2021), eq. 14: of error alpha for sums with variance v

    u(v) = sqrt(2 (v + rho) log(1 + sqrt((v + rho) / rho) / (2 alpha)))

It holds exactly for sub-Gaussian profits, for others in the limit of many periods (I. Waudby-Smith, D. Arbour,
R. Sinha, E. Kennedy, A. Ramdas, Time-uniform central limit theory, 2024). Mean and deviation are not known, only
estimated from m batches of sqrt(n) periods, which also answers for correlated profits (J. Flegal, G. Jones, Batch means
and spectral variance estimators, 2010): `least` is the lower end of Student's interval of the mean and `deviation` the
upper end of the chi-squared one, each with a quarter of the error; half of it is left for the line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from qbtc.core.statistics.bootstrap import block_length
from qbtc.core.statistics.series import Floats

ERROR = 0.05
LEAST_BATCHES = 8
DRAWS, SEED, LEVEL = 2_000, 20_211_114, 0.95
PIECES = 256
"""Blocks that a path of the bootstrap has at most, so that a day costs no more than a minute."""
HOUR_NS, DAY_NS = 3_600_000_000_000, 86_400_000_000_000


class Batches(NamedTuple):
    """Of sums over `number` batches of `size` periods: mean and deviation of a period (long-run)."""

    number: int
    size: int
    mean: float
    deviation: float


def batches(x: Floats) -> Batches:
    """Batch means of profits float64[n], size sqrt(n); the deviation is at least that of single profits."""
    size = max(1, math.isqrt(x.size))
    count = x.size // size
    sums = x[x.size - count * size :].reshape(count, size).sum(axis=1) if count else np.empty(0)
    if count < 2:
        return Batches(count, size, float(x.mean()) if x.size else math.nan, math.nan)
    long_run = float(sums.std(ddof=1)) / math.sqrt(size)
    return Batches(count, size, float(x.mean()), max(long_run, float(x.std(ddof=1))))


@dataclass(frozen=True, slots=True)
class Prediction:
    """Profits in quote units a period of `period_ns`. `mean` and `spread` as estimated from `periods` of them, `least`
    and `deviation` their bad ends, `error` what is left for the line, `rho` where the line is tightest (a variance)."""

    period_ns: int
    periods: int
    mean: float
    spread: float
    least: float
    deviation: float
    error: float
    rho: float

    def lowest(self, elapsed_ns: float) -> float:
        """The least profit that still is as predicted after so much time."""
        n = max(elapsed_ns, 0.0) / self.period_ns
        return n * self.least - boundary(n * self.deviation**2, self.error, self.rho)


def boundary(v: float, error: float, rho: float) -> float:
    """Howard et al. (2021), eq. 14: what a sum without drift and with variance `v` exceeds with probability `error`."""
    if rho <= 0:
        return 0.0
    return math.sqrt(2.0 * (v + rho) * math.log1p(math.sqrt((v + rho) / rho) / (2.0 * error)))


def predict(x: Floats, period_ns: int, *, error: float = ERROR) -> Prediction:
    """From unseen profits float64[n], one a period. Raises ValueError for too few of them."""
    found = batches(x)
    if x.size < LEAST_BATCHES**2 or period_ns <= 0:
        raise ValueError(
            f"{x.size} periods are too few for a prediction; allowed: {LEAST_BATCHES**2} at least, each longer than 0"
        )
    from scipy.special import gammaincinv, stdtrit  # here, since the service that only reads predictions does without

    share, free = error / 4.0, found.number - 1
    slack = float(stdtrit(free, 1.0 - share)) * found.deviation / math.sqrt(found.number * found.size)
    wide = found.deviation * math.sqrt(free / (2.0 * float(gammaincinv(free / 2.0, share))))
    line = error / 2.0
    tight = x.size * wide**2 / (2.0 * math.log(1.0 / line) + math.log1p(2.0 * math.log(1.0 / line)))
    return Prediction(period_ns, int(x.size), found.mean, found.deviation, found.mean - slack, wide, line, tight)


class Band(NamedTuple):
    """Of the profit over some time, quote units: `level` of the outcomes lie between `low` and `high`."""

    low: float
    middle: float
    high: float
    level: float


def band(x: Floats, periods: int, *, draws: int = DRAWS, level: float = LEVEL, seed: int = SEED) -> Band:
    """Of the profit of `periods` periods like those of x, float64[n], n >= 1.

    Two errors of a prediction: what happens is one path of many, and the mean is only known from x. Paths are of blocks
    on a circle (D. Politis, J. Romano, A circular block-resampling procedure, 1992); each is moved by as much as a
    second path of n periods misses the sum of x. The same seed, the same band. Raises ValueError.
    """
    if x.size < 1 or periods < 1:
        raise ValueError(f"a band needs one profit and one period at least, not {x.size} and {periods}")
    rng = np.random.default_rng(seed)
    sums = _paths(x, periods, draws, rng)
    sums = sums + (float(x.sum()) - _paths(x, x.size, draws, rng)) * (periods / x.size)
    low, middle, high = np.quantile(sums, [(1.0 - level) / 2.0, 0.5, (1.0 + level) / 2.0])
    return Band(float(low), float(middle), float(high), level)


def _paths(x: Floats, periods: int, draws: int, rng: np.random.Generator) -> Floats:
    """Sums of `draws` paths."""
    size = min(max(block_length(x.size), -(-periods // PIECES)), periods)
    whole, rest = divmod(periods, size)
    sums = _drawn(x, size, (draws, whole), rng).sum(axis=1)
    return np.asarray(sums + _drawn(x, rest, (draws, 1), rng)[:, 0]) if rest else np.asarray(sums)


def _drawn(x: Floats, size: int, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Sums of blocks of `size` periods that begin anywhere on the circle."""
    turns, rest = divmod(size, x.size)
    long = np.concatenate(([0.0], np.cumsum(np.concatenate((x, x[:rest])))))
    each = long[rest : rest + x.size] - long[: x.size] + turns * float(x.sum())
    return np.asarray(each[rng.integers(0, x.size, shape)])


class Verdict(StrEnum):
    WAITING = "waiting"
    """Too few fills to say anything."""
    INSIDE = "inside"
    OUTSIDE = "outside"
    """Go back."""
    KEPT = "kept"
    """The watch is over and nothing was wrong."""


def look(p: Prediction, *, profit: float, elapsed_ns: int, fills: int, least_fills: int, until_ns: int) -> Verdict:
    """What a profit (quote units) after so much time with so many fills means. What is not finite counts as outside."""
    if fills >= least_fills and not profit >= p.lowest(elapsed_ns):
        return Verdict.OUTSIDE
    if elapsed_ns >= until_ns:
        return Verdict.KEPT
    return Verdict.WAITING if fills < least_fills else Verdict.INSIDE
