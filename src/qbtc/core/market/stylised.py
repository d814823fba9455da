"""Stylised facts of a market: what a simulated one is calibrated to and judged by. Pure statistics.

A `Sample` is one symbol seen for a while: its taker orders and its book on a grid of 100 ms. `facts` turns it into
named numbers; `errors` compares two such sets. Recorded and simulated markets go through the same code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .hawkes import fit

Real = NDArray[np.float64]
GRID_MS = 100
BANDS = (1.0, 5.0, 10.0)
"""Half widths, in basis points of the mid, within which depth is measured."""

LOGARITHMIC = frozenset({"log_value_mean"})


@dataclass(slots=True)
class Observer:
    """Collects a sample. Times are milliseconds, ascending; `value` is price times quantity in the quote asset."""

    _takers: list[tuple[int, bool, float, int]] = field(default_factory=list)
    _books: list[tuple[float, ...]] = field(default_factory=list)

    def on_trade(self, ms: int, value: float, *, sold: bool) -> None:
        """One fill. Fills of one side in the same millisecond count as one taker order."""
        if self._takers and self._takers[-1][:2] == (ms, sold):
            before = self._takers[-1]
            self._takers[-1] = (ms, sold, before[2] + value, before[3] + 1)
        else:
            self._takers.append((ms, sold, value, 1))

    def on_book(self, ms: int, touch: tuple[float, float], depths: tuple[float, ...], changes: tuple[int, int]) -> None:
        """The book at `ms`: (mid, spread in ticks), (touch, then one a band) values a side, levels (grown, shrunk)."""
        self._books.append((float(ms), *touch, *depths, *map(float, changes)))

    def sample(self) -> Sample:
        """Raises ValueError if there is less than a minute of it."""
        books = np.array(self._books, np.float64).reshape(len(self._books), -1)
        if not len(books) or books[-1, 0] - books[0, 0] < 60_000:
            raise ValueError("a sample needs at least a minute of book states")
        kept = [taker for taker in self._takers if books[0, 0] <= taker[0] <= books[-1, 0]]
        takers = np.array(kept, np.float64).reshape(len(kept), 4)
        return Sample(books, takers)


@dataclass(frozen=True, slots=True)
class Sample:
    """`books` rows: ms, mid, spread, touch, a column a band, grown, shrunk. `takers` rows: ms, sold, value, fills."""

    books: Real
    takers: Real

    @property
    def seconds(self) -> float:
        return float(self.books[-1, 0] - self.books[0, 0]) / 1000

    def taker_times(self) -> Real:
        """Seconds from the start, ties spread evenly over their millisecond so that times ascend strictly."""
        ms = self.takers[:, 0] - self.books[0, 0]
        first = np.searchsorted(ms, ms, side="left")
        count = np.searchsorted(ms, ms, side="right") - first
        times: Real = (ms + (np.arange(ms.size) - first) / count) / 1000
        return np.minimum(times, self.seconds)

    def log_mid(self) -> Real:
        """Logarithm of the mid on the grid, last value carried forward."""
        grid = np.arange(self.books[0, 0], self.books[-1, 0], GRID_MS)
        at = np.searchsorted(self.books[:, 0], grid, side="right") - 1
        return np.asarray(np.log(self.books[at, 1]))


def facts(sample: Sample) -> dict[str, float]:
    """The named numbers. Rates a second; volatility in basis points per square root of a second."""
    found = _flow(sample) | _book(sample) | _returns(sample.log_mid())
    process = fit(sample.taker_times(), sample.seconds)
    slow, fast = process.branching
    return found | {"branching_slow": slow, "branching_fast": fast, "decay_slow": process.decay[0]}


def _flow(sample: Sample) -> dict[str, float]:
    value = np.log(np.maximum(sample.takers[:, 2], 1e-8))
    return {
        "takers": len(sample.takers) / sample.seconds,
        "fills_per_taker": float(sample.takers[:, 3].mean()),
        "log_value_mean": float(value.mean()),
        "log_value_sd": float(value.std()),
        "fano_1s": _fano(sample, 1.0),
        "fano_10s": _fano(sample, 10.0),
    }


def _fano(sample: Sample, width: float) -> float:
    """Variance of the count of taker orders in windows of `width` seconds over its mean: 1 for Poisson."""
    edges = np.arange(0.0, sample.seconds, width)
    counts, _ = np.histogram(sample.taker_times(), edges)
    return float(counts.var() / counts.mean())


def _book(sample: Sample) -> dict[str, float]:
    books = sample.books
    bands = {f"depth_{band:g}bp": float(books[:, 4 + i].mean()) for i, band in enumerate(BANDS)}
    return {
        "spread": float(books[:, 2].mean()),
        "tight": float((books[:, 2] <= 1).mean()),
        "touch": float(books[:, 3].mean()),
        **bands,
        "grown": float(books[:, -2].sum()) / sample.seconds,
        "shrunk": float(books[:, -1].sum()) / sample.seconds,
    }


def _returns(log_mid: Real) -> dict[str, float]:
    found: dict[str, float] = {}
    for seconds in (1, 10, 60):
        steps = seconds * 1000 // GRID_MS
        moved = (log_mid[steps:] - log_mid[:-steps]) * 1e4
        found[f"volatility_{seconds}s"] = float(moved.std()) / math.sqrt(seconds)
    second = log_mid[10:] - log_mid[:-10]
    spread = second.var()
    found["kurtosis_1s"] = float(((second - second.mean()) ** 4).mean() / spread**2) if spread else float("nan")
    return found


def errors(target: Mapping[str, float], found: Mapping[str, float]) -> dict[str, float]:
    """How far `found` is from `target`: relative, or the difference itself for logarithms. Names of `target`."""
    return {
        name: found[name] - value if name in LOGARITHMIC else (found[name] - value) / abs(value) if value else math.inf
        for name, value in target.items()
    }
