"""A tape's depth played through the compiled book in blocks: the final book, series for charts, crossed messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from ..book import Book
from .book import SERIES_LEVELS, Ladder, apply_rows, ladder, places, run
from .info import DELTA
from .layout import Array, Ints
from .orders import levelled
from .snapshots import newer
from .tape import Tape

BLOCK = 1 << 18


class Part(NamedTuple):
    """Messages `at`..`stop` for compiled code: `kind`, `first` and `seq` begin at message `at`, the rows at row `base`."""

    at: int
    stop: int
    kind: Array
    first: Ints
    seq: Ints
    place: Ints
    tick: Ints
    lots: Ints
    base: int


Step = Callable[[Ladder, Part], int]
"""Applies messages to the book. It stops behind a snapshot, so that updates can be applied again; the message it stopped
before."""


def walk(tape: Tape, step: Step) -> Iterator[tuple[int, int, Ladder]]:
    """(first message, end, book after it) for each block, every message given to `step` in order of receipt."""
    book, again = ladder(tape), {mark.message: mark.again for mark in tape.info.snapshots}
    before = np.int64(tape.info.seq_first)
    for start in range(0, len(tape), BLOCK):
        stop = min(start + BLOCK, len(tape))
        seq, before = _seq(tape, start, stop, before)
        _block(tape, book, _part(tape, book, start, stop, seq), step, again)
        yield start, stop, book


def _part(tape: Tape, book: Ladder, start: int, stop: int, seq: Ints) -> Part:
    first = tape.first[start : stop + 1].astype(np.int64)
    base, end = int(first[0]), int(first[-1])
    tick, lots = _wide(tape.tick[base:end]), _wide(tape.lots[base:end])
    return Part(start, stop, np.array(tape.kind[start:stop]), first, seq, places(book, tick), tick, lots, base)


def _block(tape: Tape, book: Ladder, whole: Part, step: Step, again: dict[int, int | None]) -> None:
    at = whole.at
    while at < whole.stop:
        i = at - whole.at
        done = step(book, whole._replace(at=at, kind=whole.kind[i:], first=whole.first[i:], seq=whole.seq[i:]))
        if done > at and again.get(done - 1) is not None:
            _again(tape, book, again[done - 1] or 0, done - 1)
        at = done


def play(tape: Tape, *, series: bool = False) -> Iterator[tuple[int, int, Ladder, Ints]]:
    """(first message, end, book after it, int64[end - first, 4] of the series or [0, 4]) for each block."""
    out = np.zeros((min(BLOCK, len(tape)) if series else 0, 4), np.int64)

    def step(book: Ladder, p: Part) -> int:
        part = out[p.at % BLOCK :]
        return int(run(book.lots, book.state, p.at, p.stop, p.kind, p.first, p.seq, p.place, p.tick, p.lots, p.base, SERIES_LEVELS, part))

    for start, stop, book in walk(tape, step):
        yield start, stop, book, out[: stop - start].copy()


def _wide(values: Array) -> Ints:
    """A copy as int64: compiled code then sees one type of array, whatever the width on disk."""
    return np.array(values, np.int64)


def _again(tape: Tape, book: Ladder, begin: int, snapshot: int) -> None:
    """Apply the newer updates that came before a snapshot once more on top of it."""
    if tape.seq is None:
        return
    for message in newer(tape.kind, tape.seq, snapshot, begin).tolist():
        rows = tape.rows(message)
        tick, lots = _wide(tape.tick[rows]), _wide(tape.lots[rows])
        apply_rows(book.lots, book.state, rows.start, rows.stop, rows.start, places(book, tick), tick, lots)


def _seq(tape: Tape, start: int, stop: int, before: np.int64) -> tuple[Ints, np.int64]:
    """Ids of a block without decoding all: -1 where the source has none."""
    stored = tape.columns.get("seq")
    if stored is None:
        return np.full(stop - start, -1, np.int64), before
    if tape.info.seq != DELTA:
        return _wide(stored[start:stop]), before
    seq = np.cumsum(stored[start:stop], dtype=np.int64) + before
    return seq, seq[-1]


def by_levels(tape: Tape) -> Tape:
    """The tape, or of one of orders the levels and trades that they make."""
    return tape if tape.order is None else levelled(tape).tape


def final_book(tape: Tape) -> Book:
    """The book behind the last message; of a tape of orders, the levels that they make."""
    made = Book()
    tape = by_levels(tape)
    for _, _, held, _ in play(tape):
        last = held
    if len(tape):
        made.replace(last.levels(0), last.levels(1), 0)
    return made


def crossed(tape: Tape) -> tuple[int, int]:
    """(messages behind which the book is crossed, the first of them or -1), between the first snapshot and the first
    gap: outside of that the book may be wrong without any fault of the tape."""
    begin = tape.info.snapshots[0].message if tape.info.snapshots else len(tape)
    end = tape.info.gaps[0] if tape.info.gaps else len(tape)
    count, first = 0, -1
    for start, stop, _, out in play(tape, series=True):
        wrong = np.flatnonzero((out[:, 0] >= out[:, 1]) & (out[:, 0] >= 0)) + start
        wrong = wrong[(wrong >= begin) & (wrong < end)]
        count += wrong.size
        first = int(wrong[0]) if wrong.size and first < 0 else first
        if stop >= end:
            break
    return count, first


def series(tape: Tape) -> dict[str, Array]:
    """For each message: `bid`, `ask` (prices, NaN where empty), `imbalance` of the best five levels in [-1, 1]."""
    parts: list[Array] = []
    for _, _, book, out in play(tape, series=True):
        size = book.ticks.size
        ticks = np.append(book.ticks.astype(float), np.nan)
        bid = ticks[np.where(out[:, 0] < 0, size, out[:, 0])] * tape.tick_size
        ask = ticks[np.minimum(out[:, 1], size)] * tape.tick_size
        total = np.maximum(out[:, 2] + out[:, 3], 1)
        parts.append(np.stack([bid, ask, (out[:, 2] - out[:, 3]) / total]))
    whole = np.concatenate(parts, axis=1) if parts else np.zeros((3, 0))
    return {"bid": whole[0], "ask": whole[1], "imbalance": whole[2]}

