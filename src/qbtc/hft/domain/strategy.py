"""A strategy as the trader runs it: its parameters, one state a symbol, compiled code once it is prepared. Pure.

What a strategy class looks like: `strategy_class`; how it is compiled: `strategy_compiled`. The regime and bias of
`hft.trading.signal` reach it as slow parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from qbtc.core.market.book import Level

from .orders import Order
from .positions import Fill
from .risk_records import Records
from .strategy_class import Spec, StrategyFault, read
from .strategy_compiled import Program, intents, not_a_number
from .strategy_records import FOK, GTC, IOC, LEVELS, MARKET_VIEW, OWN, PLACE, POST, REGIMES, buffers_of, market_of

__all__ = ["FOK", "GTC", "IOC", "PLACE", "POST", "Intent", "Joint", "Sight", "Slow", "Strategy", "StrategyFault"]


@dataclass(frozen=True, slots=True)
class Slow:
    """Regime and insight; neutral when nobody said anything or what was said has expired."""

    regime: str = "unknown"
    confidence: float = 0.0
    bias: float = 0.0


NEUTRAL = Slow()


@dataclass(frozen=True, slots=True)
class Intent:
    """One wish: `verb` PLACE or CANCEL, `side` 0, 1 or 2 (both), tick 0 is MARKET (or every price), `rest` GTC, IOC, POST, FOK;
    `stop` the trigger, negative: if touched; 0: none; `leg` is the number of the market, of a strategy with legs."""

    verb: int
    side: int
    tick: int
    lots: int
    rest: int
    stop: int = 0
    leg: int = 0


class Joint:
    """What a strategy with legs sees: one record, of which the Sight of each leg is a part."""

    def __init__(self, legs: Sequence[str]) -> None:
        self.records: Records = np.zeros(1, market_of(legs))
        self.parts: list[Records] = [self.records[leg] for leg in legs]

    def about(self, leg: int) -> None:
        """Which leg the next call is about."""
        self.records["leg"] = leg


class Sight:
    """MARKET_VIEW of one symbol for one strategy, filled field by field and used again."""

    def __init__(self, tick_size: float, lot_size: float, records: Records | None = None) -> None:
        """`records`: the part of a Joint; left out: its own."""
        self.records: Records = np.zeros(1, MARKET_VIEW) if records is None else records
        self._row = self.records[0]
        self._row["tick_size"], self._row["lot_size"] = tick_size, lot_size

    def touch(self, now_ns: int, bids: Sequence[Level], asks: Sequence[Level]) -> None:
        """Best levels first; both sides have one at least."""
        row = self._row
        row["now"] = now_ns
        row["bid"], row["bid_lots"] = bids[0]
        row["ask"], row["ask_lots"] = asks[0]
        for name, levels in (("bid", bids), ("ask", asks)):
            ticks, sizes = row[f"{name}_ticks"], row[f"{name}_sizes"]
            ticks[:], sizes[:] = 0, 0
            for i, (tick, lots) in enumerate(levels[:LEVELS]):
                ticks[i], sizes[i] = tick, lots
        near, far = int(row["bid_sizes"].sum()), int(row["ask_sizes"].sum())
        row["imbalance"] = (near - far) / (near + far) if near + far else 0.0

    def own(self, position: int, mine: Sequence[Order], *, tick_units: int, lot_units: int) -> None:
        """Position in lots, and this strategy's open orders in this symbol."""
        row, working = self._row, [0, 0]
        row["position"], row["own"] = position, len(mine)
        for i, order in enumerate(mine):
            side, lots = int(order.side.value == "SELL"), order.remaining // lot_units
            working[side] += lots
            if i < OWN:
                row["own_side"][i], row["own_lots"][i] = side, lots
                row["own_tick"][i] = 0 if order.price is None else order.price // tick_units
        row["working_buy"], row["working_sell"] = working

    def slow(self, slow: Slow) -> None:
        row = self._row
        row["regime"] = REGIMES.index(slow.regime) if slow.regime in REGIMES else 0
        row["confidence"], row["bias"] = slow.confidence, slow.bias

    def trade(self, tick: int, lots: int, side: int) -> None:
        row = self._row
        row["trade"], row["trade_lots"], row["trade_side"] = tick, lots, side

    def fill(self, fill: Fill, *, tick_units: int, lot_units: int) -> None:
        row = self._row
        row["fill"], row["fill_lots"] = fill.price // tick_units, fill.quantity // lot_units
        row["fill_side"], row["fill_maker"] = int(fill.side.value == "SELL"), fill.maker


