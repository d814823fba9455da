"""Novelty N = 1 - max signed overlap with earlier states of the same symbol and session, N itself masked.

The history is bounded to the last `HISTORY_BARS` bars and scanned exactly. A most opposite past counts as no likeness,
so N stays in [0, 1].
"""

from __future__ import annotations

import numpy as np

from qbtc.contracts.basis26 import INDEX, SIZE
from qbtc.core.hilbert import normalise, to_real
from qbtc.core.hilbert.types import Complex, Index, Mask, Real

HISTORY_BARS = 1800
N = INDEX["N"]


class Novelty:
    """Earlier unit vectors of all symbols of a session, in R^52, at slot `bar % HISTORY_BARS`."""

    def __init__(self) -> None:
        self._past = np.zeros((0, HISTORY_BARS, 2 * SIZE))
        self._bars = np.full((0, HISTORY_BARS), -1, dtype=np.int64)

    def grow(self, slots: int) -> None:
        extra = slots - len(self._bars)
        self._past = np.concatenate([self._past, np.zeros((extra, HISTORY_BARS, 2 * SIZE))])
        self._bars = np.concatenate([self._bars, np.full((extra, HISTORY_BARS), -1, dtype=np.int64)])

    def measure(self, slots: Index, bar: int, amplitudes: Complex) -> tuple[Real, Index]:
        """Novelty (NaN where there is nothing to compare) and the bar of the likest earlier state (-1 likewise)."""
        query, informative = masked(amplitudes)
        everyone = len(slots) == len(self._bars) and bool(np.all(slots == np.arange(len(slots))))
        past, bars = (self._past, self._bars) if everyone else (self._past[slots], self._bars[slots])
        scores = np.matmul(past, query[:, :, None])[:, :, 0]
        usable = (bars >= max(bar - HISTORY_BARS, 0)) & (bars < bar) & informative[:, None]
        scores = np.where(usable, scores, -np.inf)
        best = np.argmax(scores, axis=1)
        likest = np.take_along_axis(scores, best[:, None], axis=1)[:, 0]
        found = np.isfinite(likest)
        value = np.where(found, 1 - np.clip(np.where(found, likest, 0.0), 0.0, 1.0), np.nan)
        position = np.where(found, np.take_along_axis(bars, best[:, None], axis=1)[:, 0], -1)
        return value, position

    def add(self, slots: Index, bars: Index, psi: Complex) -> None:
        """Remember states (k, 26) at (slot, bar) pairs; states without information are not remembered."""
        vectors, informative = masked(psi)
        self._past[slots, bars % HISTORY_BARS] = vectors
        self._bars[slots, bars % HISTORY_BARS] = np.where(informative, bars, -1)


def masked(amplitudes: Complex) -> tuple[Real, Mask]:
    """The unit vector of the other 25 dimensions in R^52, and whether there is one."""
    others = np.array(amplitudes, dtype=np.complex128)
    others[..., N] = 0
    state = normalise(others)
    return to_real(state.psi), state.informative
