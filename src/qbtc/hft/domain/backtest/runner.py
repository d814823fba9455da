"""One run of one strategy on one feed: the memory of it, and the steps until it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.engine.memory import block

from ..strategy_class import METHODS, StrategyFault
from ..strategy_compiled import Program
from ..strategy_records import FAULTS, INTENT_BUFFER, MARKET_VIEW
from .book import Memory
from .desk import NEEDS, SIZES
from .feed import Feed
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
    SLOTS,
    Columns,
)
from .loop import clean, step
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


@dataclass(frozen=True)
class Outcome:
    """FILL, LEDGER and SAMPLE records, and the strategy's last state."""

    fills: Records
    orders: Records
    samples: Records
    state: Records
    position: int
    decisions: int


class Scratch:
    """The books of a run, to be used again by the next one on the same feed. One run at a time."""

    def __init__(self, feed: Feed) -> None:
        self.run = np.zeros(1, RUN)
        self.book = Memory(self.run["book"], feed.low, feed.high, feed.lots.dtype)
        self.own = np.zeros(int(self.run["book"]["span"][0]), np.uint8)

    def clean(self) -> None:
        """Forget what a run left in the books, level by level: far less than their memory. The run must still be there."""
        clean(self.run, self.book.levels, self.own)
        book = self.run["book"].copy()
        self.run[:] = 0
        self.run["book"] = book


class Runner:
    """Runs once. Raises StrategyFault when the strategy fails, with file and line."""

    def __init__(
        self, program: Program, parameters: dict[str, float], feed: Feed, rules: Rules, scratch: Scratch | None = None
    ) -> None:
        self.program, self.parameters, self.feed, self.rules = program, parameters, feed, rules
        self.scratch = scratch or Scratch(feed)
        self.run = self.scratch.run
        self.state = program.spec.state(parameters)
        self.view, self.intents = np.zeros(1, MARKET_VIEW), np.zeros(1, INTENT_BUFFER)
        self._blocks: dict[str, Any] = {}
        self._kept: dict[str, Records] = {}
        self._ask()
        self._furnish()

    def _ask(self) -> None:
        r, spec, f, rules = self.run, self.program.spec, self.feed, self.rules
        r["calls"][0] = [self.program.address(name) for name in METHODS]
        r["state_at"], r["view_at"] = self.state.ctypes.data, self.view.ctypes.data
        r["intents_at"], r["needs"] = self.intents.ctypes.data, self._needs()
        r["deep"] = r["needs"] & SIZES != 0
        r["timer"] = spec.timer_ns
        r["next_timer"] = f.begin + spec.timer_ns if self.program.has("on_timer") else FOREVER
        r["sampling"], r["next_sample"] = rules.sampling, f.begin + rules.sampling if rules.sampling else FOREVER
        r["until"], r["last"], r["partial"] = rules.until, f.last, rules.partial
        r["queue"], r["power"], r["known"], r["ticker"] = rules.queue, rules.power, -1, -1
        r["entry"], r["response"] = rules.delays.entry, rules.delays.response
        r["maker_fee"], r["taker_fee"] = rules.maker_fee, rules.taker_fee
        r["tick_size"], r["lot_size"], r["unit"] = f.tick_size, f.lot_size, f.tick_size * f.lot_size
        r["lot"] = round(1 / f.lot_size) if f.lot_size <= 1 else 1 / f.lot_size
        r["low_sell"], r["high_buy"], r["brake"], r["concerned"] = 1 << 62, -1, -1, FOREVER
        self.view["tick_size"], self.view["lot_size"] = f.tick_size, f.lot_size
        table = rules.delays.table
        if table is not None:
            self._blocks["delays"] = table = np.ascontiguousarray(table, np.int64)
            r["delays_at"], r["delays"] = table.ctypes.data, len(table)

    def _needs(self) -> int:
        """What of the view the strategy reads."""
        return sum({NEEDS[name] for name in self.program.spec.reads if name in NEEDS})

    def _furnish(self) -> None:
        for name, dtype, count in (
            ("orders", ORDER, SLOTS), ("free", np.int64, SLOTS), ("open", np.int64, SLOTS), ("resting", np.int64, SLOTS),
            ("requests", MESSAGE, LINE), ("answers", MESSAGE, LINE),
        ):  # fmt: skip
            made, address = block(count, dtype)
            self._blocks[name] = made
            self.run[f"{name}_at"] = address
        self._blocks["free"][:] = np.arange(SLOTS)[::-1]
        self.run["free"] = SLOTS
        for name, dtype in _KEPT:
            self._keep(name, dtype, 1 << 15)

    def _keep(self, name: str, dtype: np.dtype[np.void], room: int) -> None:
        made, address = block(room, dtype)
        used = int(self.run[name][0])
        if used:
            made[:used] = self._kept[name][:used]
        self._kept[name] = made
        self.run[f"{name}_at"], self.run[f"{name}_room"] = address, room

    def finish(self) -> Outcome:
        code = self._steps()
        fault = self._fault(code) if code != DONE else None
        outcome = self._outcome()
        self.scratch.clean()
        if fault is not None:
            raise fault
        return outcome

    def columns(self) -> Columns:
        f, s = self.feed.ready(), self.scratch
        return Columns(
            f.local, f.times, f.order, f.kind, f.first, f.tick, f.lots, f.seq, *f.sights, *f.exchange, s.book.levels, s.own, f.alone
        )  # fmt: skip

    def _steps(self) -> int:
        columns = self.columns()
        while True:
            code = step(self.run, columns)
            if code != FULL:
                return int(code)
            self._grow()

    def _grow(self) -> None:
        for name, dtype in _KEPT:
            self._keep(name, dtype, 2 * len(self._kept[name]))

    def _copy(self) -> Runner:
        return Runner(self.program, self.parameters, self.feed, self.rules)

    def _outcome(self) -> Outcome:
        r = self.run[0]
        kept = {name: self._kept[name][: int(r[name])] for name, _ in _KEPT}
        return Outcome(
            kept["fills"], kept["ledger"], kept["samples"], self.state, int(r["position"]), int(r["decisions"])
        )

    def _explain(self, decision: int, method: str) -> StrategyFault:
        """Run again up to the call that raised, then make that call in plain Python, which knows the line."""
        again = self._copy()
        again.run["brake"] = decision
        again._steps()
        return self.program.explain(method, again.state, again.view)

    def _fault(self, code: int) -> StrategyFault:
        r, spec = self.run[0], self.program.spec
        if code != RAISED:
            return StrategyFault(f"{spec.name} has more than {LINE // 2} orders on their way", path=spec.path, line=spec.line)
        method = METHODS[int(r["fault_method"])]
        if r["fault"] == -1:
            return self._explain(int(r["decisions"]) - 1, method)
        line = spec.methods[method].__code__.co_firstlineno
        what = FAULTS.get(int(r["fault"]), f"more than {SLOTS} open orders")
        return StrategyFault(f"{spec.name}.{method} asked for {what}", path=spec.path, line=line)
