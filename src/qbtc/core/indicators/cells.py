"""Small parts that kernels are made of: running sums, recursive averages, window extremes, true range, zero tests.

State goes in and comes out; nothing is kept. Running sums gather rounding errors, and a large value that passes through
leaves its own behind; therefore they are summed afresh whenever `t & again == 0`, at the same bars in every mode.
A NaN or infinity that entered a running sum stays there, as in TA-Lib.
"""

from __future__ import annotations

import math

from .memory import at, element, fma, fused, set_element
from .plan import Ring

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: PLR1730 - comparisons as the compiler likes them
EPSILON = 1e-14
LEAST = 1023


def again(n: int, span: int = 16) -> int:
    """How often to sum a window of `n` afresh, as a mask of the bar's number: then it costs 1/`span` a bar."""
    return max(LEAST, (1 << (span * n - 1).bit_length()) - 1)


def smoothing(n: int) -> tuple[int, float, float]:
    """(period, weight of the new value, weight of the old) of an exponential average; the weights sum to exactly 1."""
    k = 1.0 - (n - 1) / (n + 1)
    return n, k, 1.0 - k


def wilder(n: int) -> tuple[int, float, float]:
    """(period, weight of the new value, weight of the old) of Wilder's average, 1/n and 1 - 1/n."""
    beta = (n - 1) / n
    return n, 1.0 - beta, beta


@fused
def ema(y, i, p, v):
    """An exponential average seeded by the mean of its first n values. `y` is the sum until then; `i` counts from 0."""
    if i >= p[0]:
        return fma(p[2], y, p[1] * v)
    y += v
    return y / p[0] if i == p[0] - 1 else y


@fused
def fresh(v, t, n):
    """The sum of the last n elements of a view, oldest first."""
    total = 0.0
    for i in range(t - n + 1, t + 1):
        total += at(v, i)
    return total


@fused
def renewed(old, new):
    """The sum made afresh, unless the running one holds a NaN or infinity, which are to stay."""
    return new if old - old == 0.0 else old


@fused
def slide(total, t, n, mask, v):
    """The sum of the last n elements of a view (of all, as long as there are fewer)."""
    x = at(v, t)
    if t < n:
        return total + x
    total += x - at(v, t - n)
    if (t & mask) == 0:
        total = renewed(total, fresh(v, t, n))
    return total


@fused
def fresh_weighted(v, t, n):
    """(sum, sum weighted 1 to n with the newest heaviest) of the last n elements of a view, oldest first."""
    total, weighted = 0.0, 0.0
    for i in range(n):
        x = at(v, t - n + 1 + i)
        total += x
        weighted += (i + 1) * x
    return total, weighted


@fused
def emptied(total, still, t, n, v):
    """The running sum, made afresh on the bar that completes a window of zeros: then it is exactly 0, and stays so.

    `still` counts zeros in a row up to more than n. A select on every bar would lengthen the sum's chain.
    """
    return fresh(v, t, n) if still == n else total


@fused
def weigh(s, t, n, mask, v):
    """(sum, sum weighted 1 to n with the newest heaviest) of the last n elements of a view."""
    total, weighted = s
    x = at(v, t)
    if t < n:
        return total + x, weighted + (t + 1) * x
    weighted += n * x - total
    total += x - at(v, t - n)
    if (t & mask) == 0:
        afresh = fresh_weighted(v, t, n)
        total, weighted = renewed(total, afresh[0]), renewed(weighted, afresh[1])
    return total, weighted


@fused
def run(length, limit, zero):
    """How many times in a row something was zero, at most `limit`."""
    return min(length + 1, limit) if zero else 0


@fused
def is_zero(x):
    """TA-Lib's fixed band."""
    return x > -EPSILON and x < EPSILON


@fused
def is_zero_beside(x, scale):
    """Zero within rounding of the numbers that it is the difference of."""
    return abs(x) <= EPSILON * scale


@fused
def above(a, b):
    """The larger; the first if either is NaN."""
    return b if b > a else a


@fused
def below(a, b):
    """The smaller; the first if either is NaN."""
    return b if b < a else a


@fused
def true_range(high, low, previous_close):
    """Wilder's: the largest of the range and the distances of its ends from the close before."""
    greatest = high - low
    up, down = abs(previous_close - high), abs(previous_close - low)
    if up > greatest:
        greatest = up
    return down if down > greatest else greatest


NO_HIGH, NO_LOW = (0, -math.inf), (0, math.inf)
"""First states of `highest` and `lowest`."""


def extreme_numbers(n: int) -> tuple[int, Ring]:
    """Numbers of `highest` and `lowest` over a window of n."""
    return n, Ring(n)


@fused
def highest(s, t, p, m, v):
    """((position in the block, maximum of the block), maximum of the last n), in constant time a bar.

    Van Herk, Pattern Recognition Letters 13 (1992): the window is a suffix of one block of n and a prefix of the next.
    When a block is complete, the maxima of its suffixes are laid down, backwards. NaN are passed over; a window of
    nothing else gives NaN.
    """
    n, suffixes = p[0], m + p[1][0]
    x, position, best = at(v, t), s[0] + 1, s[1]
    best = x if x > best else best
    if position < n:
        old = element(suffixes, position)
        y = old if old > best else best
        return (position, best), (y if y > -math.inf else math.nan)
    most = -math.inf
    for i in range(n - 1, -1, -1):
        x = at(v, t - n + 1 + i)
        most = x if x > most else most
        set_element(suffixes, i, most)
    return (0, -math.inf), (best if best > -math.inf else math.nan)


