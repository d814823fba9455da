"""What readers hand to the writer of a tape: messages and rows as decoded, still in 1e-8 units and in file order."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from .layout import Kind

MESSAGE = np.dtype(
    [
        ("local", "i8"),
        ("exchange", "i8"),  # 0: the source does not say
        ("seq", "i8"),  # -1: none
        ("first_id", "i8"),  # U of a depth update, -1: none
        ("previous", "i8"),  # pu of a depth update, -1: none
        ("line", "i8"),
        ("kind", "i4"),
        ("source", "i4"),
        ("rows", "i8"),
    ],
    align=True,
)
"""One decoded message; its rows follow those of the message before it. Times are UTC ns."""

NO_ID = -1


class Note(IntEnum):
    """What was found in a source, with its place; nothing of it is repaired."""

    BACKWARDS = 1
    """A local time before the one before it; the message keeps its place and takes the later time."""
    EMPTY_TRADE = 2
    """A trade of no quantity (futures frames with X = NA), left out."""
    IGNORED = 3
    """A line of no market data (an answer, another stream), left out."""
    OTHER_SYMBOL = 4
    """A line of a symbol that was not asked for, left out."""
    GAP = 5
    """Updates between `expected` and `found` are missing."""
    DUPLICATE = 6
    OUT_OF_ORDER = 7
    BEFORE_SNAPSHOT = 8
    """A depth update before the first snapshot: the book is not known yet."""
    OLD_SNAPSHOT = 9
    """A snapshot older than the depth updates around it reach back: it cannot be continued."""
    BAD_LINE = 10
    """A line that could not be read, left out (only with --keep-going)."""
    TRUNCATED = 11
    """A last line without its end, or a compressed file that stops in its middle."""
    UNTIMED = 12
    """A message without an exchange time; it takes the lag of the one before it."""
    CROSSED = 13
    UNKNOWN_ORDER = 14
    """From here on events of orders that cannot be (`orders.Wrong`), passed over (only with --keep-going)."""
    KNOWN_ORDER = 15
    NO_QUANTITY = 16
    TOO_MUCH = 17
    OTHER_SIDE = 18
    OTHER_PRICE = 19


PRICED = frozenset((Kind.DEPTH, Kind.TRADE, Kind.SNAPSHOT, Kind.TICKER, Kind.ADD, Kind.CANCEL, Kind.MODIFY, Kind.FILL))
