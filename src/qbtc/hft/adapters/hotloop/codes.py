"""The words of the hot loop's memory that are numbers: reasons, notes, commands, states of an order."""

from __future__ import annotations

from enum import IntEnum


class Halt(IntEnum):
    """Why the loop does not trade, or ended."""

    NONE = 0
    ASKED = 1
    CONTROL_SILENT = 2
    MARKET_ENDED = 3
    """The market connection ended; `detail` is errno, the close code or OpenSSL's error."""
    ORDERS_ENDED = 4
    PROTOCOL = 5
    """Bytes that are no WebSocket frames."""
    BAD_FRAME = 6
    """A market frame was refused; `detail` is the Fault."""
    BAD_REPORT = 7
    STRATEGY = 8
    """The strategy raised or asked for nonsense; `detail` is its fault."""
    JOURNAL_FULL = 9
    NOT_SENT = 10
    """The order socket did not take the bytes."""
    NOT_SIGNED = 11
    STOPPED = 12
    SERVER_SHUTDOWN = 13
    STARTING = 14


PASSING = (
    Halt.MARKET_ENDED,
    Halt.ORDERS_ENDED,
    Halt.PROTOCOL,
    Halt.NOT_SENT,
    Halt.SERVER_SHUTDOWN,
    Halt.STARTING,
)
"""Halts of a connection: over when the next session is reconciled. Every other one lasts until somebody ends it."""


class Note(IntEnum):
    """Kinds of the tape: what was meant and what happened, in order."""

    SEND = 1
    """An order, written before its bytes leave; `detail` is the tick at which it wakes, negative: if touched, 0: at once."""
    CANCEL = 2
    ACK = 3
    FILL = 4
    DONE = 5
    """Cancelled or expired."""
    REJECT = 6
    REFUSAL = 7
    """The risk gate said no; `code` is the rule."""
    HALT = 8
    NEED_SNAPSHOT = 9
    SYNCED = 10
    UNKNOWN = 11
    STATE = 12
    FOREIGN = 13
    """An execution report of an order that the loop does not know."""
    DIFFERENCE = 14
    """The venue's balance of the base (`code`) and the quote asset (`detail`) minus ours, in 1e-8: the venue's was taken."""


class Verb(IntEnum):
    """Commands of the engine's Python side to its loop; the control process has its words in CONTROL."""

    RECONCILED = 1
    """`a` is 1 or 0; `b` is the clock skew in ns. Ends a halt of the connection."""
    SNAPSHOT = 2
    """Take `snapshot`."""
    BALANCE = 3
    """`symbol`: base `a`, quote `b` in 1e-8, if `head.account` is still `c`."""
    RESOLVE = 4
    """Order `a`: `b` 1 it is open, 0 it is not; `c` filled lots; `d` the venue's number, 0: the venue never had it."""
    TRADE = 5
    """Order `a`: `b` lots filled in all after it, of which `c` at tick `d`; fee `e` in `f`, trade id `g`, `h` 1: maker."""
    STOP = 6
    LAST = 7
    """`symbol`: the price of the last trade is tick `a`, if none was heard since."""


class Order(IntEnum):
    FREE = 0
    SENT = 1
    ACKED = 2
    PARTIAL = 3
    UNKNOWN = 4
    FILLED = 5
    DONE = 6
    REJECTED = 7
