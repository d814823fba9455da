"""Compile, or load from the cache, the compiled code of the fold, of coherence reports, of batches of states and of
forecasts."""

from __future__ import annotations

import numpy as np

from qbtc.core.hilbert.batches import conjugate, haar_unitaries, random_densities
from qbtc.core.hilbert.intervals import Resampling, report_intervals
from qbtc.core.hilbert.lindblad import Generator, evolve

from .folding import MarketBar, SessionFold
from .inference.hmm import Chain
from .inference.kalman import filtered


def warm() -> None:
    """Some ten seconds the first time, a fraction of one later."""
    rng = np.random.default_rng(0)
    states = random_densities(8, 3, rng)
    conjugate(haar_unitaries(1, 3, rng)[0], states)
    evolve(states, Generator(states[0], states[1:2]), np.array([1.0]), method="series")
    report_intervals(states[:, 0].repeat(2, axis=0), np.ones(16), rng, Resampling(draws=20))
    filtered(np.ones((3, 2)), np.ones(3), 0.0)
    Chain(np.full(2, 0.5), np.full((2, 2), 0.5), np.zeros((2, 1)), np.ones((2, 1))).filtered(np.zeros((3, 1)))
    SessionFold().fold(MarketBar(0, ("BTCUSDT",), np.ones((1, 26)), np.ones((1, 26), dtype=np.bool_)))
