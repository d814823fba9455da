"""The trading loop: market frames -> book -> bars -> strategies -> orders; connection, clock and health around it.

The path from frame to order is synchronous code in the stream's callback. Everything that waits (snapshots,
reconciliation, resends) runs in tasks of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from itertools import count
from time import monotonic_ns, perf_counter_ns

import msgspec

from qbtc.contracts import MarketMode
from qbtc.contracts.trading import Signal
from qbtc.core.binance.messages import MalformedFrame, MarketEvent, Trade, decode_stream
from qbtc.core.market.book import DepthSnapshot
from qbtc.core.market.instrument import Instrument, OffGrid
from qbtc.kit.logs import get_logger
from qbtc.kit.tracing import current_traceparent, span

from .audits import Audits
from .domain.bars import NANOS
from .domain.desk import Desk
from .domain.features import warm as warm_features
from .domain.feed import Closed, Feed, Reach, event_ns
from .domain.market import SymbolMarket
from .domain.orders import State
from .domain.positions import Fill
from .domain.risk_gate import warm
from .domain.risk_situation import Market
from .domain.session.ear import heard
from .domain.standardise import MINUTE_NS
from .domain.strategy import NEUTRAL, Slow, Strategy
from .facts import BarFact
from .pause import Pause
from .ports import MarketInfo, NoAnswer, Venue, VenueError
from .reconciler import Report, audit, reconcile
from .strategist import Strategist
from .trader import Trader

log = get_logger(__name__)

PAUSE_MIN, PAUSE_MAX = 0.25, 5.0
STEADY_NS = 5 * NANOS
"""A connection that lasted so long was a good one: the next pause is the shortest again."""
ASK_MIN, ASK_MAX = 0.5, 4.0
"""Seconds between two questions about orders of unknown state, each time twice as long."""
LATE_BAR_NS = NANOS // 2
BEYOND = 50
"""Frames in a row with a time that cannot be, after which the venue is asked for its time again."""
MARKET_EVENT = b'{"stream":"!market@qbtc"'


class MarketChanged(Exception):
    """The venue's market is another one now (new session, ended, or resumed): connect again."""


