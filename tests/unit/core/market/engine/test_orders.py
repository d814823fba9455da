"""Single orders: priority, types, times in force, self-trade prevention, icebergs, amends, fees and locks."""

from __future__ import annotations

import numpy as np
import pytest

from qbtc.core.market.engine.layout import EVENT, Kind, Reason, Status, Stp, Tif

from .desk import BASE, BUY, QUOTE, RICH, SELL, Desk, ended, fills, kinds, order, refused


def test_better_prices_trade_first_and_older_orders_before_younger() -> None:
    desk = Desk()
    for number, tick in ((1, 101), (2, 100), (3, 100)):
        desk.place(number, 1, SELL, 5, tick)
    assert fills(desk.place(4, 2, BUY, 12, 101)) == [(4, 2, 100, 5), (4, 3, 100, 5), (4, 1, 101, 2)]


def test_the_better_price_of_a_trade_is_given_back() -> None:
    desk = Desk()
    desk.place(1, 1, SELL, 5, 90)
    desk.place(2, 2, BUY, 5, 100)
    assert desk.free(2, QUOTE) == RICH - 5 * 90
    assert desk.locked(2, QUOTE) == 0


def test_a_resting_order_locks_what_it_may_pay_and_a_cancel_frees_it() -> None:
    desk = Desk()
    assert desk.place(1, 1, BUY, 5, 100)[0]["locked"] == 500
    assert (desk.free(1, QUOTE), desk.locked(1, QUOTE)) == (RICH - 500, 500)
    assert ended(desk.cancel(1)) == {1: (Status.CANCELED, Reason.REQUESTED)}
    assert (desk.free(1, QUOTE), desk.locked(1, QUOTE)) == (RICH, 0)


