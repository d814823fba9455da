"""The venue's rules for a snapshot among depth updates, on the columns of a tape: one reading for all who play it.

A snapshot is an answer to a question and often older than updates that were received before it: those are applied again on
top of it, and what it holds already is passed over wherever it was received. `core.market.book.DepthSync` is the same rule
for one frame after the other, where the first ids of updates are known too. Source: binance/binance-spot-api-docs,
web-socket-streams.md, how to manage a local order book.
"""

from __future__ import annotations

import numpy as np

from .layout import Array, Ints, Kind


def newer(kind: Array, seq: Array, snapshot: int, begin: int) -> Ints:
    """The depth updates among the messages begin..snapshot that the snapshot does not hold: to be applied on top of it."""
    there = (kind[begin:snapshot] == Kind.DEPTH) & (seq[begin:snapshot] > seq[snapshot])
    return np.flatnonzero(there) + begin


def held(kind: Array, seq: Array, snapshot: int, begin: int, end: int) -> Ints:
    """The depth updates among the messages begin..end that the snapshot holds already: to be passed over."""
    there = (kind[begin:end] == Kind.DEPTH) & (seq[begin:end] <= seq[snapshot])
    return np.flatnonzero(there) + begin


def following(kind: Array, seq: Array, snapshot: int) -> Ints:
    """The first depth update received after the snapshot that it does not hold, or none."""
    there = (kind[snapshot + 1 :] == Kind.DEPTH) & (seq[snapshot + 1 :] > seq[snapshot])
    return np.flatnonzero(there)[:1] + snapshot + 1
