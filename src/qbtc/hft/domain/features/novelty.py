"""Novelty N of a run of bars, as QCS measures it live: the same states from the same scores (core/hilbert/market). Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts.basis26 import INDEX
from qbtc.core.hilbert.market import MarketStates, without_novelty

Floats = NDArray[np.float64]
N = INDEX["N"]


def of_scores(symbols: Sequence[str], bars: NDArray[np.int64], scores: Floats) -> tuple[Floats, Floats]:
    """(N, its score), both [T, S] and NaN where there is none, of rising bar numbers [T] and z-scores [T, S, 26], NaN where
    masked. Each against what came before."""
    states, slots, names = MarketStates(), np.arange(len(symbols)), tuple(symbols)
    states.grow(len(names))
    found = np.full((2, len(bars), len(names)), np.nan)
    for at, bar in enumerate(bars.tolist()):
        measured = states.measure(slots, bar, names, *without_novelty(scores[at], np.isfinite(scores[at])))
        states.keep(slots, bar, measured)
        found[0, at] = measured.novelty
        found[1, at] = np.where(measured.present[:, N], measured.scores[:, N], np.nan)
    return found[0], found[1]
