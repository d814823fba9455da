"""One run of one strategy on one feed, or on one a leg: the memory of it, and the steps until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.engine.memory import block

from ..strategy_class import METHODS, StrategyFault
from ..strategy_compiled import Program
from ..strategy_records import FAULTS
from .book import Memory
from .desk import NEEDS, SIZES
from .feed import Array, Feed, alike
from .layout import (
    DONE,
    FILL,
    FOREVER,
    FULL,
    LEDGER,
    LINE,
    MESSAGE,
    ORDER,
    RAISED,
    RUN,
    SAMPLE,
    SETTLEMENT,
    SLOTS,
    Columns,
)
from .loop import clean, step
from .margin import Keeper, Margin, MarginKept
from .queues import Queue

Records = NDArray[np.void]
_KEPT = (("fills", FILL), ("ledger", LEDGER), ("samples", SAMPLE))


@dataclass(frozen=True)
class Delays:
    """ns from the desk to the exchange and back; `table` int64[rows, 3] (asked, reached, answered) instead of both."""

    entry: int = 10_000_000
    response: int = 10_000_000
    table: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Rules:
    """What a run assumes. Fees are shares of the value; `sampling` ns between two samples of the account."""

    queue: Queue = Queue.POWER3
    power: float = 3.0
    partial: bool = False
    delays: Delays = field(default_factory=Delays)
    maker_fee: float = 0.0002
    taker_fee: float = 0.0005
    sampling: int = 1_000_000_000
    until: int = FOREVER
    stp: int = 0
    """What happens when own orders meet at the matching core (`engine.layout.Stp`)."""
    funding: Records | None = None
    """SETTLEMENT records: when, the rate, and the mark where it is known."""
    margin: Margin | None = None
    """Of futures: the account, its leverage, and the mark prices."""


@dataclass(frozen=True)
class Outcome:
    """FILL, LEDGER, SAMPLE and SETTLEMENT records of one market, and the strategy's last state."""

    fills: Records
    orders: Records
    samples: Records
    funding: Records
    state: Records
    position: int
    decisions: int


class Scratch:
    """The books of a run, to be used again by the next one on the same feeds. One run at a time."""

    def __init__(self, *feeds: Feed) -> None:
        self.runs = np.zeros(len(feeds), RUN)
        self.books = [Memory(self._run(n)["book"], f.low, f.high, f.lots.dtype) for n, f in enumerate(feeds)]
        self.own = [np.zeros(f.span, np.uint8) for f in feeds]

    def _run(self, n: int) -> Records:
        return self.runs[n : n + 1]

    def clean(self) -> None:
        """Forget what a run left in the books, level by level: far less than their memory. The run must still be there."""
        for n, (book, own) in enumerate(zip(self.books, self.own, strict=True)):
            clean(self._run(n), book.levels, own)
        books = self.runs["book"].copy()
        self.runs[:] = 0
        self.runs["book"] = books


