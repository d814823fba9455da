"""The states of a catalogue that are most like one, in order, none too near to another in time.

With `apart` the best moment is taken first, then the best of those that are at least so many bars of the same symbol away
from it and from what was asked, and so on: neighbouring seconds are alike and would fill every list.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from qbtc.core.hilbert.types import Mask

from .catalogue import Shelf
from .entries import Asked


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of a shelf with its score, and the share of the shelf that was scored to find it."""

    score: float
    position: int
    state_id: UUID
    mixed: bool
    scored: float


def nearest(shelf: Shelf, asked: Asked, k: int) -> list[Hit]:
    """Up to k hits, falling score."""
    allowed = shelf.allowed(asked.wanted)
    if asked.apart == 0:
        return [hit for hit in _search(shelf, asked, k + 1, allowed) if not _itself(hit, asked)][:k]
    return _spread(shelf, asked, k, allowed if allowed.size else np.ones(len(shelf), dtype=np.bool_))


def _itself(hit: Hit, asked: Asked) -> bool:
    """A moment and the matrix of its window share an id and are not the same state."""
    return hit.state_id == asked.state_id and hit.mixed == (asked.state.ndim == 2)


def _search(shelf: Shelf, asked: Asked, k: int, allowed: Mask) -> list[Hit]:
    if not len(shelf):
        return []
    found = shelf.search(asked.state, k, asked.measure, allowed)
    pairs = zip(found.scores[0].tolist(), found.positions[0].tolist(), strict=True)
    return [Hit(score, position, shelf.state_id(position), shelf.mixed, found.scored) for score, position in pairs]


def _spread(shelf: Shelf, asked: Asked, k: int, allowed: Mask) -> list[Hit]:
    """Every round takes at least its best hit, so there are at most k + 1 searches."""
    taken: list[Hit] = []
    allowed &= ~shelf.near(asked.symbol, asked.at, asked.apart)
    while len(taken) < k and (found := _search(shelf, asked, k, allowed)):
        for hit in found:
            if not allowed[hit.position] or len(taken) == k:
                continue
            if not _itself(hit, asked):
                taken.append(hit)
            allowed[hit.position] = False
            allowed &= ~shelf.near(*shelf.symbol_and_time(hit.position), asked.apart)
    return taken
