"""Compiled decoding of Binance's market frames: depth updates, trades and book tickers, raw or in their envelope.

Bytes in, ticks and lots in a MARKET record out, nothing allocated. Any order of fields and any white space is
understood; a value off the grid, a field that is missing or bytes that are no JSON are refused with a Fault. Other
events (`kline`, answers to SUBSCRIBE) are kind OTHER. `messages` is the plain form of the same and the oracle.
Source: binance/binance-spot-api-docs, web-socket-streams.md.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714 - chains of comparisons are what compiles to jumps

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ..market.instrument import Instrument
from .fast_text import (
    Fault,
    beyond_time,
    blank,
    compiled,
    decimal,
    digest,
    digest_of,
    integer,
    key,
    separator,
    skip,
    string,
)


class Event(IntEnum):
    OTHER = 0
    BOOK_TICKER = 1
    DEPTH = 2
    TRADE = 3
    SHUTDOWN = 4
    """The server says that it will close (`serverShutdown`)."""
    SNAPSHOT = 5
    """A whole book (SBE only)."""


OTHER, BOOK_TICKER, DEPTH, TRADE, SHUTDOWN = (int(Event(n)) for n in range(5))
MAX_LEVELS = 10_000

MARKET = np.dtype(
    [
        ("kind", "i8"),
        ("symbol", "i8"),  # row of the symbol table
        ("event_us", "i8"),  # 0: the frame carries no time
        ("first", "i8"),
        ("last", "i8"),  # update id of a book ticker too
        ("previous", "i8"),  # -1: none (spot)
        ("trade_id", "i8"),
        ("trade_us", "i8"),
        ("tick", "i8"),
        ("lots", "i8"),
        ("buyer_is_maker", "i8"),
        ("bid", "i8"),
        ("bid_lots", "i8"),
        ("ask", "i8"),
        ("ask_lots", "i8"),
        ("bids", "i8"),  # rows of levels[0] and levels[1]
        ("asks", "i8"),
        ("seen", "i8"),
    ],
    align=True,
)
"""One market event. Levels are in the array beside it: int64[2, MAX_LEVELS, 2] of tick and lots."""

SYMBOL = np.dtype([("digest", "i8"), ("tick_units", "i8"), ("lot_units", "i8"), ("name", "S20")], align=True)
"""A row of the symbol table."""

_E, _TIME, _S, _FIRST, _LAST, _PRICE, _QUANTITY, _TRADE_TIME, _TRADE_ID, _MAKER = (1 << n for n in range(10))
_BID, _ASK, _BID_LOTS, _ASK_LOTS, _BIDS, _ASKS, _EVENT, _STREAM = (1 << n for n in range(10, 18))
_WANT_TICKER = _LAST | _S | _BID | _ASK | _BID_LOTS | _ASK_LOTS
_WANT_DEPTH = _TIME | _S | _FIRST | _LAST | _BIDS | _ASKS
_WANT_TRADE = _TIME | _S | _PRICE | _QUANTITY | _TRADE_TIME | _TRADE_ID | _MAKER
_ANY = _WANT_TICKER & ~_S
_DEPTH_UPDATE, _TRADE, _TICKER = digest_of(b"depthUpdate"), digest_of(b"trade"), digest_of(b"bookTicker")
_SHUTDOWN, _DATA = digest_of(b"serverShutdown"), digest_of(b"data")
_TRUE, _FALSE = digest_of(b"true"), digest_of(b"false")
_SYNTAX, _TRUNCATED, _OFF_GRID = int(Fault.SYNTAX), int(Fault.TRUNCATED), int(Fault.OFF_GRID)
_TOO_LARGE = int(Fault.TOO_LARGE)
_UNKNOWN_SYMBOL, _MISSING, _TOO_MANY = int(Fault.UNKNOWN_SYMBOL), int(Fault.MISSING_FIELD), int(Fault.TOO_MANY_LEVELS)


def symbol_table(instruments: Sequence[Instrument]) -> npt.NDArray[np.void]:
    """The table that `decode` looks symbols up in, in this order."""
    table = np.zeros(len(instruments), SYMBOL)
    for row, item in zip(table, instruments, strict=True):
        name = item.symbol.encode()
        row["digest"], row["tick_units"], row["lot_units"], row["name"] = (
            digest_of(name),
            item.tick_units,
            item.lot_units,
            name,
        )
    return table


def level_array() -> npt.NDArray[np.int64]:
    return np.zeros((2, MAX_LEVELS, 2), np.int64)


@compiled
def find_symbol(symbols, wanted):
    """Row of the symbol with this digest, or -1."""
    for i in range(symbols.size):
        if symbols[i].digest == wanted:
            return np.int64(i)
    return np.int64(-1)


@compiled
def _levels(buf, pos, end, rows):
    """The pairs of an array whose bracket is at `pos`, in 1e-8: (count, position behind)."""
    pos, count = blank(buf, pos + 1, end), np.int64(0)
    if pos < end and buf[pos] == 93:
        return count, pos + 1
    while True:
        pos = blank(buf, pos, end)
        if pos + 1 >= end:
            return count, np.int64(_TRUNCATED)
        if buf[pos] != 91:
            return count, np.int64(_SYNTAX)
        if count >= rows.shape[0]:
            return count, np.int64(_TOO_MANY)
        for column in range(2):
            pos = blank(buf, pos + 1, end)
            if pos >= end:
                return count, np.int64(_TRUNCATED)
            if buf[pos] != 34:
                return count, np.int64(_SYNTAX)
            value, pos = decimal(buf, pos, end)
            if pos < 0:
                return count, pos
            rows[count, column] = value
            pos = blank(buf, pos, end)
            if pos >= end:
                return count, np.int64(_TRUNCATED)
            if buf[pos] != (93 if column else 44):
                return count, np.int64(_SYNTAX)
        count += 1
        pos = blank(buf, pos + 1, end)
        if pos >= end:
            return count, np.int64(_TRUNCATED)
        if buf[pos] == 93:
            return count, pos + 1
        if buf[pos] != 44:
            return count, np.int64(_SYNTAX)
        pos += 1


@compiled
def _number(buf, pos, end, market, char):
    """The value of an integer field: E, T, U, u, t."""
    value, pos = integer(buf, pos, end)
    if char == 69:
        market.event_us, market.seen = value, market.seen | _TIME
    elif char == 84:
        market.trade_us, market.seen = value, market.seen | _TRADE_TIME
    elif char == 85:
        market.first, market.seen = value, market.seen | _FIRST
    elif char == 117:
        market.last, market.seen = value, market.seen | _LAST
    else:
        market.trade_id, market.seen = value, market.seen | _TRADE_ID
    return pos


@compiled
def _quoted(buf, pos, end, market, char):
    """The value of a decimal field: b, B, a, A, p, q. Kept in 1e-8 until the symbol is known."""
    value, pos = decimal(buf, pos, end)
    if char == 98:
        market.bid, market.seen = value, market.seen | _BID
    elif char == 66:
        market.bid_lots, market.seen = value, market.seen | _BID_LOTS
    elif char == 97:
        market.ask, market.seen = value, market.seen | _ASK
    elif char == 65:
        market.ask_lots, market.seen = value, market.seen | _ASK_LOTS
    elif char == 112:
        market.tick, market.seen = value, market.seen | _PRICE
    else:
        market.lots, market.seen = value, market.seen | _QUANTITY
    return pos


@compiled
def _named(buf, pos, end, market, char, symbols):
    """The value of a string field: the event or the symbol."""
    if buf[pos] != 34:
        return np.int64(_SYNTAX)
    stop = string(buf, pos, end)
    if stop < 0:
        return stop
    found = digest(buf, pos + 1, stop - 1)
    if char == 115:
        market.symbol, market.seen = find_symbol(symbols, found), market.seen | _S
        return stop
    market.seen |= _EVENT
    market.kind = OTHER
    if found == _DEPTH_UPDATE:
        market.kind = DEPTH
    elif found == _TRADE:
        market.kind = TRADE
    elif found == _TICKER:
        market.kind = BOOK_TICKER
    elif found == _SHUTDOWN:
        market.kind = SHUTDOWN
    return stop


@compiled
def _maker(buf, pos, end, market):
    stop = skip(buf, pos, end)
    if stop < 0:
        return stop
    found = digest(buf, pos, stop)
    if found != _TRUE and found != _FALSE:
        return np.int64(_SYNTAX)
    market.buyer_is_maker, market.seen = np.int64(found == _TRUE), market.seen | _MAKER
    return stop


@compiled
def _side(buf, pos, end, market, levels, ask):
    if ask:
        market.asks, pos = _levels(buf, pos, end, levels[1])
        market.seen |= _ASKS
    else:
        market.bids, pos = _levels(buf, pos, end, levels[0])
        market.seen |= _BIDS
    return pos


@compiled
def _field(buf, pos, end, char, market, levels, symbols):
    """One field with a one-letter name; its value is at `pos`."""
    first = buf[pos]
    if char == 101 or char == 115:
        return _named(buf, pos, end, market, char, symbols)
    if char == 69 or char == 84 or char == 85 or char == 117 or char == 116:
        return _number(buf, pos, end, market, char)
    if char == 98 or char == 97:
        if first == 91:
            return _side(buf, pos, end, market, levels, char == 97)
        if first == 34:
            return _quoted(buf, pos, end, market, char)
    elif (char == 66 or char == 65 or char == 112 or char == 113) and first == 34:
        return _quoted(buf, pos, end, market, char)
    elif char == 109:
        return _maker(buf, pos, end, market)
    return skip(buf, pos, end)


@compiled
def _fields(buf, pos, end, market, levels, symbols):
    """All fields of the object whose brace is before `pos`."""
    pos = blank(buf, pos, end)
    if pos < end and buf[pos] == 125:
        return pos + 1
    while True:
        start, stop, pos = key(buf, pos, end)
        if pos < 0:
            return pos
        if stop - start == 1:
            pos = _field(buf, pos, end, buf[start], market, levels, symbols)
        elif stop - start == 2 and buf[start] == 112 and buf[start + 1] == 117:
            market.previous, pos = integer(buf, pos, end)
        elif stop - start == 4 and buf[pos] == 123 and digest(buf, start, stop) == _DATA:
            market.seen |= _STREAM
            return pos
        else:
            pos = skip(buf, pos, end)
        if pos < 0:
            return pos
        pos, done = separator(buf, pos, end)
        if pos < 0 or done:
            return pos


@compiled
def _rest(buf, pos, end):
    """What follows the data in an envelope, up to its end."""
    while True:
        pos, done = separator(buf, pos, end)
        if pos < 0 or done:
            return pos
        _, _, pos = key(buf, pos, end)
        if pos < 0:
            return pos
        pos = skip(buf, pos, end)
        if pos < 0:
            return pos


@compiled
def divide(value, step):
    """(steps in a value that is not negative, what remains): unsigned, since a signed division rounds down slowly."""
    count = np.uint64(value) // np.uint64(step)
    return np.int64(count), value - np.int64(count) * step


@compiled
def _on_grid(market, levels, symbol):
    """1e-8 to ticks and lots, in place. False: something is off the grid."""
    tick, lot = symbol.tick_units, symbol.lot_units
    if market.kind == BOOK_TICKER:
        market.bid, a = divide(market.bid, tick)
        market.ask, b = divide(market.ask, tick)
        market.bid_lots, c = divide(market.bid_lots, lot)
        market.ask_lots, d = divide(market.ask_lots, lot)
        return (a | b | c | d) == 0
    if market.kind == TRADE:
        market.tick, a = divide(market.tick, tick)
        market.lots, b = divide(market.lots, lot)
        return (a | b) == 0
    off = np.int64(0)
    for side in range(2):
        for i in range(market.asks if side else market.bids):
            levels[side, i, 0], a = divide(levels[side, i, 0], tick)
            levels[side, i, 1], b = divide(levels[side, i, 1], lot)
            off |= a | b
    return off == 0


@compiled
def _checked(market, levels, symbols):
    """The kind of what was read, complete and on its grid, or a Fault."""
    seen = market.seen
    if not seen & _EVENT and seen & _ANY:
        market.kind = BOOK_TICKER
    if market.kind == OTHER or market.kind == SHUTDOWN:
        return market.kind
    want = _WANT_TICKER if market.kind == BOOK_TICKER else _WANT_DEPTH if market.kind == DEPTH else _WANT_TRADE
    if seen & want != want:
        return np.int64(_MISSING)
    if market.symbol < 0:
        return np.int64(_UNKNOWN_SYMBOL)
    if beyond_time(market.event_us) or beyond_time(market.trade_us):
        return np.int64(_TOO_LARGE)
    market.event_us *= 1000
    market.trade_us *= 1000
    if not _on_grid(market, levels, symbols[market.symbol]):
        return np.int64(_OFF_GRID)
    return market.kind


@compiled
def decode(buf, pos, end, market, levels, symbols):
    """Decode the frame buf[pos:end] into `market` (a MARKET record) and `levels`: its Event, or a Fault."""
    market.kind, market.seen, market.event_us, market.trade_us, market.previous = OTHER, 0, 0, 0, -1
    market.bids, market.asks, market.symbol = 0, 0, -1
    pos = blank(buf, pos, end)
    if pos >= end:
        return np.int64(_TRUNCATED)
    if buf[pos] != 123:
        return np.int64(_SYNTAX)
    pos = _fields(buf, pos + 1, end, market, levels, symbols)
    if pos >= 0 and market.seen & _STREAM:
        market.kind, market.seen = OTHER, 0
        pos = _fields(buf, pos + 1, end, market, levels, symbols)
        if pos >= 0 and market.seen & _STREAM:
            return np.int64(_SYNTAX)
        if pos >= 0:
            pos = _rest(buf, pos, end)
    if pos < 0:
        return pos
    if blank(buf, pos, end) != end:
        return np.int64(_SYNTAX)
    return _checked(market, levels, symbols)
