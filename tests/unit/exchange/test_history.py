"""Pages of a long history are what a search through all of it would find, also after old rows were dropped."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.exchange.desk_house import FUNDS, ITEM, KEEP, House

from qbtc.core.market.engine.layout import Kind, Side, Stp, Tif
from qbtc.exchange.books_index import Index, among
from qbtc.exchange.model import NewOrder, Range, TradeView
from qbtc.exchange.settings import ExchangeSettings


def ping_pong(house: House, rounds: int, start: int) -> None:
    """Two accounts trade with each other in turn, and the first one with itself."""
    pairs = ((1, 2), (1, 1), (2, 1))
    for number in range(rounds):
        seller, buyer = pairs[number % 3]
        for account, side in ((seller, Side.SELL), (buyer, Side.BUY)):
            order = NewOrder(side, Kind.LIMIT, Tif.GTC, Stp.NONE, ITEM.to_ticks("100.50"), ITEM.to_lots("0.06"))
            house.desk.place(account, "BTCUSDT", order, start + number)


@pytest.mark.parametrize("rounds", [20, KEEP])
def test_pages_go_on_over_new_rows_and_dropped_ones(rounds: int) -> None:
    house = House(settings=ExchangeSettings(maker_fee=Decimal(0), taker_fee=Decimal(0)))
    house.desk.open_account(2, FUNDS, 0)
    for turn in range(3):
        ping_pong(house, rounds, 1000 * turn)
        for account in (1, 2):
            orders = [*house.desk.all_orders(account, "BTCUSDT")]
            rows = house.desk.keeper.state.orders[: house.desk.keeper.state.counts[2]]
            assert [order.order_id for order in orders] == rows["id"][rows["account"] == account].tolist()
            middle = orders[len(orders) // 2]
            within = Range(middle.order_id, middle.created, middle.created + 5)
            found = [order.order_id for order in house.desk.all_orders(account, "BTCUSDT", within)]
            assert found == [o.order_id for o in orders if o.order_id >= within.first and o.created <= middle.created + 5]
            assert _sides(house, account) == [
                (trade.trade_id, trade.order_id) for trade in house.desk.trades(account, "BTCUSDT")
            ]
    assert [*house.desk.all_orders(1, "ETHUSDT")] == []


def _sides(house: House, account: int) -> list[tuple[int, int]]:
    """By looking at every trade."""
    state, found = house.desk.keeper.state, list[TradeView]()
    for row in range(int(state.counts[4])):
        for maker, name in enumerate(("taker_account", "maker_account")):
            if state.trades[row][name] == account:
                found.append(house.desk.books.trade_at(row * 2 + maker))
    return [(trade.trade_id, trade.order_id) for trade in found]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 5)), max_size=40),
    st.integers(0, 60), st.none() | st.integers(-10, 90), st.none() | st.integers(-10, 90), st.integers(1, 7),
)  # fmt: skip
def test_an_index_finds_what_a_search_finds_though_times_go_back(
    steps: list[tuple[int, int]], first: int, start: int | None, end: int | None, step: int
) -> None:
    ids, times = np.cumsum([step for step, _ in steps], dtype=np.int64), np.cumsum([t for _, t in steps], dtype=np.int64)
    index = Index(np.arange, lambda codes: ids[codes], lambda codes: times[codes])
    within = Range(first, start, end)
    for rows in [*range(0, len(steps), step), len(steps)]:
        assert index.page(rows, within).tolist() == np.flatnonzero(among(ids[:rows], times[:rows], within)).tolist()


def test_prevented_matches_are_asked_by_id_and_by_order_from_an_id_on() -> None:
    house = House()
    house.place(Side.BUY, Kind.LIMIT, quantity="1", price="100.50")
    for _ in range(3):
        order = NewOrder(Side.SELL, Kind.LIMIT, Tif.GTC, Stp.EXPIRE_TAKER, ITEM.to_ticks("100.50"), ITEM.to_lots("0.1"))
        house.desk.place(1, "BTCUSDT", order, 6)
    asked = house.desk.prevented
    assert [row.prevented_id for row in asked(1, "BTCUSDT", 1, Range(2))] == [2, 3]
    assert [row.taker_id for row in asked(1, "BTCUSDT", None, Range(3))] == [4]
    assert [*asked(1, "BTCUSDT", 2, Range(2))] == []
