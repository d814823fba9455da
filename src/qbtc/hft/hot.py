"""The hot tier: one strategy in an engine process of its own, which this side starts, watches and ends.

    HFT state, limits, slow parameters, baselines  ->  panel  ->  engine
    tape (orders sent and refused), halts          <-  panel  <-  engine

Fills come by the venue's user stream like all others, so that each is counted once. A halt of either side is the other's
too. The engine that is not beaten ends by itself; one whose strategy does not return is killed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, StrEnum
from time import monotonic

from pydantic import JsonValue

from qbtc.contracts.common import Scope, TradingState
from qbtc.core.market.instrument import Instrument
from qbtc.kit.logs import get_logger

from .adapters.hot_engine import HotEngine
from .adapters.hotloop.codes import Halt
from .adapters.hotloop.panel import Panel, TapeReader
from .domain.orders import Order, hot_strategy
from .domain.risk_records import HALTED
from .domain.strategy import Strategy
from .engine import Engine
from .errors import HotConflict
from .hot_words import MAX_SYMBOLS, Hang, Told, lasting, read_tape, refresh
from .strategies import EXAMPLES

log = get_logger(__name__)

TURN_SECONDS = 0.02
HUSH_SECONDS = 0.1
HANG_SECONDS = 3.0
END_SECONDS = 8.0
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 60.0


class Phase(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    """It ended by itself and is started again after a pause."""
    BLOCKED = "blocked"
    """It was killed; only a person's resume starts it again."""


class Hold(Enum):
    """Whether the account is being changed from outside, so that nothing may be sent."""

    NO = 0
    YES = 1
    ENDING = 2
    """It was; the desk is not reconciled yet."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`parameters` as they were when it was made: the strategy's own may change while an engine runs with these."""

    strategy: Strategy
    spin: bool
    parameters: tuple[tuple[str, float], ...]
    record: bool = False


