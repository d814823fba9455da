"""Compiled checks of the ids of merged messages: what is missing, repeated, or out of order. Nothing is repaired.

Rules of the Binance diff depth streams as in `core.market.book.DepthSync` (spot `U == previous u + 1`, futures
`pu == previous u`); trades count by one; a book ticker's id never falls.
"""

# mypy: disable-error-code="no-untyped-def, misc"


from __future__ import annotations

from enum import IntEnum

import numpy as np

from .compiled import compiled
from .events import Note
from .layout import Kind


class Seen(IntEnum):
    """The state of the checks: an int64 array of SEEN values, zero at the start (see `fresh`)."""

    DEPTH_ID = 0
    CHAIN = 1
    """First id of the unbroken run of depth updates that the last one belongs to."""
    CHAIN_AT = 2
    SNAPSHOT = 3
    """Id of the last snapshot, -1 before the first."""
    WAITING = 4
    """1: the next depth update is the first that must fit the last snapshot."""
    TRADE_ID = 5
    TICKER_ID = 6
    FOUND = 7
    EARLY = 8
    """Depth updates before the first snapshot."""


SEEN = 9
_DEPTH_ID, _CHAIN, _CHAIN_AT, _SNAPSHOT_ID, _WAITING, _TRADE_ID, _TICKER_ID, _FOUND, _EARLY = (int(Seen(n)) for n in range(9))
_DEPTH, _TRADE, _SNAPSHOT, _TICKER, _CLEAR = (int(Kind(n)) for n in range(1, 6))
_GAP, _DUPLICATE, _DISORDER, _OLD, _BEFORE = (
    int(n) for n in (Note.GAP, Note.DUPLICATE, Note.OUT_OF_ORDER, Note.OLD_SNAPSHOT, Note.BEFORE_SNAPSHOT)
)


def fresh() -> np.ndarray:
    """The state before the first message."""
    state = np.zeros(SEEN, np.int64)
    state[[_DEPTH_ID, _SNAPSHOT_ID, _TRADE_ID, _TICKER_ID]] = -1
    return state


@compiled
def _put(found, state, code, at, expected, got):
    row = found[state[_FOUND]]
    row[0], row[1], row[2], row[3] = code, at, expected, got
    state[_FOUND] += 1


@compiled
def _depth(message, at, futures, state, found):
    """A depth update against the one before it and the last snapshot."""
    last, first, seq = state[_DEPTH_ID], message.first_id, message.seq
    if state[_SNAPSHOT_ID] < 0:
        state[_EARLY] += 1
        if state[_EARLY] == 1:
            _put(found, state, _BEFORE, at, -1, seq)
    if last < 0:
        state[_CHAIN], state[_CHAIN_AT], state[_DEPTH_ID] = first, at, seq
    elif (message.previous == last) if futures else (first == last + 1):
        state[_DEPTH_ID] = seq
    elif seq <= last:
        _put(found, state, _DUPLICATE if seq == last else _DISORDER, at, last, seq)
        return
    else:
        _put(found, state, _GAP, at, last if futures else last + 1, message.previous if futures else first)
        state[_CHAIN], state[_CHAIN_AT], state[_DEPTH_ID], state[_WAITING] = first, at, seq, 0
        return
    wanted = state[_SNAPSHOT_ID] if futures else state[_SNAPSHOT_ID] + 1
    if state[_WAITING] and seq >= wanted:
        state[_WAITING] = 0
        if first > wanted and message.previous != state[_SNAPSHOT_ID]:
            _put(found, state, _OLD, at, wanted, first)


@compiled
def _snapshot(message, at, futures, state, found):
    """A snapshot must reach into, or follow, the unbroken run of updates around it."""
    state[_SNAPSHOT_ID], state[_WAITING] = message.seq, 1
    if state[_DEPTH_ID] < 0:
        return
    wanted = message.seq if futures else message.seq + 1
    if wanted < state[_CHAIN]:
        _put(found, state, _OLD, at, state[_CHAIN], message.seq)
        state[_WAITING] = 0
    elif wanted <= state[_DEPTH_ID] + 1:
        state[_WAITING] = 0


@compiled
def _counted(message, at, place, step, state, found):
    """A trade (step 1: ids count by one) or a book ticker (step 0: ids only grow)."""
    last, seq = state[place], message.seq
    if seq < 0:
        return
    if last >= 0 and seq <= last:
        _put(found, state, _DUPLICATE if seq == last else _DISORDER, at, last, seq)
        return
    if last >= 0 and step and seq != last + 1:
        _put(found, state, _GAP, at, last + 1, seq)
    state[place] = seq


@compiled
def check(messages, start, base, futures, state, found):
    """Check messages[start:], which are number `base` + i of the tape: where it stopped (the end, or `found` is full).

    `found` is int64[., 4]: Note, message, expected id, id found.
    """
    for i in range(start, messages.size):
        if state[_FOUND] + 3 > found.shape[0]:
            return np.int64(i)
        message = messages[i]
        at = base + i
        if message.kind == _DEPTH and message.seq >= 0 and message.first_id >= 0:
            _depth(message, at, futures, state, found)
        elif message.kind == _SNAPSHOT and message.seq >= 0:
            _snapshot(message, at, futures, state, found)
        elif message.kind == _TRADE:
            _counted(message, at, _TRADE_ID, 1, state, found)
        elif message.kind == _TICKER:
            _counted(message, at, _TICKER_ID, 0, state, found)
    return np.int64(messages.size)


@compiled
def lags(messages, state, before, out):
    """Local minus exchange time of each message into `out`; one without an exchange time takes the lag before it.

    `state` is int64[3]: (untimed, messages whose exchange time runs back, latest exchange time).
    """
    lag = before
    for i in range(messages.size):
        exchange = messages[i].exchange
        if exchange > 0:
            lag = messages[i].local - exchange
        else:
            state[0] += 1
            exchange = messages[i].local - lag
        out[i] = lag
        if exchange < state[2]:
            state[1] += 1
        state[2] = max(state[2], exchange)
    return lag
