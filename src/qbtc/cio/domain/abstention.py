"""Whether the hits answer the question: a calibrated probability, and saying "I don't have that" below a threshold.

A logistic regression on what recall knows of its best hits (CUES), standardised, with a ridge, fitted by Newton's method
(iteratively reweighted least squares). With p = P(the best hits hold the answer | cues), abstaining below

    threshold = c_wrong / (c_wrong + c_silent)

costs least on average when a useless answer costs c_wrong and a useful one withheld c_silent (Chow 1970). It sees scores,
not meaning: a question whose premise is false but whose words are all there looks answerable. Scores: calibration.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .evidence import NAMES, Floats
from .learning import standing

CUES: Final = (
    "top",
    "margin",
    "spread",
    "coverage",
    "rarest",
    "words_around",
    "session_words",
    "cosine",
    "session_cosine",
    "author",
)
"""Score of the best hit, its lead over the second and over the mean of the first ten, and the most of each column in them."""

DEPTH: Final = 10
RIDGE: Final = 1.0
STEPS: Final = 50
_COLUMNS: Final = [NAMES.index(name) for name in CUES[3:]]


class AbstentionRefused(ValueError):
    """It cannot be fitted or asked so; the message says why."""


def cues(rows: Floats, weights: Floats) -> Floats:
    """(len(CUES),) from the evidence of all candidates (n, len(NAMES)); zeros when none of them is listed."""
    best = rows[standing(rows, weights)[:DEPTH]]
    if not len(best):
        return np.zeros(len(CUES))
    scores = best @ weights
    second = scores[1] if len(scores) > 1 else 0.0
    return np.array([scores[0], scores[0] - second, scores[0] - scores.mean(), *best[:, _COLUMNS].max(axis=0)])


@dataclass(frozen=True, slots=True)
class Answerable:
    """A fitted judge: p = 1 / (1 + exp(-(bias + weights . (cues - centre) / scale))), all but `bias` (len(CUES),)."""

    centre: Floats
    scale: Floats
    weights: Floats
    bias: float

    def probability(self, given: Floats) -> Floats:
        """(..., len(CUES)) -> (...). Raises AbstentionRefused."""
        if given.shape[-1:] != (len(CUES),) or not np.isfinite(given).all():
            raise AbstentionRefused(f"cues are {len(CUES)} finite numbers, not shape {given.shape}")
        return _logistic((given - self.centre) / self.scale @ self.weights + self.bias)

    def abstains(self, given: Floats, threshold: float) -> bool:
        """Whether to say "I don't have that" for one question. Raises AbstentionRefused."""
        if not 0 <= threshold <= 1:
            raise AbstentionRefused(f"a threshold is a probability from 0 to 1, not {threshold!r}")
        return bool(self.probability(given) < threshold)


def threshold_of(*, wrong: float, silent: float) -> float:
    """Where abstaining costs as much as answering. Raises AbstentionRefused."""
    if not (wrong >= 0 and silent >= 0 and 0 < wrong + silent < np.inf):
        raise AbstentionRefused(f"costs are 0 or more and not both 0, not {wrong!r} and {silent!r}")
    return wrong / (wrong + silent)


def fitted(given: Floats, answered: NDArray[np.bool_]) -> Answerable:
    """From cues (n, len(CUES)) and whether the hits held the answer (n,). Raises AbstentionRefused."""
    if (
        given.ndim != 2
        or given.shape[1] != len(CUES)
        or answered.shape != given.shape[:1]
        or not np.isfinite(given).all()
    ):
        raise AbstentionRefused(f"(n, {len(CUES)}) finite cues and n outcomes, not {given.shape} and {answered.shape}")
    if answered.all() or not answered.any():
        raise AbstentionRefused("both questions that were answered and questions that were not are needed")
    centre, scale = given.mean(axis=0), given.std(axis=0) + 1e-9
    rows = np.column_stack([(given - centre) / scale, np.ones(len(given))])
    found = _newton(rows, answered.astype(np.float64))
    return Answerable(centre, scale, found[:-1], float(found[-1]))


def _newton(rows: Floats, y: Floats) -> Floats:
    """The ridge-penalised maximum of the likelihood, the last column (bias) free; steps halved until they help."""
    penalty = np.full(rows.shape[1], RIDGE)
    penalty[-1] = 1e-9

    def loss(weights: Floats) -> float:
        scores = rows @ weights
        return float(np.logaddexp(0, scores).sum() - y @ scores + 0.5 * penalty @ weights**2)

    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        p = _logistic(rows @ weights)
        slope = rows.T @ (p - y) + penalty * weights
        step = np.linalg.solve((rows * (p * (1 - p))[:, None]).T @ rows + np.diag(penalty), slope)
        size = 1.0
        while size > 1e-6 and loss(weights - size * step) > loss(weights):
            size /= 2
        weights = weights - size * step
        if np.abs(slope).max() < 1e-9 * len(y):
            break
    return weights


def _logistic(scores: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(scores / 2)))
