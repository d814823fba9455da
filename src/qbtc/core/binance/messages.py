"""Binance spot JSON messages as typed structs, with decoding and encoding.

Field names on the wire are Binance's one-letter ones; prices and quantities stay decimal strings until an Instrument
turns them into ticks and lots (`to_diff`, `to_snapshot`). Unknown fields are ignored, as Binance adds new ones.
Source: binance/binance-spot-api-docs, web-socket-streams.md, user-data-stream.md, rest-api.md.
"""

from __future__ import annotations

import msgspec

from ..market.book import DepthDiff, DepthSnapshot, Level
from ..market.instrument import Instrument, units

PriceQty = tuple[str, str]


class MalformedFrame(ValueError):
    """Bytes that are not the message they should be."""


class DepthUpdate(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`<symbol>@depth@100ms`. `previous` (pu) and `transaction` (T) only in futures."""

    event: str = msgspec.field(name="e")
    event_ms: int = msgspec.field(name="E")
    symbol: str = msgspec.field(name="s")
    first: int = msgspec.field(name="U")
    last: int = msgspec.field(name="u")
    bids: list[PriceQty] = msgspec.field(name="b")
    asks: list[PriceQty] = msgspec.field(name="a")
    previous: int | None = msgspec.field(name="pu", default=None)
    transaction_ms: int | None = msgspec.field(name="T", default=None)


class Trade(msgspec.Struct, kw_only=True):
    """`<symbol>@trade`. `buyer_is_maker` true means that the aggressor sold."""

    event: str = msgspec.field(name="e")
    event_ms: int = msgspec.field(name="E")
    symbol: str = msgspec.field(name="s")
    trade_id: int = msgspec.field(name="t")
    price: str = msgspec.field(name="p")
    quantity: str = msgspec.field(name="q")
    trade_ms: int = msgspec.field(name="T")
    buyer_is_maker: bool = msgspec.field(name="m")
    ignore: bool = msgspec.field(name="M", default=True)


class AggTrade(msgspec.Struct, kw_only=True):
    """`<symbol>@aggTrade`: all that one order took at one price."""

    event: str = msgspec.field(name="e")
    event_ms: int = msgspec.field(name="E")
    symbol: str = msgspec.field(name="s")
    trade_id: int = msgspec.field(name="a")
    price: str = msgspec.field(name="p")
    quantity: str = msgspec.field(name="q")
    trade_ms: int = msgspec.field(name="T")
    buyer_is_maker: bool = msgspec.field(name="m")

    def as_trade(self) -> Trade:
        return Trade(
            event=self.event, event_ms=self.event_ms, symbol=self.symbol, trade_id=self.trade_id, price=self.price,
            quantity=self.quantity, trade_ms=self.trade_ms, buyer_is_maker=self.buyer_is_maker,
        )  # fmt: skip


class BookTicker(msgspec.Struct, kw_only=True):
    """`<symbol>@bookTicker`: best bid and ask at update id `u`. Spot frames carry no time."""

    update_id: int = msgspec.field(name="u")
    symbol: str = msgspec.field(name="s")
    bid: str = msgspec.field(name="b")
    bid_quantity: str = msgspec.field(name="B")
    ask: str = msgspec.field(name="a")
    ask_quantity: str = msgspec.field(name="A")


class MarkPrice(msgspec.Struct, kw_only=True):
    """`<symbol>@markPrice@1s` of a perpetual: mark price, index of spot prices, funding rate of the running interval."""

    event: str = msgspec.field(name="e")
    event_ms: int = msgspec.field(name="E")
    symbol: str = msgspec.field(name="s")
    mark: str = msgspec.field(name="p")
    index: str = msgspec.field(name="i")
    rate: str = msgspec.field(name="r")
    next_funding_ms: int = msgspec.field(name="T", default=0)


class Snapshot(msgspec.Struct):
    """`GET /api/v3/depth`."""

    lastUpdateId: int  # noqa: N815
    bids: list[PriceQty]
    asks: list[PriceQty]


class Combined(msgspec.Struct):
    """The envelope of `/stream?streams=`; `data` is decoded by `decode_data`."""

    stream: str
    data: msgspec.Raw


class ErrorBody(msgspec.Struct):
    code: int
    msg: str


MarketEvent = DepthUpdate | Trade | BookTicker

_combined = msgspec.json.Decoder(Combined)
_depth = msgspec.json.Decoder(DepthUpdate)
_trade = msgspec.json.Decoder(Trade)
_aggregate = msgspec.json.Decoder(AggTrade)
_ticker = msgspec.json.Decoder(BookTicker)
_mark = msgspec.json.Decoder(MarkPrice)
_snapshot = msgspec.json.Decoder(Snapshot)
_encoder = msgspec.json.Encoder()


def decode_stream(frame: bytes | str) -> tuple[str, MarketEvent]:
    """A combined-stream frame -> (stream name, event). Raises MalformedFrame."""
    try:
        outer = _combined.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"not a combined-stream frame: {error}") from None
    return outer.stream, decode_data(outer.stream, outer.data)


def decode_data(stream: str, data: bytes | str | msgspec.Raw) -> MarketEvent:
    """The payload of one stream by the stream's name; an aggregate trade counts as one. Raises MalformedFrame."""
    _, _, kind = stream.partition("@")
    try:
        if kind == "bookTicker":
            return _ticker.decode(data)
        if kind == "trade":
            return _trade.decode(data)
        if kind.startswith("depth"):
            return _depth.decode(data)
        if kind == "aggTrade":
            return _aggregate.decode(data).as_trade()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"{stream}: {error}") from None
    raise MalformedFrame(f"stream {stream!r} is not one of @depth, @depth@100ms, @trade, @aggTrade, @bookTicker")


