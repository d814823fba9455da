"""The null of the regime-change statistic D(rho_t || rho_{t-lag}) by a moving-block bootstrap.

Blocks keep the dependence between neighbouring rows (Kuensch 1989, Annals of Statistics 17); the generator is passed in.
"""

from __future__ import annotations

import numpy as np

from .coherence import relative_entropy
from .density import exponential_weights, window_state
from .types import Complex, Real


def change_statistic(rows: Complex, lag: int) -> float:
    """D(rho of all rows but the first `lag` || rho of all rows but the last `lag`), in bits."""
    late, early = _window(rows[lag:]), _window(rows[:-lag])
    return float(relative_entropy(late, early))


def block_null(rows: Complex, *, lag: int, block: int, draws: int, rng: np.random.Generator) -> Real:
    """`draws` values of the statistic on rows put together from random blocks, in rising order."""
    if not 1 <= block <= len(rows):
        raise ValueError(f"a block of {block} rows does not fit {len(rows)} rows")
    return np.sort([change_statistic(_resample(rows, block, rng), lag) for _ in range(draws)])


def p_value(statistic: float, null: Real) -> float:
    """Share of the null at or above the statistic, with the observed one counted: never 0."""
    return float((1 + np.sum(null >= statistic)) / (1 + len(null)))


def _resample(rows: Complex, block: int, rng: np.random.Generator) -> Complex:
    starts = rng.integers(0, len(rows) - block + 1, size=-(-len(rows) // block))
    return np.concatenate([rows[s : s + block] for s in starts])[: len(rows)]


def _window(rows: Complex) -> Complex:
    ages = np.arange(len(rows))[::-1].astype(np.float64)
    return window_state(rows, exponential_weights(ages)).rho
