"""The bars of tapes, as the live feed would have made them of the same frames, bit for bit.

A tape is played through the compiled book of `core.market.tape`; what `market.SymbolMarket` and `bars.BarBuilder` do one
frame at a time is done here in one pass, in the same order of operations. Bars of several tapes close together, at the
first message of any of them whose exchange time is at or after the bar's end.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26
from qbtc.core.binance import fast_text
from qbtc.core.binance.fast_text import compiler, stamp
from qbtc.core.market.instrument import units
from qbtc.core.market.tape import book as tape_book
from qbtc.core.market.tape.book import Ladder, apply_rows, clear, ladder
from qbtc.core.market.tape.layout import Ints, Kind
from qbtc.core.market.tape.replay import Part, walk
from qbtc.core.market.tape.tape import Tape

from .bars import COLUMNS
from .perpetual import FUNDING_HOURS, INTEREST_NS, MARK_NS, YEAR_HOURS

Floats = NDArray[np.float64]
LEVELS, NEAR = 5, 0.001
_DEPTH, _TRADE, _SNAPSHOT, _CLEAR = (int(kind) for kind in (Kind.DEPTH, Kind.TRADE, Kind.SNAPSHOT, Kind.CLEAR))
STATE = 10
_SYNCED, _KNOWN, _TOUCHED, _BID_TICK, _BID_LOTS, _ASK_TICK, _ASK_LOTS, _PENDING, _ROW, _TAKEN = range(STATE)
SUMS = 7
_HIGH, _LOW, _FLOW, _BUY, _SELL, _QUOTE, _COUNT = range(SUMS)
(
    _C_MID, _C_HIGH, _C_LOW, _C_SPREAD, _C_IMBALANCE, _C_DEPTH, _C_TOP, _C_FLOW, _C_BUY, _C_SELL, _C_QUOTE, _C_MESSAGES,
    _C_BASIS, _C_FUNDING, _C_INTEREST,
) = range(len(COLUMNS))  # fmt: skip

quick = compiler(
    stamp(__file__, str(Path(tape_book.__file__).with_name("book.py")), str(Path(tape_book.__file__).with_name("compiled.py")),
          str(Path(__file__).with_name("bars.py")), str(Path(fast_text.__file__)))
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What is told of the perpetual, in order of receipt. `places` are the messages of the tape itself that tell it, None
    where it is another tape that does."""

    places: Ints | None
    local: Ints
    at: Ints
    mark: Floats
    index: Floats
    rate: Floats
    interest_at: Ints
    interest: Floats


@dataclass(frozen=True)
class Bars:
    """`data` is float64[symbol, column, row]; `ends` the exclusive end of each row in ns. A row that is not `kept` is no
    bar but a break: the first, partial one, or a silence longer than the window."""

    symbols: tuple[str, ...]
    ends: Ints
    kept: NDArray[np.bool_]
    data: Floats


def of_tapes(tapes: Sequence[Tape], facts: Sequence[Facts], *, bar_ns: int, hours: float = FUNDING_HOURS) -> Bars:
    """The bars of tapes of different symbols, on one clock. Raises ValueError where there is nothing to make bars of."""
    made = clock([(t.local, t.exchange, _timed(t)) for t in tapes], bar_ns)
    ends, kept = made.ends, made.kept
    data = np.empty((len(tapes), len(COLUMNS), ends.size))
    for tape, rows, known, out in zip(tapes, made.rows, facts, data, strict=True):
        heard = made.closed_at(known.local) if known.places is None else rows[known.places]
        _one(tape, rows, ends, known, heard, hours, out)
    data[:, :, ~kept] = np.nan
    return Bars(tuple(t.symbol for t in tapes), ends, kept, data)


def _timed(tape: Tape) -> NDArray[np.bool_]:
    """The messages that move the clock: snapshots and tickers may have no time of their own."""
    found: NDArray[np.bool_] = (tape.kind == _DEPTH) | (tape.kind == _TRADE)
    return found