def decode_mark(frame: bytes | str) -> MarkPrice:
    """A combined-stream frame of a perpetual's mark price. Raises MalformedFrame."""
    try:
        return _mark.decode(_combined.decode(frame).data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"not a mark price: {error}") from None


def decode_snapshot(body: bytes | str) -> Snapshot:
    try:
        return _snapshot.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"not a depth snapshot: {error}") from None


def encode(message: msgspec.Struct | dict[str, object]) -> str:
    """Compact JSON text of a message."""
    return _encoder.encode(message).decode()


def to_diff(instrument: Instrument, update: DepthUpdate, *, cut: bool = False) -> DepthDiff:
    """Ticks and lots of a depth update, `cut` to the grid or exact. Raises OffGrid."""
    taken = cut_levels if cut else levels
    return DepthDiff(
        update.first, update.last, taken(instrument, update.bids), taken(instrument, update.asks), update.previous
    )


def to_snapshot(instrument: Instrument, body: Snapshot, *, cut: bool = False) -> DepthSnapshot:
    taken = cut_levels if cut else levels
    return DepthSnapshot(body.lastUpdateId, taken(instrument, body.bids), taken(instrument, body.asks))


def cut_levels(instrument: Instrument, rows: list[PriceQty]) -> list[Level]:
    """Levels of a book that is only looked at: orders that are older than a change of step rest off the grid. A price off
    it is left out; of a quantity the whole lots count, none of which is an empty level. Raises OffGrid for no number."""
    found = ((divmod(units(price), instrument.tick_units), units(quantity)) for price, quantity in rows)
    return [(tick, quantity // instrument.lot_units) for (tick, off), quantity in found if not off]


def levels(instrument: Instrument, rows: list[PriceQty]) -> list[Level]:
    return [(instrument.to_ticks(price), instrument.to_lots(quantity)) for price, quantity in rows]


def rows(instrument: Instrument, chosen: list[Level]) -> list[PriceQty]:
    """Ticks and lots as the wire writes them."""
    return [(instrument.price_text(tick), instrument.quantity_text(lots)) for tick, lots in chosen]
