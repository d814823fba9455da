"""The probability that the best of many backtests was chosen for its luck (CSCV; core/statistics/overfitting)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qbtc.core.statistics import overfitting, trials

from .result import Floats, matrix, within


@dataclass(frozen=True)
class Overfit:
    """`probability` that the best inside is below the median outside; `loss` that it loses money outside; `slope` of the
    ratio outside on that inside; `effective_trials`: how many independent ones these amount to."""

    n: int
    trials: int
    effective_trials: float
    blocks: int
    choices: int
    probability: float
    loss: float
    slope: float
    r2: float
    words: str
    logits: Floats


def overfit(returns: ArrayLike, *, blocks: int = 10) -> Overfit:
    """Of returns of trials, float64[n, m], a column a trial, m >= 2; even `blocks` of 2 to 16. Raises BadSample, ValueError."""
    within(blocks, 2, 16, "blocks")
    x = matrix(returns, rows=2 * blocks, columns=2, name="returns")
    found = overfitting.cscv(x, blocks)
    verdict = (
        "the choice means little" if found.pbo > 0.5 else "the choice carries over" if found.pbo < 0.1 else "be careful"
    )
    words = f"In {found.pbo:.0%} of {found.logits.size} splits the best trial was below the median outside: {verdict}."
    effective = trials.effective_number(x) if float(np.ptp(x)) > 0 else 1.0
    return Overfit(
        len(x),
        x.shape[1],
        effective,
        blocks,
        found.logits.size,
        found.pbo,
        found.loss,
        found.slope,
        found.r2,
        words,
        found.logits,
    )
