"""Pairwise matrices: few rows in which any two values of any two axes meet. Greedy, after Cohen et al., AETG (1997)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random
from typing import TypeVar

T = TypeVar("T")
Pair = tuple[tuple[str, int], tuple[str, int]]
TRIES = 20
"""Rows tried for each one taken."""


def pairwise_rows(axes: Mapping[str, Sequence[T]], *, seed: int = 0) -> list[dict[str, T]]:
    """Rows of one value an axis; every pair of values of two axes is in at least one. The same seed, the same rows."""
    random, left = Random(seed), _pairs(axes)
    rows: list[dict[str, int]] = []
    while left:
        candidates = [_row(axes, left, random) for _ in range(TRIES)]
        best = max(candidates, key=lambda row: len(_covered(row) & left))
        left -= _covered(best)
        rows.append(best)
    return [{name: axes[name][at] for name, at in row.items()} for row in rows]


def _pairs(axes: Mapping[str, Sequence[T]]) -> set[Pair]:
    return {
        ((a, i), (b, j)) for a, b in combinations(sorted(axes), 2) for i in range(len(axes[a])) for j in range(len(axes[b]))
    }


def _covered(row: Mapping[str, int]) -> set[Pair]:
    return set(combinations(sorted(row.items()), 2))


def _row(axes: Mapping[str, Sequence[T]], left: set[Pair], random: Random) -> dict[str, int]:
    """Begin with a pair that is missing, then give each other axis the value that brings most missing pairs."""
    row = dict(random.choice(sorted(left)))
    others = [name for name in axes if name not in row]
    random.shuffle(others)
    for name in others:
        values = list(range(len(axes[name])))
        random.shuffle(values)
        row[name] = max(values, key=lambda at, n=name: _gain(row, n, at, left))  # type: ignore[misc]
    return row


def _gain(row: Mapping[str, int], name: str, at: int, left: set[Pair]) -> int:
    return sum(tuple(sorted([(name, at), known])) in left for known in row.items())
