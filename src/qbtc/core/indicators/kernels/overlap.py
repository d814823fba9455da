"""Overlap studies apart from the plain averages: bands, channels, stops. Sources: Bollinger, Keltner, Wilder (SAR), Ehlers."""

from __future__ import annotations

import math
import struct
from typing import Any

from ..cells import (
    NO_HIGH,
    NO_LOW,
    again,
    ema,
    emptied,
    extreme_numbers,
    highest,
    lowest,
    mean_over,
    range_at,
    run,
    slide,
    smoothing,
    spread_numbers,
    spread_state,
    typical,
    variance,
    wilder,
)  # fmt: skip
from ..cycle import CYCLE, CYCLE_NUMBERS, bars_of, cycle
from ..memory import at, fused, later, load, put, ring, store
from ..plan import Key, Plan, Ring, family, kernel, packed, placed, type_of
from .averages import average, average_plan, kind_of

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: E741 - o, h, l, c are what they are called
LARGEST_POOL = 1 << 27
"""Words that MAVP may ask for: 1 GiB."""


def ma_key(timeperiod: float, matype: float) -> Key:
    return (kind_of(matype, timeperiod),)


def ma_plan(timeperiod: int, matype: int) -> Plan:
    return average_plan(kind_of(matype, timeperiod), timeperiod)


@family("MA", ma_plan, ma_key)
def make_ma(kind: int) -> Any:
    return average(kind)


def bands_key(timeperiod: float, up: float, down: float, matype: float) -> Key:
    return (kind_of(matype, timeperiod),)


def bands_plan(timeperiod: int, up: float, down: float, matype: int) -> Plan:
    middle = average_plan(kind_of(matype, timeperiod), timeperiod)
    numbers = (middle.numbers, spread_numbers(timeperiod), up, down)
    depth = max(middle.depth, timeperiod)
    return Plan(max(middle.lookback, timeperiod - 1), numbers, (middle.state, spread_state(timeperiod)), depth)


@family("BBANDS", bands_plan, bands_key)
def make_bands(kind: int) -> Any:
    step = average(kind)

    def bands(s, p, m, t, x):
        a, middle = step(s[0], p[0], m, t, x)
        b, square = variance(s[1], t, p[1], x)
        deviation = math.sqrt(square)
        return (a, b), (middle + deviation * p[2], middle, middle - deviation * p[3])

    return bands


@kernel("ACCBANDS", lambda timeperiod: Plan(
    timeperiod - 1, (timeperiod, again(timeperiod), Ring(timeperiod + 1), Ring(timeperiod + 1)), (0.0, 0.0, 0.0), timeperiod
))  # fmt: skip
def accbands(s, p, m, t, high, low, close):
    n, mask = p[0], p[1]
    uppers, lowers = ring(m, p[2]), ring(m, p[3])
    h, l = at(high, t), at(low, t)
    both = h + l
    if -1e-14 < both < 1e-14:
        put(uppers, t, h)
        put(lowers, t, l)
    else:
        width = 4.0 * (h - l) / both
        put(uppers, t, h * (1.0 + width))
        put(lowers, t, l * (1.0 - width))
    a, b, c = slide(s[0], t, n, mask, uppers), slide(s[1], t, n, mask, close), slide(s[2], t, n, mask, lowers)
    return (a, b, c), (a / n, b / n, c / n)


@kernel("VWMA", lambda timeperiod: Plan(
    timeperiod - 1, (timeperiod, again(timeperiod), Ring(timeperiod + 1)), (0.0, 0.0, 0), timeperiod
))  # fmt: skip
def vwma(s, p, m, t, x, volume):
    n, mask = p[0], p[1]
    products = ring(m, p[2])
    put(products, t, at(x, t) * at(volume, t))
    a, b = slide(s[0], t, n, mask, products), slide(s[1], t, n, mask, volume)
    still = run(s[2], n + 1, at(volume, t) == 0.0)
    a, b = emptied(a, still, t, n, products), emptied(b, still, t, n, volume)
    return (a, b, still), ((a / n) / (b / n) if n > 1 else at(x, t))


@kernel("KC", lambda timeperiod, atrperiod, nbdev: Plan(
    max(timeperiod - 1, atrperiod), (smoothing(timeperiod), wilder(atrperiod), nbdev, max(timeperiod - 1, atrperiod)),
    (0.0, 0.0), 1,
))  # fmt: skip
def kc(s, p, m, t, high, low, close):
    centre, reach, nbdev, lookback = p
    middle, spread = s
    i, j = t - (lookback - (centre[0] - 1)), t - (lookback - reach[0]) - 1
    if i >= 0:
        middle = ema(middle, i, centre, typical(at(high, t), at(low, t), at(close, t)))
    if j >= 0:
        spread = ema(spread, j, reach, range_at(t, high, low, close))
    width = spread * nbdev
    return (middle, spread), (middle + width, middle, middle - width)