@dataclass(frozen=True)
class Clock:
    """`rows` are, for each stream, how many rows are closed when each of its messages has come; `local` and `closed` the
    same for all messages in order of receipt."""

    rows: list[Ints]
    ends: Ints
    kept: NDArray[np.bool_]
    local: Ints
    closed: Ints

    def closed_at(self, local: Ints) -> Ints:
        """How many rows are closed at a local time, the messages of that time included."""
        found: Ints = np.concatenate(([0], self.closed))[np.searchsorted(self.local, local, side="right")]
        return found


def clock(streams: Sequence[tuple[Ints, Ints, NDArray[np.bool_]]], bar_ns: int) -> Clock:
    """When bars close. A stream is (local, exchange, moves the clock), local times never fall; streams are merged by local
    time, equal times in the order given. Raises ValueError where nothing moves the clock."""
    local = np.concatenate([s[0] for s in streams])
    order = np.argsort(local, kind="stable")
    timed = np.concatenate([s[2] for s in streams])[order]
    if not timed.any():
        raise ValueError("there is no depth update and no trade to make bars of")
    at = np.where(timed, np.concatenate([s[1] for s in streams])[order], np.iinfo(np.int64).min)
    running = np.maximum.accumulate(at)
    begin = int(np.argmax(timed))
    bar = running // bar_ns
    bar[:begin] = bar[begin]
    steps = np.diff(bar, prepend=bar[0])
    broken = steps > basis26.WINDOW_BARS
    closed = np.cumsum(np.where(broken, 1, steps))
    ends, kept = _rows(int(bar[0]), steps[steps > 0], broken[steps > 0], bar_ns)
    if kept.size:
        kept[0] &= int(running[begin]) % bar_ns == 0
    found = np.empty_like(closed)
    found[order] = closed
    rows = np.split(found, np.cumsum([s[0].size for s in streams])[:-1])
    return Clock(rows, ends, kept, local[order], closed)


def _rows(first: int, steps: Ints, broken: NDArray[np.bool_], bar_ns: int) -> tuple[Ints, NDArray[np.bool_]]:
    """The end of every row, and whether it is a bar."""
    counts = np.where(broken, 1, steps)
    before = first + np.cumsum(steps) - steps
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    ends = (np.repeat(before, counts) + within + 1) * bar_ns
    return ends, ~np.repeat(broken, counts)


def _one(tape: Tape, rows: Ints, ends: Ints, facts: Facts, heard: Ints, hours: float, out: Floats) -> None:
    """One tape's bars into out[column, row]."""
    state, sums = np.zeros(STATE, np.int64), np.zeros(SUMS)
    state[_SYNCED], state[_KNOWN] = tape.seq is None, -1
    sums[[_HIGH, _LOW]] = np.nan
    tick_units, lot_units = units(tape.info.tick_size), units(tape.info.lot_size)
    lost = np.array(sorted(_lost(tape)) or [-1], np.int64)

    def step(book: Ladder, p: Part) -> int:
        return int(play(
            book.lots, book.state, book.ticks, p.at, p.stop, p.kind, p.first, p.seq, p.place, p.tick, p.lots, p.base, rows,
            lost, tick_units, lot_units, state, sums, out,
        ))  # fmt: skip

    last = ladder(tape)
    for _, _, book in walk(tape, step):
        last = book
    close(last.lots, last.state, last.ticks, ends.size, tick_units / 1e8, lot_units / 1e8, state, sums, out)
    perpetual(
        ends, heard, facts.at, facts.mark, facts.index, facts.rate, facts.interest_at, facts.interest, hours,
        out[_C_BASIS], out[_C_FUNDING], out[_C_INTEREST],
    )  # fmt: skip


def _lost(tape: Tape) -> set[int]:
    """Messages at which the book is lost until the next snapshot; a snapshot among them cannot be continued."""
    old = {f.message for f in tape.info.findings if f.note == "old_snapshot" and f.message is not None}
    return set(tape.info.gaps) | old


