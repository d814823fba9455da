"""Oscillators of a window's range and extremes. Sources: Lane (STOCH), Lambert (CCI), Williams (WILLR, ULTOSC), Chande
(AROON), Blau (SMI), Botes and Siepman, TASC 28:1 (VORTEX), White (VHF), Williams, Trading Chaos (FRACTAL)."""

from __future__ import annotations

from typing import Any

from ..cells import (
    NO_HIGH,
    NO_LOW,
    above,
    again,
    below,
    ema,
    emptied,
    extreme_at,
    extreme_numbers,
    highest,
    is_zero,
    is_zero_beside,
    lowest,
    mean_over,
    place_numbers,
    range_at,
    renewed,
    run,
    slide,
    smoothing,
)  # fmt: skip
from ..memory import at, fused, put, ring
from ..plan import Key, Plan, Ring, family, kernel
from .averages import KINDS, average, average_plan, kind_of, travelled
from .momentum import relative_strength, strength, strength_plan
from .statistics import deviation

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: E741 - o, h, l, c are what they are called
NOWHERE_AT = (0, 0.0, 0)
RMA_KIND = KINDS.index("RMA")
SMALL = 16
"""Up to this many bars around a pivot, to look at all is faster than to stop at the first that is higher."""


@fused
def place_in(price, bottom, top):
    """Where in a range a price is, in percent; 0 in a range of nothing."""
    width = top - bottom
    return 0.0 if is_zero_beside(width, abs(top) + abs(bottom)) else (price - bottom) / (width / 100.0)


@kernel("WILLR", lambda n: Plan(n - 1, (extreme_numbers(n), extreme_numbers(n)), (NO_HIGH, NO_LOW), n))
def willr(s, p, m, t, high, low, close):
    a, top = highest(s[0], t, p[0], m, high)
    b, bottom = lowest(s[1], t, p[1], m, low)
    width = (top - bottom) / -100.0
    return (a, b), ((top - at(close, t)) / width if width != 0.0 else 0.0)


def aroon_plan(n: int) -> Plan:
    return Plan(n, (n, 100.0 / n, place_numbers(n + 1), place_numbers(n + 1)), (NOWHERE_AT, NOWHERE_AT), n + 1)


@fused
def _ages(s, p, m, t, high, low):
    a, top = extreme_at(s[0], t, p[2], m, high, 1, True)
    b, bottom = extreme_at(s[1], t, p[3], m, low, -1, True)
    return (a, b), t - top[1], t - bottom[1]


@kernel("AROON", aroon_plan)
def aroon(s, p, m, t, high, low):
    s, up, down = _ages(s, p, m, t, high, low)
    return s, (p[1] * (p[0] - down), p[1] * (p[0] - up))


@kernel("AROONOSC", aroon_plan)
def aroonosc(s, p, m, t, high, low):
    s, up, down = _ages(s, p, m, t, high, low)
    return s, p[1] * (down - up)


@kernel("CCI", lambda n: Plan(n - 1, (n, Ring(n + 1)), (0,)))
def cci(s, p, m, t, high, low, close):
    n, prices = p[0], ring(m, p[1])
    now = (at(high, t) + at(low, t) + at(close, t)) / 3.0
    still = run(s[0], n, t > 0 and now == at(prices, t - 1))
    put(prices, t, now)
    if t < n - 1 or still >= n - 1:
        return (still,), 0.0
    mean = mean_over(prices, t, n)
    spread, distance = deviation(t, n, mean, prices), now - mean
    if is_zero(distance) or is_zero(spread):
        return (still,), 0.0
    return (still,), distance / (0.015 * (spread / n))


@kernel("VHF", lambda n: Plan(
    n, (n, again(n), extreme_numbers(n), extreme_numbers(n)), (0.0, 0, NO_HIGH, NO_LOW), n + 1
))  # fmt: skip
def vhf(s, p, m, t, x):
    path, still = travelled(s[0], s[1], t, p[0], p[1], x)
    a, top = highest(s[2], t, p[2], m, x)
    b, bottom = lowest(s[3], t, p[3], m, x)
    return (path, still, a, b), ((top - bottom) / path if path > 0.0 else 0.0)


@fused
def _vortices(t, high, low, close):
    """(true range, |high - low before|, |low - high before|) of bar t > 0."""
    h, l = at(high, t), at(low, t)
    return range_at(t, high, low, close), abs(h - at(low, t - 1)), abs(l - at(high, t - 1))


@fused
def _vortex_sums(t, n, high, low, close):
    a, b, c = 0.0, 0.0, 0.0
    for i in range(t - n + 1, t + 1):
        x, y, z = _vortices(i, high, low, close)
        a, b, c = a + x, b + y, c + z
    return a, b, c