class Strategy:
    """One strategy. Not called before `prepare`, which takes seconds the first time and belongs in a thread."""

    def __init__(self, cls: type, *, name: str, plain: bool = False, digest: str = "") -> None:
        """`plain`: for backtests as plain Python; it cannot be compiled then. `digest`: of the code that was loaded."""
        self.digest = digest
        self.spec: Spec = read(cls, name=name, plain=plain)
        self.name, self.description = name, self.spec.description
        self.parameters: dict[str, float] = dict(self.spec.defaults)
        self.fault: StrategyFault | None = None
        self._program: Program | None = None
        self._states: dict[str, Records] = {}
        self._orders: Records = np.zeros(1, self.spec.orders)
        self.placed: tuple[str, ...] = ()
        """The symbols of its legs, in their order; none until it was placed, or without legs."""

    @property
    def legs(self) -> tuple[str, ...]:
        """Names of the markets that it trades at once; none: one market."""
        return self.spec.legs

    @property
    def placement(self) -> dict[str, str]:
        """Its legs with their symbols; empty until it was placed."""
        return dict(zip(self.legs, self.placed, strict=False))

    def place(self, symbols: Mapping[str, str]) -> None:
        """Give each leg its symbol. Raises ValueError that says which legs there are."""
        if {*symbols} != {*self.legs} or len({*symbols.values()}) != len(self.legs):
            given = ", ".join(f"{leg}={symbol}" for leg, symbol in symbols.items()) or "none"
            asked = f"another symbol for each of {', '.join(self.legs)}" if self.legs else "none: it trades one market"
            raise ValueError(f"{self.name} got the legs {given}; allowed: {asked}")
        self.placed = tuple(symbols[leg] for leg in self.legs)

    def trades(self, symbol: str) -> bool:
        """Whether a market is one of its own."""
        return symbol in self.placed if self.legs else True

    def memory(self, symbol: str) -> str:
        """What its state is kept under: one a symbol, of a strategy with legs one for all of them."""
        return "+".join(self.placed) if self.legs else symbol

    @property
    def ready(self) -> bool:
        return self._program is not None and self.fault is None

    def prepare(self) -> Program:
        """Compile it. Raises StrategyFault."""
        if self.spec.plain:
            return self.as_written(plain=False).prepare()
        if self._program is None:
            self._program = Program(self.spec)
        return self._program

    def as_written(self, *, plain: bool) -> Strategy:
        """The same class and parameters, read for plain Python or for the compiler. Raises StrategyFault."""
        if plain == self.spec.plain:
            return self
        made = Strategy(self.spec.cls, name=self.name, plain=plain, digest=self.digest)
        made.parameters = dict(self.parameters)
        return made

    def configure(self, parameters: Mapping[str, float]) -> None:
        """Replace some parameters. Raises ValueError naming the parameter and what is allowed."""
        self.parameters |= self.spec.checked(parameters)
        for state in self._states.values():
            for name, value in self.parameters.items():
                state[name] = value

    @property
    def chosen(self) -> dict[str, float]:
        """The parameters that are not what the code says by default: what a person set."""
        return {name: value for name, value in self.parameters.items() if value != self.spec.defaults[name]}

    def adopt(self, parameters: Mapping[str, float]) -> list[str]:
        """Take those of another version of this strategy that still fit; the names of the others."""
        left_out = []
        for name, value in parameters.items():
            try:
                self.configure({name: value})
            except ValueError:
                left_out.append(name)
        return left_out

    def forget(self) -> None:
        """What it remembers of the market and of its last fault."""
        self.forget_market()
        self.fault = None

    def forget_market(self) -> None:
        """What it remembers is in ticks, lots and times of one market; in another one it begins anew."""
        self._states.clear()

    def call(self, method: str, symbol: str, sight: Sight | Joint) -> list[Intent]:
        """What it wants now, leg by leg; nothing without that method. Raises StrategyFault."""
        if self._program is None or not self._program.has(method):
            return []
        memory = self.memory(symbol)
        if memory not in self._states:
            self._states[memory] = self.spec.state(self.parameters)
        self._program.call(method, self._states[memory], sight.records, self._orders)
        buffers = buffers_of(self._orders, self.legs)
        return [Intent(*row, leg) for leg, buffer in enumerate(buffers) for row in intents(buffer)]

    def marks(self, symbol: str, sight: Sight | Joint) -> tuple[int, int]:
        """CRC-32 of what it saw and of what it remembers now: equal marks, equal bytes."""
        return crc32(sight.records.tobytes()), crc32(self._states[self.memory(symbol)].tobytes())

    def check(self) -> None:
        """Raises StrategyFault when something it remembers is NaN or infinite."""
        for symbol, state in self._states.items():
            name = not_a_number(state)
            if name is not None:
                raise StrategyFault(f"{self.name}: {name} is not a finite number in {symbol}", path=self.spec.path, line=self.spec.line)  # fmt: skip

    def ranges(self) -> dict[str, dict[str, float | str]]:
        """Of each parameter: default, what is allowed, kind and meaning."""
        return {
            p.name: {"default": p.default, "low": p.low, "high": p.high, "kind": p.kind, "doc": p.doc}
            for p in self.spec.parameters.values()
        }