@kernel("MIDPOINT", lambda n: Plan(n - 1, (extreme_numbers(n), extreme_numbers(n)), (NO_HIGH, NO_LOW), n))
def midpoint(s, p, m, t, x):
    a, top = highest(s[0], t, p[0], m, x)
    b, bottom = lowest(s[1], t, p[1], m, x)
    return (a, b), (top + bottom) / 2.0


@kernel("MIDPRICE", lambda n: Plan(n - 1, (extreme_numbers(n), extreme_numbers(n)), (NO_HIGH, NO_LOW), n))
def midprice(s, p, m, t, high, low):
    a, top = highest(s[0], t, p[0], m, high)
    b, bottom = lowest(s[1], t, p[1], m, low)
    return (a, b), (top + bottom) / 2.0


@kernel("DONCHIAN", lambda n: Plan(n - 1, (extreme_numbers(n), extreme_numbers(n)), (NO_HIGH, NO_LOW), n))
def donchian(s, p, m, t, high, low):
    a, top = highest(s[0], t, p[0], m, high)
    b, bottom = lowest(s[1], t, p[1], m, low)
    return (a, b), (top, (top + bottom) / 2.0, bottom)


@fused
def trendline(s, v, t, smooth_period):
    """((the last three means), Ehlers' instantaneous trendline): prices averaged over the dominant cycle, then smoothed."""
    n = bars_of(smooth_period)
    mean = mean_over(v, t, n) if n > 0 else 0.0
    return (mean, s[0], s[1]), (4.0 * mean + 3.0 * s[0] + 2.0 * s[1] + s[2]) / 10.0


@kernel("HT_TRENDLINE", lambda: Plan(63, (CYCLE_NUMBERS,), (CYCLE, 0.0, (0.0, 0.0, 0.0)), 63))
def ht_trendline(s, p, m, t, x):
    if t < 37:
        return s, 0.0
    c, _ = cycle(s[0], p[0], m, t, x)
    smooth_period = 0.33 * c[4] + 0.67 * s[1]
    means, y = trendline(s[2], x, t, smooth_period)
    return (c, smooth_period, means), y


@fused
def first_is_short(t, high, low):
    """Whether -DM of the second bar exceeds +DM: then the parabolic starts short."""
    up, down = at(high, t) - at(high, t - 1), at(low, t - 1) - at(low, t)
    return down > 0.0 and up < down


@fused
def parabolic(s, long_side, short_side, offset, t, high, low):
    """(state, stop): Wilder's stop and reverse. State: (side, stop, extreme, factor); a side: (first, step, largest)."""
    side, stop, extreme, factor = s
    h, l, before_h, before_l = at(high, t), at(low, t), at(high, max(t - 1, 1)), at(low, max(t - 1, 1))
    if side > 0:
        if l <= stop:
            stop = max(extreme, before_h, h)
            shown = stop + stop * offset
            factor, extreme = short_side[0], l
            stop = max(shown + factor * (extreme - shown), before_h, h)
            return (-1, stop, extreme, factor), shown
        shown = stop
        if h > extreme:
            extreme, factor = h, min(factor + long_side[1], long_side[2])
        stop = min(stop + factor * (extreme - stop), before_l, l)
        return (1, stop, extreme, factor), shown
    if h >= stop:
        stop = min(extreme, before_l, l)
        shown = stop - stop * offset
        factor, extreme = long_side[0], h
        stop = min(shown + factor * (extreme - shown), before_l, l)
        return (1, stop, extreme, factor), shown
    shown = stop
    if l < extreme:
        extreme, factor = l, min(factor + short_side[1], short_side[2])
    stop = max(stop + factor * (extreme - stop), before_h, h)
    return (-1, stop, extreme, factor), shown


@fused
def parabolic_start(side, start, long_side, short_side, t, high, low):
    """The state before bar 1."""
    if side > 0:
        return 1, (start if start > 0.0 else at(low, t - 1)), at(high, t), long_side[0]
    return -1, (start if start > 0.0 else at(high, t - 1)), at(low, t), short_side[0]


def side_numbers(first: float, step: float, largest: float) -> tuple[float, float, float]:
    return min(first, largest), min(step, largest), largest


