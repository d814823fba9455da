"""An L2 book on flat arrays over the range of prices that a tape holds, both sides one code path.

A level is one word in `levels` (bids first, asks behind them), found by its key: an ask's key grows with its price, a
bid's falls, so that the best level is always the lowest key. Three tiers of occupancy bits find the next level.

The touch is kept by the news, not by the levels: an update that goes through the other side's touch moves that touch to
its next level behind, and what it passed counts no more until it is heard of again. So a missed deletion cannot leave a
crossed book. That is why it is not the book of the tape (`core.market.tape.book`), which must show that a recording crosses;
and it is not the matching core's ladder (`core.market.engine.ladder`), whose levels are found through pages, since its
prices are not known beforehand.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

from typing import Any

import numpy as np

from qbtc.core.market.engine.memory import block, load, store

from .layout import FAR
from .native import lowest, quick

_ONE, _ALL = np.int64(1), np.int64(-1)


@quick
def key_of(b, side, tick):
    return tick - b.low if side else b.span - 1 - (tick - b.low)


@quick
def tick_of(b, side, key):
    """The tick of a key; 0 for none."""
    return 0 if key >= FAR else key + b.low if side else b.span - 1 - key + b.low


@quick
def following(b, side, key):
    """The next occupied key above this one, FAR if there is none."""
    zero, one = b.tier0_at + side * b.words * 8, b.tier1_at + side * b.words1 * 8
    at = key + 1
    word = at >> 6
    if word >= b.words:
        return np.int64(FAR)
    rest = load(zero + word * 8) & (_ALL << (at & 63))
    if rest:
        return (word << 6) | lowest(rest)
    at = word + 1
    word = at >> 6
    rest = load(one + word * 8) & (_ALL << (at & 63))
    if rest == 0:
        two = b.tier2_at + side * b.words2 * 8
        at = word + 1
        word = at >> 6
        rest = load(two + word * 8) & (_ALL << (at & 63))
        while rest == 0:
            word += 1
            if word >= b.words2:
                return np.int64(FAR)
            rest = load(two + word * 8)
        word = (word << 6) | lowest(rest)
        rest = load(one + word * 8)
    word = (word << 6) | lowest(rest)
    return (word << 6) | lowest(load(zero + word * 8))


@quick
def _occupy(b, side, key):
    word = key >> 6
    where = b.tier0_at + (side * b.words + word) * 8
    before = load(where)
    store(where, before | (_ONE << (key & 63)))
    if before == 0:
        where = b.tier1_at + (side * b.words1 + (word >> 6)) * 8
        store(where, load(where) | (_ONE << (word & 63)))
        where = b.tier2_at + (side * b.words2 + (word >> 12)) * 8
        store(where, load(where) | (_ONE << ((word >> 6) & 63)))


@quick
def _vacate(b, side, key):
    word = key >> 6
    where = b.tier0_at + (side * b.words + word) * 8
    left = load(where) & ~(_ONE << (key & 63))
    store(where, left)
    if left == 0:
        where = b.tier1_at + (side * b.words1 + (word >> 6)) * 8
        left = load(where) & ~(_ONE << (word & 63))
        store(where, left)
        if left == 0:
            where = b.tier2_at + (side * b.words2 + (word >> 12)) * 8
            store(where, load(where) & ~(_ONE << ((word >> 6) & 63)))


@quick
def put(b, levels, side, key, lots):
    """Set a level; 0 removes it."""
    at = side * b.span + key
    before = levels[at]
    levels[at] = lots
    if lots > 0:
        if before == 0:
            _occupy(b, side, key)
        if key < b.best[side]:
            b.best[side] = key
            opposite = b.span - 1 - key
            if b.best[1 - side] <= opposite:
                b.best[1 - side] = following(b, 1 - side, opposite)
    elif before > 0:
        _vacate(b, side, key)
        if key == b.best[side]:
            b.best[side] = following(b, side, key)


@quick
def apply(b, levels, tick, lots, begin, end):
    """The rows of a depth update."""
    low, top, span = b.low, b.span - 1 + b.low, b.span
    best_bid, best_ask = b.best[0], b.best[1]
    for n in range(begin, end):
        code = np.int64(tick[n])
        side, price, quantity = code & 1, code >> 2, lots[n]
        key = price - low if side else top - price
        at = key + span if side else key
        before = levels[at]
        levels[at] = quantity
        if quantity > 0:
            if before == 0:
                _occupy(b, side, key)
            if side:
                if key < best_ask:
                    best_ask = key
                    if best_bid <= span - 1 - key:
                        best_bid = following(b, 0, span - 1 - key)
            elif key < best_bid:
                best_bid = key
                if best_ask <= span - 1 - key:
                    best_ask = following(b, 1, span - 1 - key)
        elif before > 0:
            _vacate(b, side, key)
            if side:
                if key == best_ask:
                    best_ask = following(b, 1, key)
            elif key == best_bid:
                best_bid = following(b, 0, key)
    b.best[0], b.best[1] = best_bid, best_ask


@quick
def forget(b, levels, side, until):
    """Remove the levels of a side up to a key, that one included."""
    key = following(b, side, np.int64(-1))
    while key <= until:
        levels[side * b.span + key] = 0
        _vacate(b, side, key)
        key = following(b, side, key)
    b.best[side] = key


@quick
def cover(b, tick, begin, end, side):
    """The farthest key of a side that a snapshot's rows reach, -1: none."""
    farthest = np.int64(-1)
    for n in range(begin, end):
        code = np.int64(tick[n])
        if code & 1 == side:
            farthest = max(farthest, key_of(b, side, code >> 2))
    return farthest


@quick
def replace(b, levels, tick, lots, begin, end):
    """The rows of a snapshot: what it covers is forgotten, what lies behind stays."""
    for side in range(2):
        farthest = cover(b, tick, begin, end, side)
        if farthest >= 0:
            forget(b, levels, side, farthest)
    apply(b, levels, tick, lots, begin, end)


@quick
def touch_only(b, levels, tick, lots, begin, end):
    """The rows of a ticker where nothing else is known of the book: each side is that one level."""
    for n in range(begin, end):
        code = np.int64(tick[n])
        side, quantity = code & 1, lots[n]
        key, known = key_of(b, side, code >> 2), b.best[side]
        if key == known and quantity > 0:
            levels[side * b.span + key] = quantity
            continue
        if known < FAR:
            levels[side * b.span + known] = 0
            _vacate(b, side, known)
            b.best[side] = FAR
        else:
            forget(b, levels, side, np.int64(FAR - 1))
        if quantity > 0:
            put(b, levels, side, key, quantity)


def spanned(low: int, high: int) -> int:
    """Keys of a side for ticks `low` to `high`: a multiple of 64."""
    return -(-(high - low + 1) // 64) * 64


class Memory:
    """The blocks of one book. Hold it as long as compiled code uses the record."""

    def __init__(self, record: Any, low: int, high: int, lots: Any) -> None:
        """For ticks `low` to `high`, levels typed as `lots` is."""
        span = spanned(low, high)
        words, words1 = (span >> 6) + 1, (span >> 12) + 2
        words2 = (span >> 18) + 2
        self._tiers = [block(2 * size, np.int64) for size in (words, words1, words2)]
        self.levels, self.levels_at = block(2 * span, lots)
        record["span"], record["low"] = span, low
        record["words"], record["words1"], record["words2"] = words, words1, words2
        for name, (_, address) in zip(("tier0_at", "tier1_at", "tier2_at"), self._tiers, strict=True):
            record[name] = address
        record["best"] = FAR
