"""Median and median absolute deviation of the recent changes of every symbol and channel.

The values are those of `core.hilbert.states.median_mad`, bit for bit. One sort serves both: from the median outwards the
distances are two rising lists already, and a value of given rank in two such lists is found by bisection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

from qbtc.core.hilbert.types import Index, Real

F = TypeVar("F", bound=Callable[..., Any])
_jit: Any = njit
_compiled: Callable[[F], F] = _jit(cache=True, nogil=True, error_model="numpy")


def recent_medians(recent: Real, bars: Index, slots: Index, oldest: int) -> tuple[Real, Real, Real]:
    """Centre, spread and count (len(slots), channels) of `recent` (slots, channels, ring) where `bars` (slots, ring) is
    `oldest` or later; NaN left out, 0 where nothing is left."""
    shape = (len(slots), recent.shape[1])
    kept, count = np.empty((*shape, recent.shape[2])), np.empty(shape)
    _gather(recent, bars, slots, oldest, kept, count)
    kept.sort(axis=-1)
    centre, spread = np.zeros(shape), np.zeros(shape)
    _centre_and_spread(kept, count, centre, spread)
    return centre, spread, count


@_compiled
def _gather(recent: Real, bars: Index, slots: Index, oldest: int, kept: Real, count: Real) -> None:
    """Copies what counts; NaN, which sorts last, for the rest."""
    for row in range(slots.size):
        slot = slots[row]
        for channel in range(recent.shape[1]):
            known = 0
            for k in range(recent.shape[2]):
                value = recent[slot, channel, k] if bars[slot, k] >= oldest else np.nan
                kept[row, channel, k] = value
                known += not np.isnan(value)
            count[row, channel] = known


@_compiled
def _centre_and_spread(ordered: Real, count: Real, centre: Real, spread: Real) -> None:
    for row in range(ordered.shape[0]):
        for channel in range(ordered.shape[1]):
            n = int(count[row, channel])
            if n > 0:
                x = ordered[row, channel, :n]
                low, high = (n - 1) // 2, n // 2
                middle = (x[low] + x[high]) / 2
                centre[row, channel] = middle
                spread[row, channel] = (_distance(x, middle, high, low) + _distance(x, middle, high, high)) / 2


@_compiled
def _distance(x: Real, middle: float, split: int, rank: int) -> float:
    """The |x - middle| of this rank, for rising x with x[:split] <= middle <= x[split:]."""
    fewest, most = max(0, rank + 1 - (x.size - split)), min(rank + 1, split)
    while fewest < most:
        left = (fewest + most) // 2
        if abs(x[split - 1 - left] - middle) < abs(x[split + rank - left] - middle):
            fewest = left + 1
        else:
            most = left
    left, right = fewest, rank + 1 - fewest
    nearest = abs(x[split - left] - middle) if left > 0 else 0.0
    return max(nearest, abs(x[split + right - 1] - middle)) if right > 0 else nearest
