"""Numbers of short sequences that the extractors share: moments, slope, diversity, fluctuation. Plain Python: texts are short."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

MTLD_CUT: Final = 0.72
MTLD_LEAST: Final = 10
DFA_LEAST: Final = 16
DFA_FIRST: Final = 4


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def standardised_moment(values: Sequence[float], order: int, least: int) -> float | None:
    """m_k / m_2^(k/2) of population moments; None with fewer than `least` values or no spread."""
    if len(values) < least:
        return None
    centre = sum(values) / len(values)
    m2 = sum((x - centre) ** 2 for x in values) / len(values)
    if m2 <= 1e-12:
        return None
    return sum((x - centre) ** order for x in values) / len(values) / math.pow(m2, order / 2)


def slope(points: Sequence[tuple[float, float]]) -> float | None:
    """Least-squares slope of (x, y); None with fewer than two different x."""
    n = len(points)
    x0, y0 = (sum(p[i] for p in points) / n for i in (0, 1)) if n else (0.0, 0.0)
    spread = sum((x - x0) ** 2 for x, _ in points)
    return sum((x - x0) * (y - y0) for x, y in points) / spread if spread > 0 else None


def entropy(items: Sequence[Hashable]) -> float | None:
    """-sum p log2 p of the frequencies of the items, bits; None for none."""
    n = len(items)
    return math.log2(n) - sum(c * math.log2(c) for c in Counter(items).values()) / n if n else None


def repetition(items: Sequence[Hashable]) -> float | None:
    """Share of adjacent pairs that were there before: 1 - distinct / all; None with fewer than two pairs."""
    pairs = list(pairwise(items))
    return 1 - len(set(pairs)) / len(pairs) if len(pairs) > 1 else None


def mtld(items: Sequence[Hashable]) -> float | None:
    """Mean length of runs whose type-token ratio stays above 0.72, both ways (McCarthy and Jarvis 2010).

    None under ten words and where nothing repeats, since then no run ever ends.
    """
    if len(items) < MTLD_LEAST:
        return None
    factors = [_factors(one) for one in (items, items[::-1])]
    return sum(len(items) / f for f in factors) / 2 if min(factors) > 0 else None


def _factors(items: Sequence[Hashable]) -> float:
    """Runs that ended, and the part of one that the rest makes."""
    done, seen, count = 0.0, set[Hashable](), 0
    for item in items:
        seen.add(item)
        count += 1
        if len(seen) / count <= MTLD_CUT:
            done, count = done + 1, 0
            seen.clear()
    return done + ((1 - len(seen) / count) / (1 - MTLD_CUT) if count else 0.0)


def dfa(values: Sequence[float]) -> float | None:
    """Exponent of detrended fluctuations (Peng et al. 1994): slope of log F(s) on log s, up to eight sizes s from 4 to the larger of 6 and n / 4.

    None with fewer than 16 values or no fluctuation.
    """
    if len(values) < DFA_LEAST:
        return None
    profile = np.cumsum(np.asarray(values, dtype=np.float64) - np.mean(values))
    sizes = np.unique(np.round(np.geomspace(DFA_FIRST, max(DFA_FIRST + 2, len(values) // 4), 8)).astype(int))
    fluctuations = [_fluctuation(profile, int(s)) for s in sizes]
    if min(fluctuations) <= 1e-9:
        return None
    return slope([(math.log(s), math.log(f)) for s, f in zip(sizes, fluctuations, strict=True)])


def _fluctuation(profile: np.ndarray, size: int) -> float:
    """Root mean square of what a straight line leaves in each whole window of `size`."""
    count = len(profile) // size
    rows = profile[: count * size].reshape(count, size)
    t = np.arange(size) - (size - 1) / 2
    flat = rows - rows.mean(axis=1, keepdims=True)
    left = flat - np.outer(flat @ t / (t @ t), t)
    return float(np.sqrt(np.mean(left**2)))
