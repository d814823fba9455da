"""One symbol's streams: its tape, its conflated depth, its real-time frames. Pure; hubs are passed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade
from ..core.market.instrument import Instrument, units
from . import market_data_bodies as bodies
from . import streams_sbe
from .fanout import Hub
from .market_data_tape import Aggregate, Print, Tape

SBE_DEPTH = 50


class Market(Protocol):
    """What streams ask of a symbol's market. `now` is market time in ns."""

    instrument: Instrument

    @property
    def last_tick(self) -> int:
        """Price of the last trade, 0: none yet."""

    def snapshot(self, limit: int, now: int) -> Snapshot: ...

    def ticker(self) -> BookTicker: ...


class Merged:
    """Depth diffs of one symbol, put together so that about one in `period` ms goes out. Only what follows without a
    gap is put together: an event that covers ids which it does not hold would leave its reader's book wrong unseen."""

    def __init__(self, period: int, emit: Callable[[DepthUpdate], None]) -> None:
        self._period = period
        self._emit = emit
        self._held: DepthUpdate | None = None
        self._last = 0

    def add(self, update: DepthUpdate) -> None:
        if self._held is not None and update.first > self._held.last + 1:
            self._go(self._held)
        if self._held is not None:
            update = joined(self._held, update)
        # A tenth of grace, so that a source with this very pace passes through in spite of its jitter.
        if update.event_ms - self._last >= self._period * 9 // 10:
            self._go(update)
        else:
            self._held = update

    def pulse(self, now: int) -> None:
        if self._held is not None and now - self._last >= self._period:
            self._go(self._held)

    def forget(self) -> None:
        """Nobody listens: what is held would be old when somebody does."""
        self._held = None

    def _go(self, update: DepthUpdate) -> None:
        self._held, self._last = None, update.event_ms
        self._emit(update)


def joined(first: DepthUpdate, second: DepthUpdate) -> DepthUpdate:
    """Two diffs that follow each other as one."""
    return DepthUpdate(
        event=second.event,
        event_ms=max(first.event_ms, second.event_ms),
        symbol=second.symbol,
        first=first.first,
        last=second.last,
        bids=list((dict(first.bids) | dict(second.bids)).items()),
        asks=list((dict(first.asks) | dict(second.asks)).items()),
    )


def eighths(text: str) -> int:
    """`units`, quickly for the eight places that the markets write."""
    return int(text[:-9] + text[-8:]) if text[-9:-8] == "." else units(text)


class Channel:
    def __init__(self, market: Market, json: Hub, sbe: Hub) -> None:
        self.market = market
        self.item = market.instrument
        self.name = self.item.symbol.lower()
        self.tape = Tape(market.instrument)
        self._json, self._sbe = json, sbe
        self._trade, self._ticker, self._aggregates = (f"{self.name}@{k}" for k in ("trade", "bookTicker", "aggTrade"))
        self._best = f"{self.name}@bestBidAsk"
        self._depths = {stream: Merged(pace, self._depth_to(stream)) for stream, pace in self._paces().items()}
        self._sbe_depth = Merged(SBE_DEPTH, self._sbe_depth_out)
        self._day: tuple[int, bodies.Json] = (-1, {})

    def _paces(self) -> dict[str, int]:
        return {f"{self.name}@depth": 1000, f"{self.name}@depth@100ms": 100, f"{self.name}@depth@1000ms": 1000}

    def _depth_to(self, stream: str) -> Callable[[DepthUpdate], None]:
        return lambda update: self._json.publish(stream, update)

    def _sbe_depth_out(self, update: DepthUpdate) -> None:
        self._sbe.publish_bytes(f"{self.name}@depth", streams_sbe.depth_diff(update))

    # ---- what happened

    def on_trade(self, trade: Trade) -> None:
        self._json.publish(self._trade, trade)
        item = self.item
        tick, lots = eighths(trade.price) // item.tick_units, eighths(trade.quantity) // item.lot_units
        ended = self.tape.trade(Print(trade.trade_id, tick, lots, trade.trade_ms, trade.buyer_is_maker))
        if self._sbe.wanted(self._trade):
            self._sbe.publish_bytes(self._trade, streams_sbe.trade(trade))
        if ended is not None:
            self._aggregate(ended)

    def settle(self) -> None:
        """The step is over: the open aggregate trade is whole."""
        ended = self.tape.settle()
        if ended is not None:
            self._aggregate(ended)

    def _aggregate(self, ended: Aggregate) -> None:
        if self._json.wanted(self._aggregates):
            self._json.publish(self._aggregates, bodies.aggregate_event(self.item, ended, ended.ms))

    def on_depth(self, update: DepthUpdate) -> None:
        for stream, merged in self._depths.items():
            merged.add(update) if self._json.wanted(stream) else merged.forget()
        sbe = self._sbe_depth
        sbe.add(update) if self._sbe.wanted(f"{self.name}@depth") else sbe.forget()

    def on_ticker(self, update: BookTicker, clock: Callable[[], int]) -> None:
        self._json.publish(self._ticker, update)
        if self._sbe.wanted(self._best):
            self._sbe.publish_bytes(self._best, streams_sbe.best_bid_ask(update, clock()))

    def pulse(self, ms: int) -> None:
        for merged in self._depths.values():
            merged.pulse(ms)
        self._sbe_depth.pulse(ms)

    # ---- figures

    def day(self, ms: int) -> bodies.Json:
        """`ticker/24hr` at this millisecond; several streams read it."""
        if self._day[0] != ms:
            self._day = ms, bodies.day_body(self.tape, self.market.ticker(), ms)
        return self._day[1]

    def window(self, ms: int, width: int) -> bodies.Json:
        """`ticker` with a window of `width` ms."""
        candle = self.tape.rolling(ms, width)
        return bodies.full_body(self.item, candle, candle.start, ms)