class Engine:
    def __init__(
        self,
        desk: Desk,
        trader: Trader,
        venue: Venue,
        strategies: Sequence[Strategy],
        *,
        symbols: Sequence[str],
        unknown_seconds: float,
        audit_seconds: float = 30.0,
        running: Sequence[str] | None = None,
        keyed: bool = True,
        blind_seconds: float = 5.0,
    ) -> None:
        """`running` names the strategies that run from the start; None: all of them. Unless `keyed`, the account is
        nothing to wait for: there may be no keys, or wrong ones, and market data all the same."""
        self.desk, self.trader, self.venue = desk, trader, venue
        self.ear = trader.ear
        self.ear.clock = lambda: monotonic_ns()  # noqa: PLW0108 - looked up at each call, as tests need it
        self.spawn: Callable[[Coroutine[object, object, None]], object] = self._spawn
        self.strategist = Strategist(
            trader, strategies, slow_of=self.slow_of, book_of=self.book_of, blind_seconds=blind_seconds
        )
        self.strategies, self.running = self.strategist.strategies, self.strategist.running
        self.running.update(self.strategies if running is None else running)
        self.feed: Feed | None = None
        self._next: Feed | None = None
        self.market: MarketInfo | None = None
        self.report = Report()
        self.slow: dict[str, tuple[Slow, int]] = {}
        self.fill_listeners: list[Callable[[Fill], None]] = []
        self.on_session: Callable[[Feed, MarketInfo], asyncio.Future[None] | None] = lambda _f, _m: None
        self._wanted, self._keyed = tuple(symbols), keyed
        self._audit_seconds = audit_seconds
        self._keeper: asyncio.Task[None] | None = None
        self.audits = Audits()
        self._last_frame = 0
        self._heard: dict[str, int] = {}
        self._anchor, self._reach, self._beyond = (0, 0), Reach(), 0
        self._connected = self._user_up = False
        self._syncing: set[str] = set()
        self._asking: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._malformed = 0
        self._trouble = ""
        self._ask_pause, self._doubtful = Pause(ASK_MIN, ASK_MAX), set[str]()
        trader.doubts.on_doubt = self.audits.ask
        trader.follow(self.market_of, self.now, on_fill=self._on_fill, unknown_seconds=unknown_seconds)

    # What the trader and the screen ask.

    def now(self) -> int:
        """Market time of the newest frame, in ns."""
        return self.feed.now_ns if self.feed else 0

    def market_of(self, symbol: str) -> Market:
        market = self.feed.markets.get(symbol) if self.feed else None
        last = self._heard.get(symbol)
        age = (self.ear.now() - last) // 1_000_000 if last is not None else None
        if market is None:
            return Market(None, age, self.open, ended=self._ended)
        now = self.now()
        lots, spread, moved = market.usual(now)
        return Market(
            market.mid(), age, self.open, market.bid(), market.ask(), market.last_price, lots, spread, moved,
            now // MINUTE_NS % 1440 if now else None, self._ended,
        )  # fmt: skip

    def book_of(self, symbol: str) -> SymbolMarket | None:
        """None for a symbol that is not in this session."""
        return self.feed.markets.get(symbol) if self.feed else None

    @property
    def open(self) -> bool:
        return self._connected and self.market is not None and not self.market.ended

    @property
    def _ended(self) -> bool:
        return self.market is not None and self.market.ended

    @property
    def mode(self) -> MarketMode:
        return self.market.mode if self.market else MarketMode.ENDED

    async def check_venue(self) -> None:
        """For readiness: raises while the venue's streams are not up. An ended market is a healthy one."""
        if self.market is not None and self.market.ended:
            return
        if not self._connected or (self._keyed and not self._user_up):
            raise NoAnswer("not connected to the venue's streams yet" + (f": {self._trouble}" if self._trouble else ""))
        if self._keyed and not self.desk.reconciled:
            raise NoAnswer("not yet reconciled with the venue")

    def signal(self, signal: Signal) -> None:
        self.advised(signal.symbol, Slow(signal.regime, signal.confidence, signal.bias), signal.valid_until)

    @heard("engine")
    def advised(self, symbol: str, slow: Slow, until_ns: int) -> None:
        """Slow parameters of a symbol, valid until a market time."""
        self.slow[symbol] = (slow, until_ns)

    def slow_of(self, symbol: str) -> Slow:
        slow, until = self.slow.get(symbol, (NEUTRAL, 0))
        return slow if self.now() <= until else NEUTRAL

    def set_strategy(
        self, name: str, *, start: bool, parameters: dict[str, float], legs: Mapping[str, str] | None = None
    ) -> Strategy:  # fmt: skip
        """Start or stop a strategy and change its parameters. Raises NoSuchStrategy; ValueError for a bad parameter or leg."""
        return self.strategist.set(name, start=start, parameters=parameters, legs=legs)

    # Tasks.

    async def run_market(self) -> None:
        """Connect to the market, for ever; after breaks in a row with a growing pause."""
        await asyncio.to_thread(warm)
        await asyncio.to_thread(warm_features)
        pause = PAUSE_MIN
        while True:
            begun = monotonic_ns()
            try:
                await self._session()
            except (NoAnswer, VenueError, MalformedFrame, OffGrid) as error:
                self._trouble = str(error)
                log.warning("market connection will be tried again", error=self._trouble, pause=pause)
            except MarketChanged:
                pass
            finally:
                self.cut_off()
            pause = _next_pause(pause, begun)
            await asyncio.sleep(pause)

    @heard("engine")
    def cut_off(self) -> None:
        """The market's stream has ended: no book is in sync any more."""
        self._connected = False
        if self.feed is not None:
            self.feed.disconnected()

    @heard("engine")
    def measured(self, info: MarketInfo, asked_ns: int) -> None:
        """What time the venue says it is: frames of a time that cannot be are refused from here on."""
        self._anchor, self._reach, self._beyond = (0, 0), Reach(info.market_time_ns, asked_ns, info.speed), 0

    @heard("engine")
    def opened(self, info: MarketInfo) -> None:
        self.market = info

    async def _session(self) -> None:
        asked = monotonic_ns()
        info = await self.venue.market()
        self.measured(info, asked)
        symbols = tuple(s for s in self._wanted if s in info.symbols) or info.symbols
        if (
            self.feed is None
            or self.market is None
            or self.market.session != info.session
            or self.feed.symbols != symbols
        ):
            await self._new_session(info, await self.venue.instruments(symbols))
        elif not info.ended:
            await self._refresh(self.feed, info)
        self.opened(info)
        if info.ended:
            await asyncio.sleep(PAUSE_MAX)
            return
        self._trouble = ""
        log.info("market connected", mode=info.mode.value, session=info.session, symbols=list(symbols))
        await self.venue.stream(symbols, self.on_frame)

    async def _refresh(self, feed: Feed, info: MarketInfo) -> None:
        """Between two connections a live venue may have changed a symbol's steps: then its books begin anew."""
        now = {i.symbol: i for i in await self.venue.instruments(feed.symbols)}
        if now != {symbol: market.instrument for symbol, market in feed.markets.items()}:
            log.warning("the symbols of the venue have changed", symbols=[*now])
            await self._new_session(info, [*now.values()])

    async def _new_session(self, info: MarketInfo, instruments: Sequence[Instrument]) -> None:
        feed = Feed(instruments, session=info.session, started_ns=info.started_ns, futures=self.desk.futures)
        self.desk.know_session(instruments)
        waiting = self.on_session(feed, info)
        if waiting is not None:
            await waiting
        self._next = feed
        self.begin(info, instruments)

    @heard("engine")
    def begin(self, info: MarketInfo, instruments: Sequence[Instrument]) -> None:
        """Another market: the one that was made ready with what is remembered of it, if any."""
        self.strategist.forget_market()
        made, self._next = self._next, None
        self.feed = made or Feed(
            instruments, session=info.session, started_ns=info.started_ns, futures=self.desk.futures
        )

    async def run_user(self) -> None:
        """Hear what happens to our orders; every connection starts with a reconciliation."""
        pause = PAUSE_MIN
        while True:
            begun = monotonic_ns()
            try:
                if not self.desk.instruments:
                    raise NoAnswer("the market is not known yet")
                await self.venue.user_stream(self._user_connected, self.trader.on_user_event)
            except (NoAnswer, VenueError) as error:
                log.info("user stream will be tried again", error=str(error), pause=pause)
            finally:
                self._user_up = False
                self.desk.linked(up=False)
                if self._keeper is not None:
                    self._keeper.cancel()
            pause = _next_pause(pause, begun)
            await asyncio.sleep(pause)

    def _user_connected(self) -> None:
        self._user_up = True
        self.desk.linked(up=True)
        self._keeper = self._spawn(self._keep_reconciled())

    async def _keep_reconciled(self) -> None:
        """While a connection lasts: reconcile before the first order, then look again and again without a halt."""
        while True:
            number = self.audits.begin()
            try:
                await self._measure_clock()
                self.report = await (audit if self.desk.reconciled else reconcile)(self.trader)
                pause = self._audit_seconds
                if self.report.settled:
                    self.audits.end(number)
            except (NoAnswer, VenueError) as error:
                log.warning("reconciliation will be tried again", error=str(error))
                pause = 1.0
            except Exception as error:  # without a comparison no order may pass, and it must not end unheard
                self.desk.compared(agrees=False)
                log.error("reconciliation failed and will be tried again", error=f"{type(error).__name__}: {error}")
                pause = 1.0
            await self.audits.pause(pause)

    async def _measure_clock(self) -> None:
        """While the venue's clock is silent the skew is not known, and no order passes."""
        try:
            self.desk.clock_is_off(abs(await self.venue.clock_offset_ns()))
        except (NoAnswer, VenueError):
            self.desk.clock_is_off(None)
            raise

    async def run_watch(self) -> None:
        """Four times a second, waiting for none of it: the day's loss, what a kill could not do yet, late bars; and
        once a second unknown orders, those of strategies that run nowhere, and what waits for the journal's disk."""
        for turn in count():
            await asyncio.sleep(0.25)
            self.strategist.wake()
            self.look(fully=turn % 4 == 0)
            self._spawn(self.trader.switch.pursue())
            if turn % 4 == 0:
                self.trader.catch_up()
                self._spawn(self._settle_unknown())
            self._spawn(self.strategist.prepare())

    @heard("engine")
    def look(self, *, fully: bool) -> None:
        """One turn of the watch, as far as it decides: `fully` once a second."""
        self._mark()
        self.strategist.withdraw(self.feed.markets if self.feed else {}, self._last_frame, self.ear.now())
        self._late_bars()
        if fully:
            self.strategist.sweep()

    def _late_bars(self) -> None:
        """Close a bar in a quiet market: market time runs on with the wall clock while the stream is up."""
        if self.feed is None or self.market is None or not self.open or not self._anchor[0]:
            return
        at, wall = self._anchor
        run_on = int((self.ear.now() - wall - LATE_BAR_NS) * self.market.speed)
        if run_on > 0:
            self._close_bars(self.feed.due(at + run_on))

    async def _settle_unknown(self) -> None:
        """Each order that is not being asked for already, side by side."""
        if not (self._user_up and self.desk.reconciled):
            return
        served = self.desk.instruments.keys()
        unknown = [o for o in self.desk.open_orders() if o.state is State.UNKNOWN and o.symbol in served]
        if not self._may_ask({o.client_order_id for o in unknown}):
            return
        asked = {o.client_order_id: o for o in unknown if o.client_order_id not in self._asking}
        self._asking |= asked.keys()
        try:
            found = await asyncio.gather(*(self.trader.resolve([o]) for o in asked.values()), return_exceptions=True)
        finally:
            self._asking -= asked.keys()
        for error in found:
            if error is not None and not isinstance(error, NoAnswer):
                log.error("an order could not be asked for", error=f"{type(error).__name__}: {error}")

    def _may_ask(self, unknown: set[str]) -> bool:
        """What was not in doubt before is asked for at once."""
        new, self._doubtful = unknown - self._doubtful, unknown
        if new or not unknown:
            self._ask_pause.over()
        if not unknown or not self._ask_pause.due:
            return False
        self._ask_pause.tried()
        return True

    def _mark(self) -> None:
        if self.feed is None or not self.feed.now_ns:
            return
        was = self.desk.state
        for record in self.desk.mark(self.feed.marks(), self.feed.now_ns):
            self.trader.keep(record)
        if self.desk.state is not was:
            log.warning("the trading state changed", state=self.desk.state.value, reason=self.desk.reason)

    # The hot path.

    def on_frame(self, raw: bytes) -> None:
        """One frame of the market stream. A malformed one is counted and skipped; the book resyncs if it mattered."""
        self.strategist.wake()
        self.frame(raw)

    @heard("engine")
    def frame(self, raw: bytes) -> None:
        start = perf_counter_ns()
        if raw.startswith(MARKET_EVENT):
            self._on_market_event(raw)
            return
        self._connected, self._last_frame = True, self.ear.now()
        feed = self.feed
        if feed is None:
            return
        try:
            _, event = decode_stream(raw)
            self._apply(feed, event, start)
        except (MalformedFrame, OffGrid, KeyError) as error:
            self._malformed += 1
            log.warning("a market frame was skipped", error=str(error), skipped=self._malformed)

    def _apply(self, feed: Feed, event: MarketEvent, start: int) -> None:
        at = event_ns(event)
        if at is not None:
            self._in_reach(at)
            self._close_bars(feed.due(at))
            self._anchor = max(self._anchor, (at, self._last_frame))
        changed = feed.apply(event)
        self._heard[event.symbol] = self._last_frame
        self.trader.stages.record("decode", perf_counter_ns() - start)
        market = feed.markets[event.symbol]
        if changed:
            self.strategist.on_book(market, self.now(), start)
        elif isinstance(event, Trade):
            self.strategist.on_trade(market, self.now())
        if not market.synced:
            self._resync(event.symbol)

    def _in_reach(self, at: int) -> None:
        """Raises MalformedFrame for a time that cannot be; MarketChanged when many say it, so it may be our clock."""
        self._beyond += 1
        if self._beyond > BEYOND:
            raise MarketChanged
        self._reach.check(at, self._last_frame)
        self._beyond = 0

    def _on_fill(self, fill: Fill) -> None:
        for tell in self.fill_listeners:
            tell(fill)
        market = self.feed.markets.get(fill.symbol) if self.feed else None
        if market is not None:
            self.strategist.on_fill(market, fill, self.now())

    # Bars.

    def _close_bars(self, closed: Sequence[Closed]) -> None:
        for bar in closed:
            started = perf_counter_ns()
            with span("market.frame", bar=bar.number, symbols=len(bar.bars)):
                self.trader.trace = current_traceparent()
                self._on_bar(bar)
            self.trader.stages.record("bar_close", perf_counter_ns() - started)

    def _on_bar(self, bar: Closed) -> None:
        feed = self.feed
        if feed is None:
            return
        minute = bar.end_ns % MINUTE_NS == 0
        self.trader.out.put(BarFact(bar, feed.session, self.mode.value, self.trader.trace, minute))
        for market in feed.markets.values():
            self.strategist.on_time(market, bar.end_ns)

    # Synchronisation.

    def _resync(self, symbol: str) -> None:
        if symbol not in self._syncing:
            self._syncing.add(symbol)
            self.spawn(self._snapshot(symbol))

    async def _snapshot(self, symbol: str) -> None:
        try:
            for attempt in range(20):
                feed = self.feed
                market = feed.markets.get(symbol) if feed else None
                if market is None or market.synced or not self._connected:
                    return
                try:
                    if market.last_price is None:
                        price = await self.venue.last_price(market.instrument)
                        if self.feed is feed:
                            self.last_traded(symbol, price)
                    found = await self.venue.snapshot(market.instrument)
                    if self.feed is feed and self.snapshot(symbol, found):
                        log.info("book in sync", symbol=symbol, update_id=market.local.book.update_id, attempt=attempt)
                        return
                except (NoAnswer, VenueError, MalformedFrame, OffGrid) as error:
                    log.warning("no snapshot of the book yet", symbol=symbol, error=str(error), attempt=attempt)
                await asyncio.sleep(min(0.1 * 2**attempt, 2.0))
        finally:
            self._syncing.discard(symbol)

    @heard("engine")
    def last_traded(self, symbol: str, price: int | None) -> None:
        """The last price, of a market whose trades are not heard yet."""
        if self.feed is not None:
            self.feed.markets[symbol].last_price = price

    @heard("engine")
    def snapshot(self, symbol: str, found: DepthSnapshot) -> bool:
        """A snapshot of the book; False when another one is needed."""
        return self.feed is not None and self.feed.markets[symbol].on_snapshot(found)

    def _on_market_event(self, raw: bytes) -> None:
        body = msgspec.json.decode(raw)["data"]
        known = self.market
        changed = known is None or bool(body.get("ended")) != known.ended or str(body.get("session")) != known.session
        if changed:
            log.info("the market changed", state=body.get("state"), session=body.get("session"))
            raise MarketChanged
        self._connected = True

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _next_pause(pause: float, begun_ns: int) -> float:
    """Before the next connection, in seconds. One that is closed as soon as it is made would else be made four times a
    second, each time with questions that count at the venue."""
    return PAUSE_MIN if monotonic_ns() - begun_ns >= STEADY_NS else min(pause * 2, PAUSE_MAX)
