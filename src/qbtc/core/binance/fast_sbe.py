"""Compiled decoding of Binance's SBE market data (templates 10000 to 10003) into the MARKET record of `fast_json`.

Of a Trades message with several trades the record keeps the last one. Layout and offsets are those of `sbe`, the plain
form and the oracle. A length, group or symbol that does not fit the message is TRUNCATED, never read.
"""

# mypy: disable-error-code="no-untyped-def, misc"

from __future__ import annotations

import numpy as np

from . import sbe
from .fast_json import BOOK_TICKER, DEPTH, TRADE, Event, _on_grid, find_symbol
from .fast_text import Fault, compiled, digest

SNAPSHOT = int(Event.SNAPSHOT)
_TRUNCATED, _WRONG, _TOO_LARGE = int(Fault.TRUNCATED), int(Fault.WRONG_TEMPLATE), int(Fault.TOO_LARGE)
_OFF_GRID, _TOO_MANY, _UNKNOWN = int(Fault.OFF_GRID), int(Fault.TOO_MANY_LEVELS), int(Fault.UNKNOWN_SYMBOL)
_TRADES, _BEST, _SNAPSHOT, _DIFF = sbe.TRADES, sbe.BEST_BID_ASK, sbe.DEPTH_SNAPSHOT, sbe.DEPTH_DIFF
_LENGTHS = tuple(sbe.BLOCK_LENGTH[t] for t in (_TRADES, _BEST, _SNAPSHOT, _DIFF))
_HEADER, _SCHEMA = sbe.HEADER_SIZE, sbe.SCHEMA_ID
_POWERS = tuple(10**n for n in range(19))
_TRADE_ENTRY, _LEVEL_ENTRY = sbe.TRADE_ENTRY, sbe.LEVEL_ENTRY
_WHOLE_MOST = 2**63 - 1
BAD = -1
"""A number that is negative, too large or has more than eight decimals."""


@compiled
def word(buf, pos, size):
    """A little-endian number without sign of up to eight bytes (eight: with sign)."""
    value = np.int64(0)
    for i in range(size):
        value |= np.int64(buf[pos + i]) << (8 * i)
    return value


@compiled
def _exponent(buf, pos):
    value = np.int64(buf[pos])
    return value - 256 if value > 127 else value


@compiled
def scaled(mantissa, exponent):
    """mantissa * 10**exponent as an integer of 1e-8, or BAD."""
    shift = exponent + 8
    if mantissa < 0 or shift > 18 or shift < -18:
        return np.int64(BAD)
    if shift >= 0:
        power = np.int64(_POWERS[shift])
        return np.int64(BAD) if mantissa > _WHOLE_MOST // power else mantissa * power
    power = np.int64(_POWERS[-shift])
    return np.int64(BAD) if mantissa % power else mantissa // power


@compiled
def _side(buf, pos, end, rows, exponents):
    """A group of levels at `pos`: (count, position behind, bits that are negative if one is BAD)."""
    if end - pos < 4:
        return np.int64(0), np.int64(_TRUNCATED), np.int64(0)
    width, count, bad = word(buf, pos, 2), word(buf, pos + 2, 2), np.int64(0)
    pos += 4
    if (count and width < _LEVEL_ENTRY) or end - pos < width * count:
        return np.int64(0), np.int64(_TRUNCATED), bad
    if count > rows.shape[0]:
        return np.int64(0), np.int64(_TOO_MANY), bad
    for i in range(count):
        rows[i, 0] = scaled(word(buf, pos, 8), exponents >> 32)
        rows[i, 1] = scaled(word(buf, pos + 8, 8), (exponents & 0xFFFFFFFF) - 1024)
        bad |= rows[i, 0] | rows[i, 1]
        pos += width
    return count, pos, bad


@compiled
def _pack(price, quantity):
    return (price << 32) | (quantity + 1024)


