"""What the book is after every message, for the exchange and for the desk: it depends on no strategy, so it is computed
once a tape."""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from .book import apply, cover, following, forget, replace, tick_of, touch_only
from .layout import FAR, ON_BOOK, ON_TRADE
from .native import quick

DEPTH, TRADE, SNAPSHOT, TICKER, CLEAR = 1, 2, 3, 4, 5
NOWHERE = 2
"""`reach` of a message that no resting order has to hear of: (-NOWHERE, the highest)."""


@quick
def renew(b, levels, kind, tick, lots, begin, end, alone):
    """Apply one message to a book; True if the book is what it was about. `alone`: tickers are all there is."""
    if kind == DEPTH:
        apply(b, levels, tick, lots, begin, end)
    elif kind == SNAPSHOT:
        replace(b, levels, tick, lots, begin, end)
    elif kind == TICKER and alone:
        touch_only(b, levels, tick, lots, begin, end)
    elif kind == CLEAR:
        for side in range(2):
            forget(b, levels, side, FAR - 1)
    else:
        return False
    return True


@quick
def _note(b, side, until, place, wiped, count):
    """Note the levels of a side up to a key as removed; returns their number in all, however many there is room for."""
    key = following(b, side, np.int64(-1))
    while key <= until:
        if count < wiped.shape[0]:
            wiped[count, 0], wiped[count, 1] = place, side * b.span + tick_of(b, side, key) - b.low
        count += 1
        key = following(b, side, key)
    return count


@quick
def _note_wiped(b, kind, tick, begin, end, place, wiped, count):
    for side in range(2):
        if kind == SNAPSHOT:
            count = _note(b, side, cover(b, tick, begin, end, side), place, wiped, count)
        else:
            count = _note(b, side, np.int64(FAR - 1), place, wiped, count)
    return count


@quick
def _reach(reach, place, kind, tick, lots, begin, end, most):
    """The highest price at which a message buys and the lowest at which it sells: orders of ours beyond may fill.

    Narrow and without branches, so that the compiler takes several rows at once.
    """
    narrow = reach.dtype.type
    if kind in (SNAPSHOT, CLEAR):
        reach[place, 0], reach[place, 1] = most, -most
        return
    none, some, buys, sells = narrow(-NOWHERE), narrow(most), narrow(-NOWHERE), narrow(most)
    for n in range(begin, end):
        price, sell = narrow(tick[n] >> 2), tick[n] & 1 != 0
        counts = (tick[n] & 2 != 0) | (lots[n] > 0)
        buying, selling = none if sell | (not counts) else price, price if counts & sell else some
        buys, sells = buying if buying > buys else buys, selling if selling < sells else sells
    reach[place, 0], reach[place, 1] = buys, sells


@quick
def touches(run, order, kind, first, tick, lots, seq, alone, levels, most, touch, size, reach, wiped):
    """In the order of the exchange: `touch` (bid, ask; 0 where a side is empty) and its `size` in lots, `reach` (buys to, sells to), and the
    levels that a message removed without naming them. Returns the number of these."""
    b = run[0].book
    known, count = np.int64(-1), np.int64(0)
    for place in range(order.size):
        m = np.int64(order[place])
        what, begin, end = kind[m], np.int64(first[m]), np.int64(first[m + 1])
        _reach(reach, place, what, tick, lots, begin, end, most)
        if what in (SNAPSHOT, CLEAR):
            count = _note_wiped(b, what, tick, begin, end, place, wiped, count)
        if renew(b, levels, what, tick, lots, begin, end, alone):
            if seq.size:
                known = seq[m]
            bid, ask = b.best[0], b.best[1]
            touch[place, 0], touch[place, 1] = tick_of(b, 0, bid), tick_of(b, 1, ask)
            size[place, 0] = levels[bid] if bid < FAR else 0
            size[place, 1] = levels[b.span + ask] if ask < FAR else 0
        elif what == TICKER and (seq.size == 0 or seq[m] > known):
            touch[place, 0], touch[place, 1] = 0, 0
            for n in range(begin, end):
                if lots[n] > 0:
                    side = np.int64(tick[n]) & 1
                    touch[place, side], size[place, side] = np.int64(tick[n]) >> 2, lots[n]
        elif place:
            touch[place, 0], touch[place, 1] = touch[place - 1, 0], touch[place - 1, 1]
            size[place, 0], size[place, 1] = size[place - 1, 0], size[place - 1, 1]
    return count


@quick
def _ticker(out, n, tick, lots, begin, end):
    out[n, 0], out[n, 1], out[n, 2], out[n, 3] = 0, 0, 0, 0
    for at in range(begin, end):
        code = np.int64(tick[at])
        if lots[at] > 0:
            out[n, 2 * (code & 1)], out[n, 2 * (code & 1) + 1] = code >> 2, lots[at]


@quick
def sights(run, kind, first, tick, lots, seq, alone, levels, seen, news):
    """In the order of receipt: `seen` (bid, its lots, ask, its lots; 0 where a side is empty), and which methods the
    message is for. A ticker is what is seen until the book says something that is not older."""
    b = run[0].book
    known, ticker = np.int64(-1), -1
    for n in range(kind.size):
        what, begin, end = kind[n], np.int64(first[n]), np.int64(first[n + 1])
        news[n] = 0
        if what == TRADE:
            news[n] = ON_TRADE
        elif renew(b, levels, what, tick, lots, begin, end, alone):
            news[n] = ON_BOOK
            if seq.size:
                known = seq[n]
            if ticker >= 0 and (seq.size == 0 or seq[ticker] <= known):
                ticker = -1
        elif what == TICKER and (seq.size == 0 or seq[n] > known):
            news[n] = ON_BOOK
            ticker = n
        if news[n] != ON_BOOK:
            for each in range(4):
                seen[n, each] = seen[n - 1, each] if n else 0
        elif ticker >= 0:
            _ticker(seen, n, tick, lots, np.int64(first[ticker]), np.int64(first[ticker + 1]))
        else:
            bid, ask = b.best[0], b.best[1]
            seen[n, 0], seen[n, 1], seen[n, 2], seen[n, 3] = 0, 0, 0, 0
            if bid < FAR:
                seen[n, 0], seen[n, 1] = tick_of(b, 0, bid), levels[bid]
            if ask < FAR:
                seen[n, 2], seen[n, 3] = tick_of(b, 1, ask), levels[b.span + ask]
