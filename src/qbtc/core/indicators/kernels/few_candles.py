"""Candle patterns of one or two candles: 100 or -100 (80 where they are weaker) where one ends. Source: Morris,
Candlestick Charting Explained.
"""

from __future__ import annotations

from ..candles import (
    body,
    bottom,
    closed,
    colour,
    gap_down,
    gap_up,
    high,
    low,
    lower,
    near,
    opened,
    top,
    upper,
    white,
    width,
)  # fmt: skip
from ..memory import fused
from .patterns import pattern

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
LONG0, LONG1, SHORT0, DOJI0 = ("LONG", 0), ("LONG", 1), ("SHORT", 0), ("DOJI", 0)
THIN0, THIN1, NEAR1, EQUAL1 = ("SHADOW_VERY_SHORT", 0), ("SHADOW_VERY_SHORT", 1), ("NEAR", 1), ("EQUAL", 1)


@pattern("CDLBELTHOLD", 10, LONG0, THIN0)
def belt_hold(k, a, p):
    held = (white(k, 0) and lower(k, 0) < a[1]) or (not white(k, 0) and upper(k, 0) < a[1])
    return colour(k, 0) * 100 if body(k, 0) > a[0] and held else 0


@pattern("CDLCLOSINGMARUBOZU", 10, LONG0, THIN0)
def closing_marubozu(k, a, p):
    held = (white(k, 0) and upper(k, 0) < a[1]) or (not white(k, 0) and lower(k, 0) < a[1])
    return colour(k, 0) * 100 if body(k, 0) > a[0] and held else 0


@pattern("CDLCOUNTERATTACK", 11, LONG1, LONG0, EQUAL1)
def counterattack(k, a, p):
    met = white(k, 1) != white(k, 0) and body(k, 1) > a[0] and body(k, 0) > a[1] and near(closed(k, 0), closed(k, 1), a[2])
    return colour(k, 0) * 100 if met else 0


@pattern("CDLDARKCLOUDCOVER", 11, LONG1)
def dark_cloud_cover(k, a, p):
    return -100 if (
        white(k, 1) and body(k, 1) > a[0] and not white(k, 0) and opened(k, 0) > high(k, 1)
        and closed(k, 0) > opened(k, 1) and closed(k, 0) < closed(k, 1) - body(k, 1) * p
    ) else 0  # fmt: skip


@pattern("CDLDOJI", 10, DOJI0)
def doji(k, a, p):
    return 100 if body(k, 0) <= a[0] else 0


@pattern("CDLDOJISTAR", 11, LONG1, DOJI0)
def doji_star(k, a, p):
    if not (body(k, 1) > a[0] and body(k, 0) <= a[1]):
        return 0
    if white(k, 1):
        return -100 if gap_up(k, 0, 1) else 0
    return 100 if gap_down(k, 0, 1) else 0


@pattern("CDLDRAGONFLYDOJI", 10, DOJI0, THIN0)
def dragonfly_doji(k, a, p):
    return 100 if body(k, 0) <= a[0] and upper(k, 0) < a[1] and lower(k, 0) > a[1] else 0


@pattern("CDLENGULFING", 2)
def engulfing(k, a, p):
    o, c, before_o, before_c = opened(k, 0), closed(k, 0), opened(k, 1), closed(k, 1)
    rises = white(k, 0) and not white(k, 1) and ((c >= before_o and o < before_c) or (c > before_o and o <= before_c))
    falls = not white(k, 0) and white(k, 1) and ((o >= before_c and c < before_o) or (o > before_c and c <= before_o))
    if not (rises or falls):
        return 0
    return colour(k, 0) * (100 if o != before_c and c != before_o else 80)


@pattern("CDLGRAVESTONEDOJI", 10, DOJI0, THIN0)
def gravestone_doji(k, a, p):
    return 100 if body(k, 0) <= a[0] and lower(k, 0) < a[1] and upper(k, 0) > a[1] else 0


