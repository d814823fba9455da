"""Compiled reading of the frames that `core.binance.fast_json` leaves alone: aggregate trades, mark prices, REST snapshots
and partial books. Their fields go to fixed places of an int64 array, decimals in 1e-8 units."""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714, SIM109 - chains of comparisons are what compiles to jumps

from __future__ import annotations

import numpy as np

from ...binance.fast_json import _levels
from ...binance.fast_text import Fault, blank, decimal, digest, digest_of, integer, key, separator, skip, string
from .compiled import compiled

EVENT, SYMBOL, EVENT_AT, TRADED_AT, ID, PRICE, QUANTITY, INDEX, RATE, MAKER, LAST, BIDS, ASKS, SEEN = range(14)
"""Places of a field's value: EVENT and SYMBOL are digests, BIDS and ASKS counts of levels; the bits of SEEN (1 << place)
say which fields were there."""
VALUES = 14

_SYNTAX = int(Fault.SYNTAX)
_TRUE, _FALSE, _DATA, _LAST_ID = (digest_of(t) for t in (b"true", b"false", b"data", b"lastUpdateId"))
_BIDS_NAME, _ASKS_NAME = digest_of(b"bids"), digest_of(b"asks")


@compiled
def _signed(buf, pos, end):
    """A quoted decimal that may be negative."""
    if pos + 1 < end and buf[pos] == 34 and buf[pos + 1] == 45:
        value, stop = decimal(buf, pos + 1, end)
        return -value, stop
    if buf[pos] != 34:
        return np.int64(0), np.int64(_SYNTAX)
    return decimal(buf, pos, end)


@compiled
def _place(char):
    """Where the field of this one-letter name goes, or -1."""
    if char == 101:
        return EVENT
    if char == 115:
        return SYMBOL
    if char == 69:
        return EVENT_AT
    if char == 84:
        return TRADED_AT
    if char == 97:
        return ID
    if char == 112:
        return PRICE
    if char == 113:
        return QUANTITY
    if char == 105:
        return INDEX
    if char == 114:
        return RATE
    if char == 109:
        return MAKER
    return -1


@compiled
def _letter(buf, pos, end, place, values):
    first = buf[pos]
    if place == EVENT or place == SYMBOL:
        if first != 34:
            return np.int64(_SYNTAX)
        stop = string(buf, pos, end)
        if stop >= 0:
            values[place] = digest(buf, pos + 1, stop - 1)
            values[SEEN] |= 1 << place
        return stop
    if place == MAKER:
        stop = skip(buf, pos, end)
        if stop >= 0:
            found = digest(buf, pos, stop)
            if found != _TRUE and found != _FALSE:
                return np.int64(_SYNTAX)
            values[place] = np.int64(found == _TRUE)
            values[SEEN] |= 1 << place
        return stop
    if place == EVENT_AT or place == TRADED_AT or place == ID:
        if first == 34 or first == 91 or first == 123:
            return skip(buf, pos, end)
        values[place], stop = integer(buf, pos, end)
    elif first == 34 and pos + 1 < end and buf[pos + 1] != 34:
        values[place], stop = _signed(buf, pos, end)
    else:
        return skip(buf, pos, end)
    values[SEEN] |= 1 << place
    return stop


@compiled
def _word(buf, pos, end, found, values, levels):
    """A field with a longer name."""
    if found == _LAST_ID:
        values[LAST], pos = integer(buf, pos, end)
        values[SEEN] |= 1 << LAST
        return pos
    if (found == _BIDS_NAME or found == _ASKS_NAME) and buf[pos] == 91:
        ask = found == _ASKS_NAME
        count, pos = _levels(buf, pos, end, levels[1 if ask else 0])
        values[ASKS if ask else BIDS] = count
        values[SEEN] |= 1 << (ASKS if ask else BIDS)
        return pos
    return skip(buf, pos, end)


@compiled
def read_fields(buf, pos, end, values, levels):
    """The fields of the object at `pos`; an object named `data` is entered instead of skipped."""
    inside = False
    pos = blank(buf, pos, end)
    if pos >= end or buf[pos] != 123:
        return np.int64(_SYNTAX)
    pos = blank(buf, pos + 1, end)
    if pos < end and buf[pos] == 125:
        return pos + 1
    while True:
        start, stop, pos = key(buf, pos, end)
        if pos < 0:
            return pos
        if stop - start == 1 and _place(buf[start]) >= 0:
            pos = _letter(buf, pos, end, _place(buf[start]), values)
        elif stop - start > 1:
            found = digest(buf, start, stop)
            if found == _DATA and buf[pos] == 123 and not inside:
                inside, values[SEEN] = True, 0
                pos += 1
                continue
            pos = _word(buf, pos, end, found, values, levels)
        else:
            pos = skip(buf, pos, end)
        if pos < 0:
            return pos
        pos, done = separator(buf, pos, end)
        if pos < 0:
            return pos
        if done:
            return pos
