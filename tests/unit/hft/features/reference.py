"""The features once more, in plain NumPy over whole windows: what the compiled kernels are compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26
from qbtc.hft.domain.bars import COLUMNS

Array = NDArray[np.float64]
MIN_BARS = 30


@dataclass(frozen=True, slots=True)
class Window:
    """Bars of `n` symbols: `mid` and the other columns (n, k+1) or (n, k), `returns` log returns of the mid (n, k)."""

    columns: NDArray[np.float64]
    returns: Array

    @classmethod
    def of(cls, data: NDArray[np.float64]) -> Window:
        """`data` is (symbol, column, bar) without NaN in the mid; returns exist from the second bar on."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(data[:, COLUMNS.index("mid"), :])
        return cls(data, np.diff(logs, axis=1))

    def all(self, name: str) -> Array:
        """Every bar of a column, one more than there are returns."""
        return self.columns[:, COLUMNS.index(name), :]

    def last(self, name: str) -> Array:
        return self.columns[:, COLUMNS.index(name), -1]

    def window(self, name: str) -> Array:
        """The last W bars of a column."""
        return self.all(name)[:, -basis26.WINDOW_BARS :]


def ratio(above: Array, below: Array) -> Array:
    """above / below, NaN where below is not positive."""
    result: Array = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
    return result


def log(value: Array) -> Array:
    """Natural logarithm, NaN where the value is not positive."""
    return np.log(value, out=np.full(np.shape(value), np.nan), where=value > 0)


def friction(w: Window) -> Array:
    """F: quoted half-spread in basis points of the mid."""
    return w.last("half_spread_bp")


def imbalance(w: Window) -> Array:
    """I: (bid - ask) / (bid + ask) of the sizes of five levels a side."""
    return w.last("imbalance")


def liquidity(w: Window) -> Array:
    """L: log of the quote value of both sides within 10 bp of the mid."""
    return log(w.last("depth"))


def dispersion(returns: Array, reference: int | None) -> Array:
    """D: standard deviation (n - 1) across the watch list of the returns over the window, in basis points."""
    total = returns.sum(axis=1)
    if len(total) < 2:
        return np.full(len(total), np.nan)
    return np.full(len(total), 1e4 * float(total.std(ddof=1)))


def joint(returns: Array, reference: int | None) -> Array:
    """J: mean correlation of a symbol with the other symbols of the list (BTC is one of them)."""
    unit = _unit(returns)
    matrix = unit @ unit.T
    np.fill_diagonal(matrix, np.nan)
    known = np.isfinite(matrix)
    return ratio(np.where(known, matrix, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))


def cross_lead(returns: Array, reference: int | None) -> Array:
    """X: (corr(btc[t-1], r[t]) - corr(r[t-1], btc[t])) / 2; positive when BTC leads. Undefined for BTC itself."""
    if reference is None:
        return np.full(len(returns), np.nan)
    early, late = _unit(returns[:, :-1]), _unit(returns[:, 1:])
    value = (late @ early[reference] - early @ late[reference]) / 2
    value[reference] = np.nan
    result: Array = value
    return result


def _unit(rows: Array) -> Array:
    """Rows centred and scaled to length one; a constant row becomes NaN."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    result: Array = np.divide(centred, length, out=np.full(rows.shape, np.nan), where=length > 0)
    return result


BUCKETS = 10


def control(w: Window) -> Array:
    """C: order-flow imbalance of the touch (Cont, Kukanov, Stoikov 2014) over the mean size at the touch."""
    return ratio(w.window("order_flow").sum(axis=1), w.window("top_size").mean(axis=1))


def quickness(w: Window) -> Array:
    """Q: log of book messages and trades per second."""
    return log(w.window("messages").mean(axis=1))


def toxicity(w: Window) -> Array:
    """T: VPIN, mean |buy - sell| share over 10 buckets of equal volume; volume inside a bar is spread evenly.

    Easley, Lopez de Prado, O'Hara 2012, with the true aggressor side instead of bulk classification.
    """
    buy, sell = w.window("buy_volume"), w.window("sell_volume")
    edges = np.linspace(0.0, 1.0, BUCKETS + 1)
    return np.array([_vpin(b, s, edges) for b, s in zip(buy, sell, strict=True)])


def _vpin(buy: Array, sell: Array, edges: Array) -> float:
    total = np.concatenate(([0.0], np.cumsum(buy + sell)))
    if total[-1] <= 0:
        return np.nan
    bought = np.concatenate(([0.0], np.cumsum(buy)))
    keep = np.concatenate(([True], np.diff(total) > 0))
    at = np.interp(edges * total[-1], total[keep], bought[keep])
    return float(np.abs(2 * np.diff(at) - total[-1] / BUCKETS).sum() / total[-1])


def volume(w: Window) -> Array:
    """V: log of the quote volume traded in the window."""
    return log(w.window("quote_volume").sum(axis=1))


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
    least = 1e-10 * np.abs(profile).max(axis=1)
    sizes = [_fluctuation(profile, s) for s in DFA_SCALES if 2 * s <= r.shape[1]]
    logs = np.stack([log(np.where(size > least, size, 0.0)) for size in sizes], axis=1)
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


def openness(w: Window) -> Array:
    """O: change of open interest over the window in per cent."""
    held = w.all("open_interest")
    return 100.0 * ratio(held[:, -1] - held[:, 0], held[:, 0])


def width(w: Window) -> Array:
    return w.last("basis_bp")


def funding_yield(w: Window) -> Array:
    return w.last("funding")


ALONE = {
    "A": advance, "B": burst, "C": control, "E": entropy, "F": friction, "G": gap, "H": hurst, "I": imbalance,
    "K": kurtosis, "L": liquidity, "M": momentum, "O": openness, "P": periodicity, "Q": quickness, "R": reversion,
    "S": skew, "T": toxicity, "V": volume, "W": width, "Y": funding_yield, "Z": zenith,
}  # fmt: skip
TOGETHER = {"D": dispersion, "J": joint, "X": cross_lead}
