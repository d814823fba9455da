"""Binance's SBE market data messages (schema 1:0, `stream_1_0.xml`): bytes to numbers and back, exactly.

Prices and quantities are integers (mantissas) of 10**exponent; times are microseconds. The offsets are named, so that
compiled decoders read the same layout. Not here: sockets and books.
Source: binance/binance-spot-api-docs, sbe-market-data-streams.md and sbe/schemas. Little endian throughout:

    message   header (block length, template, schema, version: u16 each), block, groups, symbol (u8 length, UTF-8)
    group     block length u16, count (u32 in trades, u16 in depth), then that many blocks
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SCHEMA_ID, SCHEMA_VERSION = 1, 0
TRADES, BEST_BID_ASK, DEPTH_SNAPSHOT, DEPTH_DIFF = 10000, 10001, 10002, 10003

HEADER_SIZE = 8
BLOCK_LENGTH_AT, TEMPLATE_AT, SCHEMA_AT, VERSION_AT = 0, 2, 4, 6
BLOCK_LENGTH = {TRADES: 18, BEST_BID_ASK: 50, DEPTH_SNAPSHOT: 18, DEPTH_DIFF: 26}

# Offsets within a message, header included.
EVENT_TIME_AT = 8
TRADES_TRANSACT_TIME_AT, TRADES_PRICE_EXPONENT_AT, TRADES_QTY_EXPONENT_AT, TRADES_GROUP_AT = 16, 24, 25, 26
BBA_UPDATE_ID_AT, BBA_PRICE_EXPONENT_AT, BBA_QTY_EXPONENT_AT = 16, 24, 25
BBA_BID_PRICE_AT, BBA_BID_QTY_AT, BBA_ASK_PRICE_AT, BBA_ASK_QTY_AT, BBA_SYMBOL_AT = 26, 34, 42, 50, 58
SNAPSHOT_UPDATE_ID_AT, SNAPSHOT_PRICE_EXPONENT_AT, SNAPSHOT_QTY_EXPONENT_AT, SNAPSHOT_GROUP_AT = 16, 24, 25, 26
DIFF_FIRST_ID_AT, DIFF_LAST_ID_AT, DIFF_PRICE_EXPONENT_AT, DIFF_QTY_EXPONENT_AT, DIFF_GROUP_AT = 16, 24, 32, 33, 34

# Within a group: its head, then entries. Offsets of an entry's fields count from the entry.
GROUP32_HEAD, GROUP16_HEAD = 6, 4
TRADE_ENTRY, TRADE_ID_AT, TRADE_PRICE_AT, TRADE_QTY_AT, TRADE_BUYER_IS_MAKER_AT = 25, 0, 8, 16, 24
LEVEL_ENTRY, LEVEL_PRICE_AT, LEVEL_QTY_AT = 16, 0, 8

_HEADER = struct.Struct("<HHHH")
_TRADES = struct.Struct("<HHHHqqbb")
_BEST = struct.Struct("<HHHHqqbbqqqq")
_SNAPSHOT = struct.Struct("<HHHHqqbb")
_DIFF = struct.Struct("<HHHHqqqbb")
_GROUP32 = struct.Struct("<HI")
_GROUP16 = struct.Struct("<HH")
_TRADE = struct.Struct("<qqqB")
_LEVEL = struct.Struct("<qq")


class MalformedSbe(ValueError):
    """Bytes that are not the message they should be."""


class TradeEntry(NamedTuple):
    trade_id: int
    price: int
    quantity: int
    buyer_is_maker: bool


Levels = Sequence[tuple[int, int]]
"""(price mantissa, quantity mantissa); in a diff quantity 0 removes the level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradesEvent:
    symbol: str
    event_us: int
    transact_us: int
    trades: Sequence[TradeEntry]
    price_exponent: int = -8
    quantity_exponent: int = -8


@dataclass(frozen=True, slots=True, kw_only=True)
class BestBidAsk:
    symbol: str
    event_us: int
    update_id: int
    bid: int
    bid_quantity: int
    ask: int
    ask_quantity: int
    price_exponent: int = -8
    quantity_exponent: int = -8


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthSnapshotEvent:
    symbol: str
    event_us: int
    update_id: int
    bids: Levels
    asks: Levels
    price_exponent: int = -8
    quantity_exponent: int = -8


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthDiffEvent:
    symbol: str
    event_us: int
    first_id: int
    last_id: int
    bids: Levels
    asks: Levels
    price_exponent: int = -8
    quantity_exponent: int = -8


SbeEvent = TradesEvent | BestBidAsk | DepthSnapshotEvent | DepthDiffEvent


def encode_sbe(event: SbeEvent) -> bytes:
    """Raises struct.error if a number does not fit its field, MalformedSbe if the symbol is too long."""
    if isinstance(event, TradesEvent):
        return _encode_trades(event)
    if isinstance(event, BestBidAsk):
        return _encode_best(event)
    if isinstance(event, DepthSnapshotEvent):
        return _encode_snapshot(event)
    return _encode_diff(event)


def decode_sbe(frame: bytes) -> SbeEvent:
    """One message. Blocks longer than this schema's are read as newer versions of it; raises MalformedSbe."""
    try:
        block, template, schema, _ = _HEADER.unpack_from(frame)
        if schema != SCHEMA_ID or template not in BLOCK_LENGTH or block < BLOCK_LENGTH[template]:
            raise MalformedSbe(f"template {template} of schema {schema} with a block of {block} bytes is not known")
        return _DECODERS[template](frame, HEADER_SIZE + block)
    except (struct.error, UnicodeDecodeError) as error:
        raise MalformedSbe(f"not a market data message: {error}") from None


