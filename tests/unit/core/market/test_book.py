"""Instrument grids, the L2 book and the depth synchronisation rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.book import Book, DepthDiff, DepthSnapshot, DepthSync, LocalBook
from qbtc.core.market.instrument import KNOWN, OffGrid, instrument

BTC = KNOWN["BTCUSDT"]


@given(st.integers(0, 10**12))
def test_ticks_and_lots_survive_the_way_to_text_and_back(value: int) -> None:
    assert BTC.to_ticks(BTC.price_text(value)) == value
    assert BTC.to_lots(BTC.quantity_text(value)) == value
    assert BTC.to_ticks(BTC.from_ticks(value)) == value


@pytest.mark.parametrize("text", ["1.001", "-1", "1e3", "NaN", "", ".", "1.0.0", "٣", "0.000000001"])
def test_a_price_off_the_grid_is_refused(text: str) -> None:
    with pytest.raises(OffGrid):
        BTC.to_ticks(text)


def test_a_step_that_is_no_multiple_of_the_smallest_unit_is_refused() -> None:
    with pytest.raises(OffGrid):
        instrument("BTCUSDT", "0")
    assert instrument("BTCUSDT", "0.5").to_ticks(Decimal("10.5")) == 21


changes = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 30), st.integers(0, 5)), max_size=60)


@given(changes)
def test_a_book_is_its_last_quantities_in_order(steps: list[tuple[int, int, int]]) -> None:
    book, wanted = Book(), ({}, {})
    for side, tick, quantity in steps:
        book.apply(side, tick, quantity)
        wanted[side][tick] = quantity
    for side in (0, 1):
        levels = sorted(((t, q) for t, q in wanted[side].items() if q), reverse=side == 0)
        assert book.top(100, side) == list(book.walk(side)) == levels
        assert book.depth(side) == len(levels)
        assert (book.best_ask if side else book.best_bid) == (levels[0][0] if levels else None)


@given(changes, changes)
def test_a_difference_leads_from_one_book_to_the_other(
    first: list[tuple[int, int, int]], second: list[tuple[int, int, int]]
) -> None:
    one, two = Book(), Book()
    for book, steps in ((one, first), (two, second)):
        for step in steps:
            book.apply(*step)
    one.apply_all(*one.difference(two), update_id=9)
    assert one == two
    assert one.checksum() == two.checksum()


def test_a_negative_quantity_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Book().apply(0, 1, -1)


def diff(first: int, last: int, previous: int | None = None) -> DepthDiff:
    return DepthDiff(first, last, [(last, 1)], [], previous)


def test_spot_drops_old_diffs_and_starts_with_the_one_that_spans_the_snapshot() -> None:
    sync = DepthSync()
    for first, last in ((1, 5), (6, 10), (11, 15)):
        assert sync.on_diff(diff(first, last)) == []
    assert sync.on_snapshot(DepthSnapshot(8, [], [])) == [diff(6, 10), diff(11, 15)]
    assert sync.on_diff(diff(16, 16)) == [diff(16, 16)]


def test_a_snapshot_older_than_the_buffer_is_not_taken() -> None:
    sync = DepthSync()
    sync.on_diff(diff(11, 15))
    assert sync.on_snapshot(DepthSnapshot(8, [], [])) is None
    assert sync.on_snapshot(DepthSnapshot(10, [], [])) == [diff(11, 15)]


def test_a_gap_asks_for_a_snapshot_again_and_keeps_the_diff_after_it() -> None:
    book = LocalBook()
    book.on_snapshot(DepthSnapshot(10, [], []))
    assert book.on_diff(diff(11, 12))
    assert not book.on_diff(diff(14, 15))
    assert not book.synced
    assert book.sync.gaps == 1
    assert book.on_snapshot(DepthSnapshot(13, [(5, 5)], []))
    assert book.book.top(9, 0) == [(15, 1), (5, 5)]


def test_futures_follow_the_previous_id() -> None:
    sync = DepthSync(futures=True)
    sync.on_diff(diff(1, 5, 0))
    assert sync.on_snapshot(DepthSnapshot(5, [], [])) == [diff(1, 5, 0)]
    assert sync.on_diff(diff(9, 12, 5)) == [diff(9, 12, 5)]
    assert sync.on_diff(diff(20, 22, 15)) == []
    assert not sync.synced


@given(st.lists(st.integers(1, 4), min_size=1, max_size=20), st.integers(0, 40), st.integers(0, 20))
def test_any_arrival_of_the_snapshot_ends_in_the_same_book(sizes: list[int], at: int, when: int) -> None:
    """Whichever id the snapshot has and whenever it comes, a synced book is the true one."""
    diffs, last = [], 0
    for size in sizes:
        diffs.append(DepthDiff(last + 1, last + size, [(i, i) for i in range(last + 1, last + size + 1)], []))
        last += size
    at = min(at, last)
    local = LocalBook()
    for number, item in enumerate(diffs):
        if number == when:
            local.on_snapshot(DepthSnapshot(at, [(i, i) for i in range(1, at + 1)], []))
        local.on_diff(item)
    local.on_snapshot(DepthSnapshot(at, [(i, i) for i in range(1, at + 1)], []))
    if local.synced and local.book.update_id == last:
        assert local.book.top(200, 0) == [(i, i) for i in range(last, 0, -1)]
