"""The book of the crowd at volume: lots by side and tick in a ring around the price, with a bitmap to find the best.

Compiled. A tick's place is its lowest bits; only ticks within half a ring of the centre are in the book, and the centre
follows the price. What differs from what the last depth update told is queued for the next.
"""

# mypy: disable-error-code="no-untyped-def, misc, no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba.cpython.unsafe.numbers import leading_zeros, trailing_zeros

from .compiled import inner
from .state import BEST_ASK, BEST_BID, CENTRE, COUNTER, QUEUED, TOUCHED

# Intrinsics, whose first argument is the compiler's.
_first_one: Any = trailing_zeros
_last_one: Any = leading_zeros
ONE, FULL = np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)


@inner
def inside(w, tick):
    """Whether the ring has a place for this tick now."""
    return tick > 0 and abs(tick - w.numbers[CENTRE]) < w.cells.shape[1] // 2 - 64


@inner
def lots_at(w, side, tick):
    return w.cells[side, tick & (w.cells.shape[1] - 1), 0]


@inner
def _above(w, side, tick):
    """The lowest tick with lots from `tick` upwards, -1: none."""
    mask, last = w.cells.shape[1] - 1, w.numbers[CENTRE] + w.cells.shape[1] // 2
    bits = w.bits[side, (tick & mask) >> 6] & (FULL << np.uint64(tick & 63))
    tick &= ~63
    while bits == np.uint64(0):
        tick += 64
        if tick > last:
            return np.int64(-1)
        bits = w.bits[side, (tick & mask) >> 6]
    return tick + np.int64(_first_one(bits))


@inner
def _below(w, side, tick):
    """The highest tick with lots from `tick` downwards, -1: none."""
    mask, last = w.cells.shape[1] - 1, max(w.numbers[CENTRE] - w.cells.shape[1] // 2, 0)
    bits = w.bits[side, (tick & mask) >> 6] & (FULL >> np.uint64(63 - (tick & 63)))
    tick &= ~63
    while bits == np.uint64(0):
        tick -= 64
        if tick < last:
            return np.int64(-1)
        bits = w.bits[side, (tick & mask) >> 6]
    return tick + 63 - np.int64(_last_one(bits))


@inner
def put(w, side, tick, lots):
    """Set the lots at a tick of the ring; the change is queued for the next depth update."""
    n, place = w.numbers, tick & (w.cells.shape[1] - 1)
    before = w.cells[side, place, 0]
    if before == lots:
        return
    w.cells[side, place, 0] = lots
    n[COUNTER] += 1
    if w.cells[side, place, 1] >= 0:
        w.cells[side, place, 1] = ~w.cells[side, place, 1]
        w.queue[n[QUEUED]] = tick << 1 | side
        n[QUEUED] += 1
    best = n[BEST_ASK] if side else n[BEST_BID]
    if before == 0:
        w.bits[side, place >> 6] |= ONE << np.uint64(place & 63)
        if best < 0 or (tick < best if side else tick > best):
            best = tick
    elif lots == 0:
        w.bits[side, place >> 6] &= ~(ONE << np.uint64(place & 63))
        if tick == best:
            best = _above(w, 1, tick) if side else _below(w, 0, tick)
    if tick == best or best != (n[BEST_ASK] if side else n[BEST_BID]):
        n[TOUCHED] = 1
    n[BEST_ASK if side else BEST_BID] = best


@inner
def grow(w, side, tick, lots, most):
    """Add lots, or take some away; True if anything changed."""
    if not inside(w, tick):
        return False
    before = lots_at(w, side, tick)
    after = min(max(before + lots, 0), most)
    put(w, side, tick, after)
    return after != before


@inner
def recentre(w, tick):
    """Let the ring follow the price: what falls out of it at the far end is cancelled."""
    n, half = w.numbers, w.cells.shape[1] // 2
    moved = tick - n[CENTRE]
    if abs(moved) < half // 4:
        return
    low = n[CENTRE] - half if moved > 0 else tick + half - 64
    high = tick - half + 64 if moved > 0 else n[CENTRE] + half
    for side in range(2):
        at = _above(w, side, max(low, 1))
        while 0 <= at < high:
            put(w, side, at, 0)
            at = _above(w, side, at + 1)
    n[CENTRE] = tick
