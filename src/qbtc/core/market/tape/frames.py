"""Compiled reading of recorded frames: a buffer of `<local ns> <JSON>` lines into MESSAGE records and rows.

Depth updates, trades and book tickers go through `core.binance.fast_json`; what that leaves alone (aggregate trades, mark
prices, REST snapshots and partial books) is read here. Values stay in 1e-8 units, since the grid is learned from all of
them. The walk stops at the first line that it refuses; the caller decides whether to go on behind it.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714, SIM109 - chains of comparisons are what compiles to jumps

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ...binance.fast_json import _LAST, BOOK_TICKER, DEPTH, TRADE, decode
from ...binance.fast_text import (
    Fault,
    blank,
    digest_of,
    load_word,
)
from .compiled import compiled
from .events import NO_ID, Note
from .fields import (
    ASKS,
    BIDS,
    EVENT,
    EVENT_AT,
    ID,
    INDEX,
    LAST,
    MAKER,
    PRICE,
    QUANTITY,
    RATE,
    SEEN,
    SYMBOL,
    TRADED_AT,
    read_fields,
)  # fmt: skip
from .layout import Kind

MAX_ROWS = 20_000
"""Rows that one line may hold: twice the levels that the decoder takes a side."""


class Slot(IntEnum):
    """The walk's state: an int64 array that lives as long as its source."""

    STATUS = 0
    MESSAGES = 1
    ROWS = 2
    FUNDING = 3
    LINE = 4
    LATEST = 5
    FAULT = 6
    START = 7
    NOTES = 8
    NOTED = 9
    OTHERS = 10
    IGNORED = 11
    SOURCE = 12


class Status(IntEnum):
    DONE = 0
    """All whole lines are read; the result is where the rest begins."""
    FULL = 1
    """The output must be emptied first."""
    REFUSED = 2
    """The line from START to the result was refused: FAULT says why."""


NO_TIME = -100
"""The line does not begin with a local time."""
NEGATIVE = -101
NOTE_CAP = 256

_SNAPSHOT, _FUNDING, _DEPTH, _TRADE, _TICKER = (
    int(k) for k in (Kind.SNAPSHOT, Kind.FUNDING, Kind.DEPTH, Kind.TRADE, Kind.TICKER)
)
_DONE, _FULL, _REFUSED = (int(s) for s in Status)
_STATUS, _MESSAGES, _ROWS, _FUNDS, _LINE, _LATEST, _FAULT, _START = (int(Slot(n)) for n in range(8))
_NOTES, _NOTED, _OTHERS, _IGNORED, _SOURCE = (int(Slot(n)) for n in range(8, 13))
_BACKWARDS, _EMPTY, _IGNORE, _OTHER_SYMBOL = (
    int(n) for n in (Note.BACKWARDS, Note.EMPTY_TRADE, Note.IGNORED, Note.OTHER_SYMBOL)
)
_UNKNOWN, _TRUNCATED, _MISSING, _LARGE = (
    int(f) for f in (Fault.UNKNOWN_SYMBOL, Fault.TRUNCATED, Fault.MISSING_FIELD, Fault.TOO_LARGE)
)
_AGGREGATE, _MARK = digest_of(b"aggTrade"), digest_of(b"markPriceUpdate")
_MICRO, _LATEST_MS, _PRICE_LIMIT = 10**14, 9 * 10**12, 1 << 60
_SMALLEST_MS, _SMALLEST_US = 10**12, 10**15
_WANT_TRADE = 1 << SYMBOL | 1 << TRADED_AT | 1 << ID | 1 << PRICE | 1 << QUANTITY | 1 << MAKER
_WANT_MARK = 1 << SYMBOL | 1 << EVENT_AT | 1 << PRICE | 1 << INDEX | 1 << RATE
_WANT_BOOK = 1 << LAST | 1 << BIDS | 1 << ASKS

_ONES, _HIGHS, _LINES = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080), np.uint64(0x0A0A0A0A0A0A0A0A)


@compiled
def line_end(buf, pos, end):
    """The position of the next line feed, or `end`; eight bytes at a time."""
    base = buf.ctypes.data
    while pos + 8 <= end:
        word = load_word(base + pos) ^ _LINES
        if (word - _ONES) & ~word & _HIGHS:
            break
        pos += 8
    while pos < end and buf[pos] != 10:
        pos += 1
    return pos


@compiled
def nanoseconds(value):
    """A time of the wire, in ms or (where it is so large) us, as UTC ns; -1 if it is no such time."""
    if value < 0:
        return np.int64(-1)
    if value < _LATEST_MS:
        return value * 1_000_000
    if value >= _MICRO and value < _LATEST_MS * 1000:
        return value * 1000
    return np.int64(-1)


@compiled
def _put_side(rows, at, levels, count, flags):
    for i in range(count):
        price, quantity = levels[i, 0], levels[i, 1]
        if price > _PRICE_LIMIT:
            return np.int64(_LARGE)
        rows[at + i, 0] = price << 2 | flags
        rows[at + i, 1] = quantity
    return np.int64(count)


