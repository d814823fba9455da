"""Round trips: what was bought matched with what was sold, first in, first out.

Under FIFO the k-th lot bought always meets the k-th lot sold, whichever came first and however often the position
crossed zero. So trips are the pieces between the steps of two running sums, and need no loop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qbtc.core.statistics.series import Ints

from .account import Records

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
    b, s = buys[bought], sells[sold]
    order = np.argsort(np.maximum(b, s), kind="stable")
    lots, b, s = np.diff(np.append(0, edges))[order], b[order], s[order]
    time, tick, rate = fills["time"], fills["tick"], fills["fee"] / fills["lots"]
    trips = np.zeros(edges.size, TRIP)
    trips["lots"], trips["side"] = lots, s < b
    trips["opened"], trips["closed"] = np.minimum(time[b], time[s]), np.maximum(time[b], time[s])
    trips["bought"], trips["sold"] = tick[b], tick[s]
    trips["profit"] = (tick[s] - tick[b]) * lots * unit
    trips["fee"] = (rate[b] + rate[s]) * lots
    return trips


def _pieces(buys: Ints, sells: Ints) -> tuple[Ints, NDArray[np.intp], NDArray[np.intp]]:
    """(running lots at the end of each piece, which buy, which sell)."""
    b, s = np.cumsum(buys), np.cumsum(sells)
    if not (b.size and s.size):
        return np.empty(0, np.int64), np.empty(0, np.intp), np.empty(0, np.intp)
    both = min(b[-1], s[-1])
    edges = np.concatenate((b[b <= both], s[s <= both]))
    edges.sort(kind="stable")
    edges = edges[np.append(True, np.diff(edges) > 0)]
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
