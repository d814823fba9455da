"""The futures venue put together: journal recovery, a lazy start, its clock-driven work, its end.

Until somebody asks for futures (or recovered orders and positions need looking after) there are no books and no work
but a sleeping task. Everything that time does (`step`) is in market time.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...core.market.clock import MarketClock
from ...core.market.futures.algos import Algos
from ...core.market.futures.contracts import Contract, contract
from ...core.market.futures.facts import Fact, Opened, encoder
from ...core.market.futures.liquidation import Guard
from ...core.market.futures.market import Market
from ...core.market.futures.matching import Matcher, Step
from ...core.market.futures.state import State
from ...core.market.futures.venue import Venue
from ...core.market.futures.wire import MS, Json
from ...core.market.instrument import Instrument, OffGrid
from ...core.market.replay import Frame
from ...kit.logs import get_logger
from ..keys import PAPER, KeyStore
from ..limits import Limits
from ..passed_over import PassedOver
from .accounts import Accounts
from .desk import Desk
from .gate import Gate
from .hub import Hub
from .journal import FuturesJournal, lock
from .liquidity import Recorded, SpotBook, SpotMirror
from .publisher import Publisher
from .recovery import recover
from .streams import StreamsEndpoint
from .ws_api import WsApiEndpoint

log = get_logger(__name__)
STEP = 0.1
IDLE = 0.5
SLICE = 0.01
DAY = 86_400 * 10**9


@dataclass(frozen=True, slots=True)
class Source:
    """A spot symbol to derive a contract from."""

    instrument: Instrument
    book: SpotBook


@dataclass(slots=True)
class Setup:
    """What the exchange gives. `frames` opens a futures recording (of `symbols`), whose times are local ones; what of
    it cannot be played is told to `passed`."""

    folder: Path
    wallet: int
    clock: MarketClock
    keys: KeyStore
    limits: Limits
    sources: Callable[[], Mapping[str, Source]]
    wall: Callable[[], int] = time.time_ns
    """The venue's clock, ns: what requests are checked against."""
    frames: Callable[[Callable[[str], None]], Iterator[Frame]] | None = None
    symbols: tuple[str, ...] = ()
    passed: PassedOver = field(default_factory=lambda: PassedOver([]))


