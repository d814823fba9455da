"""How the features are compiled: one decorator, cached under a checksum of all that they are made of; and small parts.

Nothing here allocates: a kernel that needs room is handed `work`, float64 of `room(n)` values at least.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26
from qbtc.core.binance import fast_text
from qbtc.core.binance.fast_text import compiler, stamp

from .. import bars

Array = NDArray[np.float64]
MIN_BARS = 30
WINDOW = basis26.WINDOW_BARS
PATTERNS = 24

quick = compiler(
    stamp(
        *(str(Path(__file__).with_name(f"{name}.py")) for name in ("native", "price", "garch", "flow", "book", "cross", "table")),
        str(bars.__file__), str(basis26.__file__), str(fast_text.__file__),
    )
)  # fmt: skip


def room(bars: int) -> int:
    """How many values of `work` a window of so many bars needs."""
    return 4 * bars + PATTERNS + 8


@quick
def total(x):
    found = 0.0
    for i in range(x.size):
        found += x[i]
    return found


@quick
def mean(x):
    return total(x) / x.size


@quick
def ratio(above, below):
    """above / below, NaN where below is not positive."""
    return above / below if below > 0 else math.nan


@quick
def log(value):
    """Natural logarithm, NaN where the value is not positive."""
    return math.log(value) if value > 0 else math.nan


@quick
def varies(x):
    """Whether not all values are the same one."""
    at = 1
    while at < x.size and x[at] == x[0]:
        at += 1
    return at < x.size


@quick
def median(x):
    """The middle value; sorts `x`."""
    for i in range(1, x.size):
        value, at = x[i], i
        while at > 0 and x[at - 1] > value:
            x[at] = x[at - 1]
            at -= 1
        x[at] = value
    return (x[(x.size - 1) // 2] + x[x.size // 2]) / 2


@quick
def returns_of(mid, out):
    """Log returns of prices, one less than there are prices."""
    before = math.log(mid[0])
    for i in range(1, mid.size):
        now = math.log(mid[i])
        out[i - 1], before = now - before, now