@kernel("VORTEX", lambda n: Plan(n, (n, again(n)), (0.0, 0.0, 0.0, 0), n + 1))
def vortex(s, p, m, t, high, low, close):
    n, mask = p
    if t == 0:
        return s, (0.0, 0.0)
    a, b, c, still = s
    x, y, z = _vortices(t, high, low, close)
    still = run(still, n + 1, x == 0.0)
    if t <= n:
        a, b, c = a + x, b + y, c + z
    else:
        old = _vortices(t - n, high, low, close)
        a, b, c = a + (x - old[0]), b + (y - old[1]), c + (z - old[2])
        if (t & mask) == 0 or still == n:
            afresh = _vortex_sums(t, n, high, low, close)
            a, b, c = renewed(a, afresh[0]), renewed(b, afresh[1]), renewed(c, afresh[2])
    return (a, b, c, still), ((b / a, c / a) if a > 0.0 else (0.0, 0.0))


def ultimate_plan(*periods: int) -> Plan:
    a, b, c = sorted(periods)
    windows = tuple((n, again(n)) for n in (a, b, c))
    return Plan(c, (windows, Ring(c + 1), Ring(c + 1)), ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), 0), 1)


@fused
def _share(s, i, window, gains, ranges, still):
    """(sums of both over a window, their ratio)."""
    n, mask = window
    a, b = slide(s[0], i, n, mask, gains), slide(s[1], i, n, mask, ranges)
    a, b = emptied(a, still, i, n, gains), emptied(b, still, i, n, ranges)
    return (a, b), (a / b if b > 0.0 else 0.0)


@kernel("ULTOSC", ultimate_plan)
def ultosc(s, p, m, t, high, low, close):
    if t == 0:
        return s, 0.0
    windows, gains, ranges = p[0], ring(m, p[1]), ring(m, p[2])
    i, width, now = t - 1, range_at(t, high, low, close), at(close, t)
    put(gains, i, now - below(at(low, t), at(close, t - 1)))
    put(ranges, i, width)
    still = run(s[3], windows[2][0] + 1, width == 0.0)
    a, x = _share(s[0], i, windows[0], gains, ranges, still)
    b, y = _share(s[1], i, windows[1], gains, ranges, still)
    c, z = _share(s[2], i, windows[2], gains, ranges, still)
    return (a, b, c, still), 100.0 * ((4.0 * x + 2.0 * y + z) / 7.0)


@fused
def _is_peak(t, left, right, sign, v):
    """Whether the bar `right` ago is above all `left` bars before and `right` bars after it (below, if sign is -1)."""
    pivot, i = sign * at(v, t - right), t - right
    if left + right <= SMALL:
        most = sign * at(v, i - left)
        for k in range(i - left + 1, i):
            most = above(most, sign * at(v, k))
        for k in range(i + 1, t + 1):
            most = above(most, sign * at(v, k))
        return 100 if pivot > most else 0
    if not (pivot > sign * at(v, i + 1) and pivot > sign * at(v, i - 1)):
        return 0
    for k in range(i + 2, t + 1):
        if not pivot > sign * at(v, k):
            return 0
    for k in range(i - 2, i - left - 1, -1):
        if not pivot > sign * at(v, k):
            return 0
    return 100


@kernel("FRACTAL", lambda left, right: Plan(left + right, (left, right), (0,), left + right + 1))
def fractal(s, p, m, t, high, low):
    if t < p[0] + p[1]:
        return s, (0, 0)
    return s, (_is_peak(t, p[0], p[1], 1.0, high), _is_peak(t, p[0], p[1], -1.0, low))


def window_numbers(n: int) -> tuple[Any, ...]:
    return extreme_numbers(n), extreme_numbers(n)


@fused
def raw_k(s, p, m, t, high, low, close):
    """(state of the extremes, the close within the range of the last n bars in percent)."""
    a, top = highest(s[0], t, p[0], m, high)
    b, bottom = lowest(s[1], t, p[1], m, low)
    return (a, b), place_in(at(close, t), bottom, top)


def fast_plan(k: int, d: int, kind: int) -> Plan:
    average_d = average_plan(kind_of(kind, d), d)
    numbers = (window_numbers(k), k - 1, average_d.numbers, Ring(average_d.depth + 1))
    return Plan(k - 1 + average_d.lookback, numbers, ((NO_HIGH, NO_LOW), average_d.state), k)


def make_fast(kind: int) -> Any:
    step = average(kind)

    @fused
    def smoothed(s, p, m, t, y):
        """(state, %D) of a %K."""
        i, d = t - p[1], 0.0
        if i >= 0:
            series = ring(m, p[3])
            put(series, i, y)
            s, d = step(s, p[2], m, i, series)
        return s, d

    return smoothed


@family("STOCHF", fast_plan, lambda k, d, kind: (kind_of(kind, d),))
def make_stochf(kind: int) -> Any:
    smoothed = make_fast(kind)

    def stochf(s, p, m, t, high, low, close):
        a, k = raw_k(s[0], p[0], m, t, high, low, close)
        b, d = smoothed(s[1], p, m, t, k)
        return (a, b), (k, d)

    return stochf


