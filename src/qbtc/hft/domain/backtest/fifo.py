"""Price and time priority among all orders (L3): nothing about the queue is guessed.

An order of the market that traded was met behind ours where its price is worse, or where its rank
(`core.market.tape.orders`) is not below ours: then the taker would have met ours first. An order that comes to the other
side at our price or through it would have met ours too. So what happened ahead of us needs no counting.

PARTIAL off: whoever is met fills whole. PARTIAL on: the lots that were met go round our orders, best price first, the
oldest first; what was filled behind us in the recording stays filled there, since the market does not react.
FIFO_AT_PRICE leaves ours alone where a trade was at a worse price: hftbacktest's rule, for comparisons.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.memory import load

from .layout import FOREVER
from .native import quick
from .queues import FIFO
from .resting import expire, fill, order_of, slot_of, unrest


@quick
def _foremost(r, side, tick, rank, deep):
    """Our first order of `side` that comes before rank `rank` at `tick`; -1: none. `deep`: better prices come before."""
    first, best = np.int64(-1), np.int64(0)
    for n in range(r.resting):
        slot = slot_of(r.resting_at, n)
        o = order_of(r, slot)
        if o.side == side:
            ahead = tick - o.tick if side else o.tick - tick
            before = deep if ahead > 0 else ahead == 0 and o.rank <= rank
            if before and (first < 0 or ahead > best):
                first, best = slot, ahead
    return first


@quick
def _offered(r, side, tick, rank, deep, lots, at, bid, ask, own):
    """`lots` got as far as rank `rank` at `tick` of a side: our orders before that were met first."""
    left = lots
    while left > 0:
        slot = _foremost(r, side, tick, rank, deep)
        if slot < 0:
            break
        o = order_of(r, slot)
        got = min(left, o.remaining) if r.partial else o.remaining
        if got == o.remaining:
            unrest(r, slot, own)
        fill(r, slot, o.tick, got, 1, at, bid, ask)
        if r.partial:
            left -= got


@quick
def seen(r, n, code, lots, at, bid, ask, own):
    """Row `n`, which may concern us."""
    side, tick, mark = code & 1, code >> 2, load(r.marks_at + n * 8)
    if code & 2:
        _offered(r, 1 - side, tick, mark, r.queue == FIFO, np.int64(lots), at, bid, ask, own)
    else:
        _offered(r, 1 - side, tick, np.int64(FOREVER), True, mark, at, bid, ask, own)


@quick
def expire_all(r, at, own):
    """All orders of the market are gone, and ours with them: nobody could say where in the new queues they are."""
    while r.resting > 0:
        slot = slot_of(r.resting_at, 0)
        unrest(r, slot, own)
        expire(r, slot, at)
