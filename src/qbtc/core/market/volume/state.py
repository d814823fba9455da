"""Where the crowd at volume keeps what: places in its arrays of integers and floats, and the arrays themselves."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..tape.layout import Array, Ints
from ..tape.watching import BINS

LISTS = 2 * BINS + 1
"""Orders by bin of distance, those that stay long those that do not, and flickers at the touch."""
ROOM = 4096
"""Orders of a list; beyond that a new one takes the place of another."""
HIDDEN = 64
SCALES, MOODS = 3, 3
FLICKER = 2 * BINS


class N(IntEnum):
    """Places of integers."""

    TIME = 0
    NEXT = 1
    FLUSH = 2
    BEST_BID = 3
    BEST_ASK = 4
    CENTRE = 5
    COUNTER = 6
    TOLD = 7
    """COUNTER at the last depth update."""
    QUEUED = 8
    TOUCHED = 9
    TRADES = 10
    LOCAL = 11
    ROWS = 12
    LAG_AT = 13
    STARTED = 14
    SHOWN_BID = 15
    SHOWN_ASK = 16
    SHOWN_BIDS = 17
    SHOWN_ASKS = 18
    MOOD_AT = 19
    MESSAGES = 20
    FILLED = 21
    """Messages and rows of the block that is being written."""


class R(IntEnum):
    """Places of floats."""

    PRICE = 0
    """The hidden fair price, ticks."""
    LAG = 1
    """A standard normal number that moves slowly."""
    LEAVING = 2
    """Cancellations a second that the resting orders amount to."""
    EXCITED = 3
    MOOD = EXCITED + SCALES


BEST_BID, BEST_ASK, CENTRE, COUNTER, QUEUED, TOUCHED = (
    int(n) for n in (N.BEST_BID, N.BEST_ASK, N.CENTRE, N.COUNTER, N.QUEUED, N.TOUCHED)
)
NUMBERS, REALS = len(N), R.MOOD + MOODS


class World(NamedTuple):
    """Everything that changes. `orders` [LISTS, ROOM, 2] of tick << 1 | side and lots."""

    numbers: Ints
    reals: NDArray[np.float64]
    words: NDArray[np.uint64]
    cells: Ints
    """[2, ring, 2]: lots, and those that depth updates told; the latter's complement while the place is queued."""
    bits: NDArray[np.uint64]
    queue: Ints
    orders: Ints
    counts: Ints
    hidden: Ints
    """[HIDDEN, 2]: sign and trades that are left of a hidden order."""


class Out(NamedTuple):
    """A block: N messages and M rows. `ends`: rows of all blocks up to each message."""

    local: Ints
    lag: Ints
    kind: Array
    ends: Ints
    seq: Ints
    tick: Ints
    lots: Ints


def world(ring: int) -> World:
    """All zero, but for the best prices: none. `ring` is a power of two."""
    numbers = np.zeros(NUMBERS, np.int64)
    numbers[[N.BEST_BID, N.BEST_ASK, N.SHOWN_BID, N.SHOWN_ASK]] = -1
    return World(
        numbers, np.zeros(REALS), np.zeros(4, np.uint64), np.zeros((2, ring, 2), np.int64),
        np.zeros((2, ring // 64), np.uint64), np.zeros(2 * ring, np.int64),
        np.zeros((LISTS, ROOM, 2), np.int64), np.zeros(LISTS, np.int64), np.zeros((HIDDEN, 2), np.int64),
    )  # fmt: skip


def out(messages: int, rows: int) -> Out:
    return Out(
        np.zeros(messages, np.int64), np.zeros(messages, np.int64), np.zeros(messages, np.uint8), np.zeros(messages, np.int64),
        np.zeros(messages, np.int64), np.zeros(rows, np.int64), np.zeros(rows, np.int64),
    )  # fmt: skip
