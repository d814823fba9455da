"""How good probabilities of labels are: accuracy, macro F1 and expected calibration error."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from qbtc.core.hilbert.types import Index, Real

BINS: Final = 10


class Scores(NamedTuple):
    """`accuracy`, `macro_f1` (mean over the labels that occur) and `ece`, each 0..1, of `number` texts."""

    number: int
    accuracy: float
    macro_f1: float
    ece: float


def scores(probabilities: Real, labels: Index) -> Scores:
    """Of (n, classes) probabilities against (n,) labels. Raises ValueError without a text."""
    if len(labels) == 0:
        raise ValueError("no text to score; give at least one")
    guessed = probabilities.argmax(axis=1)
    f1 = [f1_score(guessed == label, labels == label) for label in np.unique(labels)]
    return Scores(
        len(labels), float((guessed == labels).mean()), float(np.mean(f1)), calibration_error(probabilities, labels)
    )


def f1_score(guessed: Index, true: Index) -> float:
    """2 hits / (guessed + true) of two masks; 0 where neither has one."""
    return float(2 * (guessed & true).sum() / max(guessed.sum() + true.sum(), 1))


def calibration_error(probabilities: Real, labels: Index) -> float:
    """Mean distance of confidence and accuracy over BINS equal bins of confidence, weighted by texts (Naeini et al. 2015)."""
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs((right[bins == one] - sure[bins == one]).sum()) for one in range(BINS)]
    return float(sum(gaps) / len(labels))
