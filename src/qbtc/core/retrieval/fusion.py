"""Fusion of several rankings of the same things into one.

`reciprocal_rank` needs ranks only (Cormack, Clarke and Buettcher 2009); `weighted` keeps the distances between
scores after scaling each leg by its own best. `spread` lends a hit's score to its neighbours in a conversation.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)


def reciprocal_rank(
    rankings: Mapping[str, Sequence[Key]],
    *,
    weights: Mapping[str, float] | None = None,
    k: float = 60.0,
) -> dict[Key, float]:
    """Sum over legs of weight / (k + rank), rank from 1; best first, ties in order of first appearance."""
    fused: dict[Key, float] = {}
    for leg, ranking in rankings.items():
        weight = 1.0 if weights is None else weights.get(leg, 1.0)
        for rank, key in enumerate(ranking, start=1):
            fused[key] = fused.get(key, 0.0) + weight / (k + rank)
    return _best_first(fused)


def weighted(legs: Mapping[str, Mapping[Key, float]], *, weights: Mapping[str, float]) -> dict[Key, float]:
    """Sum over legs of weight * (score - floor) / (best - floor); floor is the leg's worst listed score.

    A leg whose scores are all equal gives full weight to each of its entries; a key missing from a leg gets 0.
    """
    fused: dict[Key, float] = {}
    for leg, scores in legs.items():
        if not scores:
            continue
        floor, best = min(scores.values()), max(scores.values())
        span = best - floor
        for key, score in scores.items():
            share = (score - floor) / span if span > 0 else 1.0
            fused[key] = fused.get(key, 0.0) + weights.get(leg, 1.0) * share
    return _best_first(fused)


def spread(scores: NDArray[np.float64], groups: NDArray[np.int64], share: float) -> NDArray[np.float64]:
    """Add `share` times the better of the two adjacent scores of the same group (session), in stored order."""
    before, after = np.zeros_like(scores), np.zeros_like(scores)
    if len(scores) > 1:
        same = groups[1:] == groups[:-1]
        before[1:] = np.where(same, scores[:-1], 0.0)
        after[:-1] = np.where(same, scores[1:], 0.0)
    return scores + share * np.maximum(before, after)


def _best_first(fused: dict[Key, float]) -> dict[Key, float]:
    return dict(sorted(fused.items(), key=lambda item: -item[1]))
