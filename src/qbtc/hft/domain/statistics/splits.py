"""Which periods to learn on and which to test on: index arithmetic only.

A label of period i may need the periods up to i + horizon; a period whose label reaches into the test is purged from
the training, and `embargo` periods behind a test are left out. M. Lopez de Prado, Advances in Financial Machine
Learning (2018), chapters 7 and 12.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from qbtc.core.statistics.series import Ints


class Split(NamedTuple):
    """Periods, ascending: int64[...] each."""

    train: Ints
    test: Ints


class Window(NamedTuple):
    """Half-open ranges of periods: [train, train_end) and [test, test_end)."""

    train: int
    train_end: int
    test: int
    test_end: int


def walk_forward(
    count: int, train: int, test: int, *, step: int | None = None, gap: int = 0, anchored: bool = False
) -> Iterator[Window]:
    """Windows of `train` periods and the `test` periods behind them, `gap` between, moved by `step` (default `test`).

    `anchored`: training always begins at 0 and grows. Only whole windows. Raises ValueError.
    """
    by = test if step is None else step
    if min(train, test, by) < 1 or gap < 0 or train + gap + test > count:
        raise ValueError(
            f"walk-forward in {count} periods needs train, test and step of one at least, a gap of 0 at least and "
            f"train + gap + test of {count} at most, not train {train}, test {test}, step {by}, gap {gap}"
        )
    return _windows(count, train, test, by, gap, anchored)


def _windows(count: int, train: int, test: int, by: int, gap: int, anchored: bool) -> Iterator[Window]:
    for begin in range(0, count - train - gap - test + 1, by):
        end = begin + train
        yield Window(0 if anchored else begin, end, end + gap, end + gap + test)


def purged(count: int, folds: int, *, horizon: int = 0, embargo: int = 0) -> Iterator[Split]:
    """K-fold without leakage: each fold once as the test. Raises ValueError."""
    return combinatorial(count, folds, 1, horizon=horizon, embargo=embargo)


def combinatorial(count: int, groups: int, tests: int, *, horizon: int = 0, embargo: int = 0) -> Iterator[Split]:
    """Every choice of `tests` of `groups` as the test (CPCV). Raises ValueError."""
    if not (2 <= groups <= count and 1 <= tests < groups and horizon >= 0 and embargo >= 0):
        raise ValueError(
            f"{count} periods need 2 to {count} groups, 1 to groups - 1 of them as tests, horizon and embargo of 0 at "
            f"least, not groups {groups}, tests {tests}, horizon {horizon}, embargo {embargo}"
        )
    return _choices(count, groups, tests, horizon, embargo)


def _choices(count: int, groups: int, tests: int, horizon: int, embargo: int) -> Iterator[Split]:
    edges = [int(part[0]) for part in np.array_split(np.arange(count), groups)] + [count]
    for chosen in combinations(range(groups), tests):
        tested, barred = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        for group in chosen:
            tested[edges[group] : edges[group + 1]] = True
            # From the first whose label reaches in, to the last that a label of the test, or its echo, reaches.
            barred[max(edges[group] - horizon, 0) : edges[group + 1] + horizon + embargo] = True
        yield Split(np.flatnonzero(~barred), np.flatnonzero(tested))
