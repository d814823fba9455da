"""Where the market comes from: a recording or the simulator, driven in market time. The live feed is in adapters.

A feed adds the desk's markets in `prepare` and then moves them in `run` until the market ends.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from ..contracts.common import MarketMode
from ..core.binance.messages import BookTicker, DepthUpdate, Snapshot
from ..core.market.clock import MILLISECOND, SECOND, MarketClock
from ..core.market.engine.layout import EventKind
from ..core.market.instrument import Instrument, OffGrid
from ..core.market.replay import Frame
from ..core.market.simulator import MarketSimulator
from .desk import Desk
from .passed_over import PassedOver
from .recordings import Recording
from .symbol_market import BackgroundSymbol, Publish

SLICE = 0.005
STEP = 50 * MILLISECOND


class Feed(Protocol):
    mode: MarketMode
    clock: MarketClock
    notes: list[str]

    async def prepare(self, desk: Desk, publish: Publish) -> None: ...

    async def run(self, changed: Callable[[], None]) -> None: ...

    @property
    def connected(self) -> bool: ...


class ReplayFeed:
    """Streams a recording; at its end the market is ENDED, or begins again with `loop`."""

    mode = MarketMode.REPLAY
    connected = True

    def __init__(self, recording: Recording, speed: float, *, loop: bool) -> None:
        self._recording = recording
        self._loop = loop
        self._markets: dict[str, BackgroundSymbol] = {}
        self.clock = MarketClock(time.time_ns(), speed)
        self.notes = list(recording.plan.notes)
        self._passed = PassedOver(self.notes)
        self.frames = 0

    async def prepare(self, desk: Desk, publish: Publish) -> None:
        snapshots = await asyncio.to_thread(self._recording.first_snapshots)
        self._snapshots = snapshots
        self.clock.started = time.time_ns()
        self.clock.origin = self._recording.plan.first
        for symbol in sorted(snapshots):
            instrument = self._recording.plan.instruments[symbol]
            market = desk.add(instrument, publish, recorded=True)
            assert isinstance(market, BackgroundSymbol)
            market.passed_over = self._passed.tell
            market.on_snapshot(snapshots[symbol], self.clock.started)
            self._markets[symbol] = market

    async def run(self, changed: Callable[[], None]) -> None:
        await self._play()
        while self._loop:
            self.clock.origin = (self.clock.origin or 0) - self._recording.plan.span - SECOND
            for symbol, market in self._markets.items():
                market.reset()
                market.on_snapshot(self._snapshots[symbol], self.clock.now(time.time_ns()))
            changed()
            await self._play()
        self.clock.end(self._recording.plan.last + self.clock.shift)
        changed()

    async def _play(self) -> None:
        shift = self.clock.shift
        event_shift = shift // MILLISECOND - self._recording.plan.skew_ms
        pause = time.monotonic() + SLICE
        for frame in self._recording.frames(self._passed.tell):
            due = self.clock.due(frame.time + shift)
            wait = (due - time.time_ns()) / SECOND
            if wait > 0 or time.monotonic() > pause:
                await asyncio.sleep(max(wait, 0))
                pause = time.monotonic() + SLICE
            try:
                self._feed(frame, frame.time + shift, event_shift)
            except OffGrid as error:
                self._passed.tell(f"line {frame.line}: {error}")

    def _feed(self, frame: Frame, now: int, event_shift: int) -> None:
        self.frames += 1
        market, event = self._markets[frame.symbol], frame.event
        if isinstance(event, BookTicker):
            market.on_ticker(event, now)
            return
        if isinstance(event, Snapshot):
            market.on_snapshot(event, now)
            return
        event.event_ms += event_shift
        if isinstance(event, DepthUpdate):
            market.on_depth(event, now, bridge=True)
        else:
            event.trade_ms += event_shift
            market.on_trade(event, now)


class SimulatedFeed:
    """A seeded market that never ends."""

    mode = MarketMode.SIMULATED
    connected = True

    def __init__(self, instruments: list[Instrument], seed: int, speed: float) -> None:
        self._instruments = instruments
        self._seed = seed
        self.clock = MarketClock(time.time_ns(), speed)
        self.notes: list[str] = []

    async def prepare(self, desk: Desk, publish: Publish) -> None:
        self._desk = desk
        self.clock.started = time.time_ns()
        markets = [desk.add(item, publish, recorded=False) for item in self._instruments]
        cores = {market.instrument.symbol: (market.instrument, market.core) for market in markets}
        self._simulator = await asyncio.to_thread(MarketSimulator, self._seed, cores, self.clock.started)
        for market in markets:
            market.core.trade_id = market.trade_id

    async def run(self, changed: Callable[[], None]) -> None:
        while True:
            behind = self.clock.now(time.time_ns()) - self._simulator.time
            pause = time.monotonic() + SLICE
            for _ in range(max(behind // STEP, 0)):
                self.step(self._simulator.time + STEP)
                if time.monotonic() > pause:
                    await asyncio.sleep(0)
                    pause = time.monotonic() + SLICE
            await asyncio.sleep(max(STEP / SECOND / self.clock.speed, SLICE))

    def step(self, until: int) -> None:
        """The crowd trades with itself and with our orders."""
        for symbol, events in self._simulator.advance(until):
            # What the crowd's own orders go through beside trades concerns nobody.
            self._desk.settle(symbol, events[(events["order"] > 0) | (events["kind"] == EventKind.TRADE)], until)
        for market in self._desk.markets.values():
            if (until // STEP) % 2 == 0:
                market.flush(until)
            else:
                market.flush_ticker()