@pattern("CDLHAMMER", 11, SHORT0, ("SHADOW_LONG", 0), THIN0, NEAR1)
def hammer(k, a, p):
    shaped = body(k, 0) < a[0] and lower(k, 0) > a[1] and upper(k, 0) < a[2]
    return 100 if shaped and bottom(k, 0) <= low(k, 1) + a[3] else 0


@pattern("CDLHANGINGMAN", 11, SHORT0, ("SHADOW_LONG", 0), THIN0, NEAR1)
def hanging_man(k, a, p):
    shaped = body(k, 0) < a[0] and lower(k, 0) > a[1] and upper(k, 0) < a[2]
    return -100 if shaped and bottom(k, 0) >= high(k, 1) - a[3] else 0


@fused
def within(k, a):
    """A small body within the long one before: 100, or 80 where an end of the two is the same."""
    if not (body(k, 1) > a[0] and body(k, 0) <= a[1]):
        return 0
    if top(k, 0) < top(k, 1) and bottom(k, 0) > bottom(k, 1):
        return -colour(k, 1) * 100
    return -colour(k, 1) * 80 if top(k, 0) <= top(k, 1) and bottom(k, 0) >= bottom(k, 1) else 0


@pattern("CDLHARAMI", 11, LONG1, SHORT0)
def harami(k, a, p):
    return within(k, a)


@pattern("CDLHARAMICROSS", 11, LONG1, DOJI0)
def harami_cross(k, a, p):
    return within(k, a)


@pattern("CDLHIGHWAVE", 10, SHORT0, ("SHADOW_VERY_LONG", 0))
def high_wave(k, a, p):
    return colour(k, 0) * 100 if body(k, 0) < a[0] and upper(k, 0) > a[1] and lower(k, 0) > a[1] else 0


@pattern("CDLHOMINGPIGEON", 11, LONG1, SHORT0)
def homing_pigeon(k, a, p):
    return 100 if (
        not white(k, 1) and not white(k, 0) and body(k, 1) > a[0] and body(k, 0) <= a[1]
        and opened(k, 0) < opened(k, 1) and closed(k, 0) > closed(k, 1)
    ) else 0  # fmt: skip


@fused
def dips(k, long):
    """A white candle that opens below the low of a long black one."""
    return not white(k, 1) and body(k, 1) > long and white(k, 0) and opened(k, 0) < low(k, 1)


@pattern("CDLINNECK", 11, LONG1, EQUAL1)
def in_neck(k, a, p):
    return -100 if dips(k, a[0]) and closed(k, 0) <= closed(k, 1) + a[1] and closed(k, 0) >= closed(k, 1) else 0


@pattern("CDLONNECK", 11, LONG1, EQUAL1)
def on_neck(k, a, p):
    return -100 if dips(k, a[0]) and near(closed(k, 0), low(k, 1), a[1]) else 0


@pattern("CDLTHRUSTING", 11, LONG1, EQUAL1)
def thrusting(k, a, p):
    if not dips(k, a[0]):
        return 0
    return -100 if closed(k, 0) > closed(k, 1) + a[1] and closed(k, 0) <= closed(k, 1) + body(k, 1) * 0.5 else 0


@pattern("CDLPIERCING", 11, LONG1, LONG0)
def piercing(k, a, p):
    into = closed(k, 0) < opened(k, 1) and closed(k, 0) > closed(k, 1) + body(k, 1) * 0.5
    return 100 if dips(k, a[0]) and body(k, 0) > a[1] and into else 0


@pattern("CDLINVERTEDHAMMER", 11, SHORT0, ("SHADOW_LONG", 0), THIN0)
def inverted_hammer(k, a, p):
    return 100 if gap_down(k, 0, 1) and body(k, 0) < a[0] and upper(k, 0) > a[1] and lower(k, 0) < a[2] else 0


@pattern("CDLSHOOTINGSTAR", 11, SHORT0, ("SHADOW_LONG", 0), THIN0)
def shooting_star(k, a, p):
    return -100 if gap_up(k, 0, 1) and body(k, 0) < a[0] and upper(k, 0) > a[1] and lower(k, 0) < a[2] else 0


