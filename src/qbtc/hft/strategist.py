"""Runs strategies on the trader's path: builds what they see, calls them, turns their intents into orders.

The same compiled code as in the hot loop, called from asyncio. A strategy that raises, or asks for what cannot be,
halts trading with a reason that names it and the line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter_ns

from qbtc.contracts.common import OrderType, Scope, Side, TradingState
from qbtc.core.market.instrument import Instrument
from qbtc.kit.logs import get_logger

from .domain.market import SymbolMarket
from .domain.orders import Order, hot_strategy
from .domain.positions import Fill
from .domain.requests import Origin
from .domain.risk import Proposal, lots_of
from .domain.risk_records import Records
from .domain.session.ear import heard
from .domain.strategy import FOK, IOC, PLACE, POST, Intent, Joint, Sight, Slow, Strategy, StrategyFault
from .domain.strategy_records import BOTH, FAULTS, LEVELS, MARK, NO_MARK
from .domain.units import ONE
from .errors import BrokenStrategy, NoSuchStrategy
from .trader import Trader

log = get_logger(__name__)

WITHDRAW_NS = 10**9
"""Between two tries."""
SIDES = (Side.BUY, Side.SELL)
CLOSE_SECONDS = 3.0
ROUND_SECONDS = 0.1


class Strategist:
    """`running` names the strategies that are called."""

    def __init__(
        self,
        trader: Trader,
        strategies: Iterable[Strategy],
        *,
        slow_of: Callable[[str], Slow],
        book_of: Callable[[str], SymbolMarket | None] = lambda _: None,
        blind_seconds: float = 5.0,
    ) -> None:
        """`book_of` gives the markets of strategies with legs."""
        self.trader, self.desk, self.ear = trader, trader.desk, trader.ear
        self.strategies = {s.name: s for s in strategies}
        self.running: set[str] = set()
        self.broken: dict[str, str] = {}
        """Files that cannot be used, and why."""
        self.files: dict[str, str] = {}
        """Whether the file of a strategy is the `same` as it was read, `changed` or `deleted`."""
        self.runs_elsewhere: Callable[[str], bool] = lambda _: False
        self._slow_of, self._book_of = slow_of, book_of
        self._sights: dict[tuple[str, str], Sight] = {}
        self._joints: dict[str, Joint] = {}
        self._timers: dict[tuple[str, str], int] = {}
        self._preparing = False
        self._awake: set[str] = set()
        self.may_wake: Callable[[Strategy], bool] = lambda s: s.ready
        """Whether a strategy can be called: its code is compiled, in a thread that takes its time."""
        self._blind_ns = int(blind_seconds * 1e9)
        self._seen: dict[str, int] = {}
        self._withdrawn = 0
        self.elsewhere: Callable[[Order], bool] = lambda _: False
        """Whether an order is one of a strategy that runs in the hot tier."""

    def find(self, name: str) -> Strategy:
        """Raises NoSuchStrategy, which says what there is; BrokenStrategy, which says what is wrong with its file."""
        found = self.strategies.get(name)
        if found is None and name in self.broken:
            raise BrokenStrategy(self.broken[name], field="strategy")
        if found is None:
            raise NoSuchStrategy(f"no strategy {name!r}", field="strategy", allowed=[*sorted(self.strategies)])
        return found

    def busy(self, name: str) -> bool:
        """Whether it runs, in whatever tier: then its code stays what it is."""
        return name in self.running or self.runs_elsewhere(name)

    def set(
        self, name: str, *, start: bool, parameters: dict[str, float], legs: Mapping[str, str] | None = None
    ) -> Strategy:  # fmt: skip
        """Start or stop a strategy and change its parameters. `legs`: symbols by leg; none are those that it has. Raises
        NoSuchStrategy; ValueError for a bad parameter or legs that are not its own."""
        strategy = self.find(name)
        values = {**strategy.parameters, **strategy.spec.checked(parameters)}
        self._place(strategy, legs or {}, start=start)
        self.turn(name, start=start, parameters=values, legs=strategy.placement)
        self.wake()
        return strategy

    def _place(self, strategy: Strategy, legs: Mapping[str, str], *, start: bool) -> None:
        if legs and self.busy(strategy.name) and legs != strategy.placement:
            on = ", ".join(f"{leg}={symbol}" for leg, symbol in strategy.placement.items())
            raise ValueError(f"{strategy.name} runs on {on}; allowed: other legs once it is stopped")
        if legs or (strategy.legs and start):
            strategy.place(legs or strategy.placement)

    @heard("strategist")
    def turn(
        self, name: str, *, start: bool, parameters: dict[str, float], legs: Mapping[str, str] | None = None
    ) -> None:  # fmt: skip
        """As `set`, with all parameters and legs. A strategy that is not here, as in a replay that it did not run in, can be stopped:
        its orders are cancelled. Raises NoSuchStrategy."""
        if (strategy := self.strategies.get(name)) is not None:
            strategy.configure(parameters)
            if legs:
                strategy.place(legs)
        if start and name not in self.running:
            self.find(name).forget()
            self._unsee(name)
            self._awake.discard(name)
            self.running.add(name)
            record = self.desk.strategy_started(name)
            if record is not None:
                self.trader.keep(record)
        elif not start:
            self.running.discard(name)
            for symbol in self.desk.instruments:
                self.trader.cancel_mine(symbol, name)

    def wake(self) -> None:
        """From here on those that were compiled meanwhile are called too: between two things that are heard, never amid
        one."""
        if self.ear.amid:
            return
        for name in sorted(self.running - self._awake):
            if name in self.strategies and self.may_wake(self.strategies[name]):
                self.woken(name)

    @heard("strategist")
    def woken(self, name: str) -> None:
        self._awake.add(name)

    @heard("strategist")
    def given_up(self, name: str, why: str) -> None:
        """A strategy that does not compile is stopped."""
        self.running.discard(name)
        log.error("strategy does not compile and is stopped", strategy=name, error=why)

    def forget_market(self) -> None:
        """For another session, or other steps of a symbol: ticks, lots and times from before say something else there."""
        self._sights.clear()
        self._joints.clear()
        self._timers.clear()
        for strategy in self.strategies.values():
            strategy.forget_market()

    def _unsee(self, name: str) -> None:
        """Another start begins with fresh eyes, perhaps on other symbols."""
        self._joints.pop(name, None)
        for key in [key for key in self._sights if key[0] == name]:
            del self._sights[key]

    def withdraw(self, markets: Mapping[str, SymbolMarket], last_frame_ns: int, now_ns: int) -> None:
        """Cancel what strategies have open in symbols that could not be seen for too long: nobody looks after it there.

        A symbol is seen by the last frame while its book is in sync; times are of the monotonic clock. A strategy with
        legs is not called while one of them is blind, so it is blind in all. The hot engine, which sees for itself, is
        left alone.
        """
        self._seen |= {symbol: last_frame_ns for symbol, market in markets.items() if market.synced}
        mine = [
            o for o in self.desk.open_orders()
            if o.strategy is not None and not o.closing and hot_strategy(o.client_order_id) is None
        ]  # fmt: skip
        unseen = [o for o in mine if any(self._is_blind(symbol, now_ns) for symbol in self._beside(o))]
        if not unseen or now_ns - self._withdrawn < WITHDRAW_NS:
            return
        self._withdrawn = now_ns
        log.warning("without market data open orders of strategies are cancelled", symbols=sorted({o.symbol for o in unseen}))
        for order in unseen:
            self.trader.cancel_soon(order)

    def _is_blind(self, symbol: str, now_ns: int) -> bool:
        return now_ns - self._seen.setdefault(symbol, now_ns) >= self._blind_ns

    def _beside(self, order: Order) -> tuple[str, ...]:
        """The symbols that the strategy of an order must see to look after it."""
        strategy = self.strategies.get(order.strategy or "")
        return (order.symbol, *(strategy.placed if strategy is not None else ()))

    def ownerless(self) -> list[Order]:
        """Open orders of strategies that run nowhere."""
        return [
            o for o in self.desk.open_orders()
            if o.strategy is not None and not o.closing and o.strategy not in self.running and not self.elsewhere(o)
        ]  # fmt: skip

    def sweep(self) -> None:
        """Cancel what is ownerless, also what could not be cancelled when its strategy was stopped."""
        for order in self.ownerless():
            self.trader.cancel_soon(order)

    async def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Before this process ends: nothing stays in the market that nobody would look after."""
        self.running.clear()
        try:
            async with asyncio.timeout(seconds):
                while orders := self.ownerless():
                    await asyncio.gather(*(self.trader.cancel_quietly(o) for o in orders), return_exceptions=True)
                    await asyncio.sleep(ROUND_SECONDS if self.ownerless() else 0)
        except TimeoutError:
            log.error("orders of strategies stay open", orders=[o.client_order_id for o in self.ownerless()])

    async def prepare(self) -> None:
        """Compile, in a thread, the running ones that are not compiled; one that does not compile is stopped."""
        if self._preparing:
            return
        self._preparing = True
        try:
            await self._prepare()
        finally:
            self._preparing = False

    async def _prepare(self) -> None:
        for name in sorted(self.running):
            strategy = self.strategies[name]
            if strategy.ready or strategy.fault is not None:
                continue
            try:
                program = await asyncio.to_thread(strategy.prepare)
                log.info("strategy is ready", strategy=name, seconds=round(program.seconds, 2))
            except StrategyFault as fault:
                strategy.fault = fault
                self.given_up(name, str(fault))

    def on_book(self, market: SymbolMarket, now_ns: int, start: int) -> None:
        """After a change of the book: its method, then timers that are due."""
        begun = perf_counter_ns()
        called = self._call("on_book", market, now_ns, frame_ns=start)
        self.on_time(market, now_ns)
        if called:
            self.trader.stages.record("decide", perf_counter_ns() - begun)

    def on_trade(self, market: SymbolMarket, now_ns: int) -> None:
        self._call("on_trade", market, now_ns)

    def on_time(self, market: SymbolMarket, now_ns: int) -> None:
        """Run the timers of a symbol that are due; then look whether what strategies remember is still numbers."""
        symbol = market.instrument.symbol
        for strategy in self._active():
            key = (strategy.name, strategy.memory(symbol))
            if strategy.trades(symbol) and now_ns - self._timers.get(key, 0) >= strategy.spec.timer_ns:
                self._timers[key] = now_ns
                self._one(strategy, "on_timer", market, now_ns)
                self._guarded(strategy, strategy.check)

    def on_fill(self, market: SymbolMarket, fill: Fill, now_ns: int) -> None:
        strategy = self.strategies.get(fill.strategy or "")
        if strategy is None or strategy not in self._active() or not strategy.trades(fill.symbol):
            return
        i = market.instrument
        self._sight(strategy, market).fill(fill, tick_units=i.tick_units, lot_units=i.lot_units)
        self._one(strategy, "on_fill", market, now_ns)

    def _active(self) -> list[Strategy]:
        if self.desk.state is TradingState.HALTED:
            return []
        self.wake()
        awake = sorted(self.running & self._awake)
        return [s for name in awake if (s := self.strategies[name]).ready]

    def _call(self, method: str, market: SymbolMarket, now_ns: int, *, frame_ns: int | None = None) -> int:
        active = [s for s in self._active() if s.trades(market.instrument.symbol)]
        for strategy in active:
            self._one(strategy, method, market, now_ns, frame_ns=frame_ns)
        return len(active)

    def _one(self, s: Strategy, method: str, market: SymbolMarket, now_ns: int, *, frame_ns: int | None = None) -> None:
        if method not in s.spec.methods or not self._look_at_all(s, market, now_ns):
            return
        symbol = market.instrument.symbol
        sight = self._joint(s, method, symbol) if s.legs else self._sight(s, market)

        def act() -> None:
            wanted = s.call(method, symbol, sight)
            if wanted:
                self.ear.says("called", lambda: (s.name, symbol, method, *s.marks(symbol, sight)))
            self._act(s, market.instrument, wanted, frame_ns)

        self._guarded(s, act)

    def _guarded(self, strategy: Strategy, work: Callable[[], None]) -> None:
        try:
            work()
        except StrategyFault as fault:
            self._halt(strategy, fault)

    def _halt(self, strategy: Strategy, fault: StrategyFault) -> None:
        strategy.fault = fault
        self.running.discard(strategy.name)
        self.trader.keep(self.desk.strategy_failed(strategy.name, str(fault)))
        log.error("a strategy failed and trading is halted", strategy=strategy.name, error=str(fault))
        self.trader.halt(Scope.CANCEL, f"strategy {strategy.name}: {fault}")

    def _sight(self, strategy: Strategy, market: SymbolMarket) -> Sight:
        i = market.instrument
        key = (strategy.name, i.symbol)
        if key not in self._sights:
            self._sights[key] = Sight(i.tick_units / ONE, i.lot_units / ONE, self.part(strategy, i.symbol))
        return self._sights[key]

    def part(self, strategy: Strategy, symbol: str) -> Records | None:
        """Where a strategy with legs sees a symbol; None without legs."""
        if not strategy.legs:
            return None
        if strategy.name not in self._joints:
            self._joints[strategy.name] = Joint(strategy.legs)
        return self._joints[strategy.name].parts[strategy.placed.index(symbol)]

    def _joint(self, strategy: Strategy, method: str, symbol: str) -> Joint:
        """What is seen of all legs, once each was looked at. A timer is about all of them, which is 0."""
        joint = self._joints[strategy.name]
        joint.about(0 if method == "on_timer" else strategy.placed.index(symbol))
        return joint

    def _look_at_all(self, s: Strategy, market: SymbolMarket, now_ns: int) -> bool:
        """False when a market of the strategy has no book to look at."""
        if not s.legs:
            return self._look(s, market, now_ns)
        legs = [self._book_of(symbol) for symbol in s.placed]
        return all(leg is not None and self._look(s, leg, now_ns) for leg in legs)

    def _look(self, strategy: Strategy, market: SymbolMarket, now_ns: int) -> bool:
        """Fill the record; False when there is no book to look at."""
        bids, asks = market.levels(LEVELS)
        if not market.synced or not bids or not asks:
            return False
        i, sight = market.instrument, self._sight(strategy, market)
        mine = [o for o in self.desk.open_orders(i.symbol) if o.strategy == strategy.name]
        sight.touch(now_ns, bids, asks)
        sight.own(
            lots_of(self.desk.position(i.symbol).quantity, i), mine, tick_units=i.tick_units, lot_units=i.lot_units
        )
        sight.slow(self._slow_of(i.symbol))
        if market.last_trade is not None:
            sight.trade(*market.last_trade)
        return True

    def _act(self, strategy: Strategy, market: Instrument, wanted: Sequence[Intent], frame_ns: int | None) -> None:
        if any(w.verb == PLACE and w.rest >= MARK for w in wanted):
            raise StrategyFault(f"{strategy.name} asked for {FAULTS[NO_MARK]}", path=strategy.spec.path, line=strategy.spec.line)
        for w in wanted:
            i = self.desk.instruments[strategy.placed[w.leg]] if strategy.legs else market
            if w.verb != PLACE:
                side = None if w.side == BOTH else SIDES[w.side]
                self.trader.cancel_mine(i.symbol, strategy.name, side=side, price=w.tick * i.tick_units or None)
                continue
            self.trader.fire(proposal(w, i), Origin(
                strategy=strategy.name, ioc=w.rest == IOC, post=w.rest == POST, fok=w.rest == FOK, frame_ns=frame_ns,
            ))  # fmt: skip


def proposal(w: Intent, i: Instrument) -> Proposal:
    return Proposal(
        i.symbol, SIDES[w.side], OrderType.LIMIT if w.tick else OrderType.MARKET, w.lots * i.lot_units,
        w.tick * i.tick_units or None, trigger=abs(w.stop) * i.tick_units or None, touched=w.stop < 0,
    )  # fmt: skip
