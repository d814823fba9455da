"""What the crowd at volume does, as messages of a tape: depth, trades, the touch, the first snapshot. Compiled.

A message has the exchange's clock and reaches us a lag later: quantiles of lags, walked through by a slow Gaussian
process (an Ornstein-Uhlenbeck copula), so that lags last as they do on a line. One line keeps its order: nothing
overtakes.
"""

# mypy: disable-error-code="no-untyped-def, misc, no-any-return"

from __future__ import annotations

import math

from ..engine.chance import normal
from ..tape.layout import Kind
from .compiled import inner
from .parameters import P, Whole
from .state import N, R

_DEPTH, _TRADE, _SNAPSHOT, _TICKER = (int(k) for k in (Kind.DEPTH, Kind.TRADE, Kind.SNAPSHOT, Kind.TICKER))
_LAG, _LAG_LIFE, _CLOCK = int(R.LAG), int(P.LAG_LIFE), int(Whole.CLOCK)
_BID, _ASK, _BID_TOLD, _ASK_TOLD, _BIDS_TOLD, _ASKS_TOLD = (
    int(n) for n in (N.BEST_BID, N.BEST_ASK, N.SHOWN_BID, N.SHOWN_ASK, N.SHOWN_BIDS, N.SHOWN_ASKS)
)
_LOCAL, _LAG_AT, _MESSAGES, _FILLED, _ROWS, _COUNTER, _TOLD, _QUEUED, _TRADES, _TOUCHED = (
    int(n)
    for n in (N.LOCAL, N.LAG_AT, N.MESSAGES, N.FILLED, N.ROWS, N.COUNTER, N.TOLD, N.QUEUED, N.TRADES, N.TOUCHED)
)


@inner
def lag(w, given, time):
    """Nanoseconds from the exchange to us for a message of this time."""
    n, lags = w.numbers, given.lags
    kept = math.exp(-(time - n[_LAG_AT]) * 1e-9 / given.reals[_LAG_LIFE])
    if kept < 1.0:
        w.reals[_LAG] = kept * w.reals[_LAG] + math.sqrt(1.0 - kept * kept) * normal(w.words)
    n[_LAG_AT] = time
    place = 0.5 * math.erfc(-w.reals[_LAG] / math.sqrt(2.0)) * (lags.size - 1)
    low = min(int(place), lags.size - 2)
    return int(lags[low] + (place - low) * (lags[low + 1] - lags[low]))


@inner
def row(w, out, tick, lots):
    out.tick[w.numbers[_FILLED]], out.lots[w.numbers[_FILLED]] = tick, lots
    w.numbers[_FILLED] += 1
    w.numbers[_ROWS] += 1


@inner
def message(w, given, out, kind, time, seq):
    """The message whose rows were just written."""
    n = w.numbers
    at, exchange = n[_MESSAGES], time - time % given.integers[_CLOCK]
    n[_LOCAL] = max(n[_LOCAL], exchange + lag(w, given, time))
    out.local[at], out.lag[at] = n[_LOCAL], n[_LOCAL] - exchange
    out.kind[at], out.ends[at], out.seq[at] = kind, n[_ROWS], seq
    n[_MESSAGES] += 1


@inner
def trade(w, given, out, time, side, tick, lots):
    """A fill; `side` of the taker: 0 bought."""
    w.numbers[_TRADES] += 1
    row(w, out, tick << 2 | 2 | side, lots)
    message(w, given, out, _TRADE, time, w.numbers[_TRADES])


@inner
def ticker(w, given, out, time):
    """The touch, if it is another than what was told."""
    n, mask = w.numbers, w.cells.shape[1] - 1
    n[_TOUCHED] = 0
    bids = w.cells[0, n[_BID] & mask, 0] if n[_BID] >= 0 else 0
    asks = w.cells[1, n[_ASK] & mask, 0] if n[_ASK] >= 0 else 0
    same = n[_BID] == n[_BID_TOLD] and n[_ASK] == n[_ASK_TOLD]
    if same and bids == n[_BIDS_TOLD] and asks == n[_ASKS_TOLD]:
        return
    n[_BID_TOLD], n[_ASK_TOLD], n[_BIDS_TOLD], n[_ASKS_TOLD] = n[_BID], n[_ASK], bids, asks
    row(w, out, max(n[_BID], 0) << 2, bids)
    row(w, out, max(n[_ASK], 0) << 2 | 1, asks)
    message(w, given, out, _TICKER, time, n[_COUNTER])


@inner
def depth(w, given, out, time):
    """All levels that are not as they were told last."""
    n, mask, begun = w.numbers, w.cells.shape[1] - 1, w.numbers[_FILLED]
    for i in range(n[_QUEUED]):
        side, tick = w.queue[i] & 1, w.queue[i] >> 1
        lots, told = w.cells[side, tick & mask, 0], ~w.cells[side, tick & mask, 1]
        w.cells[side, tick & mask, 1] = lots
        if lots != told:
            row(w, out, tick << 2 | side, lots)
    n[_QUEUED] = 0
    if n[_FILLED] > begun:
        message(w, given, out, _DEPTH, time, n[_COUNTER])


@inner
def snapshot(w, given, out, time):
    """The whole book. Its levels are those that are queued."""
    n, mask = w.numbers, w.cells.shape[1] - 1
    for i in range(n[_QUEUED]):
        side, tick = w.queue[i] & 1, w.queue[i] >> 1
        w.cells[side, tick & mask, 1] = w.cells[side, tick & mask, 0]
        if w.cells[side, tick & mask, 0] > 0:
            row(w, out, tick << 2 | side, w.cells[side, tick & mask, 0])
    n[_QUEUED] = 0
    message(w, given, out, _SNAPSHOT, time, n[_COUNTER])
