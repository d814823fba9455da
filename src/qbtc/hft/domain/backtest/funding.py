"""When funding is settled, at which rate and mark: from what a tape says, or from a table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .assumptions import BadAssumption
from .layout import SETTLEMENT

Array = NDArray[Any]
Records = NDArray[np.void]
FORM = "a table of funding has the columns time (ns, ms or a date), rate and, where it is known, mark"


def settlements(times: Array, rate: Array, mark: Array, due: Array, end: int) -> Records:
    """SETTLEMENT records of a stream of marks, int64 and float64[N] in order of time: at each time `due` that was
    announced and lies before `end`, the last rate and mark that were said up to it. 0 ns: nothing was announced."""
    wanted = np.unique(due[(due > 0) & (due <= end) & (due >= times[0])]) if times.size else np.empty(0, np.int64)
    made = np.zeros(wanted.size, SETTLEMENT)
    for row, at in zip(made, wanted, strict=True):
        said = np.flatnonzero((times <= at) & (due == at))
        n = said[-1] if said.size else np.searchsorted(times, at, "right") - 1
        row["time"], row["rate"], row["mark"] = at, rate[n], mark[n]
    return made


def checked(times: Array, rate: Array, mark: Array | None, name: str) -> Records:
    """SETTLEMENT records of a table. Raises BadAssumption naming the row (from 1) that is wrong."""
    if not len(times):
        raise BadAssumption(f"{name}: there is no row; {FORM}")
    made = np.zeros(len(times), SETTLEMENT)
    made["time"], made["rate"], made["mark"] = times, rate, 0.0 if mark is None else mark
    wrong = ~np.isfinite(made["rate"]) | (np.abs(made["rate"]) >= 1) | ~np.isfinite(made["mark"]) | (made["mark"] < 0)
    if wrong.any():
        n = int(np.flatnonzero(wrong)[0])
        raise BadAssumption(f"{name}, row {n + 1}: rate {made['rate'][n]:g}, mark {made['mark'][n]:g}; allowed: a rate below 1, a mark of 0 (unknown) or more")
    falls = np.flatnonzero(np.diff(made["time"]) <= 0)
    if falls.size:
        raise BadAssumption(f"{name}, row {falls[0] + 2}: rows must be in order of time")
    return made
