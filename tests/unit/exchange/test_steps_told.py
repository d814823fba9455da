"""What an account hears of one step: prevented matches by who lost quantity, lists from their beginning to their end.

Source of the first: faqs/stp_faq.md (quantities of an order involved) and user-data-stream.md (TRADE_PREVENTION).
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples
from tests.unit.exchange.desk_house import ITEM, House

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.engine.layout import Kind, ListKind, Side, Stp, Tif
from qbtc.exchange.model import ListView, NewList, NewOrder, Report

BUY, SELL = Side.BUY, Side.SELL


def limit(side: Side, price: str, quantity: str, stp: Stp = Stp.NONE, tif: Tif = Tif.GTC) -> NewOrder:
    return NewOrder(side, Kind.LIMIT, tif, stp, ITEM.to_ticks(price), ITEM.to_lots(quantity))


def told(house: House) -> list[tuple[int, str, str]]:
    return [
        (0, "LIST", event.status.name)
        if isinstance(event, ListView)
        else (event.order.order_id, event.execution, event.order.status.name)
        for event in house.heard
        if isinstance(event, ListView | Report)
    ]


NEW = (2, "NEW", "NEW")
TAKER_ENDS, MAKER_ENDS = ((n, "TRADE_PREVENTION", "EXPIRED_IN_MATCH") for n in (2, 1))
TAKER_LIVES, MAKER_LIVES = ((n, "TRADE_PREVENTION", "NEW") for n in (2, 1))


@pytest.mark.parametrize(
    ("mode", "quantity", "heard"),
    [
        (Stp.EXPIRE_TAKER, "0.5", [NEW, TAKER_ENDS]),
        (Stp.EXPIRE_MAKER, "0.5", [NEW, MAKER_ENDS]),
        (Stp.EXPIRE_BOTH, "0.5", [NEW, MAKER_ENDS, TAKER_ENDS]),
        (Stp.DECREMENT, "0.5", [NEW, TAKER_LIVES, MAKER_ENDS]),
        (Stp.DECREMENT, "0.2", [NEW, MAKER_LIVES, TAKER_ENDS]),
        (Stp.DECREMENT, "0.3", [NEW, MAKER_ENDS, TAKER_ENDS]),
    ],
)
def test_a_prevented_match_is_heard_once_by_each_order_that_lost_quantity(
    mode: Stp, quantity: str, heard: list[tuple[int, str, str]]
) -> None:
    house = House()
    house.place(BUY, Kind.LIMIT, quantity="0.3", price="100.50")
    house.heard.clear()
    house.desk.place(1, "BTCUSDT", limit(SELL, "100.50", quantity, mode), 6)
    assert told(house) == heard


ORDERS = st.tuples(
    st.sampled_from([BUY, SELL]), st.integers(9_900, 10_200), st.integers(1, 9), st.sampled_from(list(Stp)),
    st.sampled_from([Kind.LIMIT, Kind.LIMIT, Kind.MARKET]), st.booleans(),
)  # fmt: skip


@settings(max_examples=examples(60))
@given(st.lists(ORDERS, min_size=2, max_size=25))
def test_every_order_hears_its_end_once_and_all_that_was_prevented(
    flow: list[tuple[Side, int, int, Stp, Kind, bool]],
) -> None:
    house = House()
    for side, tick, size, stp, kind, budget in flow:
        lots, money = (0, size * 10**9) if budget and kind is Kind.MARKET else (size * 100_000, 0)
        order = NewOrder(side, kind, Tif.GTC, stp, tick if kind is Kind.LIMIT else 0, lots, budget=money)
        try:
            house.desk.place(1, "BTCUSDT", order, 6)
        except ApiError:
            continue
    reports = [event for event in house.heard if isinstance(event, Report)]
    for order in house.desk.all_orders(1, "BTCUSDT"):
        mine = [event for event in reports if event.order.order_id == order.order_id]
        assert [event.order.open for event in mine].count(False) == (0 if order.open else 1)
        rows = [e.prevented for e in mine if e.prevented is not None]
        lost = [row.taker_lots if row.taker_id == order.order_id else row.maker_lots for row in rows]
        assert sum(lost) == order.prevented


@pytest.mark.parametrize(
    ("tif", "price", "last"),
    [(Tif.IOC, "90", "ALL_DONE"), (Tif.GTC, "102", "EXEC_STARTED"), (Tif.GTC, "90", "EXEC_STARTED")],
)
def test_a_list_begins_before_it_ends_even_in_one_step(tif: Tif, price: str, last: str) -> None:
    house = House()
    pair = limit(BUY, price, "0.1", tif=tif), limit(SELL, "120", "0.1")
    house.desk.place_list(1, "BTCUSDT", NewList(ListKind.OTO, pair), 6)
    events = told(house)
    assert events[:3] == [(1, "NEW", "NEW"), (2, "NEW", "PENDING_NEW"), (0, "LIST", "EXEC_STARTED")]
    lists = [status for _, what, status in events if what == "LIST"]
    assert lists == ["EXEC_STARTED", "ALL_DONE"][: 2 if last == "ALL_DONE" else 1]
    assert events[-1][1] == "LIST" or last == "EXEC_STARTED"
