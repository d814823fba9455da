"""Compile, or load from the cache, what a first search needs."""

from __future__ import annotations

import numpy as np

from .mixed import MixedIndex
from .pure import PureIndex


def warm() -> None:
    """Seconds the first time, a fraction of one later."""
    axes = np.eye(26, dtype=np.complex128)
    pure, mixed = PureIndex(26, threads=1), MixedIndex(26)
    pure.append(axes)
    mixed.append(axes / 26)
    for allowed in (np.ones(26, dtype=np.bool_), np.empty(0, dtype=np.bool_)):
        pure.search(axes[0], 1, allowed=allowed)
        pure.search(axes[0], 1, by="fidelity", allowed=allowed)
    mixed.search(axes[0], 1)