def _head(template: int) -> tuple[int, int, int, int]:
    return BLOCK_LENGTH[template], template, SCHEMA_ID, SCHEMA_VERSION


def _encode_trades(event: TradesEvent) -> bytes:
    exponents = event.price_exponent, event.quantity_exponent
    parts = [_TRADES.pack(*_head(TRADES), event.event_us, event.transact_us, *exponents)]
    parts.append(_GROUP32.pack(TRADE_ENTRY, len(event.trades)))
    parts += [_TRADE.pack(*entry) for entry in event.trades]
    return b"".join((*parts, _text(event.symbol)))


def _encode_best(event: BestBidAsk) -> bytes:
    exponents = event.price_exponent, event.quantity_exponent
    sides = event.bid, event.bid_quantity, event.ask, event.ask_quantity
    return _BEST.pack(*_head(BEST_BID_ASK), event.event_us, event.update_id, *exponents, *sides) + _text(event.symbol)


def _encode_snapshot(event: DepthSnapshotEvent) -> bytes:
    exponents = event.price_exponent, event.quantity_exponent
    block = _SNAPSHOT.pack(*_head(DEPTH_SNAPSHOT), event.event_us, event.update_id, *exponents)
    return b"".join((block, *_groups(event.bids, event.asks), _text(event.symbol)))


def _encode_diff(event: DepthDiffEvent) -> bytes:
    exponents = event.price_exponent, event.quantity_exponent
    block = _DIFF.pack(*_head(DEPTH_DIFF), event.event_us, event.first_id, event.last_id, *exponents)
    return b"".join((block, *_groups(event.bids, event.asks), _text(event.symbol)))


def _groups(bids: Levels, asks: Levels) -> list[bytes]:
    parts = []
    for side in (bids, asks):
        parts.append(_GROUP16.pack(LEVEL_ENTRY, len(side)))
        parts += [_LEVEL.pack(price, quantity) for price, quantity in side]
    return parts


def _text(symbol: str) -> bytes:
    raw = symbol.encode()
    if len(raw) > 254:
        raise MalformedSbe(f"symbol of {len(raw)} bytes; at most 254 fit")
    return bytes((len(raw),)) + raw


def _decode_trades(frame: bytes, at: int) -> TradesEvent:
    *_, event_us, transact_us, price_exponent, quantity_exponent = _TRADES.unpack_from(frame)
    width, count = _GROUP32.unpack_from(frame, at)
    rows, at = _entries(frame, _TRADE, (at + GROUP32_HEAD, width, count))
    return TradesEvent(
        symbol=_symbol(frame, at),
        event_us=event_us,
        transact_us=transact_us,
        trades=tuple(TradeEntry(i, price, quantity, maker == 1) for i, price, quantity, maker in rows),
        price_exponent=price_exponent,
        quantity_exponent=quantity_exponent,
    )


def _decode_best(frame: bytes, at: int) -> BestBidAsk:
    *_, event_us, update_id, price_exponent, quantity_exponent, bid, bid_quantity, ask, ask_quantity = (
        _BEST.unpack_from(frame)
    )
    return BestBidAsk(
        symbol=_symbol(frame, at),
        event_us=event_us,
        update_id=update_id,
        bid=bid,
        bid_quantity=bid_quantity,
        ask=ask,
        ask_quantity=ask_quantity,
        price_exponent=price_exponent,
        quantity_exponent=quantity_exponent,
    )


def _decode_snapshot(frame: bytes, at: int) -> DepthSnapshotEvent:
    *_, event_us, update_id, price_exponent, quantity_exponent = _SNAPSHOT.unpack_from(frame)
    bids, asks, at = _sides(frame, at)
    return DepthSnapshotEvent(
        symbol=_symbol(frame, at),
        event_us=event_us,
        update_id=update_id,
        bids=bids,
        asks=asks,
        price_exponent=price_exponent,
        quantity_exponent=quantity_exponent,
    )


def _decode_diff(frame: bytes, at: int) -> DepthDiffEvent:
    *_, event_us, first_id, last_id, price_exponent, quantity_exponent = _DIFF.unpack_from(frame)
    bids, asks, at = _sides(frame, at)
    return DepthDiffEvent(
        symbol=_symbol(frame, at),
        event_us=event_us,
        first_id=first_id,
        last_id=last_id,
        bids=bids,
        asks=asks,
        price_exponent=price_exponent,
        quantity_exponent=quantity_exponent,
    )


def _sides(frame: bytes, at: int) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...], int]:
    sides = []
    for _ in range(2):
        width, count = _GROUP16.unpack_from(frame, at)
        rows, at = _entries(frame, _LEVEL, (at + GROUP16_HEAD, width, count))
        sides.append(tuple((price, quantity) for price, quantity in rows))
    return sides[0], sides[1], at


def _entries(frame: bytes, entry: struct.Struct, group: tuple[int, int, int]) -> tuple[list[tuple[int, ...]], int]:
    """`group` is where its entries start, their width and their count."""
    at, width, count = group
    end = at + width * count
    if (count and width < entry.size) or end > len(frame):
        raise MalformedSbe(f"a group of {count} entries of {width} bytes does not fit {len(frame)} bytes")
    return [entry.unpack_from(frame, position) for position in range(at, end, width or 1)], end


def _symbol(frame: bytes, at: int) -> str:
    if at >= len(frame) or at + 1 + frame[at] > len(frame):
        raise MalformedSbe("the symbol is cut off")
    return frame[at + 1 : at + 1 + frame[at]].decode()


_DECODERS: dict[int, Callable[[bytes, int], SbeEvent]] = {
    TRADES: _decode_trades,
    BEST_BID_ASK: _decode_best,
    DEPTH_SNAPSHOT: _decode_snapshot,
    DEPTH_DIFF: _decode_diff,
}
