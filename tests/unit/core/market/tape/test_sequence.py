"""What the checks of ids find, against the synchronisation rules of the live book."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.book import DepthDiff, DepthSnapshot, DepthSync, SyncState
from qbtc.core.market.tape.events import MESSAGE, Note
from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.sequence import Seen, check, fresh, lags


def depth(first: int, last: int, previous: int = -1) -> tuple[int, int, int, int]:
    return (int(Kind.DEPTH), first, last, previous)


def shot(last: int) -> tuple[int, int, int, int]:
    return (int(Kind.SNAPSHOT), -1, last, -1)


def trade(number: int) -> tuple[int, int, int, int]:
    return (int(Kind.TRADE), -1, number, -1)


def ticker(number: int) -> tuple[int, int, int, int]:
    return (int(Kind.TICKER), -1, number, -1)


def messages(events: list[tuple[int, int, int, int]]) -> np.ndarray:
    made = np.zeros(len(events), MESSAGE)
    for row, (kind, first, last, previous) in zip(made, events, strict=True):
        row["kind"], row["first_id"], row["seq"], row["previous"] = kind, first, last, previous
    return made


def found(events: list[tuple[int, int, int, int]], *, futures: bool = False) -> list[tuple[str, int]]:
    """(note, message), with room for few at a time so that it must go on where it stopped."""
    state, out, at, result = fresh(), np.zeros((4, 4), np.int64), 0, []
    made = messages(events)
    while True:
        at = int(check(made, at, 0, futures, state, out))
        result += [(Note(int(code)).name, int(message)) for code, message, _, _ in out[: state[Seen.FOUND]]]
        state[Seen.FOUND] = 0
        if at == len(made):
            return result


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([shot(5), depth(6, 7), depth(8, 9)], []),
        ([shot(5), depth(4, 7), depth(8, 9)], []),
        ([shot(5), depth(6, 7), depth(9, 9)], [("GAP", 2)]),
        ([shot(5), depth(6, 7), depth(6, 7)], [("DUPLICATE", 2)]),
        ([shot(5), depth(6, 7), depth(8, 9), depth(6, 7)], [("OUT_OF_ORDER", 3)]),
        ([shot(5), depth(7, 8)], [("OLD_SNAPSHOT", 1)]),
        ([depth(6, 7), shot(7), depth(8, 9)], [("BEFORE_SNAPSHOT", 0)]),
        ([depth(6, 7), depth(8, 9), shot(6), depth(10, 11)], [("BEFORE_SNAPSHOT", 0)]),
        ([depth(6, 7), shot(3), depth(8, 9)], [("BEFORE_SNAPSHOT", 0), ("OLD_SNAPSHOT", 1)]),
        ([shot(5), depth(6, 7), depth(9, 10), depth(11, 12), depth(14, 14)], [("GAP", 2), ("GAP", 4)]),
        ([trade(1), trade(2), trade(4), trade(4), trade(3)], [("GAP", 2), ("DUPLICATE", 3), ("OUT_OF_ORDER", 4)]),
        ([ticker(1), ticker(9), ticker(9), ticker(8)], [("DUPLICATE", 2), ("OUT_OF_ORDER", 3)]),
        ([shot(5), depth(6, 7), trade(100), ticker(7), depth(8, 8)], []),
    ],
)
def test_spot_ids_are_checked_by_the_rules_of_the_stream(events: list, expected: list) -> None:
    assert found(events) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([shot(5), depth(3, 7, 2), depth(9, 12, 7)], []),
        ([shot(5), depth(3, 7, 2), depth(9, 12, 8)], [("GAP", 2)]),
        ([shot(5), depth(6, 7, 5)], []),
        ([shot(5), depth(8, 9, 7)], [("OLD_SNAPSHOT", 1)]),
        ([depth(3, 7, 2), depth(9, 12, 7), shot(6), depth(15, 16, 12)], [("BEFORE_SNAPSHOT", 0)]),
    ],
)
def test_futures_ids_are_checked_by_the_previous_id(events: list, expected: list) -> None:
    assert found(events, futures=True) == expected


@given(steps=st.lists(st.tuples(st.integers(1, 5), st.booleans()), min_size=1, max_size=30), futures=st.booleans())
def test_gaps_are_found_where_the_live_book_would_lose_its_place(steps: list[tuple[int, bool]], futures: bool) -> None:
    """Updates behind a snapshot, some of them lost: DepthSync, asked again after each loss, counts the same."""
    sync = DepthSync(futures=futures)
    sync.on_snapshot(DepthSnapshot(100, [], []))
    events, last, wanted, previous = [shot(100)], 100, [], 100
    for size, lost in steps:
        first, last = last + 1, last + size
        before, previous = previous, last
        if lost and len(events) > 1:
            continue
        diff = DepthDiff(first, last, [], [], before if futures else None)
        if futures and len(events) == 1:
            diff = DepthDiff(100, last, [], [], 99)
            before, first = 99, 100
        sync.on_diff(diff)
        if not sync.synced:
            wanted.append(("GAP", len(events)))
            sync.reset()
            sync.last_id, sync.state = last, SyncState.SYNCED
        events.append(depth(first, last, before if futures else -1))
    assert found(events, futures=futures) == wanted


def test_a_message_without_an_exchange_time_takes_the_lag_before_it() -> None:
    made = np.zeros(4, MESSAGE)
    made["local"], made["exchange"] = [100, 110, 120, 130], [90, 0, 125, 0]
    state, out = np.array([0, 0, -(2**63) + 1], np.int64), np.zeros(4, np.int64)
    assert lags(made, state, 7, out) == -5
    assert out.tolist() == [10, 10, -5, -5]
    assert state.tolist() == [2, 0, 135]
