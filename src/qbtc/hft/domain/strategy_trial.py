"""What one call of a strategy costs: the same wandering market, compiled and as plain Python. Pure; the clock is given.

Not a backtest: nothing is filled. The compiled loop calls through a pointer, as the hot loop does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic

from .strategy import Strategy
from .strategy_class import Row, StrategyFault
from .strategy_compiled import not_a_number
from .strategy_records import INTENT_BUFFER, MARKET_VIEW

Clock = Callable[[], int]
START = 1_000_000
SEED = 1
FAILED = -1


@intrinsic
def call_at(typing: Any, address: Any, own: Any, market: Any, orders: Any) -> Any:
    """`int64 f(int64, int64, int64)` at an address."""
    word = ir.IntType(64)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = ir.FunctionType(word, [word] * 3).as_pointer()
        return builder.call(builder.inttoptr(args[0], pointer), args[1:])

    return types.int64(*[types.int64] * 4), generate


@njit(cache=True, nogil=True)
def _run(address, own, market, orders, steps, imbalances):  # type: ignore[no-untyped-def]
    """Walk the price and call; the number of intents, FAILED after a call that raised."""
    wanted, view, left = 0, market[0], orders[0]
    for i in range(steps.size):
        view.now += 1_000_000
        view.bid += steps[i]
        view.ask = view.bid + 2
        view.imbalance = imbalances[i]
        left.count = 0
        if call_at(address, own, market.ctypes.data, orders.ctypes.data) != 0:  # type: ignore[call-arg]
            return FAILED
        wanted += left.count
    return wanted


def trial(strategy: Strategy, method: str, calls: int) -> Callable[[Clock], float]:
    """A measurement that gives ns a call of the compiled method, the best of five rounds. It raises StrategyFault."""
    program, state, view, orders = strategy.prepare(), strategy.spec.state(strategy.parameters), _view(), _orders()
    steps, imbalances = _walk(calls)
    arguments = (program.address(method), state.ctypes.data, view, orders)

    def run(count: int) -> None:
        if _run(*arguments, steps[:count], imbalances[:count]) == FAILED:
            raise program.explain(method, state, view)

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
    program, state, view, orders = strategy.prepare(), strategy.spec.state(strategy.parameters), _view(), _orders()
    steps, imbalances = _walk(calls)
    for step, imbalance in zip(steps.tolist(), imbalances.tolist(), strict=True):
        _move(view, step, imbalance)
        program.call(method, state, view, orders)
        name = not_a_number(state)
        if name is not None:
            message = f"{strategy.name}.{method}: {name} is not a finite number any more"
            raise StrategyFault(message, path=strategy.spec.path, line=strategy.spec.line)


def _move(view: Any, step: int, imbalance: float) -> None:
    view["now"] += 1_000_000
    view["bid"] += step
    view["ask"], view["imbalance"] = view["bid"] + 2, imbalance


def plain_ns(strategy: Strategy, method: str, calls: int, clock: Clock) -> float:
    """ns a call of the same method as plain Python."""
    state, view, orders = strategy.spec.state(strategy.parameters), _view(), _orders()
    rows = Row(state), Row(view), Row(orders)
    function, (steps, imbalances) = strategy.spec.methods[method], _walk(calls)
    start = clock()
    for step, imbalance in zip(steps.tolist(), imbalances.tolist(), strict=True):
        _move(view, step, imbalance)
        orders["count"] = 0
        function(*rows)
    return (clock() - start) / calls


def _walk(calls: int) -> tuple[Any, Any]:
    random = np.random.default_rng(SEED)
    return random.integers(-1, 2, calls), random.uniform(-1, 1, calls)


def _view() -> Any:
    made = np.zeros(1, MARKET_VIEW)
    made["bid"], made["ask"], made["tick_size"], made["lot_size"], made["now"] = START, START + 2, 0.01, 0.00001, 10**18
    return made


def _orders() -> Any:
    return np.zeros(1, INTENT_BUFFER)
