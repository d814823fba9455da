"""What the risk gate and the strategies cost in compiled code, on one core; prints one JSON line.

Goal: all rules of an ordinary order in less than 100 ns. CPU time, the best of many rounds, so that neighbours on a shared
machine count little; beside it the same gate as the control path reaches it from Python, and each example strategy
compiled (called through a pointer) and as plain Python.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain.risk_gate import ask
from qbtc.hft.domain.risk_records import LIMITS, ORDER, SITUATION, one
from qbtc.hft.domain.risk_rules import PASSES, RULE_COUNT, first_refusal
from qbtc.hft.domain.strategy_trial import plain_ns, trial
from qbtc.hft.strategies import EXAMPLES

ROUNDS, CALLS, GOAL_NS = 30, 200_000, 100.0
NOTHING = Path("/nonexistent")


@njit(nogil=True)
def _many(order, situation, limits, said, calls):  # type: ignore[no-untyped-def]
    passed = 0
    for i in range(calls):
        order[0].lots = 1000 + (i & 7)
        passed += first_refusal(order[0], situation[0], limits[0], said) == PASSES
    return passed


def records() -> tuple[Any, Any, Any]:
    order = one(ORDER, tick=6_000_000, lots=1000, kind=1)
    situation = one(
        SITUATION, allowed=1, open=1, connected=1, reconciled=1, bid=5_999_999, ask=6_000_001, last=6_000_000, age=1000,
        minute=600, typical_lots=5000, typical_spread=2048, equity=10**13, free_base=10**10, free_quote=10**13, value_num=1,
        value_den=1, lot_units=100,
    )  # fmt: skip
    limits = dict.fromkeys(LIMITS.names or (), 10**12) | {"hours_from": 0, "hours_to": 0, "min_notional": 0}
    return order, situation, one(LIMITS, **limits)


def gate() -> dict[str, float]:
    order, situation, limits = records()
    said = np.empty((RULE_COUNT, 2), np.int64)
    assert _many(order, situation, limits, said, 10) == 10
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        _many(order, situation, limits, said, CALLS)
        taken.append((time.process_time() - start) / CALLS * 1e9)
    start = time.process_time()
    for _ in range(2000):
        ask(order, situation, limits)
    python = (time.process_time() - start) / 2000 * 1e9
    return {
        "best_ns": round(min(taken), 1),
        "median_ns": round(float(np.median(taken)), 1),
        "from_python_ns": round(python),
    }


def strategies() -> dict[str, dict[str, float]]:
    found = {}
    for name in EXAMPLES:
        strategy = load(name, NOTHING)
        for method in strategy.spec.methods:
            compiled = trial(strategy, method, CALLS)(time.process_time_ns)
            plain = plain_ns(strategy, method, 2000, time.process_time_ns)
            found[f"{name}.{method}"] = {"compiled_ns": round(compiled, 1), "plain_ns": round(plain)}
    return found


def main() -> None:
    figures = gate()
    ok = figures["best_ns"] < GOAL_NS
    body = {"bench": "risk", "rules": RULE_COUNT, "goal_ns": GOAL_NS, **figures, "strategies": strategies(), "ok": ok}
    print(json.dumps(body))


if __name__ == "__main__":
    main()
