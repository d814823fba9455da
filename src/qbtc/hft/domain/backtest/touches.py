"""Best bid and ask after every message in the order of the exchange: what an arriving order meets.

It does not depend on any strategy, so it is computed once a tape. The exchange itself then needs no book: levels are
read from the desk's book and from the messages that are still on their way to it.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from .book import apply, forget, replace, tick_of, touch_only
from .layout import FAR
from .native import quick

DEPTH, TRADE, SNAPSHOT, TICKER, CLEAR = 1, 2, 3, 4, 5


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
def touches(run, order, kind, first, tick, lots, seq, alone, levels, out):
    """Fill `out` (bid, ask, a row a message) in the order of the exchange; 0 where a side is empty."""
    b = run[0].venue
    known = np.int64(-1)
    for place in range(order.size):
        m = np.int64(order[place])
        if renew(b, levels, kind[m], tick, lots, first[m], first[m + 1], alone):
            if seq.size:
                known = seq[m]
            out[place, 0], out[place, 1] = tick_of(b, 0, b.best[0]), tick_of(b, 1, b.best[1])
        elif kind[m] == TICKER and (seq.size == 0 or seq[m] > known):
            out[place, 0], out[place, 1] = 0, 0
            for n in range(first[m], first[m + 1]):
                if lots[n] > 0:
                    out[place, np.int64(tick[n]) & 1] = np.int64(tick[n]) >> 2
        elif place:
            out[place, 0], out[place, 1] = out[place - 1, 0], out[place - 1, 1]
