"""All features of all symbols and bars in one compiled pass: the only code that computes them, live and in research.

`data` is float64[symbol, column, bar] with the columns of `bars.COLUMNS`. The window of a bar are the newest bars
without a break (a bar whose mid is NaN breaks it), at most W + 1, so that there are W returns.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import math

from qbtc.contracts import basis26

from ..bars import COLUMNS, HISTORY
from .book import friction, imbalance, liquidity, width, yielded
from .cross import cross_lead, dispersion, joint
from .flow import control, openness, quickness, toxicity, volume
from .garch import uncertainty
from .native import MIN_BARS, WINDOW, quick, returns_of
from .price import (
    advance,
    burst,
    entropy,
    gap,
    hurst,
    kurtosis,
    momentum,
    periodicity,
    reversion,
    skew,
    zenith,
)  # fmt: skip

_A, _B, _C, _D, _E, _F, _G, _H, _I, _J, _K, _L, _M, _N, _O, _P, _Q, _R, _S, _T, _U, _V, _W, _X, _Y, _Z = range(basis26.SIZE)
(
    _MID, _HIGH, _LOW, _SPREAD, _IMBALANCE, _DEPTH, _TOP, _FLOW, _BUY, _SELL, _QUOTE, _MESSAGES, _BASIS, _FUNDING, _INTEREST,
) = range(len(COLUMNS))  # fmt: skip


@quick
def run(data, btc, seconds, first, end, returns, unit, out, work):
    """The features of bars first..end into out[bar - first, symbol, letter].

    `btc` marks the symbols that may be the reference of X, `seconds` is a bar's length; `returns` and `unit` are room,
    float64[max(symbols, 4), W + 1], `work` float64[room(W + 1)].
    """
    symbols = data.shape[0]
    for bar in range(first, end):
        shortest, count, reference = HISTORY, 0, -1
        for s in range(symbols):
            bars = unbroken(data[s, _MID], bar)
            for letter in range(out.shape[2]):
                out[bar - first, s, letter] = math.nan
            if bars:
                _alone(data[s], bar + 1, bars, seconds, out[bar - first, s], returns[0], work)
            if bars >= MIN_BARS:
                shortest, count = min(shortest, bars), count + 1
        if count > 1:
            at = 0
            for s in range(symbols):
                if unbroken(data[s, _MID], bar) >= MIN_BARS:
                    returns_of(data[s, _MID, bar + 1 - shortest : bar + 1], returns[at])
                    reference = at if btc[s] and reference < 0 else reference
                    at += 1
            _together(data, bar, returns[:count, : shortest - 1], reference, unit, out[bar - first], work)


@quick
def unbroken(mid, bar):
    """How many bars up to this one have a mid, at most W + 1."""
    found = 0
    while found < HISTORY and found <= bar and math.isfinite(mid[bar - found]):
        found += 1
    return found


@quick
def _alone(data, end, bars, seconds, out, returns, work):
    """What one symbol's own bars say."""
    whole, begin = end - bars, end - min(bars, WINDOW)
    out[_F] = friction(data[_SPREAD, begin:end], work)
    out[_I] = imbalance(data[_IMBALANCE, begin:end], work)
    out[_L] = liquidity(data[_DEPTH, begin:end], work)
    out[_W] = width(data[_BASIS, begin:end], work)
    out[_Y] = yielded(data[_FUNDING, begin:end], work)
    if bars >= MIN_BARS:
        mid, high, low = data[_MID, whole:end], data[_HIGH, whole:end], data[_LOW, whole:end]
        r = returns[: bars - 1]
        returns_of(mid, r)
        out[_A], out[_B] = advance(r, work), burst(r, work)
        out[_C] = control(data[_FLOW, begin:end], data[_TOP, begin:end], work)
        out[_E], out[_G], out[_H] = entropy(r, work), gap(r, work), hurst(r, work)
        out[_K] = kurtosis(r, work)
        out[_M] = momentum(mid, high, low, work)
        out[_O] = openness(data[_INTEREST, whole:end], work)
        out[_P] = periodicity(r, work)
        out[_Q] = quickness(data[_MESSAGES, begin:end], seconds, work)
        out[_R], out[_S] = reversion(mid, work), skew(r, work)
        out[_T] = toxicity(data[_BUY, begin:end], data[_SELL, begin:end], work)
        out[_U] = uncertainty(r, work)
        out[_V] = volume(data[_QUOTE, begin:end], work)
        out[_Z] = zenith(mid[bars - min(bars, WINDOW) :], high[bars - min(bars, WINDOW) :], work)
    for letter in range(out.size):
        if not math.isfinite(out[letter]):
            out[letter] = math.nan


@quick
def _together(data, bar, returns, reference, unit, out, work):
    """What the symbols with enough bars say together; all cut to the shortest of them, so that rows are aligned."""
    count, bars = returns.shape
    spread, likeness, lead = dispersion(returns), work[:count], work[count : 2 * count]
    room = unit[:, :bars]
    joint(returns, room, likeness)
    cross_lead(returns, reference, room, lead)
    at = 0
    for s in range(data.shape[0]):
        if unbroken(data[s, _MID], bar) >= MIN_BARS:
            out[s, _D], out[s, _J], out[s, _X] = spread, likeness[at], lead[at]
            at += 1
