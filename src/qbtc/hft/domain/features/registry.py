"""Every market feature with its version and what it needs, and the one call that computes them all at bar close.

N is no function of the market alone: it compares states, which QCS makes, so it is computed last, by QCS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26

from ..bars import BAR_NS, COLUMNS, HISTORY, NANOS, Panel
from . import book, flow, garch, price
from .native import MIN_BARS, room
from .table import run

RETURNS = "returns"
"""Log returns of the mid: an input that is made of a column."""
BLOCK = 4096
"""Bars that are computed at a time where there are many."""


@dataclass(frozen=True, slots=True)
class Feature:
    """`inputs` are columns of bars, or RETURNS; `bars` the unbroken bars needed before the value means anything. `whole`:
    the window reaches back W + 1 bars, as the returns of W do. Without `kernel` the feature is of several symbols."""

    letter: str
    name: str
    inputs: tuple[str, ...]
    kernel: Callable[..., float] | None
    version: int = 1
    bars: int = MIN_BARS
    whole: bool = False


def _of_returns(letter: str, kernel: Callable[..., float]) -> Feature:
    return Feature(letter, kernel.__name__, (RETURNS,), kernel, whole=True)


FEATURES: tuple[Feature, ...] = (
    _of_returns("A", price.advance),
    _of_returns("B", price.burst),
    Feature("C", "control", ("order_flow", "top_size"), flow.control),
    Feature("D", "dispersion", (RETURNS,), None),
    _of_returns("E", price.entropy),
    Feature("F", "friction", ("half_spread_bp",), book.friction, bars=1),
    _of_returns("G", price.gap),
    _of_returns("H", price.hurst),
    Feature("I", "imbalance", ("imbalance",), book.imbalance, bars=1),
    Feature("J", "joint", (RETURNS,), None),
    _of_returns("K", price.kurtosis),
    Feature("L", "liquidity", ("depth",), book.liquidity, bars=1),
    Feature("M", "momentum", ("mid", "mid_high", "mid_low"), price.momentum, whole=True),
    Feature("O", "openness", ("open_interest",), flow.openness, whole=True),
    _of_returns("P", price.periodicity),
    Feature("Q", "quickness", ("messages",), flow.quickness),
    Feature("R", "reversion", ("mid",), price.reversion, whole=True),
    _of_returns("S", price.skew),
    Feature("T", "toxicity", ("buy_volume", "sell_volume"), flow.toxicity),
    _of_returns("U", garch.uncertainty),
    Feature("V", "volume", ("quote_volume",), flow.volume),
    Feature("W", "width", ("basis_bp",), book.width, bars=1),
    Feature("X", "cross_lead", (RETURNS,), None),
    Feature("Y", "funding_yield", ("funding",), book.yielded, bars=1),
    Feature("Z", "zenith", ("mid", "mid_high"), price.zenith),
)
BY_NAME = {feature.name: feature for feature in FEATURES}
ELSEWHERE = "N"
"""What QCS computes."""
TOGETHER = "DJX"
"""Of several symbols."""
PERPETUAL = "OWY"
"""Of a perpetual contract on the symbol."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Raw values (symbol, 26), NaN where `present` is false."""

    values: NDArray[np.float64]
    present: NDArray[np.bool_]


def compute(panel: Panel) -> Matrix:
    """All features of all symbols from the panel's last bars."""
    values = next(blocks(panel.data, panel.symbols, first=HISTORY - 1, seconds=BAR_NS / NANOS))[0]
    return Matrix(values, np.isfinite(values))


def warm() -> None:
    """Compile the pass, or load it from the cache, so that the first bar of a session does not wait for it."""
    compute(Panel(("BTCUSDT", "ETHUSDT")))


def blocks(
    data: NDArray[np.float64], symbols: tuple[str, ...], *, first: int = 0, seconds: float = 1.0
) -> Iterator[NDArray[np.float64]]:
    """float64[bars, symbol, 26] of the bars from `first` on, some thousand at a time. `data` is [symbol, column, bar]."""
    count, columns, bars = data.shape
    if columns != len(COLUMNS):
        raise ValueError(f"{columns} columns; the {len(COLUMNS)} of a bar are needed: {', '.join(COLUMNS)}")
    btc = np.array([name.startswith("BTC") for name in symbols])
    parts: Any = np.empty((2, max(count, 4), HISTORY))
    work = np.empty(max(room(HISTORY), 2 * count))
    whole = np.ascontiguousarray(data, np.float64)
    for begin in range(first, bars, BLOCK):
        end = min(begin + BLOCK, bars)
        out = np.empty((end - begin, count, basis26.SIZE))
        run(whole, btc, seconds, begin, end, parts[0], parts[1], out, work)
        yield out


