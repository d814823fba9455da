"""What bars are: columns of one symbol, each bar known at its `time`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PRICES = ("open", "high", "low", "close")
MOST = float(1 << 53)
"""Ticks and lots are exact up to here."""


class BadBars(ValueError):
    """These columns are no bars, or cannot be made into some; says what is allowed."""


@dataclass(frozen=True)
class Bars:
    """n bars of one symbol, in order. `time` int64[n]: UTC ns at which a bar is over and known; `begin` of its first moment.
    Prices float64[n] in quote units, whole ticks; `volume` base units."""

    symbol: str
    tick_size: float
    lot_size: float
    begin: Ints
    time: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    venue: str = ""

    def __len__(self) -> int:
        return self.time.size

    def __repr__(self) -> str:
        return f"<Bars {self.symbol}: {len(self):,}>"

    @property
    def step(self) -> int:
        """ns between two bars, the median."""
        return int(np.median(np.diff(self.time))) if len(self) > 1 else int(self.time[-1] - self.begin[-1])

    def columns(self) -> dict[str, Any]:
        """{name: array} of begin, time, prices and volume."""
        return {name: getattr(self, name) for name in ("begin", "time", *PRICES, "volume")}

    def ticks(self, name: str) -> Ints:
        """A price in ticks."""
        made: Ints = np.rint(getattr(self, name) / self.tick_size).astype(np.int64)
        return made


def checked(given: Mapping[str, Any], *, symbol: str, tick_size: float, lot_size: float, venue: str = "") -> Bars:
    """Bars of columns begin, time, open, high, low, close, volume. Raises BadBars naming the bar (from 1) and what is wrong."""
    for name, size in (("tick_size", tick_size), ("lot_size", lot_size)):
        if not (np.isfinite(size) and size > 0):
            raise BadBars(f"{name} = {size!r}; allowed: a number above 0")
    times = {name: np.ascontiguousarray(given[name], np.int64) for name in ("begin", "time")}
    floats = {name: _floats(given[name], name, times["time"].shape) for name in (*PRICES, "volume")}
    if times["time"].ndim != 1 or not times["time"].size:
        raise BadBars(f"{symbol}: there are no bars; allowed: columns of one dimension with one bar at least")
    o, h, low, c = (floats[name] for name in PRICES)
    with np.errstate(invalid="ignore"):
        _refuse(~(np.isfinite(h) & (low > 0) & (low <= np.minimum(o, c)) & (np.maximum(o, c) <= h)),
                "prices must be above 0 with low <= open, close <= high", floats)  # fmt: skip
        _refuse(~(np.isfinite(floats["volume"]) & (floats["volume"] >= 0)), "the volume must be 0 or more", floats)
    _refuse(np.append(False, np.diff(times["time"]) <= 0), "times must rise", times)
    _refuse(times["begin"] > times["time"], "a bar must not begin after its time", times)
    if float(h.max()) / tick_size > MOST:
        raise BadBars(f"{symbol}: tick_size = {tick_size!r} makes prices of more than 2^53 ticks; allowed: a larger one")
    every: dict[str, Any] = {**times, **floats}
    return Bars(symbol, float(tick_size), float(lot_size), venue=venue, **every)


def _floats(given: Any, name: str, shape: tuple[int, ...]) -> Floats:
    try:
        made = np.ascontiguousarray(given, np.float64)
    except (TypeError, ValueError):
        raise BadBars(f"column {name} holds something that is no number") from None
    if made.shape != shape:
        raise BadBars(f"column {name} has the shape {made.shape}, the times have {shape}; allowed: equal ones")
    return made


def _refuse(wrong: NDArray[np.bool_], rule: str, shown: Mapping[str, NDArray[Any]]) -> None:
    found = np.flatnonzero(wrong)
    if found.size:
        at = int(found[0])
        values = ", ".join(f"{name} {column[at]}" for name, column in shown.items())
        raise BadBars(f"bar {at + 1}: {rule}; it has {values}")
