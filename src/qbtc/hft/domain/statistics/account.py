"""Equity and exposure of a run, from its samples and fills (records of `domain.backtest.layout`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qbtc.core.statistics.series import Floats, Ints

Records = NDArray[np.void]
ROUNDING = 1e-12
"""A profit below this share of the largest value held comes from rounding, and is none."""


class Account(NamedTuple):
    """One value a sample, the begin of the run (all 0) first. `times` ns, `position` base units, the rest quote units.

    `mid` NaN: unknown then; equity is marked at the last one that was known.
    """

    times: Ints
    position: Floats
    mid: Floats
    gross: Floats
    net: Floats


def account(samples: Records, begin: int, lot_size: float) -> Account:
    """Of SAMPLE records."""
    position, mid = samples["position"] * lot_size, np.ascontiguousarray(samples["mid"])
    gross = samples["cash"] + position * _known(mid)
    columns = (position, mid, gross, gross - samples["fee"])
    first = (0.0, np.nan, 0.0, 0.0)
    parts = [np.concatenate(([a], b)) for a, b in zip(first, columns, strict=True)]
    return Account(np.concatenate(([begin], samples["time"])).astype(np.int64), *parts)


def merged(accounts: Sequence[Account]) -> Account:
    """Accounts that were looked at at the same times as one: profits added, no position and no mid of its own."""
    first, none = accounts[0], np.zeros(accounts[0].times.size)
    gross, profit = (np.sum([getattr(a, name) for a in accounts], axis=0) for name in ("gross", "net"))
    return Account(first.times, none, np.full(none.size, np.nan), gross, profit)


def net(samples: Records, lot_size: float) -> Floats:
    """Profit after fees at every sample, quote units."""
    return account(samples, 0, lot_size).net[1:]


def _known(mid: Floats) -> Floats:
    """The last value that was known; 0 before there is one."""
    place = np.maximum.accumulate(np.where(np.isfinite(mid), np.arange(mid.size), -1))
    return np.where(place >= 0, np.append(mid, 0.0)[place], 0.0)


def periods(a: Account) -> tuple[Floats, int]:
    """(profit of every whole period, its length in ns). What is left at the end is no period."""
    steps = np.diff(a.times)
    if not steps.size:
        return np.empty(0), 0
    step = int(np.median(steps))
    profits = np.diff(a.net)[steps == step]
    largest = float(np.abs(a.net).max()) + float((np.abs(a.position) * np.nan_to_num(a.mid)).max())
    return np.where(np.abs(profits) <= ROUNDING * largest, 0.0, profits), step


class Exposure(NamedTuple):
    """Share of time with a position, mean and largest absolute position (base units) over exact time between fills,
    mean and largest absolute value (quote units) at samples and fills."""

    time: float
    mean: float
    largest: float
    value_mean: float
    value_largest: float


def exposure(a: Account, fills: Records, end: int, tick_size: float, lot_size: float) -> Exposure:
    """All 0 without a fill."""
    signs = np.where(fills["side"] == 0, 1, -1)
    held = np.abs(np.cumsum(signs * fills["lots"])) * lot_size
    spans = np.diff(np.append(fills["time"], max(end, int(fills["time"][-1])))) if fills.size else np.empty(0)
    whole = max(end - int(a.times[0]), 1)
    values, at_fills = np.abs(a.position) * np.nan_to_num(a.mid), held * fills["tick"] * tick_size
    return Exposure(
        float(spans[held > 0].sum()) / whole,
        float((held * spans).sum()) / whole,
        float(held.max(initial=0.0)),
        float(values[1:].mean()) if values.size > 1 else 0.0,
        float(max(values.max(initial=0.0), at_fills.max(initial=0.0))),
    )
