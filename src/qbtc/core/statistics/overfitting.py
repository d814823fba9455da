"""The probability of backtest overfitting by combinatorially symmetric cross-validation (CSCV).

D. H. Bailey, J. M. Borwein, M. Lopez de Prado, Q. J. Zhu, The probability of backtest overfitting (2017). Time is cut
into S blocks. For each choice of S/2 of them: the trial that is best there is looked up in the other half. If choosing
the best means anything, it is above the median there as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from .series import NOISE, Floats

BLOCKS = 16
MOST = 20
"""Blocks at most: 184,756 choices."""


@dataclass(frozen=True)
class Overfitting:
    """`logits`, `chosen`, `inside`, `outside`: one a choice of blocks; `outside` and `inside` are Sharpe ratios of a
    period of the trial that was best inside. `pbo` share of logits <= 0. `slope`, `intercept`, `r2` of the regression
    of `outside` on `inside` (NaN where `inside` does not vary). `loss` share of `outside` < 0."""

    pbo: float
    loss: float
    slope: float
    intercept: float
    r2: float
    logits: Floats
    chosen: NDArray[np.intp]
    inside: Floats
    outside: Floats
    blocks: int


def cscv(returns: Floats, blocks: int = BLOCKS) -> Overfitting:
    """Of float64[T, N], profits of T periods of N trials. Blocks differ by one period at most.

    A trial without variance in a half has the ratio 0 there. Raises ValueError.
    """
    _check(returns, blocks)
    halves = _halves(blocks)
    chosen = np.empty(len(halves), dtype=np.intp)
    inside, outside, share = (np.empty(len(halves)) for _ in range(3))
    _look_up(halves, *_of_blocks(returns, blocks), chosen, inside, outside, share)
    logits = np.log(share / (1.0 - share))
    slope, intercept, r2 = _line(inside, outside)
    return Overfitting(
        float((logits <= 0).mean()), float((outside < 0).mean()), slope, intercept, r2, logits, chosen, inside, outside, blocks
    )


def _check(returns: Floats, blocks: int) -> None:
    if returns.ndim != 2 or returns.shape[1] < 2:
        raise ValueError(f"CSCV needs a matrix of periods by two trials at least, not of shape {returns.shape}")
    if blocks % 2 or not 2 <= blocks <= MOST:
        raise ValueError(f"CSCV needs an even number of blocks from 2 to {MOST}, not {blocks}")
    if returns.shape[0] < 2 * blocks:
        raise ValueError(f"CSCV in {blocks} blocks needs {2 * blocks} periods at least, not {returns.shape[0]}")
    if not np.isfinite(returns).all():
        row, trial = np.argwhere(~np.isfinite(returns))[0]
        raise ValueError(f"CSCV needs finite profits; that of period {row}, trial {trial} is {returns[row, trial]}")


def _halves(blocks: int) -> NDArray[np.int64]:
    """int64[choices, blocks / 2]: the blocks of each choice, in lexicographic order, in which choice k and choice
    len - 1 - k are each other's other half."""
    return np.array(list(combinations(range(blocks), blocks // 2)), dtype=np.int64)


def _of_blocks(returns: Floats, blocks: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Periods of each block [blocks]; sums and sums of squares about the mean of each trial [blocks, N]; that mean, and
    the deviation that counts as none [N]."""
    cuts = np.array([part[0] for part in np.array_split(np.arange(len(returns)), blocks)])
    counts = np.diff(np.append(cuts, len(returns))).astype(np.float64)
    centre = returns.mean(axis=0)
    moved = returns - centre
    least = np.sqrt(NOISE) * np.abs(returns).max(axis=0)
    return counts, np.add.reduceat(moved, cuts), np.add.reduceat(moved * moved, cuts), centre, least


@nb.njit(cache=True, nogil=True, error_model="numpy")
def _look_up(halves, counts, sums, squares, centre, least, chosen, inside, outside, share):  # type: ignore[no-untyped-def]
    """For every choice: the trial that is best inside, its ratios inside and outside, and its rank outside in (0, 1)."""
    choices, trials = len(halves), sums.shape[1]
    one, other = np.empty(trials), np.empty(trials)
    for k in range(choices // 2):
        mirror = choices - 1 - k
        _ratios(halves[k], counts, sums, squares, centre, least, one)
        _ratios(halves[mirror], counts, sums, squares, centre, least, other)
        chosen[k], inside[k], outside[k], share[k] = _rank(one, other)
        chosen[mirror], inside[mirror], outside[mirror], share[mirror] = _rank(other, one)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def _ratios(half, counts, sums, squares, centre, least, out):  # type: ignore[no-untyped-def]
    """Sharpe ratios of a period of all trials in the blocks of one half; 0 without variance."""
    n, mean, square = 0.0, np.zeros(len(out)), np.zeros(len(out))
    for block in half:
        n += counts[block]
        mean += sums[block]
        square += squares[block]
    for i in range(len(out)):
        m = mean[i] / n
        deviation = np.sqrt(max(square[i] / n - m * m, 0.0) * n / (n - 1.0))
        out[i] = 0.0 if deviation <= least[i] else (m + centre[i]) / deviation


@nb.njit(cache=True, nogil=True, error_model="numpy")
def _rank(one, other):  # type: ignore[no-untyped-def]
    """The best of `one`, its values there and in `other`, and its mid-rank in `other` over (N + 1)."""
    best = one.argmax()
    below = level = 0
    for ratio in other:
        below += ratio < other[best]
        level += ratio == other[best]
    return best, one[best], other[best], (below + 0.5 * (level + 1)) / (len(other) + 1)


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Least squares: slope, intercept, r squared."""
    dx, dy = x - x.mean(), y - y.mean()
    xx, yy, xy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    if xx == 0 or yy == 0:
        return np.nan, np.nan, np.nan
    return xy / xx, float(y.mean() - xy / xx * x.mean()), xy * xy / (xx * yy)
