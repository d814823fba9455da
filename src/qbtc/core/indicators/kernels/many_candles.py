"""Candle patterns of three to five candles: 100 or -100 where one ends. Source: Morris, Candlestick Charting Explained.

HIKKAKE and HIKKAKEMOD remember a pattern until it is confirmed, which gives 200, and are steps themselves.
"""

from __future__ import annotations

from ..candles import (
    TOTALS,
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
from ..plan import Plan, kernel
from .patterns import pattern

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: E741 - o, h, l, c are what they are called
LONG0, LONG1, LONG2, SHORT0 = ("LONG", 0), ("LONG", 1), ("LONG", 2), ("SHORT", 0)
SHORT1, DOJI1, THIN0, THIN1 = ("SHORT", 1), ("DOJI", 1), ("SHADOW_VERY_SHORT", 0), ("SHADOW_VERY_SHORT", 1)
THIN2, THIN3, NEAR1, NEAR2 = ("SHADOW_VERY_SHORT", 2), ("SHADOW_VERY_SHORT", 3), ("NEAR", 1), ("NEAR", 2)
EQUAL1 = ("EQUAL", 1)
TOTAL_WIDTH = TOTALS["width"]


@pattern("CDL2CROWS", 12, LONG2)
def two_crows(k, a, p):
    return -100 if (
        white(k, 2) and body(k, 2) > a[0] and not white(k, 1) and gap_up(k, 1, 2) and not white(k, 0)
        and opened(k, 0) < opened(k, 1) and opened(k, 0) > closed(k, 1)
        and closed(k, 0) > opened(k, 2) and closed(k, 0) < closed(k, 2)
    ) else 0  # fmt: skip


@pattern("CDL3BLACKCROWS", 13, THIN2, THIN1, THIN0)
def three_black_crows(k, a, p):
    return -100 if (
        white(k, 3) and not white(k, 2) and not white(k, 1) and not white(k, 0)
        and opened(k, 1) < opened(k, 2) and opened(k, 1) > closed(k, 2)
        and opened(k, 0) < opened(k, 1) and opened(k, 0) > closed(k, 1)
        and high(k, 3) > closed(k, 2) and closed(k, 2) > closed(k, 1) and closed(k, 1) > closed(k, 0)
        and lower(k, 2) < a[0] and lower(k, 1) < a[1] and lower(k, 0) < a[2]
    ) else 0  # fmt: skip


@pattern("CDL3INSIDE", 12, LONG2, SHORT1)
def three_inside(k, a, p):
    if not (top(k, 1) < top(k, 2) and bottom(k, 1) > bottom(k, 2)):
        return 0
    turned = (white(k, 2) and not white(k, 0) and closed(k, 0) < opened(k, 2)) or (
        not white(k, 2) and white(k, 0) and closed(k, 0) > opened(k, 2)
    )
    return -colour(k, 2) * 100 if turned and body(k, 2) > a[0] and body(k, 1) <= a[1] else 0


@pattern("CDL3LINESTRIKE", 8, ("NEAR", 3), NEAR2)
def three_line_strike(k, a, p):
    same = white(k, 3) == white(k, 2) and white(k, 2) == white(k, 1) and white(k, 0) != white(k, 1)
    if not (
        same and opened(k, 2) >= bottom(k, 3) - a[0] and opened(k, 2) <= top(k, 3) + a[0]
        and opened(k, 1) >= bottom(k, 2) - a[1] and opened(k, 1) <= top(k, 2) + a[1]
    ):  # fmt: skip
        return 0
    if white(k, 1):
        strikes = (
            closed(k, 1) > closed(k, 2) and closed(k, 2) > closed(k, 3)
            and opened(k, 0) > closed(k, 1) and closed(k, 0) < opened(k, 3)
        )  # fmt: skip
        return 100 if strikes else 0
    strikes = (
        closed(k, 1) < closed(k, 2) and closed(k, 2) < closed(k, 3)
        and opened(k, 0) < closed(k, 1) and closed(k, 0) > opened(k, 3)
    )  # fmt: skip
    return -100 if strikes else 0


@pattern("CDL3OUTSIDE", 3)
def three_outside(k, a, p):
    if white(k, 1) and not white(k, 2):
        return 100 if closed(k, 1) > opened(k, 2) and opened(k, 1) < closed(k, 2) and closed(k, 0) > closed(k, 1) else 0
    if not white(k, 1) and white(k, 2):
        return -100 if opened(k, 1) > closed(k, 2) and closed(k, 1) < opened(k, 2) and closed(k, 0) < closed(k, 1) else 0
    return 0


@pattern("CDL3STARSINSOUTH", 12, LONG2, ("SHADOW_LONG", 2), THIN1, SHORT0, THIN0)
def three_stars_in_the_south(k, a, p):
    return 100 if (
        not white(k, 2) and not white(k, 1) and not white(k, 0) and body(k, 2) > a[0] and lower(k, 2) > a[1]
        and body(k, 1) < body(k, 2) and opened(k, 1) > closed(k, 2) and opened(k, 1) <= high(k, 2)
        and low(k, 1) < closed(k, 2) and low(k, 1) >= low(k, 2) and lower(k, 1) > a[2]
        and body(k, 0) < a[3] and lower(k, 0) < a[4] and upper(k, 0) < a[4]
        and low(k, 0) > low(k, 1) and high(k, 0) < high(k, 1)
    ) else 0  # fmt: skip


@pattern("CDL3WHITESOLDIERS", 12, THIN2, THIN1, THIN0, NEAR2, NEAR1, ("FAR", 2), ("FAR", 1), SHORT0)
def three_white_soldiers(k, a, p):
    return 100 if (
        white(k, 2) and upper(k, 2) < a[0] and white(k, 1) and upper(k, 1) < a[1] and white(k, 0) and upper(k, 0) < a[2]
        and closed(k, 0) > closed(k, 1) and closed(k, 1) > closed(k, 2)
        and opened(k, 1) > opened(k, 2) and opened(k, 1) <= closed(k, 2) + a[3]
        and opened(k, 0) > opened(k, 1) and opened(k, 0) <= closed(k, 1) + a[4]
        and body(k, 1) > body(k, 2) - a[5] and body(k, 0) > body(k, 1) - a[6] and body(k, 0) > a[7]
    ) else 0  # fmt: skip


@pattern("CDLABANDONEDBABY", 12, LONG2, DOJI1, SHORT0)
def abandoned_baby(k, a, p):
    if not (body(k, 2) > a[0] and body(k, 1) <= a[1] and body(k, 0) > a[2]):
        return 0
    if white(k, 2) and not white(k, 0):
        falls = closed(k, 0) < closed(k, 2) - body(k, 2) * p and low(k, 1) > high(k, 2) and high(k, 0) < low(k, 1)
        return -100 if falls else 0
    if not white(k, 2) and white(k, 0):
        rises = closed(k, 0) > closed(k, 2) + body(k, 2) * p and high(k, 1) < low(k, 2) and low(k, 0) > high(k, 1)
        return 100 if rises else 0
    return 0


@pattern(
    "CDLADVANCEBLOCK", 12, NEAR2, NEAR1, LONG2, ("SHADOW_SHORT", 2), ("SHADOW_SHORT", 1), ("SHADOW_SHORT", 0), ("FAR", 2),
    ("FAR", 1), ("SHADOW_LONG", 0),
)  # fmt: skip
def advance_block(k, a, p):
    if not (
        white(k, 2) and white(k, 1) and white(k, 0) and closed(k, 0) > closed(k, 1) and closed(k, 1) > closed(k, 2)
        and opened(k, 1) > opened(k, 2) and opened(k, 1) <= closed(k, 2) + a[0]
        and opened(k, 0) > opened(k, 1) and opened(k, 0) <= closed(k, 1) + a[1]
        and body(k, 2) > a[2] and upper(k, 2) < a[3]
    ):  # fmt: skip
        return 0
    blocked = (
        (body(k, 1) < body(k, 2) - a[6] and body(k, 0) < body(k, 1) + a[1])
        or body(k, 0) < body(k, 1) - a[7]
        or (body(k, 0) < body(k, 1) and body(k, 1) < body(k, 2) and (upper(k, 0) > a[5] or upper(k, 1) > a[4]))
        or (body(k, 0) < body(k, 1) and upper(k, 0) > a[8])
    )
    return -100 if blocked else 0


@pattern("CDLBREAKAWAY", 14, ("LONG", 4))
def breakaway(k, a, p):
    same = white(k, 4) == white(k, 3) and white(k, 3) == white(k, 1) and white(k, 1) != white(k, 0)
    if not (same and body(k, 4) > a[0]):
        return 0
    if white(k, 4):
        falls = (
            gap_up(k, 3, 4) and high(k, 2) > high(k, 3) and low(k, 2) > low(k, 3)
            and high(k, 1) > high(k, 2) and low(k, 1) > low(k, 2)
            and closed(k, 0) < opened(k, 3) and closed(k, 0) > closed(k, 4)
        )  # fmt: skip
        return -100 if falls else 0
    rises = (
        gap_down(k, 3, 4) and high(k, 2) < high(k, 3) and low(k, 2) < low(k, 3)
        and high(k, 1) < high(k, 2) and low(k, 1) < low(k, 2)
        and closed(k, 0) > opened(k, 3) and closed(k, 0) < closed(k, 4)
    )  # fmt: skip
    return 100 if rises else 0


@pattern("CDLCONCEALBABYSWALL", 13, THIN3, THIN2, THIN1)
def concealing_baby_swallow(k, a, p):
    return 100 if (
        not white(k, 3) and not white(k, 2) and not white(k, 1) and not white(k, 0)
        and lower(k, 3) < a[0] and upper(k, 3) < a[0] and lower(k, 2) < a[1] and upper(k, 2) < a[1]
        and gap_down(k, 1, 2) and upper(k, 1) > a[2] and high(k, 1) > closed(k, 2)
        and high(k, 0) > high(k, 1) and low(k, 0) < low(k, 1)
    ) else 0  # fmt: skip


@fused
def evening(k, a, p):
    """Long white, small body above it, black that closes well within the first."""
    return (
        white(k, 2) and not white(k, 0) and gap_up(k, 1, 2) and closed(k, 0) < closed(k, 2) - body(k, 2) * p
        and body(k, 2) > a[0] and body(k, 1) <= a[1] and body(k, 0) > a[2]
    )  # fmt: skip


@fused
def morning(k, a, p):
    """Long black, small body below it, white that closes well within the first."""
    return (
        not white(k, 2) and white(k, 0) and gap_down(k, 1, 2) and closed(k, 0) > closed(k, 2) + body(k, 2) * p
        and body(k, 2) > a[0] and body(k, 1) <= a[1] and body(k, 0) > a[2]
    )  # fmt: skip


@pattern("CDLEVENINGDOJISTAR", 12, LONG2, DOJI1, SHORT0)
def evening_doji_star(k, a, p):
    return -100 if evening(k, a, p) else 0


@pattern("CDLEVENINGSTAR", 12, LONG2, SHORT1, SHORT0)
def evening_star(k, a, p):
    return -100 if evening(k, a, p) else 0


@pattern("CDLMORNINGDOJISTAR", 12, LONG2, DOJI1, SHORT0)
def morning_doji_star(k, a, p):
    return 100 if morning(k, a, p) else 0


@pattern("CDLMORNINGSTAR", 12, LONG2, SHORT1, SHORT0)
def morning_star(k, a, p):
    return 100 if morning(k, a, p) else 0


@pattern("CDLGAPSIDESIDEWHITE", 7, NEAR1, EQUAL1)
def gap_side_side_white(k, a, p):
    if not ((gap_up(k, 1, 2) and gap_up(k, 0, 2)) or (gap_down(k, 1, 2) and gap_down(k, 0, 2))):
        return 0
    if white(k, 1) and white(k, 0) and near(body(k, 0), body(k, 1), a[0]) and near(opened(k, 0), opened(k, 1), a[1]):
        return 100 if gap_up(k, 1, 2) else -100
    return 0


@pattern("CDLIDENTICAL3CROWS", 12, THIN2, THIN1, THIN0, ("EQUAL", 2), EQUAL1)
def identical_three_crows(k, a, p):
    return -100 if (
        not white(k, 2) and lower(k, 2) < a[0] and not white(k, 1) and lower(k, 1) < a[1]
        and not white(k, 0) and lower(k, 0) < a[2] and closed(k, 2) > closed(k, 1) and closed(k, 1) > closed(k, 0)
        and near(opened(k, 1), closed(k, 2), a[3]) and near(opened(k, 0), closed(k, 1), a[4])
    ) else 0  # fmt: skip


@pattern("CDLLADDERBOTTOM", 14, THIN1)
def ladder_bottom(k, a, p):
    return 100 if (
        not white(k, 4) and not white(k, 3) and not white(k, 2)
        and opened(k, 4) > opened(k, 3) and opened(k, 3) > opened(k, 2)
        and closed(k, 4) > closed(k, 3) and closed(k, 3) > closed(k, 2)
        and not white(k, 1) and upper(k, 1) > a[0]
        and white(k, 0) and opened(k, 0) > opened(k, 1) and closed(k, 0) > high(k, 1)
    ) else 0  # fmt: skip


@pattern("CDLMATHOLD", 14, ("LONG", 4), ("SHORT", 3), ("SHORT", 2), SHORT1)
def mat_hold(k, a, p):
    floor = closed(k, 4) - body(k, 4) * p
    return 100 if (
        white(k, 4) and not white(k, 3) and white(k, 0) and gap_up(k, 3, 4)
        and bottom(k, 2) < closed(k, 4) and bottom(k, 1) < closed(k, 4) and bottom(k, 2) > floor and bottom(k, 1) > floor
        and top(k, 2) < opened(k, 3) and top(k, 1) < top(k, 2) and opened(k, 0) > closed(k, 1)
        and closed(k, 0) > max(high(k, 3), high(k, 2), high(k, 1))
        and body(k, 4) > a[0] and body(k, 3) < a[1] and body(k, 2) < a[2] and body(k, 1) < a[3]
    ) else 0  # fmt: skip


@pattern("CDLRISEFALL3METHODS", 14, ("LONG", 4), ("SHORT", 3), ("SHORT", 2), SHORT1, LONG0)
def rise_fall_three_methods(k, a, p):
    if not (
        white(k, 4) != white(k, 3) and white(k, 3) == white(k, 2) and white(k, 2) == white(k, 1) and white(k, 1) != white(k, 0)
    ):  # fmt: skip
        return 0
    for i in range(1, 4):
        if not (bottom(k, i) < high(k, 4) and top(k, i) > low(k, 4)):
            return 0
    sign, c = colour(k, 4), float(colour(k, 4))
    return 100 * sign if (
        closed(k, 2) * c < closed(k, 3) * c and closed(k, 1) * c < closed(k, 2) * c
        and opened(k, 0) * c > closed(k, 1) * c and closed(k, 0) * c > closed(k, 4) * c
        and body(k, 4) > a[0] and body(k, 3) < a[1] and body(k, 2) < a[2] and body(k, 1) < a[3] and body(k, 0) > a[4]
    ) else 0  # fmt: skip


@pattern("CDLSTALLEDPATTERN", 12, LONG2, LONG1, THIN1, NEAR2, SHORT0, NEAR1)
def stalled_pattern(k, a, p):
    return -100 if (
        white(k, 2) and white(k, 1) and white(k, 0) and closed(k, 0) > closed(k, 1) and closed(k, 1) > closed(k, 2)
        and body(k, 2) > a[0] and body(k, 1) > a[1] and upper(k, 1) < a[2]
        and opened(k, 1) > opened(k, 2) and opened(k, 1) <= closed(k, 2) + a[3]
        and body(k, 0) < a[4] and opened(k, 0) >= closed(k, 1) - body(k, 0) - a[5]
    ) else 0  # fmt: skip


@pattern("CDLSTICKSANDWICH", 7, ("EQUAL", 2))
def stick_sandwich(k, a, p):
    return 100 if (
        not white(k, 2) and white(k, 1) and not white(k, 0) and low(k, 1) > closed(k, 2)
        and near(closed(k, 0), closed(k, 2), a[0])
    ) else 0  # fmt: skip


@pattern("CDLTASUKIGAP", 7, NEAR1)
def tasuki_gap(k, a, p):
    o, c, before_o, before_c = opened(k, 0), closed(k, 0), opened(k, 1), closed(k, 1)
    if gap_up(k, 1, 2) and white(k, 1) and not white(k, 0):
        fits = o < before_c and o > before_o and c < before_o and c > top(k, 2)
        return 100 if fits and abs(body(k, 1) - body(k, 0)) < a[0] else 0
    if gap_down(k, 1, 2) and not white(k, 1) and white(k, 0):
        fits = o < before_o and o > before_c and c > before_o and c < bottom(k, 2)
        return -100 if fits and abs(body(k, 1) - body(k, 0)) < a[0] else 0
    return 0


@pattern("CDLTRISTAR", 12, ("DOJI", 2))
def tristar(k, a, p):
    if not (body(k, 2) <= a[0] and body(k, 1) <= a[0] and body(k, 0) <= a[0]):
        return 0
    if gap_down(k, 1, 2) and bottom(k, 0) > bottom(k, 1):
        return 100
    return -100 if gap_up(k, 1, 2) and top(k, 0) < top(k, 1) else 0


@pattern("CDLUNIQUE3RIVER", 12, LONG2, SHORT0)
def unique_three_river(k, a, p):
    return 100 if (
        not white(k, 2) and not white(k, 1) and white(k, 0) and closed(k, 1) > closed(k, 2) and opened(k, 1) <= opened(k, 2)
        and low(k, 1) < low(k, 2) and opened(k, 0) > low(k, 1) and body(k, 2) > a[0] and body(k, 0) < a[1]
    ) else 0  # fmt: skip


@pattern("CDLUPSIDEGAP2CROWS", 12, LONG2, SHORT1)
def upside_gap_two_crows(k, a, p):
    return -100 if (
        white(k, 2) and body(k, 2) > a[0] and not white(k, 1) and body(k, 1) <= a[1] and gap_up(k, 1, 2)
        and not white(k, 0) and opened(k, 0) > opened(k, 1) and closed(k, 0) < closed(k, 1) and closed(k, 0) > closed(k, 2)
    ) else 0  # fmt: skip


@pattern("CDLXSIDEGAP3METHODS", 2)
def side_gap_three_methods(k, a, p):
    apart = (white(k, 2) and gap_up(k, 1, 2)) or (not white(k, 2) and gap_down(k, 1, 2))
    filled = (
        white(k, 2) == white(k, 1) and white(k, 1) != white(k, 0) and opened(k, 0) < top(k, 1) and opened(k, 0) > bottom(k, 1)
        and closed(k, 0) < top(k, 2) and closed(k, 0) > bottom(k, 2)
    )  # fmt: skip
    return colour(k, 2) * 100 if filled and apart else 0


@fused
def remembered(s, k, found):
    """((pattern, high, low, bars left), output): a pattern now, or its confirmation within three bars."""
    pattern_, ceiling, floor, left = s
    y = 0
    if found != 0:
        pattern_, ceiling, floor, left, y = found, high(k, 1), low(k, 1), 4, found
    elif left > 0 and ((pattern_ > 0 and closed(k, 0) > ceiling) or (pattern_ < 0 and closed(k, 0) < floor)):
        y, left = (pattern_ + 100 if pattern_ > 0 else pattern_ - 100), 0
    return (pattern_, ceiling, floor, max(left - 1, 0)), y


@fused
def inside_bar(k, i):
    return high(k, i) < high(k, i + 1) and low(k, i) > low(k, i + 1)


@fused
def leaves(k):
    """100 if the newest candle is lower in both ends than the one before, -100 if higher in both, else 0."""
    if high(k, 0) < high(k, 1) and low(k, 0) < low(k, 1):
        return 100
    return -100 if high(k, 0) > high(k, 1) and low(k, 0) > low(k, 1) else 0


@kernel("CDLHIKKAKE", lambda: Plan(5, (0,), (0, 0.0, 0.0, 0), 5))
def hikkake(s, p, m, t, o, h, l, c):
    k = (o, h, l, c, t)
    if t < 2:
        return s, 0
    return remembered(s, k, leaves(k) if inside_bar(k, 1) else 0)


@kernel("CDLHIKKAKEMOD", lambda: Plan(10, (0,), ((0, 0.0, 0.0, 0), 0.0), 10))
def hikkake_modified(s, p, m, t, o, h, l, c):
    k, near_total = (o, h, l, c, t), s[1]
    if t < 7:
        return s, 0
    if t == 7:
        near_total = TOTAL_WIDTH(k, 2, 5)
    reach, found = 0.2 * (near_total / 5.0), 0
    if inside_bar(k, 2) and inside_bar(k, 1):
        found = leaves(k)
        if (found > 0 and closed(k, 2) > low(k, 2) + reach) or (found < 0 and closed(k, 2) < high(k, 2) - reach):
            found = 0
    state, y = remembered(s[0], k, found)
    return (state, near_total + (width(k, 2) - width(k, 7))), y
