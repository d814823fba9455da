"""One symbol's market: a matching core behind, Binance frames in front.

Turns background frames (recorded, live or simulated) and what our orders do into one consistent public stream: update
ids are re-numbered by a running shift, so that frames which our orders cause, and loops of a recording, fit between
recorded ones and the depth rules (first == previous last + 1) hold for every reader. No I/O: frames go to `publish`,
events of the core to `on_events`, which books them before the core is called again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade, levels, rows, to_diff, to_snapshot
from ..core.market.book import DepthDiff, DepthSnapshot, DepthSync, Level
from ..core.market.engine.layout import Side
from ..core.market.engine.market import Events, Market, Rows
from ..core.market.instrument import Instrument

Publish = Callable[[str, msgspec.Struct], None]
OnEvents = Callable[[str, Events, int], None]
Touch = tuple[Level | None, Level | None]
MS = 1_000_000
MOST_LOTS = 1 << 60


def as_rows(chosen: Iterable[Level]) -> Rows:
    """Levels as the core takes them."""
    return np.array(list(chosen), np.int64).reshape(-1, 2)


def as_levels(found: NDArray[np.int64]) -> list[Level]:
    return [(tick, lots) for tick, lots in found.tolist()]


class SymbolMarket:
    """Everything public about one symbol. `core` is for order entry."""

    def __init__(self, instrument: Instrument, core: Market, publish: Publish, on_events: OnEvents) -> None:
        self.instrument = instrument
        self.core = core
        self.update_id = 0
        self.trade_id = 0
        self._publish = publish
        self._on_events = on_events
        self._stream = instrument.symbol.lower()
        self._ticker: Touch = (None, None)
        self._named: tuple[set[int], set[int]] = (set(), set())
        self._ahead = 0
        """Ids that touches took since the last diff."""

    @property
    def last_tick(self) -> int:
        """Price of the last trade, 0: none yet."""
        return self.core.last_tick

    def snapshot(self, limit: int, now: int) -> Snapshot:
        """The book at the id of the last published diff; pending changes are published first."""
        self.flush(now)
        bids, asks = (rows(self.instrument, as_levels(self.core.top(limit, side))) for side in (0, 1))
        return Snapshot(self.update_id, bids, asks)

    def background(self, bids: list[Level], asks: list[Level], now: int) -> None:
        """Levels of the background changed; `flush` publishes them."""
        for named, part in zip(self._named, (bids, asks), strict=True):
            named.update(tick for tick, _ in part)
        self.settle(self.core.depth(as_rows(bids), as_rows(asks), self.update_id, now), now)

    def traded(self, tick: int, lots: int, taker: Side, now: int) -> None:
        """The background traded: it is published, and our orders may take part."""
        self.trade_id += 1
        self.trade(tick, lots, taker, now)
        self.settle(self._at_last_id(lambda: self.core.trade(tick, lots, taker, now)), now)

    def settle(self, events: Events, now: int) -> None:
        """Book what the core did."""
        if len(events):
            self._on_events(self.instrument.symbol, events, now)

    def _at_last_id(self, call: Callable[[], Events]) -> Events:
        self.core.trade_id = self.trade_id
        return call()

    def flush(self, now: int) -> None:
        """Publish what our own orders and the background changed, as one diff, and the touch if it moved."""
        bids, asks = self._changes()
        if bids or asks:
            first = self.update_id + 1 - self._ahead
            self._ahead = 0
            self.update_id += len(bids) + len(asks)
            self._renumbered(len(bids) + len(asks))
            self._depth(first, rows(self.instrument, bids), rows(self.instrument, asks), now // MS)
        self._tell_touch()

    def _changes(self) -> tuple[list[Level], list[Level]]:
        found: list[list[Level]] = []
        for side, changed in enumerate(self.core.take_changes()):
            named = self._named[side].union(changed[:, 0].tolist())
            self._touched(side, changed)
            self._named[side].clear()
            found.append([(tick, self.core.displayed(side, tick)) for tick in sorted(named)])
        return found[0], found[1]

    def _touched(self, side: int, changed: Rows) -> None:
        """Our orders changed these levels."""

    def flush_ticker(self) -> None:
        """Publish the touch if it moved, between two diffs."""
        if self.core.touch() != self._ticker:
            self._number_ticker()
            self._tell_touch()

    def _tell_touch(self) -> None:
        touch = self.core.touch()
        if touch != self._ticker:
            self._ticker = touch
            self._book_ticker(self.update_id)

    def _number_ticker(self) -> None:
        """A touch that no diff has shown yet is newer than the last diff, so it takes an id of the next one."""
        self.update_id += 1
        self._ahead += 1

    def ticker(self) -> BookTicker:
        return self._ticker_frame(self.update_id, self.core.touch())

    def trade(self, tick: int, lots: int, taker: Side, now: int) -> None:
        """Publish a trade that happened here, with the last id."""
        ms = now // MS
        frame = Trade(
            event="trade",
            event_ms=ms,
            symbol=self.instrument.symbol,
            trade_id=self.trade_id,
            price=self.instrument.price_text(tick),
            quantity=self.instrument.quantity_text(lots),
            trade_ms=ms,
            buyer_is_maker=taker == Side.SELL,
        )
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

    def _book_ticker(self, update_id: int) -> None:
        if self._ticker[0] and self._ticker[1]:
            self._publish(f"{self._stream}@bookTicker", self._ticker_frame(update_id, self._ticker))

    def _ticker_frame(self, update_id: int, touch: Touch) -> BookTicker:
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

    def own_trade(self, trade_id: int) -> None:
        """A trade of our orders took this id."""
        self.trade_id = max(self.trade_id, trade_id)

    def _renumbered(self, count: int) -> None:
        """Called when `count` ids were used that are not the background's."""


