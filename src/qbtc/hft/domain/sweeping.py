"""Sweeps: which parameters are tried, and what their results together mean. Pure.

Every trial runs over all of the data once. Walk-forward and cross-validation choose by the profit of one part of that
run and judge by another, so a position that is held over a border is carried over it, as it would be in life.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qbtc.core.statistics.overfitting import Overfitting, cscv
from qbtc.core.statistics.series import maximum_drawdown, moments, ratio, sharpe, sortino
from qbtc.core.statistics.sharpe import deflated
from qbtc.core.statistics.trials import believed, effective_number, variance_of_ratios

from .backtest.assumptions import BadAssumption
from .statistics.splits import Split, Window, purged, walk_forward

Floats = NDArray[np.float64]
MOST = 1_000_000
OBJECTIVES = ("sharpe", "profit", "sortino", "calmar")
ALLOWED = "allowed: NAME=FROM:TO:STEP (both ends count), NAME=A,B,C or NAME=VALUE, such as gamma=0.1:1:0.1"


def axis(text: str) -> tuple[str, tuple[float, ...]]:
    """`a=0.1:1:0.1` as a name and its values. Raises BadAssumption."""
    name, sign, values = text.partition("=")
    if not sign or not name.strip().isidentifier():
        raise BadAssumption(f"--param {text!r} is not understood; {ALLOWED}")
    try:
        found = _range(values) if ":" in values else tuple(float(v) for v in values.split(","))
    except ValueError:
        raise BadAssumption(f"--param {text!r} is not understood; {ALLOWED}") from None
    if not found or not all(math.isfinite(v) for v in found):
        raise BadAssumption(f"--param {text!r} has no value; {ALLOWED}")
    return name.strip(), tuple(dict.fromkeys(found))


def _range(text: str) -> tuple[float, ...]:
    low, high, step = (float(part) for part in text.split(":"))
    if not step > 0 or high < low:
        raise ValueError(text)
    count = math.floor((high - low) / step * (1 + 1e-12) + 1e-9) + 1
    if count > MOST:
        raise BadAssumption(f"{text} has {count:,} values; a sweep has at most {MOST:,} trials")
    places = max(len(part.partition(".")[2]) for part in re.split(":", text))
    return tuple(round(low + i * step, places) for i in range(count))


def combinations(axes: Mapping[str, Sequence[float]]) -> list[dict[str, float]]:
    """Every combination, the last name changing fastest. Raises BadAssumption."""
    size = math.prod(len(values) for values in axes.values())
    if size > MOST:
        raise BadAssumption(f"{size:,} combinations; a sweep has at most {MOST:,}")
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def score(objective: str, profits: Floats) -> float:
    """A trial by the profits of its periods; NaN where it is not defined. Raises BadAssumption."""
    if objective == "profit":
        return float(profits.sum())
    if objective == "sharpe":
        return sharpe(profits)
    if objective == "sortino":
        return sortino(profits)
    if objective == "calmar":
        return ratio(float(profits.sum()), maximum_drawdown(np.concatenate(([0.0], np.cumsum(profits)))).depth)
    raise BadAssumption(f"there is no objective {objective!r}; allowed: {', '.join(OBJECTIVES)}")


def scores(objective: str, returns: Floats) -> Floats:
    """Of float64[N, T], a row a trial."""
    return np.array([score(objective, row) for row in returns])


def best(values: Floats) -> int:
    """The trial with the highest score, the first of equals; -1: no score is defined."""
    return -1 if not np.isfinite(values).any() else int(np.nanargmax(np.where(np.isfinite(values), values, -np.inf)))


class Chosen(NamedTuple):
    """One part of a validation: the trial that its training chose, and its score there and in the test."""

    trial: int
    inside: float
    outside: float
    profit: float
    """In the test, quote units."""


@dataclass(frozen=True)
class Judged:
    """What all trials together say. `scores` of every trial, `best` the trial chosen by them, `effective` how many
    independent trials they amount to, `deflated` the probability that the best one's Sharpe ratio is not luck."""

    scores: Floats
    best: int
    effective: float
    deflated: float
    overfitting: Overfitting | None
    walk: tuple[Chosen, ...]
    folds: tuple[Chosen, ...]
    why: str = ""
    """Why a figure is missing."""


def judge(
    returns: Floats, objective: str, *, windows: Sequence[Window] = (), splits: Sequence[Split] = (), blocks: int = 16
) -> Judged:
    """Of float64[N, T]: profits of T periods of N trials."""
    values = scores(objective, returns)
    chosen = best(values)
    effective = effective_number(returns.T)
    found, why = _overfitting(returns, blocks)
    walk = tuple(_choose(returns, objective, slice(w.train, w.train_end), slice(w.test, w.test_end)) for w in windows)
    folds = tuple(_choose(returns, objective, s.train, s.test) for s in splits)
    return Judged(values, chosen, effective, deflated_ratio(returns, chosen, effective), found, walk, folds, why)


def _choose(returns: Floats, objective: str, train: slice | NDArray[np.int64], test: slice | NDArray[np.int64]) -> Chosen:
    inside = scores(objective, returns[:, train])
    trial = best(inside)
    if trial < 0:
        return Chosen(-1, math.nan, math.nan, 0.0)
    judged = returns[trial, test]
    return Chosen(trial, float(inside[trial]), score(objective, judged), float(judged.sum()))


def deflated_ratio(returns: Floats, chosen: int, effective: float, *, earlier: float = 0.0) -> float:
    """Of the chosen row of float64[N, T]; the rows amount to `effective` independent trials. NaN where it is not defined.

    Of `earlier` trials nobody knows the ratios any more: they deviate as those of luck do, or more.
    """
    count = returns.shape[1]
    if chosen < 0 or count < 3:
        return math.nan
    m, variance = moments(returns[chosen]), believed(variance_of_ratios(returns.T), count)
    if earlier > 0:
        variance = max(variance, believed(math.nan, count))
    return deflated(sharpe(returns[chosen]), count, m.skew, m.kurtosis, trials=effective + earlier, variance=variance)


def _overfitting(returns: Floats, blocks: int) -> tuple[Overfitting | None, str]:
    try:
        return cscv(np.ascontiguousarray(returns.T), blocks), ""
    except ValueError as error:
        return None, str(error)


def plan(count: int, *, walk: tuple[int, int] | None, folds: int, embargo: int) -> tuple[list[Window], list[Split]]:
    """Windows and splits of `count` periods; `walk` is (train, test) in periods. Raises BadAssumption."""
    try:
        windows = list(walk_forward(count, *walk)) if walk else []
        splits = list(purged(count, folds, embargo=embargo)) if folds else []
    except ValueError as error:
        raise BadAssumption(str(error)) from None
    return windows, splits

