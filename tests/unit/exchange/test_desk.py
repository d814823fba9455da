"""Order entry, books and public stream, without sockets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.exchange.desk_house import ITEM, KEEP, START, House, eight

from qbtc.core.binance.errors import ApiError
from qbtc.core.binance.messages import BookTicker, Snapshot, Trade, to_diff, to_snapshot
from qbtc.core.market.book import LocalBook
from qbtc.core.market.engine.layout import Kind, ListKind, ListStatus, Reason, Side, Status, Stp, Tif
from qbtc.core.market.instrument import KNOWN
from qbtc.exchange.books_state import state_hash
from qbtc.exchange.model import ListView, NewList, NewOrder, Range, Report
from qbtc.exchange.recovery import recover
from qbtc.exchange.refusals import refusal
from qbtc.exchange.settings import ExchangeSettings
from qbtc.exchange.symbol_info import symbol_filters

BUY, SELL = Side.BUY, Side.SELL


def trade(price: str, quantity: str, number: int, *, buyer_is_maker: bool) -> Trade:
    return Trade(
        event="trade", event_ms=1, symbol="BTCUSDT", trade_id=number, price=price, quantity=quantity, trade_ms=1,
        buyer_is_maker=buyer_is_maker,
    )  # fmt: skip


def test_a_taker_pays_the_taker_fee_in_what_it_receives() -> None:
    house = House()
    placed = house.place(BUY, Kind.MARKET, quantity="1")
    assert placed.status is Status.FILLED
    assert house.balance("BTC") == (Decimal("2.998"), 0)
    assert house.balance("USDT") == (Decimal(899), 0)
    assert house.executions() == ["NEW", "TRADE"]


def test_a_maker_is_filled_by_recorded_trades_at_its_price_and_fee() -> None:
    house = House()
    order = house.place(SELL, Kind.LIMIT, quantity="1", price="101.00")
    assert house.balance("BTC") == (Decimal(1), Decimal(1))
    house.market.on_trade(trade("101.00", "1.5", 7, buyer_is_maker=False), 6)
    now = house.desk.order(1, "BTCUSDT", order_id=order.order_id)
    assert now is not None
    assert (now.status, now.filled) == (Status.PARTIALLY_FILLED, ITEM.to_lots("0.5"))
    fills = house.desk.trades(1, "BTCUSDT", order.order_id)
    assert [(fill.maker, fill.trade_id) for fill in fills] == [(True, 8)]
    assert house.balance("USDT")[0] == Decimal("1000") + Decimal("50.5") * Decimal("0.999")


def test_a_quote_order_spends_at_most_its_quote() -> None:
    order = House().place(BUY, Kind.MARKET, quote="150")
    assert order.status is Status.FILLED
    assert eight("149.99") < order.quote_filled <= eight("150")


def test_what_the_account_cannot_pay_is_refused_and_changes_nothing() -> None:
    house = House()
    before = house.desk.keeper.books.state_hash()
    with pytest.raises(ApiError, match="-2010"):
        house.place(BUY, Kind.LIMIT, quantity="20", price="100")
    with pytest.raises(ApiError, match="-2010"):
        house.place(SELL, Kind.MARKET, quantity="2.1")
    assert house.desk.keeper.books.state_hash() == before
    assert house.desk.in_step and not house.heard


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (NewOrder(BUY, Kind.LIMIT, tick=10_000, lots=10_000), "Filter failure: NOTIONAL"),
        (NewOrder(BUY, Kind.LIMIT, tick=200, lots=9_000_000), "Filter failure: PERCENT_PRICE_BY_SIDE"),
        (NewOrder(BUY, Kind.LIMIT_MAKER, tick=10_100, lots=100_000), "Order would immediately match and take."),
        (NewOrder(SELL, Kind.STOP_LOSS, stop_tick=10_500, lots=100_000), "Order would trigger immediately."),
    ],
)
def test_refusals_are_in_binances_words_in_a_test_too(order: NewOrder, said: str) -> None:
    house = House()
    house.place(BUY, Kind.MARKET, quantity="0.1")
    for ask in (house.desk.test, house.desk.place):
        with pytest.raises(ApiError) as refused:
            ask(1, "BTCUSDT", order, 5)
        assert refused.value.msg == said


@pytest.mark.parametrize("reason", [r for r in Reason if 0 < r < Reason.REQUESTED])
def test_every_refusal_of_the_core_has_an_answer(reason: Reason) -> None:
    assert refusal(reason).code < -1000
    assert refusal(reason).msg != reason.name


def test_a_client_order_id_in_use_is_refused_and_a_free_one_is_not() -> None:
    house = House()
    first = house.place(BUY, Kind.LIMIT, quantity="0.1", price="90", name="a")
    with pytest.raises(ApiError, match="Duplicate"):
        house.place(BUY, Kind.LIMIT, quantity="0.1", price="90", name="a")
    house.desk.cancel(1, first.order_id, 6)
    again = house.place(BUY, Kind.LIMIT, quantity="0.1", price="90", name="a")
    assert house.desk.order(1, "BTCUSDT", client_id="a") == again


def test_a_cancel_is_reported_under_its_own_name_with_the_orders_name() -> None:
    house = House()
    order = house.place(BUY, Kind.LIMIT, quantity="0.1", price="90", name="a")
    gone = house.desk.cancel(1, order.order_id, 6, "my-cancel")
    heard = house.heard[-1]
    assert isinstance(heard, Report)
    assert (gone.status, gone.client_id) == (Status.CANCELED, "a")
    assert (heard.execution, heard.order.client_id, heard.original_client_id) == ("CANCELED", "my-cancel", "a")
    with pytest.raises(ApiError, match="-2011"):
        house.desk.cancel(1, order.order_id, 7)


def test_an_amended_order_keeps_its_history_under_its_new_name() -> None:
    house = House()
    order = house.place(BUY, Kind.LIMIT, quantity="1", price="90", name="a")
    amended = house.desk.amend(1, order.order_id, ITEM.to_lots("0.4"), 6, "b")
    assert (amended.before, amended.after) == (ITEM.to_lots("1"), ITEM.to_lots("0.4"))
    assert (amended.original_client_id, amended.new_client_id) == ("a", "b")
    assert house.balance("USDT") == (Decimal(964), Decimal(36))
    found = house.desk.order(1, "BTCUSDT", client_id="b")
    assert found is not None and found.lots == ITEM.to_lots("0.4")
    assert house.desk.order(1, "BTCUSDT", client_id="a") is None
    with pytest.raises(ApiError, match="-2038"):
        house.desk.amend(1, order.order_id, ITEM.to_lots("0.4"), 7)


def test_an_oco_locks_once_and_one_leg_ends_the_other() -> None:
    house = House()
    above = NewOrder(SELL, Kind.LIMIT_MAKER, tick=10_500, lots=1_000_000)
    below = NewOrder(SELL, Kind.STOP_LOSS, stop_tick=9_500, lots=1_000_000)
    house.place(SELL, Kind.MARKET, quantity="0.1")
    new = house.desk.place_list(1, "BTCUSDT", NewList(ListKind.OCO, (above, below), "pair"), 6)
    assert house.balance("BTC")[1] == 1
    assert [order.status for order in new.orders] == [Status.NEW, Status.NEW]
    house.market.on_trade(trade("105.00", "3", 20, buyer_is_maker=False), 7)
    (done,) = house.desk.lists(1)
    assert done.status is ListStatus.ALL_DONE
    assert [order.status for order in done.orders] == [Status.FILLED, Status.EXPIRED]
    assert house.balance("BTC")[1] == 0
    assert house.executions()[-1].startswith("LIST")


def test_the_pending_order_of_an_oto_works_when_the_first_has_filled() -> None:
    house = House()
    first = NewOrder(BUY, Kind.LIMIT, Tif.GTC, tick=9_900, lots=1_000_000)
    then = NewOrder(SELL, Kind.LIMIT, Tif.GTC, tick=10_400, lots=1_000_000)
    new = house.desk.place_list(1, "BTCUSDT", NewList(ListKind.OTO, (first, then)), 6)
    assert [order.status for order in new.orders] == [Status.NEW, Status.PENDING_NEW]
    house.market.on_trade(trade("98.00", "9", 20, buyer_is_maker=True), 7)
    (now,) = house.desk.lists(1)
    assert [order.status for order in now.orders] == [Status.FILLED, Status.NEW]
    assert house.desk.in_step


def test_self_trade_prevention_is_recorded_for_both_sides() -> None:
    house = House()
    house.place(SELL, Kind.LIMIT, quantity="1", price="100.50")
    taker = NewOrder(BUY, Kind.LIMIT, Tif.GTC, Stp.EXPIRE_TAKER, tick=10_050, lots=400_000)
    placed = house.desk.place(1, "BTCUSDT", taker, 6)
    assert placed.status is Status.EXPIRED_IN_MATCH
    (match,) = house.desk.prevented(1, "BTCUSDT")
    assert [*house.desk.prevented(1, "BTCUSDT", placed.order_id)] == [match]
    assert [*house.desk.prevented(1, "BTCUSDT", placed.order_id + 1)] == []
    assert (match.taker_id, match.taker_lots, match.maker_lots) == (placed.order_id, 400_000, 0)
    assert house.executions()[-1] == "TRADE_PREVENTION"


def test_two_accounts_trade_with_each_other_and_see_only_their_own() -> None:
    house = House()
    house.desk.open_account(2, {"USDT": eight("500")}, 0)
    order = house.place(SELL, Kind.LIMIT, quantity="1", price="100.50")
    house.place(BUY, Kind.MARKET, account=2, quantity="1")
    assert house.desk.order(2, "BTCUSDT", order_id=order.order_id) is None
    assert house.balance("BTC", 2)[0] == Decimal("0.998")
    (sold,), (bought,) = house.desk.trades(1, "BTCUSDT"), house.desk.trades(2, "BTCUSDT")
    assert (sold.trade_id, sold.maker, bought.maker) == (bought.trade_id, True, False)
    with pytest.raises(ApiError, match="-2011"):
        house.desk.cancel(2, order.order_id, 9)


def test_a_reset_account_has_its_first_balances_and_no_open_order() -> None:
    house = House()
    house.place(BUY, Kind.LIMIT, quantity="1", price="90")
    house.place(BUY, Kind.MARKET, quantity="1")
    house.desk.reset_account(1, {"USDT": eight("77")}, 9)
    assert house.desk.balances(1) == {"USDT": (eight("77"), 0)}
    assert not house.desk.open_orders(1) and house.desk.in_step


steps = st.lists(
    st.tuples(
        st.sampled_from([Kind.LIMIT, Kind.MARKET, None]),
        st.sampled_from([BUY, SELL]),
        st.integers(97, 104),
        st.integers(1, 30),
    ),
    max_size=25,
)


@settings(deadline=None)
@given(steps)
def test_books_and_core_stay_in_step_and_no_money_appears(flow: list[tuple[Kind | None, Side, int, int]]) -> None:
    house = House()
    for kind, side, price, tenth in flow:
        try:
            if kind is Kind.LIMIT:
                house.place(side, kind, quantity=str(Decimal(tenth) / 10), price=str(price))
            elif kind is Kind.MARKET:
                house.place(side, kind, quantity=str(Decimal(tenth) / 10))
            else:
                for order in house.desk.open_orders(1)[:1]:
                    house.desk.cancel(1, order.order_id, 7)
        except ApiError as error:
            assert error.code in (-2010, -1112)
    assert house.desk.in_step
    assert house.desk.keeper.consistent


def follow(house: House, start: Snapshot) -> LocalBook:
    follower = LocalBook()
    follower.on_snapshot(to_snapshot(ITEM, start))
    for update in house.published():
        follower.on_diff(to_diff(ITEM, update))
    return follower


def test_our_orders_and_recorded_diffs_share_one_sequence_of_ids() -> None:
    house = House()
    house.depth(11, 12, {"99.50": "3"}, {})
    house.place(BUY, Kind.LIMIT, quantity="1", price="98.00")
    house.depth(13, 13, {"99.50": "0"}, {})
    house.place(BUY, Kind.MARKET, quantity="0.4")
    house.depth(14, 15, {}, {"101.00": "9"})
    follower = follow(house, START)
    assert follower.sync.gaps == 0
    snapshot = house.market.snapshot(100, 9)
    assert follower.book.update_id == snapshot.lastUpdateId
    assert list(to_snapshot(ITEM, snapshot).bids) == follower.book.top(100, 0)
    assert list(to_snapshot(ITEM, snapshot).asks) == follower.book.top(100, 1)
    assert follower.book.quantity(0, 9800) == ITEM.to_lots("1")


def test_a_loop_continues_the_ids_and_leads_back_to_the_first_book() -> None:
    house = House()
    house.place(BUY, Kind.LIMIT, quantity="1", price="98.00")
    house.depth(11, 20, {"100.00": "0", "97.00": "4"}, {})
    house.market.reset()
    house.market.on_snapshot(START, 8)
    house.depth(11, 20, {"100.00": "2"}, {})
    follower = follow(house, START)
    assert follower.sync.gaps == 0
    assert follower.book.top(9, 0) == [(10000, 2_000_000), (9900, 5_000_000), (9800, 1_000_000)]


def test_a_gap_in_the_recording_reaches_readers_as_a_gap() -> None:
    house = House()
    house.depth(11, 12, {"99.50": "3"}, {})
    house.depth(20, 21, {"99.60": "3"}, {})
    assert follow(house, START).sync.gaps == 1


def test_an_untouched_book_ticker_passes_and_ours_is_merged_in() -> None:
    house = House()
    ticker = {"symbol": "BTCUSDT", "bid": "100.00", "bid_quantity": "1", "ask": "101.00", "ask_quantity": "1"}
    house.market.on_ticker(BookTicker(update_id=12, **ticker), 5)
    house.place(BUY, Kind.LIMIT, quantity="2", price="100.50")
    last = [f for _, f in house.frames if isinstance(f, BookTicker)][-1]
    assert (last.bid, last.bid_quantity) == ("100.50000000", "2.00000000")


def listed(house: House, *orders: NewOrder, kind: ListKind = ListKind.OTO) -> ListView:
    return house.desk.place_list(1, "BTCUSDT", NewList(kind, orders), 6)


def limit(side: Side, price: str, quantity: str) -> NewOrder:
    return NewOrder(side, Kind.LIMIT, Tif.GTC, tick=ITEM.to_ticks(price), lots=ITEM.to_lots(quantity))


def test_an_amended_order_may_keep_its_client_id_but_not_take_anothers() -> None:
    house = House()
    order = house.place(Side.BUY, Kind.LIMIT, quantity="1", price="90", name="a")
    house.place(Side.BUY, Kind.LIMIT, quantity="0.1", price="90", name="b")
    amended = house.desk.amend(1, order.order_id, ITEM.to_lots("0.4"), 6, "a")
    assert (amended.original_client_id, amended.new_client_id) == ("a", "a")
    assert house.desk.order(1, "BTCUSDT", client_id="a") is not None
    with pytest.raises(ApiError, match="Duplicate"):
        house.desk.amend(1, order.order_id, ITEM.to_lots("0.3"), 6, "b")


def test_a_renamed_order_of_a_list_is_told_with_its_list() -> None:
    house = House()
    found = listed(house, limit(Side.BUY, "90", "0.5"), limit(Side.SELL, "120", "0.5"))
    house.heard.clear()
    house.desk.amend(1, found.orders[1].order_id, ITEM.to_lots("0.2"), 7, "renamed")
    assert house.executions() == ["REPLACED", "LIST UPDATED"]
    told = house.heard[-1]
    assert isinstance(told, ListView)
    assert [order.client_id for order in told.orders] == [found.orders[0].client_id, "renamed"]
    house.desk.amend(1, found.orders[1].order_id, ITEM.to_lots("0.1"), 7, "renamed")
    assert house.executions()[2:] == ["REPLACED"]


def test_orders_of_one_list_do_not_share_a_client_id() -> None:
    house = House()
    orders = [
        NewOrder(side, Kind.LIMIT, Tif.GTC, tick=ITEM.to_ticks(price), lots=ITEM.to_lots("0.1"), client_id="x")
        for side, price in ((Side.BUY, "90"), (Side.SELL, "120"))
    ]
    with pytest.raises(ApiError, match="Duplicate"):
        listed(house, *orders)
    assert list(house.desk.open_orders(1)) == list(house.desk.lists(1)) == []


def test_a_list_is_found_by_its_id_and_by_the_name_that_was_given_last() -> None:
    house = House()
    pair = limit(Side.BUY, "90", "0.1"), limit(Side.SELL, "120", "0.1")
    first = house.desk.place_list(1, "BTCUSDT", NewList(ListKind.OTO, pair, "name"), 6)
    house.desk.cancel_list(1, first.list_id, 7)
    second = house.desk.place_list(1, "BTCUSDT", NewList(ListKind.OTO, pair, "name"), 8)
    found = [house.desk.order_list(1, list_id=first.list_id), house.desk.order_list(1, client_id="name")]
    assert [row.list_id for row in found if row is not None] == [first.list_id, second.list_id]
    assert house.desk.order_list(2, list_id=first.list_id) is None
    assert [row.list_id for row in house.desk.lists(1, within=Range(second.list_id))] == [second.list_id]
    assert [row.list_id for row in house.desk.lists(1, within=Range(0, 0, 7))] == [first.list_id]


def test_pages_of_orders_and_trades_are_cut_by_id_and_time() -> None:
    house = House()
    for number in range(6):
        order = NewOrder(Side.BUY, Kind.MARKET, lots=ITEM.to_lots("0.1"))
        house.desk.place(1, "BTCUSDT", order, 100 + number)
    ids = [order.order_id for order in house.desk.all_orders(1, "BTCUSDT")]
    assert [o.order_id for o in house.desk.all_orders(1, "BTCUSDT", Range(ids[2]))] == ids[2:]
    assert [o.order_id for o in house.desk.all_orders(1, "BTCUSDT", Range(0, 101, 103))] == ids[1:4]
    assert [t.order_id for t in house.desk.trades(1, "BTCUSDT", None, Range(0, 104))] == ids[4:]
    assert [t.trade_id for t in house.desk.trades(1, "BTCUSDT", ids[3], Range(4, 103, 103))] == [4]
    assert list(house.desk.trades(1, "BTCUSDT", ids[3], Range(5))) == []


def test_lists_of_a_symbol_that_is_served_no_more_end_with_their_orders(tmp_path: Path) -> None:
    house = House(tmp_path)
    listed(house, limit(Side.BUY, "90", "0.5"), limit(Side.SELL, "120", "0.5"))
    above = NewOrder(Side.SELL, Kind.LIMIT_MAKER, tick=ITEM.to_ticks("110"), lots=ITEM.to_lots("0.4"))
    house.market.traded(ITEM.to_ticks("100.50"), ITEM.to_lots("0.1"), Side.SELL, 7)
    below = NewOrder(Side.SELL, Kind.STOP_LOSS, stop_tick=ITEM.to_ticks("80"), lots=ITEM.to_lots("0.4"))
    listed(house, above, below, kind=ListKind.OCO)
    house.journal.close()  # type: ignore[union-attr]
    elsewhere = House(tmp_path, item=KNOWN["ETHUSDT"])
    desk = elsewhere.desk
    assert [row.status for row in desk.lists(1)] == [ListStatus.ALL_DONE] * 2
    assert {order.status for row in desk.lists(1) for order in row.orders} == {Status.EXPIRED}
    assert list(desk.lists(1, only_open=True)) == list(desk.open_orders(1)) == []
    assert all(locked == 0 for _, locked in desk.balances(1).values())
    assert desk.in_step and desk.keeper.consistent
    live = desk.keeper.books.state_hash()
    elsewhere.journal.close()  # type: ignore[union-attr]
    assert state_hash(recover(tmp_path, keep=KEEP).state) == live


def test_a_reset_is_heard_as_what_came_and_went() -> None:
    house = House()
    house.place(Side.BUY, Kind.LIMIT, quantity="1", price="90")
    house.heard.clear()
    house.desk.reset_account(1, {"USDT": eight("1500"), "ETH": eight("3")}, 9)
    assert house.executions() == [
        "CANCELED", f"MOVED {eight('-2')} BTC", f"MOVED {eight('3')} ETH", f"MOVED {eight('500')} USDT",
    ]  # fmt: skip


def filters(house: House) -> dict[str, Any]:
    rows = symbol_filters(ITEM, house.desk.rules("BTCUSDT"))
    return {str(row["filterType"]): row for row in rows}


def test_the_filters_that_settings_choose_are_shown_and_name_themselves() -> None:
    plain = filters(House())
    assert {"NOTIONAL", "PERCENT_PRICE_BY_SIDE"} < plain.keys()
    assert not {"MIN_NOTIONAL", "PERCENT_PRICE", "MAX_POSITION"} & plain.keys()
    chosen = {"max_notional": Decimal(0), "max_position": Decimal(3), "percent_by_side": False}
    house = House(settings=ExchangeSettings(**chosen))  # type: ignore[arg-type]
    shown = filters(house)
    assert (shown["MIN_NOTIONAL"]["minNotional"], shown["MIN_NOTIONAL"]["applyToMarket"]) == ("5.00000000", True)
    assert (shown["PERCENT_PRICE"]["multiplierUp"], shown["PERCENT_PRICE"]["multiplierDown"]) == ("5", "0.2")
    assert shown["MAX_POSITION"]["maxPosition"] == "3.00000000"
    house.market.traded(ITEM.to_ticks("100.50"), ITEM.to_lots("0.1"), Side.SELL, 7)
    for price, quantity, name in (("99", "0.01", "MIN_NOTIONAL"), ("19", "1", "PERCENT_PRICE"), ("99", "1.5", "MAX_POSITION")):
        with pytest.raises(ApiError, match=f"Filter failure: {name}$"):
            house.place(Side.BUY, Kind.LIMIT, quantity=quantity, price=price)
    assert house.place(Side.BUY, Kind.LIMIT, quantity="1", price="99").status is Status.NEW
