"""Learning the weights of recall from "this hit was useful": one Newton step an event, on the listwise likelihood.

The list that was shown is the context, the useful hits are the choice: a conditional logit (McFadden 1974), the same
likelihood that the shipped weights maximise (ranking.py). With shares pi = softmax(rows w) and target t,

    gradient g = rows' (pi - t)      curvature H = rows' diag(pi) rows - (rows' pi)(rows' pi)'
    P <- P + H,  w <- w - P^-1 g     a Gaussian belief about w with precision P (online Laplace; Chapelle and Li 2011)

so that early events move much, later ones little. A useless hit says that the choice lies among the others:

    likelihood 1 - pi_u     gradient pi_u / (1 - pi_u) (row_u - rows' pi)     curvature its square (Gauss-Newton)

which only pushes it down. Columns of words and cosines stay at zero or above. Hits that nobody
looked at count as not useful, which favours what already stands high; the trials of evolution.py do not mend that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .evidence import NAMES, Floats
from .ranking import LEGS, REASONS

LONGEST: Final = 50
"""Hits of one list that are kept for learning; more add nothing that was measured."""

FLAT: Final = 1e-3
"""The least that the other hits share when one takes all."""

CAUTION: Final = 1.0
"""Prior precision of each weight where little is known of it; a table that was learned deserves more."""

SIGNED: Final = NAMES.index("author")
"""From this column on a weight may be negative."""

_SPEAKS: Final = np.array([[name in LEGS[leg] for leg in REASONS if leg in LEGS] for name in NAMES], dtype=np.float64)


class FeedbackRefused(ValueError):
    """The event or the table of weights cannot be learned from; the message says why."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """rows (n, len(NAMES)): the evidence of the first n <= LONGEST hits as listed; `useful`: their places from 0; `at` UTC ns.

    `useless`: places that were said not to help. `question` names what was asked, so that a trial can leave out what its
    challenger was taught; the same words, the same name. Raises FeedbackRefused.
    """

    rows: Floats
    useful: tuple[int, ...]
    at: int
    useless: tuple[int, ...] = ()
    question: str = ""

    def __post_init__(self) -> None:
        shape = self.rows.shape
        if len(shape) != 2 or shape[1] != len(NAMES) or not 2 <= shape[0] <= LONGEST:
            raise FeedbackRefused(f"rows are 2 to {LONGEST} hits of {len(NAMES)} columns, not {shape}")
        if not np.isfinite(self.rows).all():
            raise FeedbackRefused("evidence is finite numbers")
        said = (*self.useful, *self.useless)
        if not said or len(set(said)) < len(said) or not set(said) <= set(range(shape[0])):
            raise FeedbackRefused(f"useful and useless hits are distinct places from 0 to {shape[0] - 1}, not {said}")


@dataclass(frozen=True, slots=True)
class Learner:
    """A belief about the weights: `weights` (c,) and `precision` (c, c), c = len(NAMES)."""

    weights: Floats
    precision: Floats

    def taught(self, feedback: Feedback) -> Learner:
        """After one event."""
        gradient, curvature = _slopes(feedback, self.weights)
        precision = self.precision + curvature
        weights = self.weights - np.linalg.solve(precision, gradient)
        weights[:SIGNED] = np.maximum(weights[:SIGNED], 0.0)
        return Learner(weights, precision)


def beginner(weights: Floats, caution: float = CAUTION) -> Learner:
    """One that believes in these weights, each with this precision."""
    return Learner(weights, np.eye(len(NAMES)) * caution)


def vector(weights: Mapping[str, float]) -> Floats:
    """A table of weights as (len(NAMES),). Raises FeedbackRefused."""
    if set(weights) != set(NAMES) or not np.isfinite(list(weights.values())).all():
        raise FeedbackRefused(f"a table of weights has a finite number for each of {', '.join(NAMES)}")
    return np.array([weights[name] for name in NAMES], dtype=np.float64)


def table(weights: Floats) -> dict[str, float]:
    """(len(NAMES),) as a table, to six places."""
    return {name: round(float(value), 6) for name, value in zip(NAMES, weights, strict=True)}


def standing(rows: Floats, weights: Floats) -> NDArray[np.int64]:
    """Places of the rows that ranking.rank would list, best first, ties in their order."""
    scores = rows @ weights
    listed = np.flatnonzero(((rows * weights) @ _SPEAKS > 0).any(axis=1))
    order: NDArray[np.int64] = listed[np.argsort(-scores[listed], kind="stable")]
    return order


def gain(feedback: Feedback, weights: Floats) -> float:
    """Mean over the useful hits of 1 / log2(1 + rank) under these weights, less that over the useless ones.

    Rank is from 1; a hit that is not listed counts 0.
    """
    order = standing(feedback.rows, weights)
    return _discounted(order, feedback.useful) - _discounted(order, feedback.useless)


def _discounted(order: NDArray[np.int64], places: tuple[int, ...]) -> float:
    if not places:
        return 0.0
    found = np.flatnonzero(np.isin(order, places))
    return float((1.0 / np.log2(found + 2.0)).sum() / len(places))


def _slopes(feedback: Feedback, weights: Floats) -> tuple[Floats, Floats]:
    scores = feedback.rows @ weights
    share = np.exp(scores - scores.max())
    share /= share.sum()
    mean = share @ feedback.rows
    gradient, curvature = np.zeros(len(weights)), np.zeros((len(weights), len(weights)))
    if feedback.useful:
        target = np.zeros(len(scores))
        target[list(feedback.useful)] = 1.0 / len(feedback.useful)
        gradient += feedback.rows.T @ (share - target)
        curvature += (feedback.rows * share[:, None]).T @ feedback.rows - np.outer(mean, mean)
    for place in feedback.useless:
        down = share[place] / max(1.0 - share[place], FLAT) * (feedback.rows[place] - mean)
        gradient += down
        curvature += np.outer(down, down)
    return gradient, curvature
