"""Stylised facts of a tape: what markets have in common (Cont 2001, Quant. Finance 1, 223-236), as numbers and curves.

Spread; arrivals of takers and how they cluster; lifetimes of levels; autocorrelation of signs and its decay; returns of
the mid: volatility by scale (the signature plot), kurtosis, autocorrelation of returns and of their sizes. Recorded and
simulated tapes go through the same code. Pure.
"""

from __future__ import annotations

import math

import numpy as np

from ..tape.layout import Array
from ..tape.watching import BORN, GRID, GROWN, Watched

SECOND = 1_000_000_000
STEP = SECOND // GRID
SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds of the signature plot."""
SIGN_LAGS, RETURN_LAGS = 200, 30


def autocorrelation(values: Array, lags: int) -> Array:
    """rho(1..lags) = sum (x_t - m)(x_(t+k) - m) / sum (x_t - m)^2, by FFT; standard error 1 / sqrt(n) for white noise
    (Bartlett 1946). NaN where nothing varies, or for lags that the series does not have."""
    found = np.full(lags, np.nan)
    centred = np.asarray(values, float) - np.mean(values) if len(values) else np.zeros(0)
    power = float(np.dot(centred, centred))
    if centred.size < 3 or power <= 1e-12 * max(centred.size, 1):
        return found
    size = 1 << (2 * centred.size - 1).bit_length()
    spectrum = np.fft.rfft(centred, size)
    count = min(lags, centred.size - 1)
    found[:count] = np.fft.irfft(spectrum * np.conj(spectrum), size)[1 : count + 1] / power
    return found


def sign_decay(correlation: Array) -> tuple[float, float]:
    """(c, gamma) of c * lag^-gamma, by least squares in logarithms over lags where it is positive, spaced as powers.

    NaN where fewer than three are."""
    lags = np.unique(np.geomspace(1, len(correlation), 20).astype(int))
    values = correlation[lags - 1]
    good = np.isfinite(values) & (values > 1e-3)
    if good.sum() < 3:
        return math.nan, math.nan
    slope, start = np.polyfit(np.log(lags[good]), np.log(values[good]), 1)
    return float(np.exp(start)), float(-slope)


def taker_seconds(seen: Watched) -> Array:
    """Seconds from the first taker; those of one reading of the exchange's clock spread evenly until the next ms."""
    time = (seen.takers[:, 0] - seen.takers[0, 0]) * 1e-9
    first = np.searchsorted(time, time, side="left")
    count = np.searchsorted(time, time, side="right") - first
    found: Array = time + (np.arange(time.size) - first) / count * 1e-3
    return np.maximum.accumulate(found)


