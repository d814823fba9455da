"""Statistics over a window: variance, correlation, regression, deviation, order statistics.

Sums of products are taken of deviations from a point near the window and made afresh when they have lost digits, as
TA-Lib 0.8 does; that is what keeps them right on a price of 60,000 that moves by a cent.
"""

from __future__ import annotations

import math

from ..cells import degrees, is_zero, mean_over, spread_numbers, spread_state, variance
from ..memory import at, element, fused, put, ring, set_element
from ..plan import Plan, Ring, kernel

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: PLR0124 - x != x is true for NaN only
LOST, EMPTY = 1e-6, 1e-14
SHORT = 128


@kernel("VAR", lambda n, nbdev: Plan(n - 1, (*spread_numbers(n), nbdev), (spread_state(n),), n))
def var(s, p, m, t, x):
    state, y = variance(s[0], t, (p[0], p[1]), x)
    return (state,), y


@kernel("STDDEV", lambda n, nbdev: Plan(n - 1, (*spread_numbers(n), nbdev), (spread_state(n),), n))
def stddev(s, p, m, t, x):
    state, y = variance(s[0], t, (p[0], p[1]), x)
    return (state,), math.sqrt(y) * p[2]


def regression_plan(n: int) -> Plan:
    sum_x = float(n) * (n - 1) * 0.5
    squares = float(n) * (n - 1) * (2 * n - 1) / 6.0
    return Plan(n - 1, (n, sum_x, 1.0 / (sum_x * sum_x - n * squares), 1.0 / n), (0.0, 0.0, 0.0, 32 * n), n)


@fused
def _products(t, n, v):
    xy, y, size = 0.0, 0.0, 0.0
    for i in range(n):
        value = at(v, t - n + 1 + i)
        y += value
        xy += (n - 1 - i) * value
        size += abs(value)
    return xy, y, size, 32 * n


@fused
def forecast(s, t, p, v):
    """(state, (slope, intercept)) of the least squares line through the last n elements; the oldest is at 0.

    State: (sum of age times value, sum, sum of sizes, bars until they are computed afresh).
    """
    n, sum_x, scale, part = p
    if t < n - 1:
        return s, (0.0, 0.0)
    xy, y, size, left = s
    if t == n - 1:
        xy, y, size, left = _products(t, n, v)
    else:
        now, old = at(v, t), at(v, t - n)
        xy += y - n * old
        y += now - old
        size += abs(now) - abs(old)
        left -= 1
        if left <= 0 or abs(n * old) > 100.0 * size:
            xy, y, size, left = _products(t, n, v)
    slope = (n * xy - sum_x * y) * scale
    return (xy, y, size, left), (slope, (y - slope * sum_x) * part)


@kernel("LINEARREG", regression_plan)
def linearreg(s, p, m, t, x):
    s, line = forecast(s, t, p, x)
    return s, line[1] + line[0] * (p[0] - 1)


@kernel("LINEARREG_SLOPE", regression_plan)
def linearreg_slope(s, p, m, t, x):
    s, line = forecast(s, t, p, x)
    return s, line[0]


@kernel("LINEARREG_ANGLE", regression_plan)
def linearreg_angle(s, p, m, t, x):
    s, line = forecast(s, t, p, x)
    return s, degrees(line[0])


@kernel("LINEARREG_INTERCEPT", regression_plan)
def linearreg_intercept(s, p, m, t, x):
    s, line = forecast(s, t, p, x)
    return s, line[1]


@kernel("TSF", regression_plan)
def tsf(s, p, m, t, x):
    s, line = forecast(s, t, p, x)
    return s, line[1] + line[0] * p[0]


PAIR = (0.0, 0.0, 0.0, 0.0, 0.0)
"""Sums of x, y, xx, yy, xy, each less the shifts."""


@fused
def _pair_sums(t, n, shift_x, shift_y, a, b):
    x, y, xx, yy, xy = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(t - n + 1, t + 1):
        u, v = at(a, i) - shift_x, at(b, i) - shift_y
        x += u
        y += v
        xx += u * u
        yy += v * v
        xy += u * v
    return x, y, xx, yy, xy


@fused
def _mean(t, n, v):
    total = 0.0
    for i in range(t - n + 1, t + 1):
        total += at(v, i)
    return total / n


@fused
def _moved(sums, u, v):
    return sums[0] + u, sums[1] + v, sums[2] + u * u, sums[3] + v * v, sums[4] + u * v


@fused
def _removed(sums, u, v):
    return sums[0] - u, sums[1] - v, sums[2] - u * u, sums[3] - v * v, sums[4] - u * v


@kernel("CORREL", lambda n: Plan(n - 1, (n, 1.0 / n), (PAIR, 0.0, 0.0, 0.0, 0.0, 32 * n), n))
def correl(s, p, m, t, a, b):
    n, part = p
    sums, shift_x, shift_y, gone_x, gone_y, left = s
    x, y = at(a, t), at(b, t)
    if t == 0:
        shift_x, shift_y = x, y
    sums = _moved(sums, x - shift_x, y - shift_y)
    if t < n - 1:
        return (sums, shift_x, shift_y, 0.0, 0.0, left), 0.0
    xx, yy = sums[2] - sums[0] * sums[0] * part, sums[3] - sums[1] * sums[1] * part
    left -= 1
    if xx < LOST * sums[2] or yy < LOST * sums[3] or gone_x > 1e6 * sums[2] or gone_y > 1e6 * sums[3] or left <= 0:
        left = 32 * n
        shift_x, shift_y = _mean(t, n, a), _mean(t, n, b)
        sums = _pair_sums(t, n, shift_x, shift_y, a, b)
        xx = max(sums[2] - sums[0] * sums[0] * part, 0.0)
        yy = max(sums[3] - sums[1] * sums[1] * part, 0.0)
    r = 0.0
    if xx > EMPTY * sums[2] and yy > EMPTY * sums[3]:
        r = (sums[4] - sums[0] * sums[1] * part) / math.sqrt(xx * yy)
        r = 1.0 if r > 1.0 else (-1.0 if r < -1.0 else r)
    u, v = at(a, t - n + 1) - shift_x, at(b, t - n + 1) - shift_y
    return (_removed(sums, u, v), shift_x, shift_y, u * u, v * v, left), r


