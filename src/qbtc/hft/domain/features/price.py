"""Features of the return series: A B E G H K M P R S Z (U is in `garch`). `r` are log returns of the mid, oldest first.

Each returns NaN where the data do not define it.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import math

import numpy as np

from .native import PATTERNS, log, mean, quick, ratio, varies

ORDER = 4
LOG_PATTERNS = math.log(PATTERNS)
DFA_SCALES = np.array([4, 5, 6, 8, 10, 12, 15])
ROUNDING = 1e-10
ATR_BARS = 14
FAST, SLOW = 12, 26


@quick
def advance(r, work):
    """A: t-statistic of the mean log return, mean / (s / sqrt n), s with n - 1."""
    middle, squares = mean(r), 0.0
    for i in range(r.size):
        squares += (r[i] - middle) ** 2
    return ratio(middle * math.sqrt(r.size), math.sqrt(squares / (r.size - 1))) if varies(r) else math.nan


@quick
def burst(r, work):
    """B: log of realised volatility, log sqrt(sum r^2)."""
    return 0.5 * log(_power(r, 2))


@quick
def _power(r, exponent):
    found = 0.0
    for i in range(r.size):
        found += r[i] ** exponent
    return found


@quick
def entropy(r, work):
    """E: permutation entropy of order 4 over log 24 (Bandt and Pompe 2002); equal values rank by their time."""
    groups = r.size - ORDER + 1
    if groups < 1 or not varies(r):
        return math.nan
    work[:PATTERNS] = 0.0
    for i in range(groups):
        code = 0
        for j in range(ORDER - 1):
            lower = 0
            for k in range(j + 1, ORDER):
                lower += r[i + k] < r[i + j]
            code = code * (ORDER - j) + lower
        work[code] += 1.0
    found = 0.0
    for code in range(PATTERNS):
        p = work[code] / groups
        found -= p * math.log(p) if p > 0 else 0.0
    return found / LOG_PATTERNS


@quick
def gap(r, work):
    """G: share of jumps, max(0, (RV - BV) / RV) with bipower variation BV = pi/2 sum |r_i||r_{i-1}|.

    Barndorff-Nielsen and Shephard 2004.
    """
    whole, smooth = _power(r, 2), 0.0
    for i in range(1, r.size):
        smooth += abs(r[i]) * abs(r[i - 1])
    share = ratio(whole - math.pi / 2 * smooth, whole)
    return share if not share < 0 else 0.0


@quick
def hurst(r, work):
    """H: exponent of detrended fluctuation analysis (Peng 1994, linear trend) minus 0.5: the slope of log F over log s.

    NaN where the profile is a line in every box of some size: an F of rounding errors alone has no logarithm.
    """
    if not varies(r):
        return math.nan
    middle, height, most, profile = mean(r), 0.0, 0.0, work[: r.size]
    for i in range(r.size):
        height += r[i] - middle
        profile[i] = height
        most = max(most, abs(height))
    n, x, y, xx, xy = 0, 0.0, 0.0, 0.0, 0.0
    for scale in DFA_SCALES:
        if 2 * scale <= r.size:
            size = fluctuation(profile, scale)
            at, value = math.log(scale), log(size if size > ROUNDING * most else 0.0)
            n, x, y, xx, xy = n + 1, x + at, y + value, xx + at * at, xy + at * value
    return ratio(n * xy - x * y, n * xx - x * x) - 0.5


@quick
def fluctuation(profile, scale):
    """Root mean square of the profile around its linear trend in boxes of `scale`."""
    boxes, squares = profile.size // scale, 0.0
    centre, spread = (scale - 1) / 2, scale * (scale * scale - 1) / 12
    for box in range(boxes):
        part = profile[box * scale : (box + 1) * scale]
        middle, slope = mean(part), 0.0
        for i in range(scale):
            slope += (part[i] - middle) * (i - centre)
        slope /= spread
        for i in range(scale):
            squares += (part[i] - middle - slope * (i - centre)) ** 2
    return math.sqrt(squares / (boxes * scale))


@quick
def kurtosis(r, work):
    """K: realised excess kurtosis, n sum r^4 / (sum r^2)^2 - 3."""
    return r.size * ratio(_power(r, 4), _power(r, 2) ** 2) - 3.0


@quick
def momentum(mid, high, low, work):
    """M: (EMA12 - EMA26) / ATR14 of the mid; the averages start at the first bar, ATR is the mean of 14 true ranges."""
    if mid.size <= ATR_BARS:
        return math.nan
    reach = 0.0
    for i in range(mid.size - ATR_BARS, mid.size):
        reach += max(high[i], mid[i - 1]) - min(low[i], mid[i - 1])
    return ratio(_average(mid, FAST) - _average(mid, SLOW), reach / ATR_BARS)


@quick
def _average(x, span):
    """Last value of the exponential average with alpha = 2 / (span + 1), started at the first value."""
    found = x[0]
    for i in range(1, x.size):
        found += (x[i] - found) * 2 / (span + 1)
    return found


@quick
def periodicity(r, work):
    """P: Fisher's g (1929), the largest share of one frequency in the periodogram of the returns."""
    n = r.size
    if n < 5 or not varies(r):
        return math.nan
    middle, cosine, sine = mean(r), work[:n], work[n : 2 * n]
    for i in range(n):
        cosine[i], sine[i] = math.cos(2 * math.pi * i / n), math.sin(2 * math.pi * i / n)
    most, whole = 0.0, 0.0
    for frequency in range(1, (n - 1) // 2 + 1):
        real, imaginary, at = 0.0, 0.0, 0
        for i in range(n):
            real += (r[i] - middle) * cosine[at]
            imaginary += (r[i] - middle) * sine[at]
            at += frequency
            at -= n if at >= n else 0
        power = real * real + imaginary * imaginary
        most, whole = max(most, power), whole + power
    return ratio(most, whole)


@quick
def reversion(mid, work):
    """R: minus log half-life in bars of an Ornstein-Uhlenbeck fit (AR(1) of the log mid); NaN if it does not revert."""
    n = mid.size - 1
    if n < 2:
        return math.nan
    x, y, xx, xy = 0.0, 0.0, 0.0, 0.0
    for i in range(n + 1):
        work[i] = math.log(mid[i] / mid[0])
    for i in range(n):
        x, y = x + work[i], y + work[i + 1]
    for i in range(n):
        before, after = work[i] - x / n, work[i + 1] - y / n
        xx, xy = xx + before * before, xy + before * after
    slope = ratio(xy, xx)
    return -math.log(math.log(2) / -math.log(slope)) if 0 < slope < 1 else math.nan


@quick
def skew(r, work):
    """S: realised skewness, sqrt(n) sum r^3 / (sum r^2)^(3/2)."""
    return math.sqrt(r.size) * ratio(_power(r, 3), _power(r, 2) ** 1.5)


@quick
def zenith(mid, high, work):
    """Z: drawdown of the mid from the window's high in per cent, >= 0."""
    top = high[0]
    for i in range(1, high.size):
        top = max(top, high[i])
    return 100.0 * ratio(top - mid[-1], top)