@kernel("SAR", lambda acceleration, maximum: Plan(
    1, (side_numbers(acceleration, acceleration, maximum),), (0, 0.0, 0.0, 0.0), 1
))  # fmt: skip
def sar(s, p, m, t, high, low):
    if t == 0:
        return s, 0.0
    if t == 1:
        s = parabolic_start(-1 if first_is_short(t, high, low) else 1, 0.0, p[0], p[0], t, high, low)
    return parabolic(s, p[0], p[0], 0.0, t, high, low)


@kernel("SAREXT", lambda start, offset, il, sl, ml, ish, ss, ms: Plan(
    1, (side_numbers(il, sl, ml), side_numbers(ish, ss, ms), offset, start), (0, 0.0, 0.0, 0.0), 1
))  # fmt: skip
def sarext(s, p, m, t, high, low):
    if t == 0:
        return s, 0.0
    if t == 1:
        start = p[3]
        side = -1 if start < 0.0 or (start == 0.0 and first_is_short(t, high, low)) else 1
        s = parabolic_start(side, abs(start), p[0], p[1], t, high, low)
    s, y = parabolic(s, p[0], p[1], p[2], t, high, low)
    return s, (y if s[0] > 0 else -y)


@kernel("SUPERTREND", lambda timeperiod, multiplier: Plan(
    timeperiod, (wilder(timeperiod), multiplier), (0.0, 0.0, 0.0, 1), 1
))  # fmt: skip
def supertrend(s, p, m, t, high, low, close):
    spread, upper, lower, side = s
    n = p[0][0]
    if t == 0:
        return s, (0.0, 0)
    spread = ema(spread, t - 1, p[0], range_at(t, high, low, close))
    middle, band = (at(high, t) + at(low, t)) / 2.0, p[1] * spread
    before, now = at(close, t - 1), at(close, t)
    if t == n:
        return (spread, middle + band, middle - band, 1), (middle - band, 1)
    if middle + band < upper or before > upper:
        upper = middle + band
    if middle - band > lower or before < lower:
        lower = middle - band
    if side > 0:
        side = -1 if now < lower else 1
    else:
        side = 1 if now > upper else -1
    return (spread, upper, lower, side), ((lower if side > 0 else upper), side)


def mavp_key(minperiod: float, maxperiod: float, matype: float) -> Key:
    return (kind_of(matype, 2),)


def mavp_plan(minperiod: int, maxperiod: int, matype: int) -> Plan:
    """One average of each period, each in a row of a table: [lookback | state | numbers], and a pool of their rings."""
    if minperiod > maxperiod:
        raise ValueError(f"minperiod = {minperiod} must not be above maxperiod = {maxperiod}")
    rows, used = [], 0
    for plan in (average_plan(kind_of(matype, 2), n) for n in range(minperiod, maxperiod + 1)):
        numbers, used = placed(plan.numbers, used)
        rows.append(struct.pack("q", plan.lookback) + packed(plan.state) + packed(numbers))
    if used // 8 > LARGEST_POOL:
        raise ValueError(
            f"minperiod = {minperiod} to maxperiod = {maxperiod} of this matype needs {used} bytes of memory; "
            f"at most {8 * LARGEST_POOL} are allowed"
        )
    table = Ring(len(b"".join(rows)) // 8, b"".join(rows))
    return Plan(plan.lookback, (minperiod, maxperiod, plan.lookback, table, Ring(used // 8 + 1)), (0,), plan.depth)


@family("MAVP", mavp_plan, mavp_key)
def make_mavp(kind: int) -> Any:
    step, example = average(kind), average_plan(kind, 2)
    state_type, numbers_type = type_of(example.state), type_of(example.numbers)
    numbers_at = 8 + len(packed(example.state))
    stride = numbers_at + len(packed(placed(example.numbers, 0)[0]))
    integer = type_of(0)

    def mavp(s, p, m, t, x, periods):
        shortest, longest, lookback, table, pool = p
        wanted, y = at(periods, t), at(x, t)
        n = longest if wanted > longest else (int(wanted) if wanted >= shortest else shortest)
        for period in range(shortest, longest + 1):
            row = m + table[0] + (period - shortest) * stride
            start = lookback - load(row, integer)
            if t >= start:
                numbers = load(row + numbers_at, numbers_type)
                state, value = step(load(row + 8, state_type), numbers, m + pool[0], t - start, later(x, start))
                store(row + 8, state)
                if period == n and n > 1:
                    y = value
        return s, y

    return mavp