@fused
def kicks(k, a):
    """Two marubozus of opposite colours with a gap between."""
    return (
        white(k, 1) != white(k, 0) and body(k, 1) > a[0] and upper(k, 1) < a[1] and lower(k, 1) < a[1]
        and body(k, 0) > a[2] and upper(k, 0) < a[3] and lower(k, 0) < a[3]
        and ((not white(k, 1) and low(k, 0) > high(k, 1)) or (white(k, 1) and high(k, 0) < low(k, 1)))
    )  # fmt: skip


@pattern("CDLKICKING", 11, LONG1, THIN1, LONG0, THIN0)
def kicking(k, a, p):
    return colour(k, 0) * 100 if kicks(k, a) else 0


@pattern("CDLKICKINGBYLENGTH", 11, LONG1, THIN1, LONG0, THIN0)
def kicking_by_length(k, a, p):
    return colour(k, 0 if body(k, 0) > body(k, 1) else 1) * 100 if kicks(k, a) else 0


@pattern("CDLLONGLEGGEDDOJI", 10, DOJI0, ("SHADOW_LONG", 0))
def long_legged_doji(k, a, p):
    return 100 if body(k, 0) <= a[0] and (lower(k, 0) > a[1] or upper(k, 0) > a[1]) else 0


@pattern("CDLLONGLINE", 10, LONG0, ("SHADOW_SHORT", 0))
def long_line(k, a, p):
    return colour(k, 0) * 100 if body(k, 0) > a[0] and upper(k, 0) < a[1] and lower(k, 0) < a[1] else 0


@pattern("CDLSHORTLINE", 10, SHORT0, ("SHADOW_SHORT", 0))
def short_line(k, a, p):
    return colour(k, 0) * 100 if body(k, 0) < a[0] and upper(k, 0) < a[1] and lower(k, 0) < a[1] else 0


@pattern("CDLMARUBOZU", 10, LONG0, THIN0)
def marubozu(k, a, p):
    return colour(k, 0) * 100 if body(k, 0) > a[0] and upper(k, 0) < a[1] and lower(k, 0) < a[1] else 0


@pattern("CDLMATCHINGLOW", 6, EQUAL1)
def matching_low(k, a, p):
    return 100 if not white(k, 1) and not white(k, 0) and near(closed(k, 0), closed(k, 1), a[0]) else 0


@pattern("CDLRICKSHAWMAN", 10, DOJI0, ("SHADOW_LONG", 0), ("NEAR", 0))
def rickshaw_man(k, a, p):
    middle = low(k, 0) + width(k, 0) / 2.0
    return 100 if (
        body(k, 0) <= a[0] and lower(k, 0) > a[1] and upper(k, 0) > a[1]
        and bottom(k, 0) <= middle + a[2] and top(k, 0) >= middle - a[2]
    ) else 0  # fmt: skip


@pattern("CDLSEPARATINGLINES", 11, THIN0, LONG0, EQUAL1)
def separating_lines(k, a, p):
    if not (white(k, 1) != white(k, 0) and near(opened(k, 0), opened(k, 1), a[2]) and body(k, 0) > a[1]):
        return 0
    if white(k, 0):
        return 100 if lower(k, 0) < a[0] else 0
    return -100 if upper(k, 0) < a[0] else 0


@pattern("CDLSPINNINGTOP", 10, SHORT0)
def spinning_top(k, a, p):
    size = body(k, 0)
    return colour(k, 0) * 100 if upper(k, 0) > size and lower(k, 0) > size and size < a[0] else 0


@pattern("CDLTAKURI", 10, DOJI0, THIN0, ("SHADOW_VERY_LONG", 0))
def takuri(k, a, p):
    return 100 if body(k, 0) <= a[0] and upper(k, 0) < a[1] and lower(k, 0) > a[2] else 0
