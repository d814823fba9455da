"""The size of every level of the exchange's book at every time, found by price and place: no strategy changes it.

A tape is sorted once by level: for each price of each side the places (messages in the order of the exchange) at which
its size was said, and the sizes. An order that arrives finds what is ahead of it by two binary searches, and a resting
order knows the next message that concerns its level, so a run neither keeps the exchange's book nor looks at the
messages in between.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .native import quick
from .touches import CLEAR, TICKER, TRADE

Array = NDArray[Any]
WIPED = -1
"""Lots of a level that a message removed without naming it."""


class History(NamedTuple):
    """U levels and K changes. `codes` int64[U], rising: `side * span + tick - low`; the changes of level n are rows
    `starts[n]` to `starts[n + 1]` of `changes` [K, 2]: place, which never falls within a level, and lots from then on."""

    codes: Array
    starts: Array
    changes: Array


@quick
def _count(order, kind, first, tick, lots, low, span, alone, wiped, counts):
    """How often each level is named."""
    for n in range(wiped.shape[0]):
        counts[wiped[n, 1]] += 1
    for place in range(order.size):
        m = np.int64(order[place])
        what = kind[m]
        if what in (TRADE, CLEAR) or (what == TICKER and not alone):
            continue
        for n in range(np.int64(first[m]), np.int64(first[m + 1])):
            if what != TICKER or lots[n] > 0:
                code = np.int64(tick[n])
                counts[(code & 1) * span + (code >> 2) - low] += 1


@quick
def _sort(order, kind, first, tick, lots, low, span, alone, wiped, at, changes):
    """Every change to its place; `at`: where the next change of each level goes."""
    gone = 0
    for place in range(order.size):
        m = np.int64(order[place])
        what = kind[m]
        while gone < wiped.shape[0] and wiped[gone, 0] == place:
            to = at[wiped[gone, 1]]
            at[wiped[gone, 1]] = to + 1
            changes[to, 0], changes[to, 1] = place, WIPED
            gone += 1
        if what in (TRADE, CLEAR) or (what == TICKER and not alone):
            continue
        for n in range(np.int64(first[m]), np.int64(first[m + 1])):
            if what != TICKER or lots[n] > 0:
                code = np.int64(tick[n])
                level = (code & 1) * span + (code >> 2) - low
                to = at[level]
                at[level] = to + 1
                changes[to, 0], changes[to, 1] = place, lots[n]


@quick
def _used(counts, codes):
    """The levels that are named at all, into `codes` as far as there is room; returns how many."""
    found = 0
    for code in range(counts.size):
        if counts[code]:
            if found < codes.size:
                codes[found] = code
            found += 1
    return found


def history(order: Array, kind: Array, first: Array, tick: Array, lots: Array, low: int, span: int, alone: bool, wiped: Array) -> History:
    """Levels are what depth says of them, and tickers only where they are all there is (`alone`). `wiped` int64[W, 2]: (place, code) of levels that a message removed without naming them, places rising."""
    at = np.zeros(2 * span, np.int64 if tick.size >= 1 << 31 else np.int32)
    _count(order, kind, first, tick, lots, low, span, alone, wiped, at)
    codes = np.empty(_used(at, np.empty(0, np.int64)), np.int64)
    _used(at, codes)
    starts = np.concatenate(([0], np.cumsum(at[codes], dtype=np.int64)))
    at[codes] = starts[:-1]
    changes = np.empty((starts[-1], 2), lots.dtype if kind.size < 1 << 31 else np.int64)
    _sort(order, kind, first, tick, lots, low, span, alone, wiped, at, changes)
    return History(codes, starts, changes)


@quick
def _from(codes, code):
    """The number of the first level whose code is not below this one."""
    low, high = 0, codes.size
    while low < high:
        middle = (low + high) >> 1
        if codes[middle] < code:
            low = middle + 1
        else:
            high = middle
    return low


@quick
def level_of(codes, code):
    """The number of a level, -1: nobody ever named it."""
    n = _from(codes, code)
    return n if n < codes.size and codes[n] == code else -1


@quick
def change_from(h, level, place):
    """The first change of a level at `place` or later."""
    low, high = h.starts[level], h.starts[level + 1]
    while low < high:
        middle = (low + high) >> 1
        if h.changes[middle, 0] < place:
            low = middle + 1
        else:
            high = middle
    return low


@quick
def size_before(h, level, change):
    """Lots of a level before a change of it."""
    return max(np.int64(h.changes[change - 1, 1]), 0) if change > h.starts[level] else np.int64(0)


@quick
def next_level(h, span, side, code, place):
    """(code, lots) of the next level behind this one that is there before `place`; lots 0: there is none."""
    step = 1 if side else -1
    level = _from(h.codes, code + 1) if side else _from(h.codes, code) - 1
    while 0 <= level < h.codes.size and h.codes[level] // span == side:
        lots = size_before(h, level, change_from(h, level, place))
        if lots > 0:
            return h.codes[level], lots
        level += step
    return np.int64(0), np.int64(0)


__all__ = ["History", "change_from", "history", "level_of", "next_level", "size_before"]
