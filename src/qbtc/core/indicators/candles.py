"""What candle patterns are made of: bodies, shadows, gaps, and sizes that are "long" or "near" beside recent candles.

A candle series `k` is (open, high, low, close, t); candle `i` is the one i bars ago. White closes at or above its open.
A *setting* says what a word such as "long" means: a kind of range, its mean over how many candles before, and a factor;
TA-Lib's defaults. The totals follow TA-Lib's own order of additions, because a tie decides whether a pattern is there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .memory import at, fused

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"


class Setting(NamedTuple):
    kind: str
    period: int
    factor: float


SETTINGS = {
    "LONG": Setting("body", 10, 1.0),
    "SHORT": Setting("body", 10, 1.0),
    "DOJI": Setting("width", 10, 0.1),
    "SHADOW_LONG": Setting("body", 0, 1.0),
    "SHADOW_VERY_LONG": Setting("body", 0, 2.0),
    "SHADOW_SHORT": Setting("shadows", 10, 1.0),
    "SHADOW_VERY_SHORT": Setting("width", 10, 0.1),
    "NEAR": Setting("width", 5, 0.2),
    "FAR": Setting("width", 5, 0.6),
    "EQUAL": Setting("width", 5, 0.05),
}


@fused
def opened(k, i):
    return at(k[0], k[4] - i)


@fused
def high(k, i):
    return at(k[1], k[4] - i)


@fused
def low(k, i):
    return at(k[2], k[4] - i)


@fused
def closed(k, i):
    return at(k[3], k[4] - i)


@fused
def white(k, i):
    return closed(k, i) >= opened(k, i)


@fused
def colour(k, i):
    """1 for white, -1 for black."""
    return 1 if white(k, i) else -1


@fused
def body(k, i):
    return abs(closed(k, i) - opened(k, i))


@fused
def top(k, i):
    """The upper end of the body."""
    return closed(k, i) if white(k, i) else opened(k, i)


@fused
def bottom(k, i):
    """The lower end of the body."""
    return opened(k, i) if white(k, i) else closed(k, i)


@fused
def upper(k, i):
    """The shadow above the body."""
    return high(k, i) - top(k, i)


@fused
def lower(k, i):
    """The shadow below the body."""
    return bottom(k, i) - low(k, i)


@fused
def width(k, i):
    return high(k, i) - low(k, i)


@fused
def shadows(k, i):
    return upper(k, i) + lower(k, i)


@fused
def gap_up(k, i, j):
    """The body of candle i is above that of candle j."""
    return bottom(k, i) > top(k, j)


@fused
def gap_down(k, i, j):
    """The body of candle i is below that of candle j."""
    return top(k, i) < bottom(k, j)


@fused
def near(x, y, reach):
    """x is within reach of y, its ends included."""
    return x <= y + reach and x >= y - reach


RANGES: dict[str, Any] = {"body": body, "width": width, "shadows": shadows}


def _ranged(measure: Any) -> Any:
    @fused
    def total(k, i, n):
        """The sum of a range of the n candles before candle i, oldest first."""
        found = 0.0
        for j in range(i + n, i, -1):
            found += measure(k, j)
        return found

    return total


TOTALS: dict[str, Any] = {kind: _ranged(measure) for kind, measure in RANGES.items()}