@compiled
def _depth(buf, start, pos, end, market, levels, diff):
    """Block fields and both sides: (position of the symbol, BAD bits)."""
    market.first, at = word(buf, start + 16, 8), start + 24
    market.last = market.first
    if diff:
        market.last, at = word(buf, start + 24, 8), start + 32
    exponents = _pack(_exponent(buf, at), _exponent(buf, at + 1))
    market.bids, pos, bad = _side(buf, pos, end, levels[0], exponents)
    if pos < 0:
        return pos, bad
    market.asks, pos, more = _side(buf, pos, end, levels[1], exponents)
    return pos, bad | more


@compiled
def _trades(buf, start, pos, end, market):
    """The last trade: (position of the symbol, BAD bits)."""
    market.trade_us = word(buf, start + 16, 8)
    price, quantity = _exponent(buf, start + 24), _exponent(buf, start + 25)
    if end - pos < 6:
        return np.int64(_TRUNCATED), np.int64(0)
    width, count = word(buf, pos, 2), word(buf, pos + 2, 4)
    pos += 6
    if count == 0 or width < _TRADE_ENTRY or (end - pos) // width < count:
        return np.int64(_TRUNCATED), np.int64(0)
    at = pos + width * (count - 1)
    market.trade_id = word(buf, at, 8)
    market.tick, market.lots = scaled(word(buf, at + 8, 8), price), scaled(word(buf, at + 16, 8), quantity)
    market.buyer_is_maker = np.int64(buf[at + 24] == 1)
    return pos + width * count, market.tick | market.lots


@compiled
def _best(buf, start, market):
    """BAD bits of a best bid and ask."""
    market.last = word(buf, start + 16, 8)
    price, quantity = _exponent(buf, start + 24), _exponent(buf, start + 25)
    market.bid, market.bid_lots = scaled(word(buf, start + 26, 8), price), scaled(word(buf, start + 34, 8), quantity)
    market.ask, market.ask_lots = scaled(word(buf, start + 42, 8), price), scaled(word(buf, start + 50, 8), quantity)
    return market.bid | market.bid_lots | market.ask | market.ask_lots


@compiled
def _name(buf, pos, end, market, symbols):
    if pos >= end or end - pos - 1 < np.int64(buf[pos]):
        return np.int64(_TRUNCATED)
    market.symbol = find_symbol(symbols, digest(buf, pos + 1, pos + 1 + np.int64(buf[pos])))
    return np.int64(0 if market.symbol >= 0 else _UNKNOWN)


@compiled
def decode_sbe(buf, pos, end, market, levels, symbols):
    """Decode the message buf[pos:end] into `market` and `levels`: its Event, or a Fault."""
    market.kind, market.symbol, market.previous, market.bids, market.asks = 0, -1, -1, 0, 0
    if end - pos < _HEADER:
        return np.int64(_TRUNCATED)
    block, template = word(buf, pos, 2), word(buf, pos + 2, 2)
    if word(buf, pos + 4, 2) != _SCHEMA or template < _TRADES or template > _DIFF:
        return np.int64(_WRONG)
    if block < _LENGTHS[template - _TRADES] or end - pos - _HEADER < block:
        return np.int64(_TRUNCATED)
    market.event_us = word(buf, pos + 8, 8)
    at = pos + _HEADER + block
    if template == _BEST:
        kind, bad = np.int64(BOOK_TICKER), _best(buf, pos, market)
    elif template == _TRADES:
        kind = np.int64(TRADE)
        at, bad = _trades(buf, pos, at, end, market)
    else:
        kind = np.int64(DEPTH if template == _DIFF else SNAPSHOT)
        at, bad = _depth(buf, pos, at, end, market, levels, template == _DIFF)
    if at < 0:
        return at
    fault = _name(buf, at, end, market, symbols)
    if fault < 0:
        return fault
    if bad < 0:
        return np.int64(_TOO_LARGE)
    market.kind = kind
    return kind if _on_grid(market, levels, symbols[market.symbol]) else np.int64(_OFF_GRID)
