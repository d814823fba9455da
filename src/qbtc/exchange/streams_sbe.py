"""JSON frames of the markets as SBE frames: the same numbers at exponent -8. Pure."""

from __future__ import annotations

from ..core.binance.messages import BookTicker, DepthUpdate, PriceQty, Snapshot, Trade
from ..core.binance.sbe import (
    BestBidAsk,
    DepthDiffEvent,
    DepthSnapshotEvent,
    TradeEntry,
    TradesEvent,
    encode_sbe,
)
from ..core.market.instrument import units


def trade(frame: Trade) -> bytes:
    entry = TradeEntry(frame.trade_id, units(frame.price), units(frame.quantity), frame.buyer_is_maker)
    times = {"event_us": frame.event_ms * 1000, "transact_us": frame.trade_ms * 1000}
    return encode_sbe(TradesEvent(symbol=frame.symbol, trades=(entry,), **times))


def best_bid_ask(frame: BookTicker, now: int) -> bytes:
    """`now` is market time in ns: the JSON frame carries none."""
    return encode_sbe(
        BestBidAsk(
            symbol=frame.symbol,
            event_us=now // 1000,
            update_id=frame.update_id,
            bid=units(frame.bid),
            bid_quantity=units(frame.bid_quantity),
            ask=units(frame.ask),
            ask_quantity=units(frame.ask_quantity),
        )
    )


def depth_diff(frame: DepthUpdate) -> bytes:
    return encode_sbe(
        DepthDiffEvent(
            symbol=frame.symbol,
            event_us=frame.event_ms * 1000,
            first_id=frame.first,
            last_id=frame.last,
            bids=_levels(frame.bids),
            asks=_levels(frame.asks),
        )
    )


def depth_snapshot(symbol: str, body: Snapshot, now: int) -> bytes:
    return encode_sbe(
        DepthSnapshotEvent(
            symbol=symbol,
            event_us=now // 1000,
            update_id=body.lastUpdateId,
            bids=_levels(body.bids),
            asks=_levels(body.asks),
        )
    )


def _levels(rows: list[PriceQty]) -> list[tuple[int, int]]:
    return [(units(price), units(quantity)) for price, quantity in rows]