def rsi_k_plan(timeperiod: int, k: int, d: int, kind: int) -> Plan:
    rsi, fast = strength_plan(timeperiod), fast_plan(k, d, kind)
    return Plan(rsi.lookback + fast.lookback, (rsi.numbers, fast.numbers, Ring(k + 1)), (rsi.state, fast.state), 1)


@family("STOCHRSI", rsi_k_plan, lambda n, k, d, kind: (kind_of(kind, d),))
def make_stochrsi(kind: int) -> Any:
    smoothed = make_fast(kind)

    def stochrsi(s, p, m, t, x):
        if t == 0:
            return s, (0.0, 0.0)
        gains, fast = strength(s[0], t, p[0], x), s[1]
        i, k, d, series = t - p[0][0], 0.0, 0.0, ring(m, p[2])
        a, b = fast
        if i >= 0:
            put(series, i, relative_strength(gains[0], gains[1]))
            a, k = raw_k(a, p[1][0], m, i, series, series, series)
            b, d = smoothed(b, p[1], m, i, k)
        return (gains, (a, b)), (k, d)

    return stochrsi


def slow_plan(default: int) -> Any:
    def plan(fast_k: int, k: int, k_type: int, d: int, d_type: int) -> Plan:
        a, b = average_plan(kind_of(k_type, k, default), k), average_plan(kind_of(d_type, d, default), d)
        numbers = (
            window_numbers(fast_k), fast_k - 1, a.numbers, Ring(a.depth + 1),
            fast_k - 1 + a.lookback, b.numbers, Ring(b.depth + 1),
        )  # fmt: skip
        state = ((NO_HIGH, NO_LOW), a.state, b.state)
        return Plan(fast_k - 1 + a.lookback + b.lookback, numbers, state, fast_k)

    return plan


def slow_key(default: int) -> Any:
    def key(fast_k: float, k: float, k_type: float, d: float, d_type: float) -> Key:
        return kind_of(k_type, k, default), kind_of(d_type, d, default)

    return key


def make_slow(k_kind: int, d_kind: int) -> Any:
    """(state, (%K, %D)), both slowed down."""
    k_step, d_step = average(k_kind), average(d_kind)

    @fused
    def slow(s, p, m, t, high, low, close):
        a, y = raw_k(s[0], p[0], m, t, high, low, close)
        b, c, k, d, i, j = s[1], s[2], 0.0, 0.0, t - p[1], t - p[4]
        if i >= 0:
            raw = ring(m, p[3])
            put(raw, i, y)
            b, k = k_step(b, p[2], m, i, raw)
        if j >= 0:
            slowed = ring(m, p[6])
            put(slowed, j, k)
            c, d = d_step(c, p[5], m, j, slowed)
        return (a, b, c), (k, d)

    return slow


@family("STOCH", slow_plan(0), slow_key(0))
def make_stoch(k_kind: int, d_kind: int) -> Any:
    slow = make_slow(k_kind, d_kind)

    def stoch(s, p, m, t, high, low, close):
        return slow(s, p, m, t, high, low, close)

    return stoch


@family("KDJ", slow_plan(RMA_KIND), slow_key(RMA_KIND))
def make_kdj(k_kind: int, d_kind: int) -> Any:
    slow = make_slow(k_kind, d_kind)

    def kdj(s, p, m, t, high, low, close):
        s, y = slow(s, p, m, t, high, low, close)
        return s, (y[0], y[1], 3.0 * y[0] - 2.0 * y[1])

    return kdj


@kernel("SMI", lambda n, fast, slow, signal: Plan(
    n + slow + fast + signal - 4, (window_numbers(n), n - 1, smoothing(slow), smoothing(fast), smoothing(signal)),
    (NO_HIGH, NO_LOW, (0.0, 0.0, 0.0, 0.0, 0.0)), n,
))  # fmt: skip
def smi(s, p, m, t, high, low, close):
    a, top = highest(s[0], t, p[0][0], m, high)
    b, bottom = lowest(s[1], t, p[0][1], m, low)
    up, reach, up2, reach2, signal = s[2]
    i = t - p[1]
    j = i - (p[2][0] - 1)
    k, y = j - (p[3][0] - 1), 0.0
    if i >= 0:
        up = ema(up, i, p[2], at(close, t) - (top + bottom) * 0.5)
        reach = ema(reach, i, p[2], top - bottom)
    if j >= 0:
        up2, reach2 = ema(up2, j, p[3], up), ema(reach2, j, p[3], reach)
    if k >= 0:
        half = 0.5 * reach2
        y = 100.0 * up2 / half if half > 0.0 else 0.0
        signal = ema(signal, k, p[4], y)
    return (a, b, (up, reach, up2, reach2, signal)), (y, signal)