class HotTier:
    """`start` and `stop` say what is wanted; `run` makes it so."""

    def __init__(self, engine: Engine, process: HotEngine, *, record: bool = False, clock: Callable[[], float] = monotonic) -> None:
        self._engine, self._trader, self._desk = engine, engine.trader, engine.desk
        self._process, self._clock, self._record = process, clock, record
        self.choice: Choice | None = None
        self._said: bool | None = None
        self._running: Choice | None = None
        self._items: tuple[Instrument, ...] = ()
        self._tape: TapeReader | None = None
        self._told = Told()
        self._resumed = self._blocked = False
        self._hang = Hang(HANG_SECONDS)
        self._hold = Hold.NO
        self._tries, self._start_at, self._began, self._end_by = 0, 0.0, 0.0, 0.0
        self._trader.on_state = self.tell
        self._trader.before_cancel = self.hush
        engine.strategist.elsewhere = self.owns
        engine.strategist.runs_elsewhere = self.has

    @property
    def name(self) -> str | None:
        """The strategy that is to run in the hot tier."""
        return self.choice.strategy.name if self.choice else None

    def has(self, name: str) -> bool:
        """Whether a strategy runs here or is to."""
        return name in (self.name, self._running.strategy.name if self._running and self._process.pid else self.name)

    def owns(self, order: Order) -> bool:
        """True for orders of the strategy that runs here or is to, and of an engine that a person runs without HFT."""
        here = self._running if self._process.pid is not None else None
        if order.strategy in (self.name, here.strategy.name if here else self.name):
            return True
        return hot_strategy(order.client_order_id) is not None and self._process.alone() is not None

    def check(self, name: str) -> None:
        """Raises HotConflict when the strategy cannot run in the hot tier beside what runs already."""
        others = self._engine.running - {name}
        if self.choice is not None and self.name != name:
            raise HotConflict(f"{self.name!r} runs in the hot tier, which takes one strategy", field="tier")
        if others:
            raise HotConflict(
                f"{', '.join(sorted(others))} run in the service tier on the same symbols; stop them first",
                field="tier",
            )
        alone = self._process.alone()
        if alone is not None:
            raise HotConflict(f"an engine was started alone in this home (pid {alone}); stop it first", field="tier")
        if not self._process.key.exists():
            raise HotConflict(
                f"the engine has no Ed25519 key ({self._process.key}); the local venue makes one at its first start",
                field="tier",
            )

    def check_service(self, name: str) -> None:
        """Raises HotConflict when another strategy trades the same symbols in the hot tier."""
        if self.choice is not None and self.name != name:
            raise HotConflict(f"{self.name!r} runs in the hot tier on the same symbols; stop it first", field="tier")

    def spins(self, name: str) -> bool:
        return self.choice is not None and self.name == name and self.choice.spin

    def recorded(self, name: str) -> bool | None:
        """What its start said of recording; None: nothing."""
        return self._said if self.name == name else None

    def start(self, strategy: Strategy, *, spin: bool, record: bool | None = None) -> None:
        """Run it with its parameters of now; one that runs with others, or waits differently, is started anew. `record`:
        None is as the settings say."""
        self._said, record = record, self._record if record is None else record
        self.choice = Choice(strategy, spin, tuple(sorted(strategy.parameters.items())), record)
        self._blocked, self._tries, self._start_at = False, 0, 0.0

    def stop(self) -> None:
        self.choice = None

    def resumed(self) -> None:
        """A person ended the halt."""
        self._resumed, self._blocked, self._tries, self._start_at = True, False, 0, 0.0
        self._told.resume = True
        self.tell()

    def tell(self) -> None:
        """The trading state, to the engine at once."""
        if self._process.panel is not None:
            halted = self._hold is not Hold.NO or self._end_by > 0
            state, scope = (TradingState.HALTED, Scope.CANCEL) if halted else (self._desk.state, self._desk.scope)
            self._told.state(self._process.panel, state, scope)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """The engine sends nothing until the block has ended and the desk is reconciled again."""
        self._hold = Hold.YES
        self.tell()
        await self.hush()
        try:
            yield
        finally:
            self._hold = Hold.ENDING

    def _release(self) -> None:
        if self._hold is Hold.ENDING and self._desk.reconciled and self._desk.opening:
            self._hold, self._told.baselines = Hold.NO, []

    async def hush(self) -> None:
        """Until the engine has heard of a halt, then take over every order that it sent before."""
        panel, until = self._process.panel, monotonic() + HUSH_SECONDS
        while panel is not None and panel.record["head"]["running"] and monotonic() < until:
            if int(panel.record["head"]["heard"]) == int(panel.record["control"]["asked"]):
                break
            await asyncio.sleep(0.001)
        self._read()

    async def run(self) -> None:
        left = await asyncio.to_thread(self._process.leftover)
        while True:
            await asyncio.sleep(TURN_SECONDS)
            if left is not None and self._engine.feed is not None:  # before, ticks and lots are not known
                self.take_over(left)
                left = None
            if left is None:
                self.turn()

    async def close(self) -> None:
        """The engine ends with its service; what one that had to be killed left open is nobody's from then on."""
        self.choice = None
        await asyncio.to_thread(self._process.end)
        self._read()
        self._forget_process()

    @property
    def phase(self) -> Phase:
        if self._blocked:
            return Phase.BLOCKED
        if self._process.pid is None:
            return Phase.STOPPED if self.choice is None else Phase.WAITING if self._tries else Phase.STARTING
        panel = self._process.panel
        return Phase.RUNNING if panel is not None and panel.record["head"]["running"] else Phase.STARTING

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def panel(self) -> Panel | None:
        return self._process.panel

    def take_over(self, left: Panel) -> None:
        """Orders of an earlier engine that nobody here has heard of: what was read of its tape is known, and closed orders
        that the desk has forgotten since are not to come back."""
        read_tape(TapeReader(left, left.untaken), left, self._trader)

    # One turn.

    def turn(self) -> None:
        """Look at everything once and do what is due; fifty times a second."""
        if self._process.pid is None:
            self._maybe_start()
            return
        code = self._process.ended()
        if code is not None:
            self._gone(code)
            return
        panel = self._process.attach()
        if panel is not None:
            self._serve(panel)
        if self._running != self.choice or self._items != self._wanted_items():
            self._end()

    @property
    def _symbols(self) -> tuple[str, ...]:
        return tuple(item.symbol for item in self._items)

    def _wanted_items(self) -> tuple[Instrument, ...]:
        """Those of the session that share the first one's quote asset, with the steps of now."""
        items = [self._desk.instruments[s] for s in (self._engine.feed.symbols if self._engine.feed else ())]
        return tuple(i for i in items if i.quote == items[0].quote)[:MAX_SYMBOLS]

    def _maybe_start(self) -> None:
        items = self._wanted_items()
        if self.choice is None or self._blocked or self._clock() < self._start_at or not items:
            return
        if not self._desk.opening:  # what of the balances is a position is not known yet
            return
        strategy = self.choice.strategy
        self._running, self._items, self._began, self._end_by = self.choice, items, self._clock(), 0.0
        self._hang = Hang(HANG_SECONDS)
        self._tape, self._told = None, Told(resume=self._told.resume)
        try:
            self._process.start(
                _reference(strategy), dict(self.choice.parameters), self._symbols,
                spin=self.choice.spin, resume=self._resumed, record=self.choice.record,
            )  # fmt: skip
        except OSError as error:
            log.error("the hot engine cannot be started", error=str(error))
            self._pause()
            return
        self._resumed = False
        log.info("the hot engine starts", strategy=strategy.name, symbols=[*self._symbols], pid=self._process.pid)

    def _serve(self, panel: Panel) -> None:
        panel.beat()
        if self._tape is None:
            self._tape = TapeReader(panel, 0)
            self._trader.hot_prefix = panel.prefix
        self._read()
        self._take_halt(panel)
        self._end_silence(panel)
        self._release()
        refresh(panel, self._told, self._engine, self._symbols)
        self.tell()
        self._watch(panel)

    def _read(self) -> None:
        if self._tape is not None and self._process.panel is not None:
            read_tape(self._tape, self._process.panel, self._trader)

    def _take_halt(self, panel: Panel) -> None:
        """A halt that the engine found itself halts trading here too, once the engine has heard what we wanted last."""
        head = panel.record["head"]
        if int(head["heard"]) != int(panel.record["control"]["asked"]) or self._told.resume:
            return
        reason = lasting(panel)
        if not reason and int(head["state"]) != HALTED:
            self._resumed = False
        if reason and self._desk.state is not TradingState.HALTED:
            self._halt(reason)

    def _end_silence(self, panel: Panel) -> None:
        """A halt because we were silent for a while ends with the next state that is asked for: that of now, again."""
        head = panel.record["head"]
        waits = int(head["reason"]) == Halt.CONTROL_SILENT and int(head["heard"]) == int(panel.record["control"]["asked"])
        if waits and self._desk.state is not TradingState.HALTED:
            log.warning("the hot engine did not hear from us, halted, and is told to go on")
            self._told.last = None

    def _halt(self, reason: str) -> None:
        name = self._running.strategy.name if self._running else "?"
        log.error("the hot engine stopped trading", strategy=name, reason=reason)
        self._resumed = False
        self._trader.halt(Scope.CANCEL, f"strategy {name} (hot tier): {reason}")

    def _watch(self, panel: Panel) -> None:
        """A loop that runs and does not beat is inside a strategy that does not return."""
        if self._hang.seen(panel.coming_round, self._clock()):
            self._process.kill()
            self._read()
            self._blocked = True
            self._halt(f"it did not return within {HANG_SECONDS:g} s and its engine was killed")

    def _end(self) -> None:
        if not self._end_by:
            self._end_by = self._clock() + END_SECONDS
            self.tell()
            self._process.ask_to_end()
        elif self._clock() > self._end_by:
            self._process.kill()

    def _gone(self, code: int) -> None:
        self._process.attach()
        self._read()
        asked = self._end_by > 0
        self._forget_process()
        if asked:
            return
        log.error("the hot engine ended by itself", code=code)
        if self._clock() - self._began > STEADY_SECONDS:
            self._tries = 0
        self._pause()

    def _forget_process(self) -> None:
        self._process.forget()
        self._tape, self._trader.hot_prefix = None, ""

    def _pause(self) -> None:
        self._start_at = self._clock() + PAUSES[min(self._tries, len(PAUSES) - 1)]
        self._tries += 1

    def view(self) -> dict[str, JsonValue] | None:
        """What the screen shows; None without a hot strategy."""
        if self.choice is None and self._process.pid is None:
            return None
        shown = self._running or self.choice
        row: dict[str, JsonValue] = {
            "strategy": shown.strategy.name if shown else None, "spin": bool(shown and shown.spin),
            "phase": self.phase.value, "restarts": self._tries, "symbols": [*self._symbols],
        }  # fmt: skip
        return row | (self._process.panel.status() if self._process.panel is not None else {})


def _reference(strategy: Strategy) -> str:
    """How another process finds the strategy."""
    spec = strategy.spec
    return strategy.name if strategy.name in EXAMPLES else f"{spec.path}:{spec.cls.__name__}"
