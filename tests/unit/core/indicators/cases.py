"""Series and parameters that the indicator tests run over."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from qbtc.core.indicators import FUNCTIONS
from qbtc.core.indicators.registry import Function, Parameter

Array = NDArray[np.float64]
Bars = dict[str, Array]


def bars(close: Array, seed: int, *, spread: float, volume: Array | None = None) -> Bars:
    """Open, high, low, close and volume around a series of closes, and the other names that functions use."""
    random = np.random.default_rng(seed)
    n, reach = len(close), spread * np.abs(random.normal(size=(3, len(close))))
    open_ = np.concatenate([close[:1], close[:-1]]) + spread * random.normal(size=n) * 0.5
    high, low = np.maximum(open_, close) + reach[0], np.minimum(open_, close) - reach[1]
    volume = np.floor(random.random(n) * 1000.0) + 1.0 if volume is None else volume
    return {
        "open": open_, "high": high, "low": low, "close": close, "volume": volume, "real": close, "real0": close,
        "real1": open_, "periods": np.floor(random.random(n) * 40.0) - 2.0,
    }  # fmt: skip


def walk(n: int, seed: int = 5, *, start: float = 100.0, step: float = 0.5) -> Bars:
    moves = np.random.default_rng(seed).normal(size=n) * step
    return bars(np.abs(start + np.cumsum(moves)) + step, seed + 1, spread=step * 0.6)


def ticks(n: int, seed: int = 7) -> Bars:
    """Prices on a coarse grid: equal closes, dojis, gaps of nothing and bars without volume are frequent."""
    random = np.random.default_rng(seed)
    made = bars(50.0 + np.cumsum(random.integers(-2, 3, n)) * 0.25, seed + 1, spread=0.4)
    grid = {name: np.round(made[name] * 4.0) / 4.0 for name in ("open", "high", "low", "close")}
    volume = np.where(random.random(n) < 0.3, 0.0, np.floor(random.random(n) * 50.0))
    return made | grid | {"volume": volume, "real": grid["close"], "real0": grid["close"], "real1": grid["open"]}


def with_gaps(made: Bars, lengths: tuple[int, ...] = (3, 7, 1)) -> Bars:
    """The same with NaN in front, of different length in each input."""
    found = {}
    for i, (name, values) in enumerate(made.items()):
        found[name] = values.copy()
        found[name][: lengths[i % len(lengths)]] = np.nan
    return found


def series() -> dict[str, Bars]:
    """What every function is compared on, by name."""
    n = 600
    flat, line, spike = np.full(n, 37.25), np.arange(n) * 0.5 + 10.0, walk(n, 11)["close"]
    spike[200] *= 1e4
    return {
        "walk": walk(2500), "ticks": ticks(2500), "constant": bars(flat, 3, spread=0.0), "ramp up": bars(line, 4, spread=0.1),
        "ramp down": bars(line[::-1].copy(), 4, spread=0.1), "spike": bars(spike, 12, spread=0.3),
        "tiny": walk(n, 13, start=1e-6, step=5e-9), "huge": walk(n, 14, start=1e9, step=5e6),
        "leading NaN": with_gaps(walk(n, 15)), "short": walk(3, 16), "empty": walk(0, 17),
    }  # fmt: skip


def inputs(function: Function, made: Bars) -> list[Array]:
    """The arrays that a function takes, in the range where it is defined."""
    found = [made[name] for name in function.inputs]
    if function.name in ("ACOS", "ASIN"):
        return [np.sin(found[0])]
    if function.name in ("EXP", "SINH", "COSH"):
        return [np.sin(found[0]) * 20.0]
    return found


def _choices(p: Parameter) -> tuple[float, ...]:
    if not p.whole:
        return (p.default, p.low if p.low > -1e30 else -1.5, p.high if p.high < 1e30 else 2.5)
    if "matype" in p.name:
        return (p.default, p.default, p.default)
    return (p.default, p.low, 41)


def parameters(function: Function) -> Iterator[dict[str, float]]:
    """The defaults, the smallest, larger ones; for several periods also in another order."""
    sets = [{p.name: _choices(p)[i] for p in function.parameters} for i in range(3)]
    if len(function.parameters) > 1:
        sets.append({p.name: _choices(p)[(i + 1) % 3] for i, p in enumerate(function.parameters)})
    seen: list[dict[str, float]] = []
    for chosen in sets:
        if chosen.get("minperiod", 0) > chosen.get("maxperiod", 0):
            chosen["minperiod"] = chosen["maxperiod"]
        if chosen not in seen:
            seen.append(chosen)
            yield chosen


def names(group: str = "") -> list[str]:
    return [name for name, function in FUNCTIONS.items() if group in ("", function.group)]


def chunks(items: list[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
