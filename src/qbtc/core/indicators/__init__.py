"""Technical indicators: every function of TA-Lib 0.8, one kernel each, in batch, in streams and inside strategies.

    EMA(prices, timeperiod=10)              # float64 array as long as prices, NaN before the first value
    ema = EMA.stream(timeperiod=10)         # ema.update(price): the newest value, the same bits as the batch
    class Cross: fast = EMA.field(timeperiod=10)   # self.fast.update(price), compiled, without allocation

A kernel is a pure step on a tuple of numbers and rings, compiled into the loop of a batch and around the memory of a
stream. Unstable periods are 0, candle settings TA-Lib's defaults. Below: `registry` (names, parameters), `kernels`
(formulas), `entries` (compiled code). Code is compiled when a function is first used and kept on disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .registry import FUNCTIONS, MA_Type

if TYPE_CHECKING:
    from .front import Indicator

__all__ = ["FUNCTIONS", "MA_Type", "groups", "indicator"]


def indicator(name: str) -> Indicator:
    """The indicator of a name. Raises KeyError that says so."""
    from .front import named

    if name not in FUNCTIONS:
        raise KeyError(f"there is no indicator {name!r}")
    return named(name)


def groups() -> dict[str, tuple[str, ...]]:
    """The names of each group, as TA-Lib groups them."""
    found: dict[str, tuple[str, ...]] = {}
    for function in FUNCTIONS.values():
        found[function.group] = (*found.get(function.group, ()), function.name)
    return found


def __getattr__(name: str) -> Any:
    if name in FUNCTIONS:
        return indicator(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *FUNCTIONS])
