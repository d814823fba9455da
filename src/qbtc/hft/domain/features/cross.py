"""Features across symbols: D J X. They take the returns of all symbols aligned at the newest bar.

`returns` is (symbol, bar) with rows of equal length; `reference` is the row of BTC or None. With one symbol there is
nothing to compare, so the values are NaN.
"""

from __future__ import annotations

import numpy as np

from .window import Array, ratio


def dispersion(returns: Array, reference: int | None) -> Array:
    """D: standard deviation (n - 1) across the watch list of the returns over the window, in basis points."""
    total = returns.sum(axis=1)
    if len(total) < 2:
        return np.full(len(total), np.nan)
    return np.full(len(total), 1e4 * float(total.std(ddof=1)))


def joint(returns: Array, reference: int | None) -> Array:
    """J: mean correlation of a symbol with the other symbols of the list (BTC is one of them)."""
    unit = _unit(returns)
    matrix = unit @ unit.T
    np.fill_diagonal(matrix, np.nan)
    known = np.isfinite(matrix)
    return ratio(np.where(known, matrix, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))


def cross_lead(returns: Array, reference: int | None) -> Array:
    """X: (corr(btc[t-1], r[t]) - corr(r[t-1], btc[t])) / 2; positive when BTC leads. Undefined for BTC itself."""
    if reference is None:
        return np.full(len(returns), np.nan)
    early, late = _unit(returns[:, :-1]), _unit(returns[:, 1:])
    value = (late @ early[reference] - early @ late[reference]) / 2
    value[reference] = np.nan
    result: Array = value
    return result


def _unit(rows: Array) -> Array:
    """Rows centred and scaled to length one; a constant row becomes NaN."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    result: Array = np.divide(centred, length, out=np.full(rows.shape, np.nan), where=length > 0)
    return result