@compiled
def _book(message, rows, at, levels, bids, asks):
    """Both sides of a depth update or a snapshot; the number of rows or a Fault."""
    a = _put_side(rows, at, levels[0], bids, 0)
    b = _put_side(rows, at + bids, levels[1], asks, 1)
    message.rows = bids + asks
    return message.rows if a >= 0 and b >= 0 else np.int64(_LARGE)


@compiled
def _set(message, kind, seq, exchange):
    message.kind, message.seq, message.exchange = kind, seq, exchange
    message.first_id, message.previous, message.rows = NO_ID, NO_ID, 0


@compiled
def _trade(message, rows, at, price, quantity, maker):
    if price > _PRICE_LIMIT:
        return np.int64(_LARGE)
    rows[at, 0] = price << 2 | 2 | maker
    rows[at, 1] = quantity
    message.rows = 1
    return np.int64(1)


@compiled
def _plain(message, rows, at, market, levels):
    """A decoded market frame as a message: its number of rows, or a Fault."""
    raw = (market.trade_us if market.trade_us else market.event_us) // 1000
    exchange = nanoseconds(raw)
    if exchange < 0:
        return np.int64(_LARGE)
    if market.kind == DEPTH:
        _set(message, _DEPTH, market.last, exchange)
        message.first_id, message.previous = market.first, market.previous
        return _book(message, rows, at, levels, market.bids, market.asks)
    if market.kind == TRADE:
        _set(message, _TRADE, market.trade_id, exchange)
        return _trade(message, rows, at, market.tick, market.lots, market.buyer_is_maker)
    _set(message, _TICKER, market.last, exchange)
    if market.bid > _PRICE_LIMIT or market.ask > _PRICE_LIMIT:
        return np.int64(_LARGE)
    rows[at, 0], rows[at, 1] = market.bid << 2, market.bid_lots
    rows[at + 1, 0], rows[at + 1, 1] = market.ask << 2 | 1, market.ask_lots
    message.rows = 2
    return np.int64(2)


@compiled
def _mark(message, values, funding, at):
    exchange = nanoseconds(values[EVENT_AT])
    if exchange < 0:
        return np.int64(_LARGE)
    _set(message, _FUNDING, NO_ID, exchange)
    funding[at, 0], funding[at, 1], funding[at, 2] = values[PRICE], values[INDEX], values[RATE]
    funding[at, 3] = max(nanoseconds(values[TRADED_AT]), 0) if values[SEEN] >> TRADED_AT & 1 else 0
    return np.int64(0)


@compiled
def _snapshot(message, rows, at, values, levels):
    raw = values[TRADED_AT] if values[SEEN] >> TRADED_AT & 1 else values[EVENT_AT] if values[SEEN] >> EVENT_AT & 1 else 0
    exchange = nanoseconds(raw)
    if exchange < 0:
        return np.int64(_LARGE)
    _set(message, _SNAPSHOT, values[LAST], exchange)
    return _book(message, rows, at, levels, values[BIDS], values[ASKS])


@compiled
def _owner(anchors, seq):
    """The symbol whose ids are nearest to a snapshot's, which does not name its own; 0 where nothing is known. The last
    anchor is of symbols that are not in the table."""
    best, nearest = np.int64(0), np.int64(-1)
    for i in range(anchors.size):
        if anchors[i] > 0:
            away = abs(anchors[i] - seq)
            if nearest < 0 or away < nearest:
                best, nearest = np.int64(i), away
    return best


@compiled
def _rare(buf, pos, end, message, rows, at, values, levels, symbols, anchors, funding, funds):
    """A frame of another kind: its number of rows, or a Fault; `message.kind` 0 is one that is left out."""
    for i in range(values.size):
        values[i] = 0
    message.kind = 0
    pos = read_fields(buf, pos, end, values, levels)
    if pos < 0:
        return pos
    seen = values[SEEN]
    if seen & _WANT_BOOK == _WANT_BOOK:
        if _owner(anchors, values[LAST]) != 0:
            return np.int64(_UNKNOWN)
        return _snapshot(message, rows, at, values, levels)
    event = values[EVENT] if seen & 1 << EVENT else np.int64(0)
    if event != _AGGREGATE and event != _MARK:
        return np.int64(0)
    want = _WANT_MARK if event == _MARK else _WANT_TRADE
    if seen & want != want:
        return np.int64(_MISSING)
    if values[SYMBOL] != symbols[0].digest:
        return np.int64(_UNKNOWN)
    if event == _MARK:
        return _mark(message, values, funding, funds)
    exchange = nanoseconds(values[TRADED_AT])
    if exchange < 0 or values[PRICE] < 0 or values[QUANTITY] < 0:
        return np.int64(_LARGE)
    _set(message, _TRADE, values[ID], exchange)
    return _trade(message, rows, at, values[PRICE], values[QUANTITY], values[MAKER])


