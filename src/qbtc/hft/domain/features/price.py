"""Features of the return series: A B E G H K M P R S Z. Each takes a window and returns one value a symbol."""

from __future__ import annotations

import math

import numpy as np

from qbtc.contracts import basis26

from .window import Array, Window, log, ratio

ORDER = 4
PATTERNS = math.factorial(ORDER)
DFA_SCALES = (4, 5, 6, 8, 10, 12, 15)
ATR_BARS = 14


def advance(w: Window) -> Array:
    """A: t-statistic of the mean log return, mean / (s / sqrt n), s with n - 1."""
    r = w.returns
    return ratio(r.mean(axis=1) * math.sqrt(r.shape[1]), r.std(axis=1, ddof=1))


def burst(w: Window) -> Array:
    """B: log of realised volatility, log sqrt(sum r^2)."""
    return 0.5 * log((w.returns**2).sum(axis=1))


def entropy(w: Window) -> Array:
    """E: permutation entropy of order 4 over log 24 (Bandt and Pompe 2002); equal values rank by their time."""
    r = w.returns
    groups = np.lib.stride_tricks.sliding_window_view(r, ORDER, axis=1)
    ranks = np.argsort(groups, axis=2, kind="stable")
    codes = ranks @ np.array([64, 16, 4, 1])
    counts = np.zeros((len(r), 256))
    np.add.at(counts, (np.arange(len(r))[:, None], codes), 1.0)
    p = counts / codes.shape[1]
    value = -(p * np.log(p, out=np.zeros_like(p), where=p > 0)).sum(axis=1) / math.log(PATTERNS)
    return np.where((r != r[:, :1]).any(axis=1), value, np.nan)


def gap(w: Window) -> Array:
    """G: share of jumps, max(0, (RV - BV) / RV) with bipower variation BV = pi/2 sum |r_i||r_{i-1}|."""
    size = np.abs(w.returns)
    rv = (size**2).sum(axis=1)
    bv = math.pi / 2 * (size[:, 1:] * size[:, :-1]).sum(axis=1)
    return np.maximum(ratio(rv - bv, rv), 0.0)


def hurst(w: Window) -> Array:
    """H: exponent of detrended fluctuation analysis (Peng 1994, linear trend) minus 0.5."""
    r = w.returns
    profile = np.cumsum(r - r.mean(axis=1, keepdims=True), axis=1)
    flat = np.ptp(r, axis=1) == 0
    logs = np.stack([log(_fluctuation(profile, s)) for s in DFA_SCALES if 2 * s <= r.shape[1]], axis=1)
    x = np.log([s for s in DFA_SCALES if 2 * s <= r.shape[1]])
    x = x - x.mean()
    return np.where(flat, np.nan, (logs @ x) / (x @ x) - 0.5)


def _fluctuation(profile: Array, scale: int) -> Array:
    """Root mean square of the profile around its linear trend in boxes of `scale`."""
    boxes = profile[:, : profile.shape[1] // scale * scale].reshape(len(profile), -1, scale)
    t = np.arange(scale) - (scale - 1) / 2
    centred = boxes - boxes.mean(axis=2, keepdims=True)
    trend = (centred @ t)[:, :, None] * t / (t @ t)
    result: Array = np.sqrt(((centred - trend) ** 2).mean(axis=(1, 2)))
    return result


def kurtosis(w: Window) -> Array:
    """K: realised excess kurtosis, n sum r^4 / (sum r^2)^2 - 3."""
    square = w.returns**2
    result: Array = w.returns.shape[1] * ratio((square**2).sum(axis=1), square.sum(axis=1) ** 2) - 3.0
    return result


def momentum(w: Window) -> Array:
    """M: (EMA12 - EMA26) / ATR14 of the mid; the averages start at the first bar, ATR is the mean of 14 true ranges."""
    mid = w.all("mid")
    return ratio(_ema(mid, 12) - _ema(mid, 26), _average_true_range(w))


def _ema(values: Array, span: int) -> Array:
    """Last value of the exponential average with alpha = 2 / (span + 1), started at the first value."""
    alpha = 2 / (span + 1)
    n = values.shape[1]
    weights = alpha * (1 - alpha) ** np.arange(n - 1, -1, -1.0)
    weights[0] = (1 - alpha) ** (n - 1)
    return values @ weights


def _average_true_range(w: Window) -> Array:
    before = w.all("mid")[:, -ATR_BARS - 1 : -1]
    top = np.maximum(w.all("mid_high")[:, -ATR_BARS:], before)
    bottom = np.minimum(w.all("mid_low")[:, -ATR_BARS:], before)
    result: Array = (top - bottom).mean(axis=1)
    return result


def periodicity(w: Window) -> Array:
    """P: Fisher's g, the largest share of one frequency in the periodogram of the returns."""
    r = w.returns
    power = np.abs(np.fft.rfft(r - r.mean(axis=1, keepdims=True), axis=1)[:, 1 : (r.shape[1] - 1) // 2 + 1]) ** 2
    varies = np.ptp(r, axis=1) > 0
    return np.where(varies, ratio(power.max(axis=1), power.sum(axis=1)), np.nan)


def reversion(w: Window) -> Array:
    """R: minus log half-life in bars of an Ornstein-Uhlenbeck fit (AR(1) of the log mid); NaN if it does not revert."""
    x = np.log(w.all("mid")[:, -basis26.WINDOW_BARS - 1 :])
    before, after = x[:, :-1], x[:, 1:]
    before = before - before.mean(axis=1, keepdims=True)
    slope = ratio((before * (after - after.mean(axis=1, keepdims=True))).sum(axis=1), (before**2).sum(axis=1))
    reverts = (slope > 0) & (slope < 1)
    half_life = math.log(2) / -np.log(slope, out=np.full(slope.shape, np.nan), where=reverts)
    return -log(half_life)


def skew(w: Window) -> Array:
    """S: realised skewness, sqrt(n) sum r^3 / (sum r^2)^(3/2)."""
    r = w.returns
    return math.sqrt(r.shape[1]) * ratio((r**3).sum(axis=1), (r**2).sum(axis=1) ** 1.5)


def zenith(w: Window) -> Array:
    """Z: drawdown of the mid from the window's high in per cent, >= 0."""
    high = w.window("mid_high").max(axis=1)
    return 100.0 * ratio(high - w.last("mid"), high)