@fused
def _return_at(t, v):
    before = at(v, t - 1)
    return 0.0 if is_zero(before) else (at(v, t) - before) / before


@kernel("BETA", lambda n: Plan(n, (n, Ring(n + 1), Ring(n + 1)), (PAIR, 0.0, 0.0, 0.0, 32 * n), 1))
def beta(s, p, m, t, a, b):
    n, xs, ys = p[0], ring(m, p[1]), ring(m, p[2])
    sums, shift_x, shift_y, gone, left = s
    if t == 0:
        return s, 0.0
    x, y = _return_at(t, a), _return_at(t, b)
    put(xs, t, x)
    put(ys, t, y)
    if t == 1:
        shift_x, shift_y = x, y
    sums = _moved(sums, x - shift_x, y - shift_y)
    if t < n:
        return (sums, shift_x, shift_y, 0.0, left), 0.0
    scale = n * sums[2]
    spread = scale - sums[0] * sums[0]
    left -= 1
    if spread < LOST * scale or gone > 1e3 * sums[2] or left <= 0:
        left = 32 * n
        shift_x, shift_y = _mean(t, n, xs), _mean(t, n, ys)
        sums = _pair_sums(t, n, shift_x, shift_y, xs, ys)
        scale = n * sums[2]
        spread = max(scale - sums[0] * sums[0], 0.0)
    slope = (n * sums[4] - sums[0] * sums[1]) / spread if spread > EMPTY * scale else 0.0
    u, v = at(xs, t - n + 1) - shift_x, at(ys, t - n + 1) - shift_y
    return (_removed(sums, u, v), shift_x, shift_y, u * u, left), slope


@kernel("AVGDEV", lambda n: Plan(n - 1, (n,), (0,), n))
def avgdev(s, p, m, t, x):
    n = p[0]
    return s, (deviation(t, n, mean_over(x, t, n), x) / n if t >= n - 1 else 0.0)


@fused
def deviation(t, n, mean, v):
    """The sum of the distances of the last n elements from their mean; four sums side by side."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for i in range(t - n + 1, t - 2, 4):
        a += abs(at(v, i) - mean)
        b += abs(at(v, i + 1) - mean)
        c += abs(at(v, i + 2) - mean)
        d += abs(at(v, i + 3) - mean)
    for i in range(t + 1 - (n & 3), t + 1):
        a += abs(at(v, i) - mean)
    return (a + b) + (c + d)


@kernel("PERCENTRANK", lambda n: Plan(n, (n,), (0,), n + 1))
def percentrank(s, p, m, t, x):
    n, now, count = p[0], at(x, t), 0
    if t < n:
        return s, 0.0
    for i in range(t - n, t):
        count += at(x, i) < now
    return s, (float(count) / n) * 100.0


def rank_of(n: int, percentile: float) -> int:
    """The nearest rank, from 0: (P n) / 100 keeps round percentages exact."""
    return min(max(math.ceil(percentile * n / 100.0), 1), n) - 1


@fused
def first_above(place, count, x):
    """How many of the sorted numbers are not above x, by halving. NaN are sorted as the largest."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if element(place, middle) <= x or x != x:
            low = middle + 1
        else:
            high = middle
    return low


@fused
def first_not_below(place, count, x):
    """How many of the sorted numbers are below x, by halving."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        y = element(place, middle)
        if y < x or (x != x and y == y):
            low = middle + 1
        else:
            high = middle
    return low


@fused
def places(place, count, n, old, now):
    """(where the old number is, where the new one goes) in the sorted numbers.

    A short window is counted through, without branches, which beats halving up to some hundred numbers.
    """
    if n > SHORT:
        return first_not_below(place, count, old), first_above(place, count, now)
    hole, to = 0, 0
    for i in range(count):
        x = element(place, i)
        hole += x < old or (old != old and x == x)
        to += x <= now or now != now
    return hole, to


@kernel("PERCENTILE", lambda n, percentile: Plan(n - 1, (n, rank_of(n, percentile), Ring(n)), (0,), n))
def percentile(s, p, m, t, x):
    """The window is kept sorted: the oldest number is taken out and the new one put in by one shift between them."""
    n, place, now = p[0], m + p[2][0], at(x, t)
    if t < n:
        _, to = places(place, t, n, now, now)
        for i in range(t, to, -1):
            set_element(place, i, element(place, i - 1))
        set_element(place, to, now)
        return s, element(place, p[1])
    hole, to = places(place, n, n, at(x, t - n), now)
    if to > hole:
        for i in range(hole, to - 1):
            set_element(place, i, element(place, i + 1))
        set_element(place, to - 1, now)
    else:
        for i in range(hole, to, -1):
            set_element(place, i, element(place, i - 1))
        set_element(place, to, now)
    return s, element(place, p[1])
