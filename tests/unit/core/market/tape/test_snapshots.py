"""Which updates a snapshot holds, against the rule for one frame after the other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.book import DepthDiff, DepthSnapshot, LocalBook
from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.snapshots import following, held, newer

D, S, T = int(Kind.DEPTH), int(Kind.SNAPSHOT), int(Kind.TRADE)
KINDS, SEQ = np.array([D, T, D, D, S, D, T, D]), np.array([1, 90, 2, 3, 2, 2, 91, 4])


def test_updates_before_a_snapshot_that_are_newer_than_it_are_applied_again() -> None:
    assert newer(KINDS, SEQ, 4, 0).tolist() == [3]
    assert newer(KINDS, SEQ, 4, 4).tolist() == []


def test_what_a_snapshot_holds_is_passed_over_on_both_sides_of_it() -> None:
    assert held(KINDS, SEQ, 4, 0, 8).tolist() == [0, 2, 5]
    assert held(KINDS, SEQ, 4, 4, 8).tolist() == [5]


def test_the_next_update_is_the_first_that_it_does_not_hold() -> None:
    assert following(KINDS, SEQ, 4).tolist() == [7]
    assert following(KINDS[:7], SEQ[:7], 4).tolist() == []


@given(count=st.integers(1, 12), at=st.integers(0, 12), last=st.integers(0, 12))
def test_the_updates_that_count_are_those_of_a_local_book(count: int, at: int, last: int) -> None:
    """Updates 1..count, and a snapshot of `last` received in front of update `at`."""
    at, last = min(at, count), min(last, count)
    kind = np.array([D] * at + [S] + [D] * (count - at))
    seq = np.array([*range(1, at + 1), last, *range(at + 1, count + 1)])
    local = LocalBook()
    for what, number in zip(kind.tolist(), seq.tolist(), strict=True):
        if what == S:
            local.on_snapshot(DepthSnapshot(number, [], []))
        else:
            local.on_diff(DepthDiff(number, number, [(number, 1)], []))
    there = {tick for tick, _ in local.book.top(99, 0)}
    passed = set(seq[held(kind, seq, at, 0, count + 1)].tolist())
    if local.synced:
        assert there == set(range(1, count + 1)) - passed
    assert set(seq[newer(kind, seq, at, 0)].tolist()) == set(range(last + 1, at + 1))