@fused
def lowest(s, t, p, m, v):
    """As `highest`, for minima."""
    n, suffixes = p[0], m + p[1][0]
    x, position, best = at(v, t), s[0] + 1, s[1]
    best = x if x < best else best
    if position < n:
        old = element(suffixes, position)
        y = old if old < best else best
        return (position, best), (y if y < math.inf else math.nan)
    least = math.inf
    for i in range(n - 1, -1, -1):
        x = at(v, t - n + 1 + i)
        least = x if x < least else least
        set_element(suffixes, i, least)
    return (0, math.inf), (best if best < math.inf else math.nan)


@fused
def degrees(x):
    """The angle of a slope."""
    return math.atan(x) * (180.0 / math.pi)


@fused
def typical(high, low, close):
    """The mean of high, low and close."""
    return (high + low + close) / 3.0


@fused
def flow(high, low, close, volume):
    """Chaikin's money flow volume: where in its range the bar closed, in [-1, 1], times its volume."""
    width = high - low
    return (((close - low) - (high - close)) / width) * volume if width > 0.0 else 0.0


@fused
def directional(t, high, low):
    """(+DM, -DM) of a bar, Wilder, New Concepts in Technical Trading Systems (1978)."""
    up, down = at(high, t) - at(high, t - 1), at(low, t - 1) - at(low, t)
    plus = up if (up > 0.0) & (up > down) else 0.0  # `and` would branch on what cannot be foreseen
    minus = down if (down > 0.0) & (down > up) else 0.0
    return plus, minus


@fused
def decayed(total, i, n, part, v):
    """Wilder's sum: of the first n - 1 values, from then on 1/n of it is lost before each; `part` is 1/n."""
    return total + v if i < n - 1 else total - total * part + v


@fused
def range_at(t, high, low, close):
    """The true range of bar t > 0."""
    return true_range(at(high, t), at(low, t), at(close, t - 1))


def spread_numbers(n: int) -> tuple[int, float]:
    return n, 1.0 / n


def spread_state(n: int) -> tuple[float, float, float, float, int]:
    """(shift, sum, sum of squares, largest sum of squares, bars until it is computed afresh) of `variance`."""
    return 0.0, 0.0, 0.0, 0.0, 32 * n


@fused
def _moments(v, t, n, shift):
    a, b = 0.0, 0.0
    for i in range(t - n + 1, t + 1):
        d = at(v, i) - shift
        a += d
        b += d * d
    return a, b


@fused
def _anchored(v, t, p):
    n, part = p
    shift = fresh(v, t, n) * part
    a, b = _moments(v, t, n, shift)
    var = b * part - (a * part) * (a * part)
    if var < 1e-6 * (b * part):
        shift = at(v, t)
        a, b = _moments(v, t, n, shift)
        var = b * part - (a * part) * (a * part)
    peak = b
    if var < 1e-12 * (b * part):
        var = 0.0
    d = at(v, t - n + 1) - shift
    return (shift, a - d, b - d * d, peak, 32 * n), var


@fused
def variance(s, t, p, v):
    """The population variance of the last n elements, from sums of deviations from a point near the window.

    The sums are computed afresh around the window's mean when they have lost digits (the variance is under 1e-6 of the
    largest sum since the last time) and every 32 windows. Chan, Golub, LeVeque, The American Statistician 37:3 (1983).
    """
    n, part = p
    shift, a, b, peak, left = s
    x = at(v, t)
    shift = x if t == 0 else shift
    d = x - shift
    square, total = d * d, b + d * d
    peak = total if total > peak else peak
    if t < n - 1:
        return (shift, a + d, total, peak, left), 0.0
    mean = (a + d) * part
    var = total * part - mean * mean
    if var < 1e-6 * (peak * part) or left <= 1:
        return _anchored(v, t, p)
    old = at(v, t - n + 1) - shift
    return (shift, a + (d - old), b + (square - old * old), peak, left - 1), var


def place_numbers(n: int) -> tuple[int, Ring, Ring]:
    """Numbers of `highest_at` and `lowest_at` over a window of n."""
    return n, Ring(n), Ring(n)


@fused
def _before(a, b, sign, late):
    """Whether a beats b as an extreme: larger if sign is 1, smaller if -1; equals do so if `late`."""
    if sign > 0:
        return a > b or (late and a == b)
    return a < b or (late and a == b)


@fused
def extreme_at(s, t, p, m, v, sign, late):
    """((position, extreme, its bar), (extreme of the last n, its bar)); of equals the newest if `late`, else the oldest."""
    n, values, bars = p[0], m + p[1][0], m + p[2][0]
    position, best, bar = s
    x = at(v, t)
    if position == 0 or _before(x, best, sign, late):
        best, bar = x, t
    position += 1
    if position == n:
        _suffix_extremes(values, bars, v, t, n, sign, late)
        return (0, best, bar), (best, bar)
    old = element(values, position)
    if _before(best, old, sign, late):
        return (position, best, bar), (best, bar)
    return (position, best, bar), (old, int(element(bars, position)))


@fused
def _suffix_extremes(values, bars, v, t, n, sign, late):
    best, bar = at(v, t), t
    for i in range(n - 1, -1, -1):
        x = at(v, t - n + 1 + i)
        if _before(x, best, sign, not late):
            best, bar = x, t - n + 1 + i
        set_element(values, i, best)
        set_element(bars, i, float(bar))


@fused
def mean_over(v, t, n):
    """The mean of the last n elements of a view; four sums side by side, because one waits for itself."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for i in range(t - n + 1, t - 2, 4):
        a += at(v, i)
        b += at(v, i + 1)
        c += at(v, i + 2)
        d += at(v, i + 3)
    for i in range(t + 1 - (n & 3), t + 1):
        a += at(v, i)
    return ((a + b) + (c + d)) / n