def fano(times: Array, width: float) -> float:
    """Variance of counts in windows of `width` seconds over their mean: 1 for Poisson, towards 1 / (1 - n)^2 for a Hawkes
    process with branching ratio n (Hawkes 1971). NaN with fewer than ten windows."""
    windows = int(times[-1] // width) if len(times) else 0
    if windows < 10:
        return math.nan
    counts = np.bincount((times / width).astype(int), minlength=windows)[:windows]
    return float(counts.var() / counts.mean())


def kurtosis(values: Array) -> float:
    """E (x - m)^4 / var^2: 3 for a Gaussian."""
    spread = float(np.var(values)) if len(values) else 0.0
    return float(np.mean((values - np.mean(values)) ** 4)) / spread**2 if spread > 0 else math.nan


def returns(seen: Watched, seconds: float) -> Array:
    """Log returns of the mid over `seconds`, in basis points, one beside the other."""
    mids = seen.mids[np.isfinite(seen.mids)][:: round(seconds * STEP)]
    return np.asarray(np.diff(np.log(mids)) * 1e4)


def signature(seen: Watched) -> Array:
    """Volatility of the mid in basis points a root second by scale, overlapping returns; NaN where ten do not fit."""
    log = np.log(seen.mids[np.isfinite(seen.mids)])
    found = []
    for seconds in SCALES:
        steps = round(seconds * STEP)
        moved = (log[steps:] - log[:-steps]) * 1e4 if log.size > 10 * steps else np.zeros(0)
        found.append(float(np.sqrt(np.mean(moved**2) / seconds)) if moved.size else math.nan)
    return np.array(found)


def life_quantile(seen: Watched, q: float) -> float:
    """Seconds at which a share q of the levels that came and went was gone, by half octaves."""
    total = seen.lives.sum(axis=0)
    if not total.sum():
        return math.nan
    return float(2 ** ((int(np.searchsorted(np.cumsum(total), q * total.sum())) + 0.5) / 2) * 1e-9)


def facts(seen: Watched) -> dict[str, float]:
    """The named numbers; NAMES says what they are."""
    return _spread(seen) | _arrivals(seen) | _levels(seen) | _signs(seen) | _prices(seen)


def _spread(seen: Watched) -> dict[str, float]:
    time, ticks = seen.spreads.astype(float), np.arange(seen.spreads.size)
    total = max(float(time.sum()), 1.0)
    least = int(np.searchsorted(np.cumsum(time), total / 2))
    return {
        "spread": float((time * ticks).sum()) / total, "spread_median": float(least),
        "spread_least": float(time[: least + 1].sum()) / total,
    }  # fmt: skip


def _arrivals(seen: Watched) -> dict[str, float]:
    times = taker_seconds(seen) if len(seen.takers) else np.zeros(0)
    gaps = np.diff(times)
    return {
        "takers": len(times) / seen.seconds, "fills_per_taker": float(seen.takers[:, 3].mean()) if len(times) else math.nan,
        "touches": seen.counts.get("TICKER", 0) / seen.seconds, "fano_1s": fano(times, 1.0), "fano_10s": fano(times, 10.0),
        "gap_variation": float(gaps.std() / gaps.mean()) if gaps.size > 1 and gaps.mean() > 0 else math.nan,
    }  # fmt: skip


def _levels(seen: Watched) -> dict[str, float]:
    return {
        "grown": float(seen.levels[:, GROWN].sum()) / seen.seconds, "born": float(seen.levels[:, BORN].sum()) / seen.seconds,
        "shrunk": seen.shrunk / seen.seconds, "life_median": life_quantile(seen, 0.5), "life_90": life_quantile(seen, 0.9),
    }  # fmt: skip


def _signs(seen: Watched) -> dict[str, float]:
    correlation = autocorrelation(seen.takers[:, 1], 50)
    return {"sign_1": float(correlation[0]), "sign_10": float(correlation[9]), "sign_decay": sign_decay(correlation)[1]}


def _prices(seen: Watched) -> dict[str, float]:
    mids, second = seen.mids[np.isfinite(seen.mids)], returns(seen, 1.0)
    scales = dict(zip(SCALES, signature(seen).tolist(), strict=True))
    plain, sizes = autocorrelation(second, RETURN_LAGS), autocorrelation(np.abs(second), RETURN_LAGS)
    return {
        "changes": float((np.diff(mids) != 0).mean()) * STEP if mids.size > 1 else math.nan,
        "volatility_1s": scales[1.0], "volatility_10s": scales[10.0], "volatility_60s": scales[60.0],
        "kurtosis_1s": kurtosis(second), "kurtosis_10s": kurtosis(returns(seen, 10.0)), "return_1": float(plain[0]),
        "size_1": float(sizes[0]), "size_1_10": float(np.mean(sizes[:10])),
    }  # fmt: skip


def curves(seen: Watched) -> dict[str, tuple[Array, Array]]:
    """(x, y) of what is drawn: spread (ticks, share of time in which it is as wide or wider), lives (s, share that lived longer), signs, returns and sizes
    (lag, autocorrelation), signature (s, volatility)."""
    lives = seen.lives.sum(axis=0)
    second = returns(seen, 1.0)
    lags = np.arange(1, RETURN_LAGS + 1)
    return {
        "spread": (np.arange(seen.spreads.size), np.cumsum(seen.spreads[::-1])[::-1] / max(seen.spreads.sum(), 1)),
        "lives": (2 ** ((np.arange(lives.size) + 1) / 2) * 1e-9, 1 - np.cumsum(lives) / max(lives.sum(), 1)),
        "signs": (np.arange(1, SIGN_LAGS + 1), autocorrelation(seen.takers[:, 1], SIGN_LAGS)),
        "returns": (lags, autocorrelation(second, RETURN_LAGS)), "sizes": (lags, autocorrelation(np.abs(second), RETURN_LAGS)),
        "signature": (np.array(SCALES), signature(seen)),
    }  # fmt: skip


NAMES: dict[str, str] = {
    "spread": "mean spread over time, ticks", "spread_median": "median spread over time, ticks",
    "spread_least": "share of time at or below the median spread", "takers": "taker orders a second",
    "fills_per_taker": "fills of a taker order", "touches": "messages of the touch a second",
    "fano_1s": "variance over mean of takers in 1 s (Poisson: 1)", "fano_10s": "the same in 10 s",
    "gap_variation": "deviation over mean of the time between takers (Poisson: 1)", "grown": "levels that grew, a second",
    "born": "levels that appeared, a second", "shrunk": "levels that shrank, a second",
    "life_median": "median lifetime of levels that came and went, s", "life_90": "90 % of them lived shorter, s",
    "sign_1": "autocorrelation of taker signs, lag 1", "sign_10": "the same, lag 10",
    "sign_decay": "gamma of its decay lag^-gamma", "changes": "steps of 100 ms in which the mid moved, a second",
    "volatility_1s": "of 1 s returns, bp a root second", "volatility_10s": "of 10 s returns, bp a root second",
    "volatility_60s": "of 60 s returns, bp a root second", "kurtosis_1s": "of 1 s returns (Gaussian: 3)",
    "kurtosis_10s": "of 10 s returns (Gaussian: 3)", "return_1": "autocorrelation of 1 s returns, lag 1",
    "size_1": "autocorrelation of their sizes, lag 1", "size_1_10": "the same, mean of lags 1 to 10",
}  # fmt: skip