class Futures:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.started = False
        self._mirrors: dict[str, SpotMirror] = {}
        self._recorded: dict[str, Recorded] = {}
        self._wake = asyncio.Event()
        self.journal, state = self._recover()
        self.venue = Venue(state, lambda fact: self.journal.append(encoder.encode(fact)), self._notify)
        self.hub = Hub(self._heard)
        self.publisher = Publisher(self.hub, self.venue.markets)
        self.guard = Guard(self.venue, self.publisher.force)
        self.desk = Desk(
            venue=self.venue,
            algos=Algos(self.venue),
            guard=self.guard,
            accounts=Accounts(self.venue),
            clock=self.now,
            wall=lambda: setup.wall() // MS,
            committed=self.journal.commit,
            ensure=self.ensure,
            rates=[row for row in setup.limits.allowed.rows() if row["rateLimitType"] != "RAW_REQUESTS"],
        )
        self.streams = StreamsEndpoint(self.hub, self.desk)
        self.gate = Gate(self.desk, setup.keys, setup.limits, setup.wall)
        self.ws_api = WsApiEndpoint(self.gate)
        self.journal.dump = state.dump

    def now(self) -> int:
        return self._setup.clock.now(time.time_ns())

    # ---- recovery

    def _recover(self) -> tuple[FuturesJournal, State]:
        """Fold the journal; open the paper account on the first start. Raises FuturesJournalError."""
        folder, started = self._setup.folder, time.perf_counter()
        held = lock(folder)
        try:
            found = recover(folder)
        except BaseException:
            os.close(held)
            raise
        journal = FuturesJournal(folder, found.segment, lock_descriptor=held)
        if PAPER not in found.state.data.accounts:
            fact: Fact = Opened(PAPER, self._setup.wallet, time.time_ns())
            found.state.apply(fact)
            journal.append(encoder.encode(fact))
        for note in found.notes:
            log.warning("futures journal mended", note=note)
        seconds = round(time.perf_counter() - started, 3)
        log.info("futures journal read", records=found.records, state=found.state.state_hash(), seconds=seconds)
        return journal, found.state

    # ---- lazy start

    def ensure(self) -> None:
        if self.started:
            return
        self.started = True
        for symbol, source in self._setup.sources().items():
            rules = contract(symbol, source.instrument)
            if rules is not None:
                self._add(symbol, Market(rules, _matcher(rules), self.now()))
                self._mirrors[symbol] = SpotMirror(source.book, rules)
        for symbol in self._setup.symbols:
            self._record(symbol)
        self.hub.symbols = {symbol.lower() for symbol in self.venue.markets}
        self.step(self.now())
        self._wake.set()

    def _record(self, symbol: str) -> None:
        """A recorded contract: its frames are its book; spot, if there is any, is only its index."""
        market = self.venue.markets.get(symbol)
        if market is None:
            rules = contract(symbol)
            if rules is None:
                return
            market = Market(rules, _matcher(rules), self.now())
            self._add(symbol, market)
        self._recorded[symbol] = Recorded(market)

    def _add(self, symbol: str, market: Market) -> None:
        market.trade_id = self.venue.state.data.last_trade.get(symbol, 0)
        market.waiting = True
        self.venue.markets[symbol] = market

    @property
    def needed(self) -> bool:
        """Whether recovered orders or positions must be looked after."""
        state = self.venue.state
        held = any(True for account in state.data.accounts.values() for _ in account.held())
        return bool(held or state.open_orders or state.open_algos)

    # ---- time

    async def run(self) -> None:
        """Everything that time does, until cancelled."""
        if self.needed:
            self.ensure()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.journal.run())
            group.create_task(self._work())

    async def _work(self) -> None:
        await self._wake.wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._steps())
            if self._setup.frames is not None and self._recorded:
                group.create_task(self._play())

    async def _steps(self) -> None:
        while True:
            busy = self.hub.streams or self.needed
            await asyncio.sleep((STEP if busy else IDLE) / min(self._setup.clock.speed, 10))
            self.step(self.now())

    def step(self, now: int) -> None:
        """One step of market time over all contracts. A price that ruins an account is looked at before its stops are:
        their fills beyond bankruptcy would leave a debt."""
        self.venue.closed = self._setup.clock.ended
        for market in self.venue.markets.values():
            self._follow(market, now)
            if market.prices.mark and market.waiting:
                market.waiting = False
                self.venue.restore(market, now)
        self.guard.watch(now)
        for market in self.venue.markets.values():
            if not market.waiting:
                self.desk.algos.run(market, now)
            self.guard.fund(market, now)
        self.venue.expire(now)
        self.desk.run_countdowns(now)
        self.guard.watch(now)
        for market in self.venue.markets.values():
            self.publisher.moved(market, now)
        self.publisher.tick(now)
        self.streams.expire_keys()

    def _follow(self, market: Market, now: int) -> None:
        """Take over what spot did; work out the mark price."""
        index, mirror = 0, self._mirrors.get(market.symbol)
        if mirror is not None:
            bids, asks, index = mirror.book()
            prints = mirror.trades()
            if market.symbol not in self._recorded:
                self._derive(market, prints, now)
                self.venue.settle(market, market.matcher.update(bids, asks, now), now)
        market.reprice(index, now)

    def _derive(self, market: Market, prints: list[tuple[int, int, int]], now: int) -> None:
        for tick, lots, side in prints:
            price, quantity = market.level((tick, lots))
            market.trade(price, quantity, side, now)
            steps: list[Step] = market.matcher.traded(tick, lots, side, now)
            self.venue.settle(market, steps, now)

    async def _play(self) -> None:
        """Frames of the recording in market time."""
        clock, pause, shift = self._setup.clock, time.monotonic() + SLICE, None
        for frame in self._setup.frames(self._setup.passed.tell) if self._setup.frames else ():
            shift = shift if shift is not None else self._shift(frame.time)
            wait = (clock.due(frame.time + shift) - time.time_ns()) / 1e9
            if wait > 0 or time.monotonic() > pause:
                await asyncio.sleep(max(wait, 0))
                pause = time.monotonic() + SLICE
            self._frame(frame, frame.time + shift)

    def _shift(self, first: int) -> int:
        """Spot's shift for recordings of the same day, so that both stay side by side; else the first frame is now."""
        clock = self._setup.clock
        beside = clock.origin is not None and abs(first - clock.origin) < DAY
        return clock.shift if beside else self.now() - first

    def _frame(self, frame: Frame, now: int) -> None:
        symbol = frame.symbol or next(iter(self._recorded))
        recorded = self._recorded.get(symbol)
        if recorded is None:
            return
        market = self.venue.markets[symbol]
        try:
            steps = recorded.on_frame(frame.event, now)
        except OffGrid as error:
            self._setup.passed.tell(f"line {frame.line}: {error}")
            return
        self.venue.settle(market, steps, now)
        self.publisher.moved(market, now)

    async def reset(self, account: int) -> Json:
        """Give the account its first wallet again; see `Desk.reset`. An account without futures gets them."""
        now = self.now()
        if account not in self.venue.state.data.accounts:
            self.venue.apply(Opened(account, 0, now))
        done = self.desk.reset(account, self._setup.wallet, now)
        await self.journal.commit()
        return done

    # ---- who hears

    def _notify(self, account: int, event: Json) -> None:
        """User events go out in order, after the fact is on disk; what was ordered is told at once after it."""
        self.journal.after_commit(lambda: self.streams.notify(account, event))

    def _heard(self) -> None:
        self.ensure()
        self.publisher.plan()

    async def close(self) -> None:
        await self.journal.written()
        self.journal.close()


def _matcher(rules: Contract) -> Matcher:
    # Numba costs memory and time that a venue without futures does not pay here.
    from ...core.market.futures.core_matcher import CoreMatcher

    return CoreMatcher(rules)
