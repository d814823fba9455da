"""Fewer points that look the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qbtc.core.statistics.series import Floats


def extremes(values: Floats, most: int) -> NDArray[np.intp]:
    """Places of lowest and highest value in equal pieces, ascending, with both ends; all where they are `most` at most."""
    if values.size <= most:
        return np.arange(values.size)
    edges = np.linspace(0, values.size, most // 2 + 1).astype(np.intp)
    kept = [0, values.size - 1]
    for begin, end in pairwise(edges):
        piece = values[begin:end]
        if np.isfinite(piece).any():
            kept += [begin + int(np.nanargmin(piece)), begin + int(np.nanargmax(piece))]
    return np.unique(kept)


def evenly(times: NDArray[np.int64], most: int) -> NDArray[np.intp]:
    """At most `most` places, spread evenly over time: of each step of time the first. All where they are few enough."""
    if times.size <= most:
        return np.arange(times.size)
    steps = (times - times[0]) // max(1, -(-int(times[-1] - times[0] + 1) // most))
    return np.unique(steps, return_index=True)[1]
