"""One symbol's market: liquidity behind, Binance frames in front.

Turns background frames (recorded or live) and our own orders into one consistent public stream: update ids are
re-numbered by a running shift, so that frames which our orders cause, and loops of a recording, fit between recorded
ones and the depth rules (first == previous last + 1) hold for every reader. No I/O: frames go to `publish`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from ..core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade, levels, rows, to_diff, to_snapshot
from ..core.market.background import BackgroundMarket, Touch
from ..core.market.book import Book, DepthDiff, DepthSnapshot, DepthSync, Level, Side
from ..core.market.instrument import Instrument
from ..core.market.orders import Event, Order, Traded
from .candles import Candles

Publish = Callable[[str, msgspec.Struct], None]
OnEvents = Callable[[str, list[Event], int], None]
MS = 1_000_000


class Liquidity(Protocol):
    """What a symbol trades against: `matching.Engine` or `background.BackgroundMarket`."""

    last_tick: int | None

    def submit(self, order: Order, now: int) -> list[Event]: ...
    def cancel(self, order_id: int, now: int) -> list[Event]: ...
    def restore(self, order: Order, remaining: int) -> None: ...
    def top(self, n: int, side: int) -> list[Level]: ...
    def published_touch(self) -> tuple[Level | None, Level | None]: ...
    def take_changes(self) -> tuple[list[Level], list[Level]]: ...


class SymbolMarket:
    """Everything public about one symbol; `submit` and `cancel` are for the venue's order entry."""

    def __init__(self, instrument: Instrument, liquidity: Liquidity, publish: Publish) -> None:
        self.instrument = instrument
        self.liquidity = liquidity
        self.candles = Candles()
        self.trades: deque[Trade] = deque(maxlen=1000)
        self.update_id = 0
        self.trade_id = 0
        self._publish = publish
        self._stream = instrument.symbol.lower()
        self._ticker: tuple[Level | None, Level | None] = (None, None)

    def submit(self, order: Order, now: int) -> list[Event]:
        return self.liquidity.submit(order, now)

    def cancel(self, order_id: int, now: int) -> list[Event]:
        return self.liquidity.cancel(order_id, now)

    def next_trade_id(self) -> int:
        self.trade_id += 1
        return self.trade_id

    def snapshot(self, limit: int, now: int) -> Snapshot:
        """The book at the id of the last published diff; pending changes are published first."""
        self.flush(now)
        bids, asks = (rows(self.instrument, self.liquidity.top(limit, side)) for side in (0, 1))
        return Snapshot(self.update_id, bids, asks)

    def flush(self, now: int) -> None:
        """Publish what our own orders (or simulated ones) changed, as one diff, and the touch if it moved."""
        bids, asks = self.liquidity.take_changes()
        if bids or asks:
            first = self.update_id + 1
            self.update_id += len(bids) + len(asks)
            self._renumbered(self.update_id - first + 1)
            self._depth(first, rows(self.instrument, bids), rows(self.instrument, asks), now // MS)
        self.flush_ticker()

    def flush_ticker(self) -> None:
        touch = self.liquidity.published_touch()
        if touch != self._ticker:
            self._ticker = touch
            self._book_ticker(self.update_id)

    def ticker(self) -> BookTicker:
        return self._ticker_frame(self.update_id, self.liquidity.published_touch())

    def trade(self, event: Traded, trade_id: int) -> None:
        """Publish a trade that happened here."""
        ms = event.time // MS
        frame = Trade(
            event="trade",
            event_ms=ms,
            symbol=self.instrument.symbol,
            trade_id=trade_id,
            price=self.instrument.price_text(event.tick),
            quantity=self.instrument.quantity_text(event.quantity),
            trade_ms=ms,
            buyer_is_maker=event.side is Side.SELL,
        )
        self._remember(frame, event.tick, event.quantity)

    def _remember(self, frame: Trade, tick: int, lots: int) -> None:
        self.trades.append(frame)
        self.candles.trade(frame.trade_ms, tick, lots, buyer_aggressed=not frame.buyer_is_maker)
        self._publish(f"{self._stream}@trade", frame)

    def _depth(self, first: int, bids: list[tuple[str, str]], asks: list[tuple[str, str]], ms: int) -> None:
        frame = DepthUpdate(
            event="depthUpdate",
            event_ms=ms,
            symbol=self.instrument.symbol,
            first=first,
            last=self.update_id,
            bids=bids,
            asks=asks,
        )
        self._publish(f"{self._stream}@depth@100ms", frame)
        self._publish(f"{self._stream}@depth", frame)

    def _book_ticker(self, update_id: int) -> None:
        if self._ticker[0] and self._ticker[1]:
            self._publish(f"{self._stream}@bookTicker", self._ticker_frame(update_id, self._ticker))

    def _ticker_frame(self, update_id: int, touch: tuple[Level | None, Level | None]) -> BookTicker:
        (bid, bid_lots), (ask, ask_lots) = (level or (0, 0) for level in touch)
        price, size = self.instrument.price_text, self.instrument.quantity_text
        return BookTicker(
            update_id=update_id,
            symbol=self.instrument.symbol,
            bid=price(bid),
            bid_quantity=size(bid_lots),
            ask=price(ask),
            ask_quantity=size(ask_lots),
        )

    def _renumbered(self, count: int) -> None:
        """Called when `count` ids were used that are not the background's."""


class BackgroundSymbol(SymbolMarket):
    """A symbol whose liquidity is a recorded or live feed."""

    def __init__(self, instrument: Instrument, publish: Publish, on_events: OnEvents) -> None:
        self.background = BackgroundMarket()
        super().__init__(instrument, self.background, publish)
        self.sync = DepthSync()
        self._on_events = on_events
        self._shift = 0
        self._trade_shift = 0
        self._stale = False
        self._started = False
        self._restart_trades = True

    @property
    def ready(self) -> bool:
        return self._started

    def next_trade_id(self) -> int:
        self._trade_shift += 1
        return super().next_trade_id()

    def reset(self) -> None:
        """The source starts again (a loop, a reconnect): its ids are not comparable to the last ones."""
        self.sync.reset()
        self._restart_trades = True

    def on_snapshot(self, body: Snapshot, now: int) -> bool:
        """Take a snapshot if one is needed. False: it is older than the buffered diffs."""
        if self.sync.synced and not (self._stale and body.lastUpdateId >= self.sync.last_id):
            return True
        if self.sync.synced:
            self.sync.reset()
        taken = to_snapshot(self.instrument, body)
        ready = self.sync.on_snapshot(taken)
        if ready is None:
            return False
        self._stale = False
        self._transition(taken, now)
        for diff in ready:
            self._apply(diff, None, now)
        return True

    def on_depth(self, update: DepthUpdate, now: int, *, bridge: bool) -> bool:
        """False: a gap; a snapshot is needed. With `bridge` a gap is passed on to readers instead."""
        diff = to_diff(self.instrument, update)
        gaps = self.sync.gaps
        ready = self.sync.on_diff(diff)
        if self.sync.gaps > gaps and bridge:
            self._stale = True
            ready = self.sync.on_snapshot(DepthSnapshot(diff.first - 1, (), ())) or []
        for item in ready:
            self._apply(item, update, now)
        return self.sync.synced

    def on_ticker(self, update: BookTicker, now: int) -> None:
        bid, ask = levels(self.instrument, [(update.bid, update.bid_quantity), (update.ask, update.ask_quantity)])
        quiet = self.background.untouched
        events = self.background.on_touch(Touch(update.update_id, bid, ask), now)
        self._settle(events, now)
        if quiet:
            self._ticker = (bid, ask)
            update.update_id += self._shift
            self._publish(f"{self._stream}@bookTicker", update)
        else:
            self.flush_ticker()

    def on_trade(self, update: Trade, now: int) -> None:
        """`update` must carry market times already."""
        tick, lots = self.instrument.to_ticks(update.price), self.instrument.to_lots(update.quantity)
        if self._restart_trades:
            self._trade_shift = self.trade_id + 1 - update.trade_id if self.trade_id else 0
            self._restart_trades = False
        update.trade_id += self._trade_shift
        self.trade_id = max(self.trade_id, update.trade_id)
        self._remember(update, tick, lots)
        taker = Side.SELL if update.buyer_is_maker else Side.BUY
        self._settle(self.background.on_trade(tick, lots, taker, now), now)

    def _apply(self, diff: DepthDiff, update: DepthUpdate | None, now: int) -> None:
        quiet = self.background.untouched
        events = self.background.on_depth(diff.bids, diff.asks, diff.last, now)
        first = max(diff.first + self._shift, self.update_id + 1)
        self.update_id = diff.last + self._shift
        if quiet and update is not None and update.last == diff.last:
            self._depth(first, update.bids, update.asks, update.event_ms)
        else:
            shown = [[(t, self.background.displayed(s, t)) for t, _ in part] for s, part in self._sides(diff)]
            ms = update.event_ms if update is not None else now // MS
            self._depth(first, rows(self.instrument, shown[0]), rows(self.instrument, shown[1]), ms)
        self._settle(events, now)

    @staticmethod
    def _sides(diff: DepthDiff) -> tuple[tuple[int, Sequence[Level]], tuple[int, Sequence[Level]]]:
        return (0, diff.bids), (1, diff.asks)

    def _transition(self, taken: DepthSnapshot, now: int) -> None:
        """Take the snapshot, and let readers of the stream follow by one diff from the old book to the new one."""
        if not self._started:
            self.background.on_snapshot(taken.bids, taken.asks, taken.last_id, now)
            self.update_id, self._started = taken.last_id, True
            return
        before, target = self.background.book, Book()
        target.replace(taken.bids, taken.asks, taken.last_id)
        bids, asks = before.difference(target)
        touched = [{tick for tick, _ in part} for part in (bids, asks)]
        for part, more in zip(touched, self.background.take_changes(), strict=True):
            part.update(tick for tick, _ in more)
        for side, tick in self.background.taken():
            touched[side].add(tick)
        events = self.background.on_snapshot(taken.bids, taken.asks, taken.last_id, now)
        shown = [[(t, self.background.displayed(s, t)) for t in sorted(touched[s])] for s in (0, 1)]
        first = self.update_id + 1
        self.update_id += 1
        self._shift = self.update_id - taken.last_id
        self._depth(first, rows(self.instrument, shown[0]), rows(self.instrument, shown[1]), now // MS)
        self._settle(events, now)

    def _settle(self, events: list[Event], now: int) -> None:
        if events:
            self._on_events(self.instrument.symbol, events, now)
        if not self.background.untouched:
            self.flush(now)

    def _renumbered(self, count: int) -> None:
        self._shift += count