class Leg:
    """One market of a run: its RUN record, the blocks that this names, and what is kept of it."""

    def __init__(self, run: Records, feed: Feed, rules: Rules, levels: Array, own: Array) -> None:
        self.run, self.feed, self.rules = run, feed, rules
        self._written = levels, own
        self.own = own
        self.blocks: dict[str, Any] = {}
        self.kept: dict[str, Records] = {}
        self._say()
        self._furnish()

    def _say(self) -> None:
        r, f, rules = self.run, self.feed, self.rules
        r["sampling"], r["until"], r["partial"] = rules.sampling, rules.until, rules.partial
        r["queue"], r["power"], r["known"], r["ticker"] = rules.queue, rules.power, -1, -1
        r["marks_at"] = f.mark.ctypes.data
        r["entry"], r["response"] = rules.delays.entry, rules.delays.response
        r["maker_fee"], r["taker_fee"] = rules.maker_fee, rules.taker_fee
        r["tick_size"], r["lot_size"], r["unit"] = f.tick_size, f.lot_size, f.tick_size * f.lot_size
        r["lot"] = round(1 / f.lot_size) if f.lot_size <= 1 else 1 / f.lot_size
        r["low_sell"], r["high_buy"], r["brake"], r["concerned"] = 1 << 62, -1, -1, FOREVER
        r["next_timer"] = FOREVER
        if rules.delays.table is not None:
            self._lend("delays", np.ascontiguousarray(rules.delays.table, np.int64))
        if rules.funding is not None:
            self._lend("settlements", rules.funding.copy())
        if rules.margin is not None:
            self._lend("looks", rules.margin.looks)
            r["tick_units"] = rules.margin.contract.tick
        dates = [self.blocks[name]["time"][:1] for name in ("looks", "settlements") if name in self.blocks]
        r["dated"] = min((int(date) for each in dates for date in each), default=FOREVER)

    def _lend(self, name: str, table: Any) -> None:
        self.blocks[name] = table
        self.run[f"{name}_at"], self.run[name] = table.ctypes.data, len(table)

    def _furnish(self) -> None:
        for name, dtype, count in (
            ("orders", ORDER, SLOTS), ("free", np.int64, SLOTS), ("open", np.int64, SLOTS), ("resting", np.int64, SLOTS),
            ("stops", np.int64, SLOTS),
            ("requests", MESSAGE, LINE), ("answers", MESSAGE, LINE),
        ):  # fmt: skip
            self.blocks[name], self.run[f"{name}_at"] = block(count, dtype)
        self.blocks["free"][:] = np.arange(SLOTS)[::-1]
        self.run["free"] = SLOTS
        for name, dtype in _KEPT:
            self._keep(name, dtype, 1 << 15)

    def _keep(self, name: str, dtype: np.dtype[np.void], room: int) -> None:
        made, address = block(room, dtype)
        used = int(self.run[name][0])
        if used:
            made[:used] = self.kept[name][:used]
        self.kept[name] = made
        self.run[f"{name}_at"], self.run[f"{name}_room"] = address, room

    def grow(self) -> None:
        for name, dtype in _KEPT:
            self._keep(name, dtype, 2 * len(self.kept[name]))

    def columns(self) -> Columns:
        f = self.feed.ready()
        return Columns(
            f.local, f.times, f.order, f.kind, f.first, f.tick, f.lots, f.seq, *f.sights, *f.exchange, *self._written, f.alone
        )  # fmt: skip

    def outcome(self, state: Records, decisions: int) -> Outcome:
        r = self.run[0]
        kept = {name: self.kept[name][: int(r[name])] for name, _ in _KEPT}
        paid = self.blocks["settlements"][: int(r["settled"])] if "settlements" in self.blocks else np.empty(0, SETTLEMENT)
        return Outcome(kept["fills"], kept["ledger"], kept["samples"], paid, state, int(r["position"]), decisions)


