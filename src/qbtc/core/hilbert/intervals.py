"""Bootstrap intervals of the coherence report of one window.

The rows of a window depend on each other, so whole stretches are drawn again: the stationary bootstrap of Politis and Romano
(1994, J. American Statistical Association 89), whose stretches have geometric lengths. A row takes the weight of the place it
is put. Intervals are percentile intervals. They are somewhat short: over 200 windows of 60 independent rows with one common
factor, at 26 dimensions and the weights of the market, those of 90 % held the population's C_r in 87 % of the windows, with
equal weights in 82 % (basic intervals in 68 and 66 %, which is why they are not used).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .coherence import CoherenceReport, coherence_reports
from .types import Complex, Index, Real
from .windows import window_states

MEASURES = ("l1", "relative", "normalised", "purity", "entropy", "effective_rank", "participation")
FEWEST_ROWS = 8
MOST_DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often, in stretches of which mean length (None: cube root of the rows), and the share an interval covers."""

    draws: int = 200
    block: float | None = None
    level: float = 0.9

    def __post_init__(self) -> None:
        if not 20 <= self.draws <= MOST_DRAWS:
            raise ValueError(f"{self.draws} draws; allowed are 20 to {MOST_DRAWS}")
        if self.block is not None and not self.block >= 1:
            raise ValueError(f"a mean block of {self.block} rows; at least 1 is needed")
        if not 0 < self.level < 1:
            raise ValueError(f"level is {self.level}; it must lie between 0 and 1")


def report_intervals(
    rows: Complex, weights: Real, rng: np.random.Generator, how: Resampling = Resampling()
) -> dict[str, tuple[float, float]]:
    """(low, high) of each of `MEASURES` for the window of rows (T, d) with weights (T,).

    Rows without weight do not count. Raises ValueError for fewer than `FEWEST_ROWS` rows.
    """
    kept = np.asarray(weights) > 0
    rows, weights = np.asarray(rows, dtype=np.complex128)[kept], np.asarray(weights, dtype=np.float64)[kept]
    if len(rows) < FEWEST_ROWS:
        raise ValueError(f"{len(rows)} rows count; an interval needs at least {FEWEST_ROWS}")
    drawn, tail = _resampled_reports(rows, weights, rng, how), (1 - how.level) / 2
    return {name: _quantiles(getattr(drawn, name), tail) for name in MEASURES}


def stationary_indices(count: int, block: float, draws: int, rng: np.random.Generator) -> Index:
    """Positions (draws, count): each follows the one before, around the end, but begins anew with probability 1 / block."""
    fresh = rng.random((draws, count)) < 1 / block
    fresh[:, 0] = True
    starts = rng.integers(0, count, size=(draws, count))
    begun = np.maximum.accumulate(np.where(fresh, np.arange(count), 0), axis=1)
    first = np.take_along_axis(starts, begun, axis=1)
    positions: Index = (first + np.arange(count) - begun) % count
    return positions


def _resampled_reports(rows: Complex, weights: Real, rng: np.random.Generator, how: Resampling) -> CoherenceReport:
    block = max(1.0, len(rows) ** (1 / 3)) if how.block is None else how.block
    positions = stationary_indices(len(rows), block, how.draws, rng)
    spread = np.broadcast_to(weights, positions.shape)
    return coherence_reports(window_states(rows[positions], spread).rho)


def _quantiles(drawn: Real, tail: float) -> tuple[float, float]:
    low, high = np.quantile(drawn, (tail, 1 - tail))
    return float(low), float(high)