def test_fees_are_taken_in_what_was_received_and_go_to_account_0() -> None:
    desk = Desk(tick_units=10**8)
    desk.market.rules["maker_rate"], desk.market.rules["taker_rate"] = 10**6, 2 * 10**6
    desk.place(1, 1, SELL, 100, 50)
    trade = desk.place(2, 2, BUY, 100, 50)[1]
    base, quote = 100 * 10**4, 50 * 100 * 10**4
    assert (trade["fee"], trade["counter_fee"]) == (base // 50, quote // 100)
    assert desk.free(2, BASE) == RICH + base - base // 50
    assert desk.free(1, QUOTE) == RICH + quote - quote // 100
    assert (desk.free(0, BASE), desk.free(0, QUOTE)) == (base // 50, quote // 100)


def test_an_order_without_the_money_is_refused_and_changes_nothing() -> None:
    desk = Desk(money=100)
    before = desk.market.state_hash()
    assert refused(desk.place(1, 1, BUY, 2, 60)) is Reason.INSUFFICIENT_BALANCE
    assert desk.market.state_hash() == before


def test_a_market_order_that_the_book_would_make_dearer_than_the_purse_is_refused() -> None:
    desk = Desk(money=1000, lot_units=1, tick_units=10**8)
    desk.place(1, 1, SELL, 5, 100)
    desk.place(2, 1, SELL, 5, 150)
    assert refused(desk.place(3, 2, BUY, 9)) is Reason.INSUFFICIENT_BALANCE
    assert fills(desk.place(4, 2, BUY, 8)) == [(4, 1, 100, 5), (4, 2, 150, 3)]
    assert desk.free(2, QUOTE) == 1000 - 500 - 450


def test_a_market_order_expires_with_what_the_book_could_not_give() -> None:
    desk = Desk()
    assert refused(desk.place(1, 1, BUY, 3)) is Reason.NO_DEPTH
    desk.place(2, 1, SELL, 5, 100)
    events = desk.place(3, 2, BUY, 8)
    assert fills(events) == [(3, 2, 100, 5)]
    assert ended(events) == {3: (Status.EXPIRED, Reason.UNFILLED)}


def test_a_quote_order_buys_what_its_budget_pays_and_is_filled_by_its_last_trade() -> None:
    desk = Desk()
    desk.place(1, 1, SELL, 5, 100)
    desk.place(2, 1, SELL, 5, 200)
    events = desk.place(3, 2, BUY, budget=950)
    assert fills(events) == [(3, 1, 100, 5), (3, 2, 200, 2)]
    assert events[-1]["status"] == Status.FILLED
    assert desk.free(2, QUOTE) == RICH - 900


def test_a_quote_order_keeps_to_the_lot_step() -> None:
    desk = Desk()
    desk.market.rules["lot_step"] = 3
    desk.place(1, 1, SELL, 9, 100)
    assert fills(desk.place(2, 2, BUY, budget=800)) == [(2, 1, 100, 6)]
    assert refused(desk.place(3, 2, BUY, budget=200)) is Reason.LOT_SIZE


def test_ioc_expires_its_rest_and_fok_fills_all_or_nothing() -> None:
    desk = Desk()
    desk.place(1, 1, SELL, 5, 100)
    assert fills(desk.place(2, 2, BUY, 6, 100, tif=Tif.FOK)) == []
    assert fills(desk.place(3, 2, BUY, 3, 100, tif=Tif.FOK)) == [(3, 1, 100, 3)]
    events = desk.place(4, 2, BUY, 6, 100, tif=Tif.IOC)
    assert fills(events) == [(4, 1, 100, 2)]
    assert ended(events) == {4: (Status.EXPIRED, Reason.UNFILLED)}


def test_a_limit_maker_that_would_take_is_refused() -> None:
    desk = Desk()
    desk.place(1, 1, SELL, 5, 100)
    assert refused(desk.place(2, 2, BUY, 5, 100, kind=Kind.LIMIT_MAKER)) is Reason.WOULD_MATCH
    assert kinds(desk.place(3, 2, BUY, 5, 99, kind=Kind.LIMIT_MAKER)) == ["ACCEPTED"]


@pytest.mark.parametrize(
    ("mode", "gone", "taker_left", "maker_left"),
    [
        (Stp.EXPIRE_TAKER, {2}, 0, 4),
        (Stp.EXPIRE_MAKER, {1}, 6, 0),
        (Stp.EXPIRE_BOTH, {1, 2}, 0, 0),
        (Stp.DECREMENT, {1}, 2, 0),
    ],
)
def test_the_takers_mode_prevents_a_trade_with_oneself(
    mode: Stp, gone: set[int], taker_left: int, maker_left: int
) -> None:
    desk = Desk()
    desk.place(1, 1, SELL, 4, 100)
    events = desk.place(2, 1, BUY, 6, 100, stp=mode)
    assert fills(events) == []
    assert events[1]["lots"] == 4
    assert {number: how for number, (how, _) in ended(events).items()} == dict.fromkeys(gone, Status.EXPIRED_IN_MATCH)
    assert [desk.market.displayed(side, 100) for side in (0, 1)] == [taker_left, maker_left]


def test_without_a_mode_one_trades_with_oneself() -> None:
    desk = Desk()
    desk.place(1, 1, SELL, 4, 100)
    assert fills(desk.place(2, 1, BUY, 4, 100)) == [(2, 1, 100, 4)]


def test_decrement_leaves_the_larger_maker_with_its_place_and_less_locked() -> None:
    desk = Desk()
    desk.place(1, 1, BUY, 6, 100)
    events = desk.place(2, 1, SELL, 2, 100, stp=Stp.DECREMENT)
    assert ended(events) == {2: (Status.EXPIRED_IN_MATCH, Reason.SELF_TRADE)}
    assert desk.market.order(1)["prevented"] == 2  # type: ignore[index]
    assert desk.locked(1, QUOTE) == 400


def test_an_iceberg_shows_a_part_and_goes_to_the_back_with_each_new_one() -> None:
    desk = Desk()
    desk.place(1, 1, SELL, 10, 100, iceberg=3)
    desk.place(2, 2, SELL, 4, 100)
    assert desk.market.displayed(1, 100) == 7
    assert fills(desk.place(3, 3, BUY, 9, 100)) == [(3, 1, 100, 3), (3, 2, 100, 4), (3, 1, 100, 2)]
    assert desk.market.displayed(1, 100) == 1
    assert desk.market.order(1)["filled"] == 5  # type: ignore[index]


def test_an_amended_order_keeps_its_place_and_frees_the_difference() -> None:
    desk = Desk()
    desk.place(1, 1, BUY, 10, 100)
    desk.place(2, 2, BUY, 10, 100)
    assert kinds(desk.amend(1, 4)) == ["AMENDED"]
    assert desk.locked(1, QUOTE) == 400
    assert fills(desk.place(3, 3, SELL, 5, 100)) == [(3, 1, 100, 4), (3, 2, 100, 1)]


def test_an_amend_must_make_smaller_and_leave_something() -> None:
    desk = Desk()
    desk.place(1, 1, BUY, 10, 100)
    desk.place(2, 2, SELL, 4, 100)
    assert refused(desk.amend(1, 10)) is Reason.AMEND_NOT_SMALLER
    assert refused(desk.amend(1, 4)) is Reason.AMEND_NOT_SMALLER
    desk.market.rules["max_amends"] = 1
    desk.amend(1, 6)
    assert refused(desk.amend(1, 5)) is Reason.MAX_NUM_ORDER_AMENDS


def test_only_the_owner_cancels() -> None:
    desk = Desk()
    desk.place(1, 1, BUY, 10, 100)
    assert refused(desk.cancel(1, account=2)) is Reason.UNKNOWN_ORDER
    assert kinds(desk.cancel(1, account=1)) == ["CANCELED"]
    assert refused(desk.cancel(1, account=1)) is Reason.UNKNOWN_ORDER


def test_a_closed_market_refuses_orders_and_takes_cancels() -> None:
    desk = Desk()
    desk.place(1, 1, BUY, 10, 100)
    desk.market.closed = True
    assert refused(desk.place(2, 1, BUY, 10, 100)) is Reason.MARKET_CLOSED
    assert kinds(desk.cancel(1)) == ["CANCELED"]


def test_a_refusal_foretold_is_the_refusal_given() -> None:
    desk = Desk(money=100)
    wanted = order(1, 1, BUY, 2, 60)
    assert desk.market.refusal(wanted, 1) == Reason.INSUFFICIENT_BALANCE
    assert desk.market.refusal(order(1, 1, BUY, 1, 60), 1) == Reason.NONE
    assert len(desk.market) == 0


def test_memory_grows_while_orders_come() -> None:
    desk = Desk(accounts=1, money=10**18)
    for number in range(1, 5000):
        assert kinds(desk.place(number, 1, BUY, 1, number % 3000 * 20 + 1)) == ["ACCEPTED"]
    assert len(desk.market) == 4999
    for number in range(1, 5000):
        desk.cancel(number)
    assert (len(desk.market), desk.locked(1, QUOTE), desk.market.touch()) == (0, 0, (None, None))


def test_events_that_are_written_as_whole_words_are_where_the_layout_says() -> None:
    places = {name: EVENT.fields[name][1] for name in EVENT.names}  # type: ignore[index, union-attr]
    head = {"kind": 0, "reason": 1, "side": 2, "status": 3, "symbol": 4, "counter_status": 6, "last": 7}
    names = ["order", "counter", "account", "time", "tick", "lots", "quote", "remaining", "counter_remaining"]
    names += ["trade_id", "fee", "counter_fee", "locked", "counter_locked"]
    assert places == head | {name: 8 * word for word, name in enumerate(names, 1)} | {"counter_account": 28}


@pytest.mark.parametrize("icebergs", [1, 3, 60])
def test_one_order_through_many_icebergs_has_room_for_all_its_events(icebergs: int) -> None:
    """Each iceberg of 1,000 parts is 2,000 events of one step, beside as many plain orders as came in between."""
    desk, orders = Desk(), 0
    for _ in range(icebergs):
        for _ in range(20):
            orders += 1
            desk.place(orders, 1, SELL, 1, 100)
        orders += 1
        assert kinds(desk.place(orders, 2, SELL, 1000, 101, iceberg=1))[0] == "ACCEPTED"
    events = desk.place(orders + 1, 3, BUY, 1020 * icebergs, 101)
    assert len(fills(events)) == 1020 * icebergs
    assert sum(lots for _, _, _, lots in fills(events)) == 1020 * icebergs
    assert len(events) <= len(desk.market._events)
    assert len(desk.market) == 0


def test_a_sweep_of_a_book_that_came_in_one_message_has_room_for_all_its_trades() -> None:
    desk, levels = Desk(), 60_000
    asks = np.array([(1000 + i, 1) for i in range(levels)], np.int64)
    desk.market.snapshot(np.array([(999, 1)], np.int64), asks, 1, 0)
    events = desk.place(1, 1, BUY, levels)
    assert kinds(events) == ["ACCEPTED", *["TRADE"] * levels]


def test_two_orders_of_one_account_that_decrement_each_other_vanish_also_where_nobody_takes_changes() -> None:
    desk = Desk(publish=False)
    desk.place(1, 1, SELL, 10, 5000)
    desk.place(2, 1, BUY, 10, 5000, stp=Stp.DECREMENT)
    assert (len(desk.market), desk.locked(1, BASE), desk.locked(1, QUOTE)) == (0, 0, 0)


def test_nobody_buys_more_of_an_asset_than_fits_its_balance() -> None:
    desk = Desk(money=1 << 60)
    most = (1 << 62) - (1 << 60)
    assert refused(desk.place(1, 1, BUY, most + 4096, 1)) == Reason.TOO_LARGE
    assert kinds(desk.place(2, 1, SELL, 1 << 40, 1)) == ["ACCEPTED"]
