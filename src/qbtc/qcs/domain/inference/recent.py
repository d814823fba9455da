"""The null of the live loop: where the divergence of this bar stands among the recent ones of its symbol.

D(rho_t || rho_{t-1}) is at hand at every bar, so its null needs no new states: the last `KEPT` values are the block bootstrap
whose blocks are as long as a window with its lag, each drawn once (subsampling: Politis and Romano 1994). It keeps whatever
dependence the rows have, costs one comparison a value, and a restart restores it from the stored divergences.
Under no change p is uniform at each bar; many symbols are tested, each when its regime changes, and no correction is made.
"""

from __future__ import annotations

import numpy as np

from qbtc.core.hilbert.types import Index, Real

KEPT = 600
NEEDED = 120


class RecentDivergences:
    """Rings of all symbols, addressed by bar number; slots only grow."""

    def __init__(self) -> None:
        self._values = np.full((0, KEPT), np.nan)
        self._bars = np.full((0, KEPT), -1, dtype=np.int64)

    def grow(self, slots: int) -> None:
        extra = slots - len(self._bars)
        self._values = np.concatenate([self._values, np.full((extra, KEPT), np.nan)])
        self._bars = np.concatenate([self._bars, np.full((extra, KEPT), -1, dtype=np.int64)])

    def p_values(self, slots: Index, bar: int, divergence: Real) -> Real:
        """Share of the known values at or above this bar's, itself counted (n,); NaN where under `NEEDED` are known."""
        fresh = (self._bars[slots] >= 0) & (self._bars[slots] >= bar - KEPT) & (self._bars[slots] < bar)
        known = fresh & np.isfinite(self._values[slots])
        count = known.sum(axis=1)
        above = (known & (self._values[slots] >= divergence[:, None])).sum(axis=1)
        defined = (count >= NEEDED) & ~np.isnan(divergence)
        return np.where(defined, (1 + above) / (1 + count), np.nan)

    def add(self, slots: Index, bars: Index, divergence: Real) -> None:
        """An infinite or missing divergence is kept as missing, as it is stored."""
        self._values[slots, bars % KEPT] = np.where(np.isfinite(divergence), divergence, np.nan)
        self._bars[slots, bars % KEPT] = bars
