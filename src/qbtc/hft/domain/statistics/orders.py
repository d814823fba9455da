"""How orders fared: which were filled, and how long that took. LEDGER and FILL records in."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from qbtc.core.statistics.series import Ints

from .account import Records


class Orders(NamedTuple):
    """`filled` share of orders with a fill, `quantity` share of what was asked for that was filled. Seconds: `mean` and
    `median` from sent to the first fill at the exchange, `queue` the mean from arrival to the first fill as a maker."""

    sent: int
    filled: float
    quantity: float
    mean: float
    median: float
    queue: float


def _mean(ns: Ints) -> float:
    return float(ns.mean()) * 1e-9 if ns.size else math.nan


def first_fills(fills: Records, orders: Records) -> tuple[Records, Records]:
    """(first fill of each order that has one, that order), aligned."""
    _, first = np.unique(fills["order"], return_index=True)
    chosen = fills[first]
    place = np.searchsorted(orders["order"], chosen["order"])
    known = place < len(orders)
    known[known] = orders["order"][place[known]] == chosen["order"][known]
    return chosen[known], orders[place[known]]


def fared(orders: Records, fills: Records) -> Orders:
    """NaN without an order (a fill, a maker's fill)."""
    count = len(orders)
    first, owner = first_fills(fills, orders)
    took, maker = first["time"] - owner["placed"], first["maker"] == 1
    return Orders(
        count,
        float((orders["filled"] > 0).mean()) if count else math.nan,
        float(orders["filled"].sum()) / float(orders["lots"].sum()) if count else math.nan,
        _mean(took),
        float(np.median(took)) * 1e-9 if took.size else math.nan,
        _mean((first["time"] - owner["arrived"])[maker]),
    )