@compiled
def _note(state, notes, code, expected, found):
    at = state[_NOTED]
    state[_NOTES] += 1
    if at < notes.shape[0]:
        notes[at, 0], notes[at, 1], notes[at, 2], notes[at, 3] = code, state[_LINE], expected, found
        state[_NOTED] += 1


@compiled
def _stamp(buf, pos, stop):
    """The local time at `pos` in ns and where the frame begins; a negative place: there is none. Of 13 digits it is in ms,
    of 16 in us, as some recorders write it."""
    value, start = np.int64(0), pos  # 19 digits below 9e18 cannot overflow
    while pos < stop and pos - start < 19 and buf[pos] >= 48 and buf[pos] <= 57:
        value = value * 10 + (np.int64(buf[pos]) - 48)
        pos += 1
    if pos == start or (pos - start == 19 and buf[start] == 57) or pos >= stop or buf[pos] != 32:
        return value, np.int64(NO_TIME)
    if value >= _SMALLEST_US and value < _SMALLEST_US * 10:
        value *= 1000
    elif value >= _SMALLEST_MS and value < _SMALLEST_MS * 10:
        value *= 1_000_000
    return value, pos + 1


@compiled
def _closing(buf, pos, stop):
    """True if the line ends as a frame does."""
    while stop > pos and buf[stop - 1] <= 32:
        stop -= 1
    return stop > pos and buf[stop - 1] == 125


@compiled
def _line(buf, pos, stop, state, market, levels, symbols, anchors, message, rows, values, funding):
    """One line into the next message: its rows or a Fault. A kind of 0 leaves it out."""
    local, pos = _stamp(buf, pos, stop)
    message.kind = 0
    if pos < 0:
        return pos
    message.local = local
    kind = decode(buf, pos, stop, market, levels, symbols)
    if market.symbol > 0 or kind == _UNKNOWN:
        if market.seen & _LAST:
            anchors[market.symbol if market.symbol > 0 else anchors.size - 1] = market.last
        return np.int64(_UNKNOWN)
    if kind == DEPTH or kind == BOOK_TICKER:
        anchors[0] = market.last
        return _plain(message, rows, state[_ROWS], market, levels)
    if kind == TRADE:
        return _plain(message, rows, state[_ROWS], market, levels)
    if kind < 0:
        return kind
    return _rare(buf, pos, stop, message, rows, state[_ROWS], values, levels, symbols, anchors, funding, state[_FUNDS])


@compiled
def _kept(state, notes, message, rows, count):
    """Count a message in, unless it is one to leave out; a local time that runs back is noted and held."""
    if message.kind == 0:
        state[_IGNORED] += 1
        if state[_IGNORED] == 1:
            _note(state, notes, _IGNORE, 0, 0)
        return
    if message.kind == _TRADE and rows[state[_ROWS], 1] == 0:
        _note(state, notes, _EMPTY, 0, message.seq)
        return
    if message.local < state[_LATEST]:
        _note(state, notes, _BACKWARDS, state[_LATEST], message.local)
        message.local = state[_LATEST]
    state[_LATEST] = message.local
    message.line, message.source = state[_LINE], np.int32(state[_SOURCE])
    state[_MESSAGES] += 1
    state[_ROWS] += count
    state[_FUNDS] += message.kind == _FUNDING


@compiled
def walk(buf, pos, end, final, state, market, levels, symbols, anchors, messages, rows, values, funding, notes):
    """Read lines from `pos`: where it stopped, with the reason in state[STATUS].

    `final`: there is nothing behind `end`, so that a last line needs no line feed. `market` is a MARKET record and
    `levels` its array (core.binance.fast_json), `symbols` the table with the wanted one first, all with steps of 1e-8.
    `rows` is int64[., 2] of (price << 2 | bits, quantity), `funding` int64[., 4].
    """
    state[_STATUS] = _DONE
    while pos < end:
        stop = line_end(buf, pos, end)
        if stop == end and not final:
            return pos
        if (
            state[_MESSAGES] >= messages.size
            or state[_ROWS] + MAX_ROWS > rows.shape[0]
            or state[_NOTED] >= notes.shape[0]
        ):
            state[_STATUS] = _FULL
            return pos
        state[_LINE] += 1
        begin = blank(buf, pos, stop)
        if begin < stop:
            message = messages[state[_MESSAGES]]
            count = _line(
                buf, begin, stop, state, market, levels, symbols, anchors, message, rows, values, funding
            )
            if count == _UNKNOWN:
                state[_OTHERS] += 1
                if state[_OTHERS] == 1:
                    _note(state, notes, _OTHER_SYMBOL, 0, 0)
            elif count < 0:
                state[_STATUS], state[_START] = _REFUSED, pos
                state[_FAULT] = count if _closing(buf, begin, stop) else _TRUNCATED
                if count == NO_TIME:
                    state[_FAULT] = count
                return min(stop + 1, end)
            else:
                _kept(state, notes, message, rows, count)
        pos = min(stop + 1, end)
    return pos
