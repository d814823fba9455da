"""From features or price bars to amplitudes, and from what shall be forecast to classes. Nothing looks ahead.

Features become a = z + i v as everywhere (basis26): z their robust z-scores and v those of their differences, medians and
deviations of the first `train` rows alone. What is absent (NaN) counts as 0, as a masked score does.
"""

from __future__ import annotations

import numpy as np

from qbtc.core.hilbert.states import amplitudes, median_mad, standardise
from qbtc.core.hilbert.types import Complex, Real

from .series import BadSeries

BAR_COLUMNS = ("open", "high", "low", "close", "volume")
SPANS = (1, 2, 5, 10, 30, 60)
TINY = 1e-9


def of_features(features: Real, train: int) -> Complex:
    """(T, d) of any units, NaN where absent, to amplitudes (T, d)."""
    return amplitudes(_scores(features, train), _scores(np.diff(features, axis=0, prepend=np.nan), train))


def of_bars(bars: Real) -> Real:
    """26 plain features (T, 26) of bars (T, 5): mean return, log variance, log volume and range over six spans, body and
    signed volume. The first 59 rows have shorter spans."""
    opened, high, low, close, volume = bars.T
    r = np.diff(np.log(close), prepend=np.log(close[0]))
    columns: list[Real] = []
    for n in SPANS:
        spread = _mean((high - low) / close, n)
        columns += [_mean(r, n), np.log(_mean(r * r, n) + TINY), _mean(np.log(volume + 1), n), spread]
    return np.array([*columns, (close - opened) / (high - low + TINY), r * np.log(volume + 1)]).T


def ahead(values: Real, horizon: int) -> Real:
    """What is known `horizon` rows later: (T - horizon,)."""
    return values[horizon:]


def moves_ahead(closes: Real, horizon: int, *, size: bool) -> Real:
    """Log return over the next `horizon` rows, or the log of its size: (T - horizon,)."""
    logs = np.log(closes)
    found = logs[horizon:] - logs[:-horizon]
    result: Real = np.log(np.abs(found) + 1e-6) if size else found
    return result


def edges_of(values: Real, train: int, classes: int) -> Real:
    """Edges of `classes` classes that were equally frequent in the first `train` values.

    Raises BadSeries where those values are too much alike for so many classes.
    """
    past = values[:train][np.isfinite(values[:train])]
    edges = np.quantile(past, np.arange(1, classes) / classes) if len(past) else np.zeros(0)
    if len(edges) < classes - 1 or np.any(np.diff(edges) <= 0) or np.all(past <= edges[0]):
        raise BadSeries(f"the target takes too few different values for {classes} classes; give fewer classes or edges")
    return edges


def _scores(values: Real, train: int) -> Real:
    return standardise(values, median_mad(values[:train].T))[0]


def _mean(values: Real, n: int) -> Real:
    """Of the last n values, at the start of as many as there are."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(1, len(values) + 1)
    first = np.maximum(end - n, 0)
    result: Real = (total[end] - total[first]) / (end - first)
    return result