def facts_of(tape: Tape, source: Tape | None, interest: tuple[Any, Any] | None) -> Facts:
    """Of the FUNDING messages of `source`, the tape itself if it is None; `interest` are times in ns and base units."""
    told = tape if source is None else source
    which = told.of(Kind.FUNDING)
    values = told.special(Kind.FUNDING)
    mark, index, rate = (np.array(values.get(name, np.zeros(0)), np.float64) for name in ("mark", "index", "rate"))
    at, quantity = (np.zeros(0), np.zeros(0)) if interest is None else interest
    times, amounts = np.array(at, np.int64), np.array(quantity, np.float64)
    if times.ndim != 1 or times.shape != amounts.shape or (np.diff(times) < 0).any():
        raise ValueError("open interest: times and quantities must be as many, and times never fall")
    heard, made = np.array(told.local[which], np.int64), np.array(told.exchange[which], np.int64)
    return Facts(which if source is None else None, heard, made, mark, index, rate, times, amounts)


@quick
def _touch(lots, book, ticks, state):
    """(bid tick, its lots, ask tick, its lots) and whether there are both and the book is in sync."""
    bid, ask = book[0], book[1]
    if not state[_SYNCED] or bid < 0 or ask >= lots.shape[1]:
        return False, np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    return True, ticks[bid], lots[0, bid], ticks[ask], lots[1, ask]


@quick
def _after_book(lots, book, ticks, tick, lot, state, sums):
    """What one message of the book adds to the bar: the mid and the order flow of the touch."""
    there, bid, bid_lots, ask, ask_lots = _touch(lots, book, ticks, state)
    if not there:
        return
    flow = 0.0
    if state[_TOUCHED]:
        gained = (bid_lots if bid >= state[_BID_TICK] else 0) - (state[_BID_LOTS] if bid <= state[_BID_TICK] else 0)
        lost = (ask_lots if ask <= state[_ASK_TICK] else 0) - (state[_ASK_LOTS] if ask >= state[_ASK_TICK] else 0)
        flow = (gained - lost) * lot
    mid = (bid + ask) / 2 * tick
    sums[_HIGH] = mid if math.isnan(sums[_HIGH]) else max(sums[_HIGH], mid)
    sums[_LOW] = mid if math.isnan(sums[_LOW]) else min(sums[_LOW], mid)
    sums[_FLOW] += flow
    sums[_COUNT] += 1
    state[_TOUCHED] = 1
    state[_BID_TICK], state[_BID_LOTS], state[_ASK_TICK], state[_ASK_LOTS] = bid, bid_lots, ask, ask_lots


@quick
def _levels(lots, book, side):
    """Lots of the best levels of one side."""
    found, count = np.int64(0), 0
    at, step = (book[1], 1) if side else (book[0], -1)
    while at >= 0 and at < lots.shape[1] and count < LEVELS:
        if lots[side, at] > 0:
            found, count = found + lots[side, at], count + 1
        at += step
    return found


@quick
def _near(lots, book, ticks, mid, tick, lot):
    """Quote value of both sides within 10 bp of the mid."""
    found = 0.0
    for side in range(2):
        limit = mid * (1 + NEAR) if side else mid * (1 - NEAR)
        at, step = (book[1], 1) if side else (book[0], -1)
        while at >= 0 and at < lots.shape[1]:
            price = ticks[at] * tick
            if price > limit if side else price < limit:
                break
            if lots[side, at] > 0:
                found += price * lots[side, at] * lot
            at += step
    return found


@quick
def _close(lots, book, ticks, tick, lot, state, sums, out):
    """The bar as it stands into a column of `out`, and begin the next one."""
    there, bid, bid_lots, ask, ask_lots = _touch(lots, book, ticks, state)
    mid = math.nan
    out[_C_SPREAD], out[_C_IMBALANCE], out[_C_DEPTH], out[_C_TOP] = math.nan, math.nan, math.nan, math.nan
    if there:
        mid = (bid + ask) / 2 * tick
        out[_C_SPREAD] = 5_000 * ((ask - bid) * tick) / mid
        bids, asks = _levels(lots, book, 0), _levels(lots, book, 1)
        out[_C_IMBALANCE] = (bids - asks) / (bids + asks) if bids + asks else 0.0
        out[_C_DEPTH] = _near(lots, book, ticks, mid, tick, lot)
        out[_C_TOP] = (bid_lots + ask_lots) * lot / 2
    out[_C_MID] = mid
    # Python's max and min keep the first of two when the second is NaN: the mid that was seen.
    out[_C_HIGH] = mid if math.isnan(sums[_HIGH]) else (mid if mid > sums[_HIGH] else sums[_HIGH])
    out[_C_LOW] = mid if math.isnan(sums[_LOW]) else (mid if mid < sums[_LOW] else sums[_LOW])
    out[_C_FLOW], out[_C_BUY], out[_C_SELL] = sums[_FLOW], sums[_BUY], sums[_SELL]
    out[_C_QUOTE], out[_C_MESSAGES] = sums[_QUOTE], sums[_COUNT]
    forget(sums)


