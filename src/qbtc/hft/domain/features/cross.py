"""Features across symbols: D J X, of the returns of several symbols aligned at the newest bar.

`returns` is (symbol, bar). `unit` (as large) is room. With one symbol there is nothing to compare, so the values are NaN.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import math

from .native import mean, quick, total


@quick
def dispersion(returns):
    """D: standard deviation (n - 1) across the watch list of the returns over the window, in basis points."""
    n = returns.shape[0]
    if n < 2:
        return math.nan
    middle, squares = 0.0, 0.0
    for i in range(n):
        middle += total(returns[i]) / n
    for i in range(n):
        squares += (total(returns[i]) - middle) ** 2
    return 1e4 * math.sqrt(squares / (n - 1))


@quick
def joint(returns, unit, out):
    """J: mean correlation of a symbol with the other symbols of the list (BTC is one of them)."""
    n = returns.shape[0]
    for i in range(n):
        scaled(returns[i], unit[i])
    for i in range(n):
        found, count = 0.0, 0
        for j in range(n):
            likeness = _dot(unit[i], unit[j])
            if j != i and not math.isnan(likeness):
                found, count = found + likeness, count + 1
        out[i] = found / count if count else math.nan


@quick
def cross_lead(returns, reference, unit, out):
    """X: (corr(btc[t-1], r[t]) - corr(r[t-1], btc[t])) / 2; positive when BTC leads. Undefined for BTC itself."""
    n, bars = returns.shape
    for i in range(n):
        out[i] = math.nan
    if reference < 0:
        return
    early, late, mine_early, mine_late = unit[0][1:], unit[1][1:], unit[2][1:], unit[3][1:]
    scaled(returns[reference][: bars - 1], early)
    scaled(returns[reference][1:], late)
    for i in range(n):
        if i != reference:
            scaled(returns[i][: bars - 1], mine_early)
            scaled(returns[i][1:], mine_late)
            out[i] = (_dot(early, mine_late) - _dot(mine_early, late)) / 2


@quick
def scaled(row, out):
    """A row centred and of length one; a constant row becomes NaN."""
    middle, length = mean(row), 0.0
    for i in range(row.size):
        out[i] = row[i] - middle
        length += out[i] * out[i]
    length = math.sqrt(length) if length > 0 else math.nan
    for i in range(row.size):
        out[i] /= length


@quick
def _dot(a, b):
    found = 0.0
    for i in range(a.size):
        found += a[i] * b[i]
    return found
