"""Compiled replay of a tape's depth into one book: for its final state, its series, and for checking it.

It keeps what the tape says and nothing else: a crossed book stays crossed, since finding that is one of its uses. So it
cannot be the book of a backtest (`hft.domain.backtest.book`), whose touch follows the news; nor is it the ladder of the
matching core (`core.market.engine.ladder`), which holds orders over all prices there can be, where this one knows its
ticks beforehand. Tests hold each of the three against a plain book.

The book is two arrays over the ticks that occur (all of a dense range, else the distinct ones). A snapshot replaces it;
updates that the snapshot already holds are passed over, and those that came before it but are newer are applied again
(`Info.snapshots`), as `core.market.book.LocalBook` does.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714, SIM109 - chains of comparisons are what compiles to jumps

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .compiled import compiled
from .layout import Array, Ints, Kind, price_ticks
from .tape import Tape

DENSE = 1 << 24
BEST_BID, BEST_ASK, SNAPSHOT = range(3)
SERIES_LEVELS = 5
_DEPTH, _SNAPSHOT, _CLEAR = int(Kind.DEPTH), int(Kind.SNAPSHOT), int(Kind.CLEAR)


@dataclass(slots=True)
class Ladder:
    """Lots by side and level; `ticks[i]` is the price of level i."""

    ticks: Ints
    lots: Ints
    state: Ints

    def levels(self, side: int) -> list[tuple[int, int]]:
        """(tick, lots) from the best outwards."""
        held = np.flatnonzero(self.lots[side])
        order = held if side else held[::-1]
        return list(zip(self.ticks[order].tolist(), self.lots[side, order].tolist(), strict=True))


def ladder(tape: Tape) -> Ladder:
    """An empty book over the ticks of the tape."""
    ticks = distinct(price_ticks(tape.tick))
    return Ladder(ticks, np.zeros((2, ticks.size), np.int64), np.array([-1, ticks.size, -1], np.int64))


def distinct(ticks: Array) -> Ints:
    """The levels that a book over these ticks needs, ascending."""
    if ticks.size == 0:
        return np.zeros(0, np.int64)
    low, high = int(ticks.min()), int(ticks.max())
    if high - low < DENSE:
        return np.arange(low, high + 1, dtype=np.int64)
    return np.unique(ticks).astype(np.int64)


def places(ladder: Ladder, tick: Array) -> Ints:
    """The level of each row."""
    ticks = price_ticks(tick).astype(np.int64)
    if ladder.ticks.size and int(ladder.ticks[-1] - ladder.ticks[0]) + 1 == ladder.ticks.size:
        dense: Ints = ticks - ladder.ticks[0]
        return dense
    found: Ints = np.searchsorted(ladder.ticks, ticks)
    return found


@compiled
def clear(lots, state):
    for side in range(2):
        for i in range(lots.shape[1]):
            lots[side, i] = 0
    state[BEST_BID], state[BEST_ASK] = -1, lots.shape[1]


@compiled
def set_level(lots, state, side, at, quantity):
    lots[side, at] = quantity
    if side == 0:
        if quantity > 0:
            state[BEST_BID] = max(state[BEST_BID], at)
        elif at == state[BEST_BID]:
            while at >= 0 and lots[0, at] == 0:
                at -= 1
            state[BEST_BID] = at
    elif quantity > 0:
        state[BEST_ASK] = min(state[BEST_ASK], at)
    elif at == state[BEST_ASK]:
        while at < lots.shape[1] and lots[1, at] == 0:
            at += 1
        state[BEST_ASK] = at


@compiled
def apply_rows(lots, state, begin, end, base, place, tick, quantity):
    """Rows begin..end; `place`, `tick` and `quantity` begin at row `base`."""
    for i in range(begin - base, end - base):
        set_level(lots, state, tick[i] & 1, place[i], quantity[i])


@compiled
def _sum(lots, state, side, levels):
    """Lots of the best levels of one side."""
    total, count = np.int64(0), 0
    at = state[BEST_ASK] if side else state[BEST_BID]
    step = 1 if side else -1
    while at >= 0 and at < lots.shape[1] and count < levels:
        if lots[side, at] > 0:
            total += lots[side, at]
            count += 1
        at += step
    return total


@compiled
def run(lots, state, start, stop, kind, first, seq, place, tick, quantity, base, levels, out):
    """Apply messages start..stop (all arrays but the rows' begin at message `start`, the rows at `base`) into the book.

    Stops behind a snapshot, so that the caller can apply updates again; returns the message it stopped before.
    out[., 4] gets for each message: best bid and ask level (-1 and size where empty), lots of the best `levels`.
    """
    for i in range(stop - start):
        code = kind[i]
        if code == _SNAPSHOT or code == _CLEAR:
            clear(lots, state)
            state[SNAPSHOT] = seq[i] if code == _SNAPSHOT else -1
        if code == _SNAPSHOT or (code == _DEPTH and (seq[i] < 0 or seq[i] > state[SNAPSHOT])):
            apply_rows(lots, state, np.int64(first[i]), np.int64(first[i + 1]), base, place, tick, quantity)
        if out.shape[0]:
            out[i, 0], out[i, 1] = state[BEST_BID], state[BEST_ASK]
            out[i, 2], out[i, 3] = _sum(lots, state, 0, levels), _sum(lots, state, 1, levels)
        if code == _SNAPSHOT:
            return start + i + 1
    return np.int64(stop)
