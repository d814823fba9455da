"""What orders make: levels, trades and ranks against a book of lists; what cannot be is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.market.tape.order_tapes import Event, PlainBook, Said, tape

from qbtc.core.market.tape.layout import Kind, TapeFault
from qbtc.core.market.tape.orders import Wrong, levelled, numbered, told
from qbtc.core.market.tape.replay import final_book
from qbtc.core.market.tape.tape import Tape

ACTIONS = (Kind.ADD, Kind.ADD, Kind.ADD, Kind.CANCEL, Kind.MODIFY, Kind.FILL)
events = st.builds(
    Event, st.sampled_from([*ACTIONS, *ACTIONS, Kind.CLEAR]), st.integers(1, 6), st.integers(0, 1), st.sampled_from([0, 10, 11, 12, 13]),
    st.integers(0, 5), st.just(0), st.none(),
)  # fmt: skip


def timed(given_events: list[Event], steps: list[int], delays: list[int]) -> list[Event]:
    """The same events in order of receipt, at times of their own."""
    at, made = 0, []
    for e, step, delay in zip(given_events, steps, delays, strict=False):
        at += step
        made.append(Event(e.kind, e.order, e.side, e.tick, e.lots, at, at + delay))
    return sorted(made, key=lambda e: (e.heard or 0))


def said(made: Tape, which: np.ndarray) -> list[Said]:
    """Messages as (kind, rows)."""
    out: list[Said] = []
    for m in which.tolist():
        rows = []
        for n in range(*made.rows(m).indices(made.info.rows)):
            code = int(made.tick[n])
            rows.append((code & 1, code >> 2, bool(code & 2), int(made.lots[n]), int(made.columns["mark"][n])))
        out.append((Kind(int(made.kind[m])), rows))
    return out


@given(st.lists(events, min_size=1, max_size=60), st.lists(st.integers(0, 3), min_size=60, max_size=60),
       st.lists(st.integers(0, 4), min_size=60, max_size=60))  # fmt: skip
def test_levels_trades_and_ranks_are_those_of_a_book_of_lists(
    given_events: list[Event], steps: list[int], delays: list[int]
) -> None:
    received = timed(given_events, steps, delays)
    if all(e.kind == Kind.CLEAR for e in received):
        received.append(Event(Kind.ADD, 1, 0, 10, 1, 10_000))
    plain, expected, wrong = PlainBook(), [], []
    for n in sorted(range(len(received)), key=lambda n: received[n].at):
        made, why = plain.take(received[n])
        expected += made
        wrong += [(n, why)] if why else []
    found = levelled(tape(received))
    assert said(found.tape, np.argsort(found.tape.exchange, kind="stable")) == expected
    assert [tuple(each) for each in found.wrong.tolist()] == wrong
    assert found.tape.info.messages == plain.messages


@given(st.lists(events, min_size=1, max_size=60))
def test_ranks_put_the_orders_of_a_level_into_their_queue_s_order(given_events: list[Event]) -> None:
    plain = PlainBook()
    for e in given_events:
        plain.take(e)
        for queue in plain.queues.values():
            waiting = [o.rank for o in queue if o.lots]
            assert waiting == sorted(set(waiting))


def test_the_book_at_the_end_is_the_sum_of_the_orders() -> None:
    made = [
        Event(Kind.ADD, 1, 0, 100, 5), Event(Kind.ADD, 2, 0, 100, 3), Event(Kind.ADD, 3, 1, 102, 7),
        Event(Kind.FILL, 1, 0, 100, 2), Event(Kind.MODIFY, 3, 1, 103, 7), Event(Kind.CANCEL, 2, 0, 0, 1),
    ]  # fmt: skip
    book = final_book(tape(made))
    assert (book.top(5, 0), book.top(5, 1)) == ([(100, 5)], [(103, 7)])


def test_an_order_that_was_filled_wholly_may_be_cancelled_once_and_its_id_used_again() -> None:
    made = [Event(Kind.ADD, 1, 0, 100, 5), Event(Kind.FILL, 1, 0, 100, 5), Event(Kind.CANCEL, 1, 0, 100, 0)]
    assert levelled(tape(made)).wrong.size == 0
    assert levelled(tape([*made[:2], Event(Kind.ADD, 1, 0, 100, 5)])).wrong.size == 0
    again = levelled(tape([*made, made[2]]))
    assert again.wrong.tolist() == [[3, Wrong.UNKNOWN_ORDER]]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Event(Kind.FILL, 9, 0, 100, 1), "fill of order 9: no such order is there"),
        (Event(Kind.ADD, 1, 0, 100, 1), "add of order 1: an order of this id is there already"),
        (Event(Kind.FILL, 1, 0, 100, 6), "fill of order 1: is for more than is left of the order"),
        (Event(Kind.CANCEL, 1, 0, 100, 6), "cancel of order 1: is for more than is left of the order"),
        (Event(Kind.MODIFY, 1, 1, 100, 6), "modify of order 1: the order is on the other side"),
        (Event(Kind.FILL, 1, 0, 99, 1), "fill of order 1: the order is at another price"),
        (Event(Kind.MODIFY, 1, 0, 100, 0), "modify of order 1: its quantity"),
        (Event(Kind.ADD, 2, 1, 100, 1), "add of order 2: goes to or through the best price of the other side"),
    ],
)
def test_what_cannot_be_is_told(event: Event, text: str) -> None:
    given_tape = tape([Event(Kind.ADD, 1, 0, 100, 5), event])
    [(message, wrong)] = levelled(given_tape).wrong.tolist()
    assert told(given_tape, message, wrong).startswith(text)


def test_trades_count_only_where_no_fill_says_the_same() -> None:
    trade = Event(Kind.TRADE, 0, 1, 100, 2)
    without = levelled(tape([Event(Kind.ADD, 1, 0, 100, 5), trade]))
    assert (without.fills, without.tape.info.kinds) == (False, {"DEPTH": 1, "TRADE": 1})
    both = levelled(tape([Event(Kind.ADD, 1, 0, 100, 5), trade, Event(Kind.FILL, 1, 0, 100, 2)]))
    assert (both.fills, both.tape.info.kinds) == (True, {"DEPTH": 2, "TRADE": 1})


def test_levels_too_large_for_the_tape_s_width_become_wide() -> None:
    most = 2**31 - 1
    found = levelled(tape([Event(Kind.ADD, 1, 0, 100, most), Event(Kind.ADD, 2, 0, 100, most)]))
    assert found.tape.lots.tolist() == [most, 2 * most]


def test_a_tape_without_orders_is_refused() -> None:
    plain = tape([Event(Kind.TRADE, 0, 1, 100, 2)])
    plain.columns.pop("order")
    with pytest.raises(TapeFault, match="holds no orders"):
        levelled(plain)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50), st.integers(0, 20_000))
def test_orders_are_numbered_in_the_order_of_their_first_appearance(ids: list[int], more: int) -> None:
    given_ids = np.array([*ids, *range(0, 4096 * more, 4096), *ids], np.int64)
    seen: dict[int, int] = {}
    expected = [seen.setdefault(number, len(seen)) for number in given_ids.tolist()]
    count, who = numbered(given_ids)
    assert (count, who.tolist()) == (len(seen), expected)
