"""What fills cost beside fees: the spread at the fill, and where the price went behind it.

    spread    s (p - m) q             s = 1 bought, -1 sold; p the price, m the mid at the exchange then, q the quantity
    adverse   -s (m_h - m) q          m_h the mid `h` seconds behind the fill: adverse selection of makers, the
                                      other side of a taker's impact and foresight

Both are costs: positive is paid, negative is earned; their sum is the loss against the mid after h. This is the usual
split of the effective spread into realised spread and price impact (R. Huang, H. Stoll, 1996), from the trader's side.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from qbtc.core.statistics.series import Floats

from .account import Account, Records

HORIZONS = (1, 5, 30)
"""Seconds behind a fill."""


class Cost(NamedTuple):
    """`total` in quote units of the fills whose mids are known, `bp` of their value, and how many those are."""

    total: float
    bp: float
    known: int


def _cost(each: Floats, value: Floats) -> Cost:
    known = np.isfinite(each)
    count = int(known.sum())
    if not count:
        return Cost(math.nan, math.nan, 0)
    total = float(each[known].sum())
    return Cost(total, 10_000.0 * total / float(value[known].sum()), count)


def values(fills: Records, unit: float) -> Floats:
    """Quote units of each fill."""
    return np.asarray(fills["tick"] * fills["lots"] * unit, np.float64)


def _signed(fills: Records) -> Floats:
    return np.asarray(np.where(fills["side"] == 0, 1.0, -1.0) * fills["lots"])


def spread(fills: Records, unit: float) -> Cost:
    """Paid (or, below 0, earned) against the mid at the fill."""
    return _cost(_signed(fills) * (fills["tick"] - fills["mid"]) * unit, values(fills, unit))


def later(a: Account, times: Floats, step: int) -> Floats:
    """The mid (quote units) of the first sample at or behind each time; NaN where that is later than a step."""
    place = np.searchsorted(a.times, times)
    inside = place < a.times.size
    place = np.minimum(place, a.times.size - 1)
    near = inside & (a.times[place] - times <= step)
    return np.where(near, a.mid[place], np.nan)


def adverse(fills: Records, a: Account, seconds: int, step: int, tick_size: float, unit: float) -> Cost:
    """How far the mid went against the fills. NaN where samples are farther apart than `seconds`."""
    if not 0 < step <= seconds * 1_000_000_000:
        return Cost(math.nan, math.nan, 0)
    after = later(a, fills["time"] + seconds * 1_000_000_000, step) / tick_size
    return _cost(-_signed(fills) * (after - fills["mid"]) * unit, values(fills, unit))
