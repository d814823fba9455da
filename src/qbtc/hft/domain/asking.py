"""What may be asked of research over the network, as plain values. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .backtest import assumptions
from .backtest.assumptions import BadAssumption, duration
from .sweeping import OBJECTIVES

MOST_TRIALS = 2_000


class Refused(BadAssumption):
    """`field` says which value."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


def check_assumptions(asked: Mapping[str, Any], fills: Sequence[str]) -> None:
    """Raises Refused."""
    _each("latency", asked["latency"], _latency)
    _each("queue", asked["queue"], assumptions.queue)
    _each("sample", asked["sample"], _positive)
    if asked["fees"] is not None:
        _each("fees", asked["fees"], assumptions.fees)
    if asked["fill"] not in fills:
        raise Refused("fill", f"there is no fill rule {asked['fill']!r}; allowed: {', '.join(fills)}")


def check_sweep(asked: Mapping[str, Any]) -> None:
    """Raises Refused."""
    for name in ("train", "test", *(["newest"] if asked["newest"] else [])):
        _each(name, asked[name], _positive)
    if asked["objective"] not in OBJECTIVES:
        raise Refused("objective", f"there is no objective {asked['objective']!r}; allowed: {', '.join(OBJECTIVES)}")
    for name, values in asked["grid"].items():
        if len(set(values)) < len(values):
            raise Refused("grid", f"{name} has a value more than once; allowed: each value once")
    count = math.prod(len(values) for values in asked["grid"].values())
    if not asked["grid"] or not 1 <= count <= MOST_TRIALS:
        raise Refused("grid", f"{count:,} combinations; allowed: 1 to {MOST_TRIALS:,}")


def _each(field: str, text: str, check: Callable[[str], object]) -> None:
    try:
        check(text)
    except BadAssumption as error:
        raise Refused(field, str(error)) from None


def _positive(text: str) -> None:
    if duration(text) <= 0:
        raise BadAssumption(f"{text!r} is no time at all; allowed: more than 0, such as 1s")


def _latency(text: str) -> None:
    if assumptions.latency(text).path:
        raise BadAssumption("a table of latencies is for the command line; allowed here: 10ms, entry=2ms,response=5ms, feed")
