"""The probability of backtest overfitting by combinatorially symmetric cross-validation (CSCV).

D. H. Bailey, J. M. Borwein, M. Lopez de Prado, Q. J. Zhu, The probability of backtest overfitting (2017). Time is cut
into S blocks. For each choice of S/2 of them: the trial that is best there is looked up in the other half. If choosing
the best means anything, it is above the median there as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .series import NOISE, Floats

BLOCKS = 16
MOST = 20
"""Blocks at most: 184,756 choices."""
AT_ONCE = 1 << 21
"""Ratios held at once, so that memory stays small."""


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
    ratios, halves = _Ratios(returns, blocks), _halves(blocks)
    at_once = max(1, AT_ONCE // returns.shape[1])
    parts = [_looked_up(ratios, halves[begin : begin + at_once]) for begin in range(0, len(halves), at_once)]
    logits, inside, outside = (np.concatenate([part[k] for part in parts]) for k in (0, 2, 3))
    chosen = np.concatenate([part[1] for part in parts])
    slope, intercept, r2 = _line(inside, outside)
    return Overfitting(
        float((logits <= 0).mean()), float((outside < 0).mean()), slope, intercept, r2, logits, chosen, inside, outside, blocks
    )


def _looked_up(ratios: _Ratios, halves: Floats) -> tuple[Floats, NDArray[np.intp], Floats, Floats]:
    """(logit, best trial, its ratio inside, outside) of some choices."""
    inside, outside = ratios.of(halves), ratios.of(1.0 - halves)
    every, chosen = np.arange(len(halves)), inside.argmax(axis=1)
    best = outside[every, chosen]
    below = (outside < best[:, None]).sum(axis=1)
    level = (outside == best[:, None]).sum(axis=1)
    share = (below + 0.5 * (level + 1)) / (outside.shape[1] + 1)
    return np.log(share / (1.0 - share)), chosen, inside[every, chosen], best


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


def _halves(blocks: int) -> Floats:
    """float64[choices, blocks] of 0 and 1."""
    chosen = np.array(list(combinations(range(blocks), blocks // 2)))
    marks = np.zeros((len(chosen), blocks))
    np.put_along_axis(marks, chosen, 1.0, axis=1)
    return marks


class _Ratios:
    """Sharpe ratios of all trials in chosen blocks, from sums of blocks about the mean of each trial."""

    def __init__(self, returns: Floats, blocks: int) -> None:
        cuts = np.array([part[0] for part in np.array_split(np.arange(len(returns)), blocks)])
        self._counts = np.diff(np.append(cuts, len(returns))).astype(np.float64)
        self._centre = returns.mean(axis=0)
        moved = returns - self._centre
        self._sums, self._squares = np.add.reduceat(moved, cuts), np.add.reduceat(moved * moved, cuts)
        self._least = np.sqrt(NOISE) * np.abs(returns).max(axis=0)

    def of(self, marks: Floats) -> Floats:
        """float64[choices, N] of marks float64[choices, blocks], 0 or 1."""
        n = (marks @ self._counts)[:, None]
        mean = marks @ self._sums / n
        variance = np.maximum(marks @ self._squares / n - mean * mean, 0.0) * n / (n - 1.0)
        deviation = np.sqrt(variance)
        flat = deviation <= self._least
        return np.asarray(np.where(flat, 0.0, (mean + self._centre) / np.where(flat, 1.0, deviation)))


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Least squares: slope, intercept, r squared."""
    dx, dy = x - x.mean(), y - y.mean()
    xx, yy, xy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    if xx == 0 or yy == 0:
        return np.nan, np.nan, np.nan
    return xy / xx, float(y.mean() - xy / xx * x.mean()), xy * xy / (xx * yy)