@quick
def forget(sums):
    for i in range(sums.size):
        sums[i] = 0.0
    sums[_HIGH], sums[_LOW] = math.nan, math.nan


@quick
def close(lots, book, ticks, rows, tick, lot, state, sums, out):
    """Close the bars before row `rows`."""
    while state[_ROW] < rows:
        _close(lots, book, ticks, tick, lot, state, sums, out[:, state[_ROW]])
        state[_ROW] += 1


@quick
def perpetual(ends, heard, at, mark, index, rate, interest_at, interest, hours, basis_out, funding_out, interest_out):
    """What was known of the perpetual at the end of each row; `heard[k]` rows were closed when fact k came."""
    told, counted = 0, 0
    for row in range(ends.size):
        end = ends[row]
        basis_out[row], funding_out[row], interest_out[row] = math.nan, math.nan, math.nan
        while told < heard.size and heard[told] <= row:
            told += 1
        while counted < interest_at.size and interest_at[counted] <= end:
            counted += 1
        if told and at[told - 1] > end - MARK_NS:
            if mark[told - 1] > 0 and index[told - 1] > 0:
                basis_out[row] = 1e4 * (mark[told - 1] / index[told - 1] - 1)
            funding_out[row] = 100 * rate[told - 1] * (YEAR_HOURS / hours)
        if counted and interest_at[counted - 1] > end - INTEREST_NS:
            interest_out[row] = interest[counted - 1]


@quick
def play(
    lots, book, ticks, at, stop, kind, first, seq, place, tick, quantity, base, rows, lost, tick_units, lot_units,
    state, sums, out,
):  # fmt: skip
    """Messages at..stop into the book and the bars. Stops behind a snapshot; the message it stopped before."""
    step, lot = tick_units / 1e8, lot_units / 1e8
    if state[_PENDING]:
        state[_PENDING] = 0
        _after_book(lots, book, ticks, step, lot, state, sums)
    for i in range(stop - at):
        message = at + i
        close(lots, book, ticks, rows[message], step, lot, state, sums, out)
        while state[_TAKEN] < lost.size and lost[state[_TAKEN]] < message:
            state[_TAKEN] += 1
        gone = state[_TAKEN] < lost.size and lost[state[_TAKEN]] == message
        code, begin, end = kind[i], first[i], first[i + 1]
        if code == _TRADE:
            price, amount = (tick[begin - base] >> 2) * tick_units / 1e8, quantity[begin - base] * lot_units / 1e8
            sold = tick[begin - base] & 1
            sums[_SELL] += amount if sold else 0.0
            sums[_BUY] += 0.0 if sold else amount
            sums[_QUOTE] += price * amount
            sums[_COUNT] += 1
        elif code in (_SNAPSHOT, _CLEAR):
            clear(lots, book)
            state[_SYNCED], state[_TOUCHED] = code == _SNAPSHOT and not gone, 0
            if code == _SNAPSHOT:
                apply_rows(lots, book, begin, end, base, place, tick, quantity)
                state[_KNOWN], state[_PENDING] = seq[i], 1
                return np.int64(message + 1)
        elif code == _DEPTH and gone:
            state[_SYNCED] = 0
        elif code == _DEPTH and state[_SYNCED] and (seq[i] < 0 or seq[i] > state[_KNOWN]):
            apply_rows(lots, book, begin, end, base, place, tick, quantity)
            state[_KNOWN] = seq[i]
            _after_book(lots, book, ticks, step, lot, state, sums)
    return np.int64(stop)