class BackgroundSymbol(SymbolMarket):
    """A symbol whose liquidity is a recorded or live feed."""

    def __init__(self, instrument: Instrument, core: Market, publish: Publish, on_events: OnEvents) -> None:
        super().__init__(instrument, core, publish, on_events)
        self.sync = DepthSync()
        self._shift = 0
        self._trade_shift = 0
        self._stale = False
        self._started = False
        self._restart_trades = True
        self._taken: set[tuple[int, int]] = set()
        self.passed_over: Callable[[str], None] = lambda reason: None
        """Told of a frame that is no fault of its sender and yet cannot be played."""

    @property
    def ready(self) -> bool:
        return self._started

    @property
    def untouched(self) -> bool:
        """True if nothing of ours shows: the background may be published as it is."""
        return not self._taken and len(self.core) == 0

    def own_trade(self, trade_id: int) -> None:
        self._trade_shift += max(trade_id - self.trade_id, 0)
        super().own_trade(trade_id)

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
        """A touch without both sides (a thin or halted market) is passed over: the next diff says what is left."""
        bid, ask = levels(self.instrument, [(update.bid, update.bid_quantity), (update.ask, update.ask_quantity)])
        if len(self._inside([bid, ask])) < 2:
            self.passed_over(f"the touch of {update.symbol} has no two sides: {update.bid} and {update.ask}")
            return
        quiet = self.untouched
        events = self._at_last_id(lambda: self.core.ticker(update.update_id, bid, ask, now))
        self._booked(events, now)
        if quiet:
            self._ticker = (bid, ask)
            update.update_id += self._shift
            self._publish(f"{self._stream}@bookTicker", update)
        else:
            self.flush_ticker()

    def on_trade(self, update: Trade, now: int) -> None:
        """`update` must carry market times already."""
        tick, lots = self.instrument.to_ticks(update.price), self.instrument.to_lots(update.quantity)
        if not lots or not self._inside([(tick, lots)]):
            self.passed_over(f"a trade of {update.symbol} is none: {update.quantity} at {update.price}")
            return
        if self._restart_trades:
            self._trade_shift = max(self.trade_id + 1 - update.trade_id, 0)
            self._restart_trades = False
        update.trade_id += self._trade_shift
        self.trade_id = max(self.trade_id, update.trade_id)
        self._publish(f"{self._stream}@trade", update)
        taker = Side.SELL if update.buyer_is_maker else Side.BUY
        self._booked(self._at_last_id(lambda: self.core.trade(tick, lots, taker, now)), now)

    def _apply(self, diff: DepthDiff, update: DepthUpdate | None, now: int) -> None:
        quiet = self.untouched
        bids, asks = self._inside(diff.bids), self._inside(diff.asks)
        events = self._at_last_id(lambda: self.core.depth(as_rows(bids), as_rows(asks), diff.last, now))
        first = max(diff.first + self._shift, self.update_id + 1)
        self.update_id = diff.last + self._shift
        if quiet and update is not None and update.last == diff.last:
            self._depth(first, update.bids, update.asks, update.event_ms)
        else:
            shown = [[(t, self.core.displayed(s, t)) for t, _ in part] for s, part in enumerate((bids, asks))]
            ms = update.event_ms if update is not None else now // MS
            self._depth(first, rows(self.instrument, shown[0]), rows(self.instrument, shown[1]), ms)
        self._taken.difference_update((s, t) for s, part in enumerate((bids, asks)) for t, _ in part)
        self._booked(events, now)

    def _inside(self, part: Iterable[Level]) -> list[Level]:
        """Levels that the core's range of prices holds, of sizes that its integers hold."""
        return [level for level in part if 0 < level[0] < self.core.spec.ticks and level[1] < MOST_LOTS]

    def _transition(self, taken: DepthSnapshot, now: int) -> None:
        """Take the snapshot, and let readers of the stream follow by one diff from the old book to the new one."""
        bids, asks = as_rows(self._inside(taken.bids)), as_rows(self._inside(taken.asks))
        if not self._started:
            self.core.snapshot(bids, asks, taken.last_id, now)
            self.update_id, self._started = taken.last_id, True
            return
        self.flush(now)
        before = [dict(as_levels(self.core.top(1 << 20, side))) for side in (0, 1)]
        events = self._at_last_id(lambda: self.core.snapshot(bids, asks, taken.last_id, now))
        after = [dict(as_levels(self.core.top(1 << 20, side))) for side in (0, 1)]
        self._taken.clear()
        shown = [_difference(old, new) for old, new in zip(before, after, strict=True)]
        first = self.update_id + 1
        self.update_id += 1
        self._shift = self.update_id - taken.last_id
        self._depth(first, rows(self.instrument, shown[0]), rows(self.instrument, shown[1]), now // MS)
        self._booked(events, now)

    def _booked(self, events: Events, now: int) -> None:
        self.settle(events, now)
        if not self.untouched or len(events):
            self.flush(now)

    def _number_ticker(self) -> None:
        """The background numbers its diffs."""

    def _touched(self, side: int, changed: Rows) -> None:
        self._taken.update((side, tick) for tick in changed[:, 0].tolist())

    def _renumbered(self, count: int) -> None:
        self._shift += count


def _difference(old: dict[int, int], new: dict[int, int]) -> list[Level]:
    """Levels that differ, as they are in `new`."""
    return [(tick, new.get(tick, 0)) for tick in sorted(old.keys() | new.keys()) if old.get(tick) != new.get(tick)]