class Runner:
    """Runs once, on a feed a leg of the strategy. Raises StrategyFault when the strategy fails, with file and line."""

    stepper: Any = staticmethod(step)

    def __init__(
        self, program: Program, parameters: dict[str, float], feeds: Feed | Sequence[Feed], rules: Rules | Sequence[Rules],
        scratch: Scratch | None = None,
    ) -> None:  # fmt: skip
        feeds = [feeds] if isinstance(feeds, Feed) else list(feeds)
        rules = [rules] * len(feeds) if isinstance(rules, Rules) else list(rules)
        self.program, self.parameters = program, parameters
        self._again: tuple[Any, ...] = (feeds, rules)
        feeds = alike(feeds)
        self.scratch = scratch or Scratch(*feeds)
        self.runs = self.scratch.runs
        self.legs = [
            Leg(self.runs[n : n + 1], f, each, self.scratch.books[n].levels, self.scratch.own[n])
            for n, (f, each) in enumerate(zip(feeds, rules, strict=True))
        ]
        self.state = program.spec.state(parameters)
        self.view, self.intents = np.zeros(1, program.spec.market), np.zeros(1, program.spec.orders)
        self._turn = np.zeros(1, np.int64)
        self.keeper: Keeper | None = None
        self._ask(feeds)
        self._look()
        account = next((each.margin for each in rules if each.margin), None)
        if account is not None:
            self._margin(account, min(f.begin for f in feeds))

    def _ask(self, feeds: Sequence[Feed]) -> None:
        runs, spec = self.runs, self.program.spec
        begin = min(f.begin for f in feeds)
        runs["calls"] = [self.program.address(name) for name in METHODS]
        runs["state_at"], runs["leg_at"] = self.state.ctypes.data, self._turn.ctypes.data
        runs["market_at"], runs["wishes_at"] = self.view.ctypes.data, self.intents.ctypes.data
        runs["needs"] = sum({NEEDS[name] for name in spec.reads if name in NEEDS})
        runs["deep"] = runs["needs"] & SIZES != 0
        runs["last"] = max(f.last for f in feeds)
        runs["next_sample"] = np.where(runs["sampling"] > 0, begin + runs["sampling"], FOREVER)
        runs["timer"][0] = spec.timer_ns
        runs["next_timer"][0] = begin + spec.timer_ns if self.program.has("on_timer") else FOREVER

    def _look(self) -> None:
        """Where the strategy sees each market and leaves its wishes for it."""
        names, single = self.program.spec.legs, not self.program.spec.legs
        for n, leg in enumerate(self.legs):
            view, wishes = (self.view, self.intents) if single else (self.view[names[n]], self.intents[names[n]])
            view["tick_size"], view["lot_size"] = leg.feed.tick_size, leg.feed.lot_size
            leg.run["view_at"], leg.run["intents_at"] = view.ctypes.data, wishes.ctypes.data
        if not single:
            self.runs["leg_at"] = self.view["leg"].ctypes.data

    def _margin(self, account: Margin, begin: int) -> None:
        """Keep the account of the futures among the legs."""
        from .margin_run import RunKeeper

        self.keeper = RunKeeper(account, self.legs, begin)

    @property
    def margin(self) -> MarginKept | None:
        """What was kept of the account, after the run."""
        return self.keeper.kept() if self.keeper is not None else None

    @property
    def progress(self) -> float:
        """Share of the first leg's time that has passed, 0 to 1, as the next sample of the account says."""
        feed, run = self.legs[0].feed, self.runs[0]
        length = feed.last - feed.begin
        gone = int(run["next_sample"]) - feed.begin
        return min(max(gone / length, 0.0), 1.0) if run["sampling"] and length > 0 else 0.0

    def finish(self) -> Outcome:
        """What came of the only leg, or the first."""
        return self.finish_all()[0]

    def finish_all(self) -> list[Outcome]:
        """What came of every leg, in their order."""
        try:
            code = self._steps()
            if self.keeper is not None and self.keeper.fault is not None:
                raise self.keeper.fault
            fault = self._fault(code) if code != DONE else None
            outcomes = [leg.outcome(self.state, int(self.runs["decisions"][0])) for leg in self.legs]
        finally:
            self.scratch.clean()
        if fault is not None:
            raise fault
        return outcomes

    def _steps(self) -> int:
        columns = tuple(leg.columns() for leg in self.legs)
        while True:
            code = self.stepper(self.runs, columns)
            if code != FULL:
                return int(code)
            for leg in self.legs:
                leg.grow()

    def _copy(self) -> Runner:
        return Runner(self.program, self.parameters, *self._again)

    def _explain(self, decision: int, method: str) -> StrategyFault:
        """Run again up to the call that raised, then make that call in plain Python, which knows the line."""
        again = self._copy()
        again.runs["brake"] = decision
        again._steps()
        return self.program.explain(method, again.state, again.view)

    def _fault(self, code: int) -> BaseException:
        r, spec = self.runs[0], self.program.spec
        if code != RAISED:
            return StrategyFault(f"{spec.name} has more than {LINE // 2} orders on their way", path=spec.path, line=spec.line)
        method = METHODS[int(r["fault_method"])]
        if r["fault"] == -1:
            return self._explain(int(r["decisions"]) - 1, method)
        line = spec.methods[method].__code__.co_firstlineno
        what = FAULTS.get(int(r["fault"]), f"more than {SLOTS} open orders")
        return StrategyFault(f"{spec.name}.{method} asked for {what}", path=spec.path, line=line)
