"""The tails of profits: value at risk, expected shortfall, and whether a value at risk was broken too often."""

from __future__ import annotations

import math

import numpy as np

from .series import Floats, ratio

LEVEL = 0.95


def quantile(x: Floats, share: float) -> float:
    """The smallest value with at least `share` of the series at or below it; NaN of nothing."""
    return float(np.quantile(x, share, method="inverted_cdf")) if x.size else math.nan


def _rest(level: float) -> float:
    """1 - level without the rounding that would shift a quantile by one place."""
    return round(1.0 - level, 12)


def value_at_risk(x: Floats, level: float = LEVEL) -> float:
    """The loss of a period that is exceeded in at most 1 - level of them (historical)."""
    return 0.0 - quantile(x, _rest(level))


def expected_shortfall(x: Floats, level: float = LEVEL) -> float:
    """The mean loss in the worst 1 - level of the periods, the last of them by its part. C. Acerbi, D. Tasche (2002)."""
    if not x.size:
        return math.nan
    depth = _rest(level) * x.size
    whole = int(depth)
    worst = np.sort(x)[: whole + 1]
    part = (depth - whole) * float(worst[whole]) if whole < x.size else 0.0
    return 0.0 - (float(worst[:whole].sum()) + part) / depth


def tail_ratio(x: Floats, level: float = LEVEL) -> float:
    """|quantile of `level`| / |quantile of 1 - level|."""
    return ratio(abs(quantile(x, level)), abs(quantile(x, _rest(level))))


def _log(count: int, share: float) -> float:
    return count * math.log(share) if count else 0.0


def kupiec(count: int, breaks: int, share: float) -> tuple[float, float]:
    """(LR, p-value) that a loss expected in `share` of `count` periods came in `breaks` of them by chance.

    LR = -2 ln[(1-p)^(n-x) p^x] + 2 ln[(1-x/n)^(n-x) (x/n)^x], chi-squared with one degree. P. Kupiec (1995).
    Raises ValueError.
    """
    if not (0 <= breaks <= count and count > 0 and 0 < share < 1):
        raise ValueError(f"Kupiec's test needs 0 <= breaks <= count and 0 < share < 1, not {count}, {breaks}, {share}")
    seen, kept = breaks / count, count - breaks
    expected = _log(kept, 1.0 - share) + _log(breaks, share)
    found = _log(kept, 1.0 - seen) + _log(breaks, seen)
    statistic = max(0.0, 2.0 * (found - expected))
    return statistic, math.erfc(math.sqrt(statistic / 2.0))
