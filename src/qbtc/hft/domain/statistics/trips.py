"""Round trips: what was bought matched with what was sold, first in, first out.

Under FIFO the k-th lot bought always meets the k-th lot sold, whichever came first and however often the position
crossed zero. So trips are the pieces between the steps of two running sums, and need no loop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .account import Records
from .series import Ints

TRIP = np.dtype(
    [
        ("opened", "i8"),  # ns
        ("closed", "i8"),
        ("side", "i1"),  # of the opening fill: 0 bought first, 1 sold first
        ("lots", "i8"),
        ("bought", "i8"),  # ticks
        ("sold", "i8"),
        ("profit", "f8"),  # quote units, before fees
        ("fee", "f8"),  # of both fills, by their part
    ],
    align=True,
)


def round_trips(fills: Records, unit: float) -> Records:
    """TRIP records in order of closing. `unit`: quote units of a tick times a lot. A piece of a fill is a trip of its own."""
    buys, sells = (np.flatnonzero(fills["side"] == side) for side in (0, 1))
    edges, bought, sold = _pieces(fills["lots"][buys], fills["lots"][sells])
    b, s = fills[buys[bought]], fills[sells[sold]]
    trips = np.zeros(edges.size, TRIP)
    lots = trips["lots"] = np.diff(np.append(0, edges))
    opener_sold = sells[sold] < buys[bought]
    trips["side"] = opener_sold
    trips["opened"], trips["closed"] = np.minimum(b["time"], s["time"]), np.maximum(b["time"], s["time"])
    trips["bought"], trips["sold"] = b["tick"], s["tick"]
    trips["profit"] = (s["tick"] - b["tick"]) * lots * unit
    trips["fee"] = b["fee"] * lots / b["lots"] + s["fee"] * lots / s["lots"]
    return trips[np.argsort(np.maximum(buys[bought], sells[sold]), kind="stable")]


def _pieces(buys: Ints, sells: Ints) -> tuple[Ints, NDArray[np.intp], NDArray[np.intp]]:
    """(running lots at the end of each piece, which buy, which sell)."""
    b, s = np.cumsum(buys), np.cumsum(sells)
    if not (b.size and s.size):
        return np.empty(0, np.int64), np.empty(0, np.intp), np.empty(0, np.intp)
    both = min(b[-1], s[-1])
    edges = np.unique(np.concatenate((b[b <= both], s[s <= both])))
    return edges, np.searchsorted(b, edges), np.searchsorted(s, edges)


def open_profit(fills: Records, mid: float, unit: float, tick_size: float) -> float:
    """Of the lots no trip has closed, marked at `mid` (quote units), before fees. NaN: they have no price."""
    total = 0.0
    for side, sign in ((0, 1), (1, -1)):
        mine, others = fills[fills["side"] == side], fills[fills["side"] != side]
        left = np.clip(np.cumsum(mine["lots"]) - int(others["lots"].sum()), 0, mine["lots"])
        held = left > 0
        if held.any():
            total += sign * float(((mid / tick_size - mine["tick"][held]) * left[held]).sum()) * unit
    return total
