"""One compiled pass over a tape that gathers what its statistics need: takers, the touch, and levels by their distance.

Memory does not grow with rows, only with takers (32 bytes each) and time (16 bytes for each 100 ms). Distances are from the
best of the own side when a level appears, in bins: 0 at or before it, k from 2^(k-1) to 2^k - 1 ticks. The touch is that
of tickers where there are any, else of the depth. Times are of the exchange, never falling.
"""

# mypy: disable-error-code="no-untyped-def, misc"

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .book import BEST_ASK, BEST_BID, SNAPSHOT, clear, ladder, places, set_level
from .compiled import compiled
from .layout import Array, Ints, Kind
from .tape import Tape

BLOCK = 1 << 17
GRID = 100_000_000
"""Nanoseconds of a step of the price series."""
BINS, LIVES, SPREADS = 24, 96, 1024
GROWN, BORN, DIED, LOG, SQUARED, EXPOSED, HELD = range(7)
"""Columns of what is known of a bin: levels that grew, appeared, vanished; log lots of growth and its square; level-seconds
and lot-seconds on display."""
_NOW, _TOUCH_BID, _TOUCH_ASK, _SINCE, _TAKERS, _SHRUNK, _BEGIN, _SIDE = range(3, 11)
_STATE = 12
_DEPTH, _TRADE, _SNAPSHOT, _TICKER = (int(k) for k in (Kind.DEPTH, Kind.TRADE, Kind.SNAPSHOT, Kind.TICKER))


@dataclass(frozen=True, slots=True)
class Watched:
    """`takers` int64[n, 4]: exchange ns, sign, sum of ticks * lots, fills. `mids` float64[m]: ticks on a grid of GRID ns,
    NaN before the first. `spreads` ns by spread in ticks, the last for all wider. `levels` float64[BINS, 7] and `lives`
    int64[BINS, LIVES] (lifetimes by half octaves of ns) by distance. `counts` messages by kind."""

    seconds: float
    takers: Ints
    mids: Array
    spreads: Ints
    levels: Array
    lives: Ints
    shrunk: int
    counts: dict[str, int]
    tick_size: float
    lot_size: float


@compiled
def bin_of(distance):
    """The bin of a distance in ticks."""
    place = 0
    while distance > 0 and place < BINS - 1:
        distance >>= 1
        place += 1
    return place


@compiled
def _life(span):
    """The half octave of a lifetime."""
    return min(max(int(2.0 * np.log2(max(span, 1))), 0), LIVES - 1)


@compiled
def _level(ticks, book, born, bins, alive, state, levels, lives, side, at, lots, known):
    """One row of depth. `known`: False for the levels of a snapshot, whose age nobody knows."""
    before, best = book[side, at], state[BEST_ASK] if side else state[BEST_BID]
    if lots == before:
        return
    if before == 0:
        empty = best < 0 or best >= book.shape[1]
        bins[side, at] = 0 if empty else bin_of(ticks[at] - ticks[best] if side else ticks[best] - ticks[at])
        born[side, at] = state[_NOW] if known else -1
        alive[bins[side, at], 0] += 1
        levels[bins[side, at], BORN] += known
    place = bins[side, at]
    alive[place, 1] += lots - before
    if lots > before and known:
        size = np.log(np.float64(lots - before))
        levels[place, GROWN] += 1
        levels[place, LOG] += size
        levels[place, SQUARED] += size * size
    elif known:
        state[_SHRUNK] += 1
    if lots == 0:
        alive[place, 0] -= 1
        if born[side, at] >= 0:
            levels[place, DIED] += 1
            lives[place, _life(state[_NOW] - born[side, at])] += 1
    set_level(book, state, side, at, lots)


@compiled
def _touched(state, spreads, bid, ask):
    """A new touch; the one before it held until now."""
    if state[_TOUCH_BID] >= 0:
        wide = max(min(state[_TOUCH_ASK] - state[_TOUCH_BID], SPREADS - 1), 0)
        spreads[wide] += state[_NOW] - state[_SINCE]
    state[_SINCE], state[_TOUCH_BID], state[_TOUCH_ASK] = state[_NOW], bid, ask


@compiled
def _taken(state, takers, time, side, value):
    """A fill; fills of one side at one time, one after the other, are one taker."""
    count = state[_TAKERS]
    sign = 1 - 2 * side
    if count and takers[count - 1, 0] == time and takers[count - 1, 1] == sign:
        takers[count - 1, 2] += value
        takers[count - 1, 3] += 1
        return
    takers[count, 0], takers[count, 1], takers[count, 2], takers[count, 3] = time, sign, value, 1
    state[_TAKERS] = count + 1


