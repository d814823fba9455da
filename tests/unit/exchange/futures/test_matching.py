"""What the futures venue wants of its matcher, held against the compiled core without funds."""

from __future__ import annotations

import pytest

from qbtc.core.market.futures.contracts import contract
from qbtc.core.market.futures.core_matcher import CoreMatcher
from qbtc.core.market.futures.matching import Fill, Gone, Matcher, Wanted


@pytest.fixture
def book() -> Matcher:
    rules = contract("BTCUSDT")
    assert rules is not None
    made = CoreMatcher(rules)
    made.replace([(100, 10), (99, 5)], [(102, 10), (103, 5)], 1)
    made.changes()
    return made


def order(order_id: int, side: int, tick: int, lots: int, tif: str = "GTC", stp: str = "NONE") -> Wanted:
    return Wanted(order_id, 1, side, tick, lots, tif, stp)


def test_a_taker_takes_levels_in_order_and_the_rest_of_an_ioc_goes(book: Matcher) -> None:
    steps = book.submit(order(1, 1, 103, 20, "IOC"), 2)
    assert steps == [Fill(0, 1, 1, 102, 10), Fill(0, 1, 1, 103, 5), Gone(1, 5, False)]
    assert book.top(5, 1) == []


def test_what_rests_is_shown_and_what_is_cancelled_is_not(book: Matcher) -> None:
    assert book.submit(order(1, 1, 101, 7), 2) == []
    assert book.top(2, 0) == [(101, 7), (100, 10)]
    assert book.changes() == ([(101, 7)], [])
    assert book.cancel(1, 3)
    assert not book.cancel(1, 4)
    assert book.changes() == ([(101, 0)], [])


def test_a_maker_is_filled_by_the_backgrounds_trades_and_by_its_coming(book: Matcher) -> None:
    book.submit(order(1, -1, 101, 4), 2)
    assert book.traded(101, 3, 1, 3) == [Fill(1, 0, 1, 101, 3)]
    assert book.update([(101, 2)], [(102, 0), (103, 0), (105, 5)], 4) == [Fill(1, 0, 1, 101, 1)]


def test_an_id_may_come_back_after_it_was_cancelled(book: Matcher) -> None:
    book.submit(order(1, 1, 99, 4), 2)
    assert book.cancel(1, 3)
    assert book.submit(order(1, 1, 101, 2), 4) == []
    assert book.top(1, 0) == [(101, 2)]


def test_a_self_trade_expires_the_maker_first(book: Matcher) -> None:
    book.submit(order(1, 1, 101, 4), 2)
    steps = book.submit(order(2, -1, 101, 6, "IOC", "EXPIRE_MAKER"), 3)
    assert steps == [Gone(1, 4, True), Gone(2, 6, False)]


def test_background_changes_are_told_with_what_is_shown_now(book: Matcher) -> None:
    book.submit(order(1, 1, 100, 4), 2)
    book.changes()
    book.update([(100, 3), (98, 1)], [], 3)
    assert book.changes() == ([(98, 1), (100, 7)], [])
