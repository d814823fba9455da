"""Every market feature with its version and what it needs, and the one call that computes them all at bar close.

Absent by construction (masked, never filled in): O, W and Y need derivatives data, U needs a fitted GARCH model,
and N is computed last, by QCS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26

from ..bars import Panel
from . import book, cross, flow, price
from .window import MIN_BARS, Array, Window


@dataclass(frozen=True, slots=True)
class Feature:
    """`bars`: unbroken bars needed before the value means anything."""

    letter: str
    compute: Callable[[Window], Array]
    version: int = 1
    bars: int = MIN_BARS


@dataclass(frozen=True, slots=True)
class CrossFeature:
    letter: str
    compute: Callable[[Array, int | None], Array]
    version: int = 1
    bars: int = MIN_BARS


FEATURES: tuple[Feature, ...] = (
    Feature("A", price.advance),
    Feature("B", price.burst),
    Feature("C", flow.control),
    Feature("E", price.entropy),
    Feature("F", book.friction, bars=1),
    Feature("G", price.gap),
    Feature("H", price.hurst),
    Feature("I", book.imbalance, bars=1),
    Feature("K", price.kurtosis),
    Feature("L", book.liquidity, bars=1),
    Feature("M", price.momentum),
    Feature("P", price.periodicity),
    Feature("Q", flow.quickness),
    Feature("R", price.reversion),
    Feature("S", price.skew),
    Feature("T", flow.toxicity),
    Feature("V", flow.volume),
    Feature("Z", price.zenith),
)
CROSS: tuple[CrossFeature, ...] = (
    CrossFeature("D", cross.dispersion),
    CrossFeature("J", cross.joint),
    CrossFeature("X", cross.cross_lead),
)
MISSING = {
    "N": "computed last, by QCS",
    "O": "needs open interest",
    "U": "needs a fitted GARCH model",
    "W": "needs the perpetual's price",
    "Y": "needs the funding rate",
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Raw values (symbol, 26), NaN where `present` is false."""

    values: NDArray[np.float64]
    present: NDArray[np.bool_]


def compute(panel: Panel) -> Matrix:
    """All features of all symbols from the panel's last bars."""
    values = np.full((len(panel.symbols), basis26.SIZE), np.nan)
    lengths = panel.lengths()
    for length in np.unique(lengths[lengths > 0]):
        rows = np.flatnonzero(lengths == length)
        _fill(values, rows, Window.of(panel.data[rows, :, -int(length) :]), int(length))
    _fill_cross(values, panel, lengths)
    values[~np.isfinite(values)] = np.nan
    return Matrix(values, np.isfinite(values))


def _fill(values: NDArray[np.float64], rows: NDArray[np.int64], window: Window, bars: int) -> None:
    for feature in FEATURES:
        if bars >= feature.bars:
            values[rows, basis26.INDEX[feature.letter]] = feature.compute(window)


def _fill_cross(values: NDArray[np.float64], panel: Panel, lengths: NDArray[np.int64]) -> None:
    """Symbols with enough bars, cut to the shortest of them so that all rows are aligned."""
    rows = np.flatnonzero(lengths >= MIN_BARS)
    if len(rows) < 2:
        return
    shortest = int(lengths[rows].min())
    returns = Window.of(panel.data[rows, :, -shortest:]).returns
    names = [panel.symbols[i] for i in rows]
    reference = next((i for i, name in enumerate(names) if name.startswith("BTC")), None)
    for feature in CROSS:
        values[rows, basis26.INDEX[feature.letter]] = feature.compute(returns, reference)