@compiled
def _passed(state, alive, levels, mids, time):
    """Time goes on: what is displayed counts, and the grid takes the mid that held."""
    if state[_NOW] < 0:
        state[_NOW] = state[_BEGIN] = time
    if time <= state[_NOW]:
        return
    span = (time - state[_NOW]) * 1e-9
    for i in range(BINS):
        levels[i, EXPOSED] += alive[i, 0] * span
        levels[i, HELD] += alive[i, 1] * span
    if state[_TOUCH_BID] >= 0:
        low = (state[_NOW] - state[_BEGIN]) // GRID + 1
        for i in range(low, min((time - state[_BEGIN]) // GRID + 1, mids.size)):
            mids[i] = 0.5 * (state[_TOUCH_BID] + state[_TOUCH_ASK])
    state[_NOW] = time


@compiled
def watch(
    start, stop, kind, first, time, seq, place, tick, lots, base, tickers,
    ticks, book, born, bins, alive, state, takers, mids, spreads, levels, lives,
):  # fmt: skip
    """Messages start..stop, whose arrays begin at `start` and rows at `base`; `tickers`: the touch is theirs."""
    for i in range(stop - start):
        code, low, high = kind[i], np.int64(first[i]) - base, np.int64(first[i + 1]) - base
        if code == _SNAPSHOT:
            clear(book, state)
            alive[:] = 0
            state[SNAPSHOT] = seq[i]
        if state[_BEGIN] >= 0 or code == _SNAPSHOT:
            _passed(state, alive, levels, mids, time[i])
        else:
            continue
        if code == _SNAPSHOT or (code == _DEPTH and (seq[i] < 0 or seq[i] > state[SNAPSHOT])):
            for row in range(low, high):
                _level(ticks, book, born, bins, alive, state, levels, lives, tick[row] & 1, place[row], lots[row], code == _DEPTH)
            if not tickers and state[BEST_BID] >= 0 and state[BEST_ASK] < book.shape[1]:
                _touched(state, spreads, ticks[state[BEST_BID]], ticks[state[BEST_ASK]])
        elif code == _TRADE:
            for row in range(low, high):
                _taken(state, takers, time[i], tick[row] & 1, (tick[row] >> 2) * lots[row])
        elif code == _TICKER and tickers and lots[low] > 0 and lots[low + 1] > 0:
            _touched(state, spreads, tick[low] >> 2, tick[low + 1] >> 2)


def watched(tape: Tape) -> Watched:
    """All of a tape from its first snapshot on. A later snapshot counts where updates were missing before it.

    Raises ValueError where there is no snapshot or nothing behind it.
    """
    marks, gaps = tape.info.snapshots, tape.info.gaps
    if not marks:
        raise ValueError("the tape has no book: it needs a snapshot and the depth updates behind it")
    span = int(tape.exchange[-1] - tape.exchange[marks[0].message])
    if span <= 0:
        raise ValueError("the tape ends with its first snapshot")
    pass_ = _Pass(tape, span)
    held = marks[0].message
    for mark in marks:
        if mark is marks[0] or any(held < gap <= mark.message for gap in gaps):
            pass_.run(held, mark.message)
            pass_.snapshot(mark.message, mark.again)
            held = mark.message + 1
    pass_.run(held, len(tape))
    return pass_.result()


class _Pass:
    def __init__(self, tape: Tape, span: int) -> None:
        self._tape, self._ladder = tape, ladder(tape)
        size = self._ladder.ticks.size
        self._tickers = bool(tape.info.kinds.get("TICKER"))
        self._born, self._bins = np.zeros((2, size), np.int64), np.zeros((2, size), np.int8)
        self._alive = np.zeros((BINS, 2), np.int64)
        self._state = np.full(_STATE, -1, np.int64)
        self._state[:3] = self._ladder.state
        self._state[[_TAKERS, _SHRUNK]] = 0
        self._takers = np.zeros((tape.info.kinds.get("TRADE", 0), 4), np.int64)
        self._mids = np.full(span // GRID + 1, np.nan)
        self._spreads = np.zeros(SPREADS, np.int64)
        self._levels, self._lives = np.zeros((BINS, 7)), np.zeros((BINS, LIVES), np.int64)

    def run(self, start: int, stop: int, *, only: Kind | None = None, skip: bool = True) -> None:
        """Messages start..stop; `skip`: snapshots among them do not count, `only`: nothing but that kind does."""
        tape = self._tape
        for low, high in pairwise([*range(start, stop, BLOCK), stop]):
            first = np.asarray(tape.first[low : high + 1]).astype(np.int64)
            rows = slice(int(first[0]), int(first[-1]))
            tick, lots = np.array(tape.tick[rows], np.int64), np.array(tape.lots[rows], np.int64)
            kind = np.array(tape.kind[low:high])
            if skip:
                kind[kind == Kind.SNAPSHOT] = 0
            if only is not None:
                kind[kind != only] = 0
            watch(
                low, high, kind, first, self._times(low, high), self._seq(low, high), places(self._ladder, tick), tick, lots,
                rows.start, self._tickers, self._ladder.ticks, self._ladder.lots, self._born, self._bins, self._alive, self._state, self._takers,
                self._mids, self._spreads, self._levels, self._lives,
            )  # fmt: skip

    def snapshot(self, message: int, again: int | None) -> None:
        """Take it, and the updates before it that are newer once more on top of it."""
        self.run(message, message + 1, skip=False)
        if again is not None:
            self.run(again, message, only=Kind.DEPTH)

    def _times(self, low: int, high: int) -> Ints:
        return np.array(self._tape.exchange[low:high], np.int64)

    def _seq(self, low: int, high: int) -> Ints:
        seq = self._tape.seq
        return np.full(high - low, -1, np.int64) if seq is None else np.array(seq[low:high], np.int64)

    def result(self) -> Watched:
        state, info = self._state, self._tape.info
        seconds = (int(state[_NOW]) - int(state[_BEGIN])) * 1e-9
        return Watched(
            seconds, self._takers[: state[_TAKERS]], _forward(self._mids), self._spreads, self._levels, self._lives,
            int(state[_SHRUNK]), dict(info.kinds), float(info.tick_size), float(info.lot_size),
        )  # fmt: skip


def _forward(values: Array) -> Array:
    """Gaps take the value before them."""
    held = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(values.size), 0))
    found: Array = values[held]
    return found
