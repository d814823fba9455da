"""What one call of a strategy costs: the same wandering market, compiled and as plain Python. Pure; the clock is given.

Not a backtest: nothing is filled but one order before the first call. The compiled loop calls through a pointer, as the hot loop does. The markets of a strategy
with legs wander each for itself, and calls are about one after the other.
"""

# mypy: disable-error-code="no-untyped-def, call-arg"
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from qbtc.core.market.engine.memory import pointer, store

from .strategy import Strategy
from .strategy_class import Row, StrategyFault
from .strategy_compiled import not_a_number
from .strategy_native import call_strategy
from .strategy_records import INTENT_BUFFER, MARKET_VIEW, buffers_of

Clock = Callable[[], int]
START, LOTS = 1_000_000, 100
SEED = 1
FAILED = -1
_view_at: Any = pointer(MARKET_VIEW)
_wishes_at: Any = pointer(INTENT_BUFFER)


class _Scene:
    """The records of one strategy: what it remembers, sees and asks for. `views` and `wishes` are those of each market."""

    def __init__(self, strategy: Strategy) -> None:
        spec = strategy.spec
        self.state = spec.state(strategy.parameters)
        self.market, self.orders = np.zeros(1, spec.market), np.zeros(1, spec.orders)
        self.views = [self.market[leg] for leg in spec.legs] or [self.market]
        self.wishes = buffers_of(self.orders, spec.legs)
        self._about = self.market["leg"] if spec.legs else np.zeros(1, np.int64)
        for view in self.views:
            view["bid"], view["ask"], view["tick_size"], view["lot_size"], view["now"] = (
                START,
                START + 2,
                0.01,
                0.00001,
                10**18,
            )
            for name in ("trade", "fill"):  # a method that answers one is called when there was one
                view[name], view[f"{name}_lots"] = START, LOTS
            view["bid_lots"], view["ask_lots"] = LOTS, LOTS

    def addresses(self) -> tuple[Any, ...]:
        """Of state, market, orders, the number of the market that a call is about, each view and each buffer of wishes."""
        ones = tuple(each.ctypes.data for each in (self.state, self.market, self.orders, self._about))
        return *ones, *(np.array([each.ctypes.data for each in many], np.int64) for many in (self.views, self.wishes))

    def move(self, turn: int, steps: list[int], imbalance: float) -> None:
        self._about[0] = turn % len(self.views)
        for view, step in zip(self.views, steps, strict=True):
            view["now"] += 1_000_000
            view["bid"] += step
            view["ask"], view["imbalance"] = view["bid"] + 2, imbalance
        for buffer in self.wishes:
            buffer["count"] = 0


@njit(cache=True, nogil=True)
def _run(address, own, market, orders, about, views, wishes, steps, imbalances):
    """Walk the prices and call; the number of intents, FAILED after a call that raised."""
    wanted = 0
    for i in range(steps.shape[0]):
        store(about, i % views.size)
        for n in range(views.size):
            view = _view_at(views[n])
            view.now += 1_000_000
            view.bid += steps[i, n]
            view.ask = view.bid + 2
            view.imbalance = imbalances[i]
            _wishes_at(wishes[n]).count = 0
        if call_strategy(address, own, market, orders) != 0:
            return FAILED
        for n in range(views.size):
            wanted += _wishes_at(wishes[n]).count
    return wanted


def trial(strategy: Strategy, method: str, calls: int) -> Callable[[Clock], float]:
    """A measurement that gives ns a call of the compiled method, the best of five rounds. It raises StrategyFault."""
    program, scene = strategy.prepare(), _Scene(strategy)
    steps, imbalances = _walk(calls, len(scene.views))
    arguments = (program.address(method), *scene.addresses())

    def run(count: int) -> None:
        if _run(*arguments, steps[:count], imbalances[:count]) == FAILED:
            raise program.explain(method, scene.state, scene.market)

    run(10)

    def measure(clock: Clock) -> float:
        rounds = []
        for _ in range(5):
            start = clock()
            run(calls)
            rounds.append((clock() - start) / calls)
        return min(rounds)

    return measure


def rehearse(strategy: Strategy, method: str, calls: int) -> None:
    """Call it as the trader does. Raises StrategyFault for whatever would halt trading there."""
    program, scene = strategy.prepare(), _Scene(strategy)
    steps, imbalances = _walk(calls, len(scene.views))
    for turn, (step, imbalance) in enumerate(zip(steps.tolist(), imbalances.tolist(), strict=True)):
        scene.move(turn, step, imbalance)
        program.call(method, scene.state, scene.market, scene.orders)
        name = not_a_number(scene.state)
        if name is not None:
            message = f"{strategy.name}.{method}: {name} is not a finite number any more"
            raise StrategyFault(message, path=strategy.spec.path, line=strategy.spec.line)


def plain_ns(strategy: Strategy, method: str, calls: int, clock: Clock) -> float:
    """ns a call of the same method as plain Python."""
    scene, function = _Scene(strategy), strategy.spec.methods[method]
    rows = Row(scene.state), Row(scene.market), Row(scene.orders)
    steps, imbalances = _walk(calls, len(scene.views))
    start = clock()
    for turn, (step, imbalance) in enumerate(zip(steps.tolist(), imbalances.tolist(), strict=True)):
        scene.move(turn, step, imbalance)
        function(*rows)
    return (clock() - start) / calls


def _walk(calls: int, markets: int) -> tuple[Any, Any]:
    """Steps int64[calls, markets] and imbalances float64[calls]."""
    random = np.random.default_rng(SEED)
    return random.integers(-1, 2, (calls, markets)), random.uniform(-1, 1, calls)
