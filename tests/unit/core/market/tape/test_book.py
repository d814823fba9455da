"""The compiled book over a tape, against the plain one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.book import DepthDiff, DepthSnapshot, LocalBook
from qbtc.core.market.tape import book as compiled
from qbtc.core.market.tape import replay
from qbtc.core.market.tape.info import ABSOLUTE, Column, Info, SnapshotMark
from qbtc.core.market.tape.layout import Kind, packed
from qbtc.core.market.tape.tape import Tape

Level = tuple[int, int]
level = st.tuples(st.integers(100, 130), st.integers(0, 3))
side = st.lists(level, max_size=4, unique_by=lambda pair: pair[0])


def tape_of(events: list[tuple[Kind, int, list[Level], list[Level]]], marks: tuple[SnapshotMark, ...], scale: int = 1) -> Tape:
    rows = [(t * scale, q, s) for _, _, bids, asks in events for s, part in enumerate((bids, asks)) for t, q in part]
    count = [len(bids) + len(asks) for _, _, bids, asks in events]
    ticks, lots, sides = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    columns = {
        "local": np.arange(len(events), dtype=np.int64), "kind": np.array([int(e[0]) for e in events], np.uint8),
        "first": np.concatenate([[0], np.cumsum(count)]).astype(np.uint32), "seq": np.array([e[1] for e in events], np.int64),
        "tick": packed(ticks, sides, 0), "lots": lots.astype(np.int32),
    }  # fmt: skip
    described = {name: Column(values.dtype.str, len(values), 0) for name, values in columns.items()}
    info = Info("X", "generic", "1", "1", len(events), len(rows), described, seq=ABSOLUTE, snapshots=marks)
    return Tape(info, columns)


@given(
    early=st.lists(st.tuples(side, side), max_size=4), held=st.tuples(side, side), late=st.lists(st.tuples(side, side), max_size=12),
    seen=st.integers(0, 4), wide=st.booleans(), block=st.integers(1, 5),
)  # fmt: skip
def test_the_final_book_is_the_one_that_a_live_book_ends_with(
    early: list[tuple[list[Level], list[Level]]], held: tuple[list[Level], list[Level]],
    late: list[tuple[list[Level], list[Level]]], seen: int, wide: bool, block: int,
) -> None:  # fmt: skip
    """Updates 1..n, a snapshot as of update `seen` that comes late or early, more updates; any size of block."""
    local, events, number = LocalBook(), [], 0
    for bids, asks in early:
        number += 1
        events.append((Kind.DEPTH, number, bids, asks))
        local.on_diff(DepthDiff(number, number, bids, asks))
    last = min(seen, number)
    events.append((Kind.SNAPSHOT, last, *held))
    local.on_snapshot(DepthSnapshot(last, *held))
    for bids, asks in late:
        number += 1
        events.append((Kind.DEPTH, number, bids, asks))
        local.on_diff(DepthDiff(number, number, bids, asks))
    mark = SnapshotMark(len(early), last, last if last < len(early) else None)
    scale = compiled.DENSE if wide else 1
    tape, before = tape_of(events, (mark,), scale), replay.BLOCK
    replay.BLOCK = block
    try:
        found = replay.final_book(tape)
    finally:
        replay.BLOCK = before
    for which in (0, 1):
        assert found.top(99, which) == [(tick * scale, lots) for tick, lots in local.book.top(99, which)]


def test_a_crossed_book_is_found_behind_its_message_and_only_once_a_snapshot_began_it() -> None:
    events = [
        (Kind.DEPTH, 1, [(200, 1)], [(100, 1)]), (Kind.SNAPSHOT, 1, [(100, 1)], [(101, 1)]), (Kind.DEPTH, 2, [(100, 2)], []),
        (Kind.DEPTH, 3, [(101, 1)], []), (Kind.DEPTH, 4, [(101, 0)], []),
    ]  # fmt: skip
    assert replay.crossed(tape_of(events, (SnapshotMark(1, 1),))) == (1, 3)
    assert replay.crossed(tape_of(events[1:3], (SnapshotMark(0, 1),))) == (0, -1)


def test_series_give_the_touch_and_the_imbalance_behind_each_message() -> None:
    events = [
        (Kind.SNAPSHOT, 1, [(100, 3)], [(102, 1)]), (Kind.DEPTH, 2, [], [(102, 0)]), (Kind.TRADE, 7, [], []),
        (Kind.CLEAR, -1, [], []),
    ]  # fmt: skip
    found = replay.series(tape_of(events, (SnapshotMark(0, 1),)))
    assert found["bid"].tolist()[:3] == [100, 100, 100]
    assert found["ask"][0] == 102
    assert np.isnan(found["ask"][1:]).all()
    assert np.isnan(found["bid"][3])
    assert found["imbalance"].tolist() == [0.5, 1.0, 1.0, 0.0]
