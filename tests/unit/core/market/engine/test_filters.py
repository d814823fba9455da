"""Every filter refuses what it should with its own word, and lets pass what is on its bound."""

from __future__ import annotations

from typing import Any

import pytest

from qbtc.core.market.engine.layout import Kind, ListKind, Reason, Side

from .desk import BUY, SELL, Desk, kinds, order, refused

CASES: list[tuple[dict[str, int], dict[str, Any], dict[str, Any], Reason]] = [
    ({"min_tick": 50}, {"tick": 49}, {"tick": 50}, Reason.PRICE_FILTER),
    ({"max_tick": 150}, {"tick": 151}, {"tick": 150}, Reason.PRICE_FILTER),
    ({"tick_step": 5}, {"tick": 101}, {"tick": 105}, Reason.PRICE_FILTER),
    ({}, {"tick": 1 << 20}, {"tick": 100}, Reason.PRICE_FILTER),
    ({"min_lots": 3}, {"lots": 2}, {"lots": 3}, Reason.LOT_SIZE),
    ({"max_lots": 30}, {"lots": 31}, {"lots": 30}, Reason.LOT_SIZE),
    ({"lot_step": 4}, {"lots": 10}, {"lots": 12}, Reason.LOT_SIZE),
    ({}, {"lots": -1}, {"lots": 1}, Reason.LOT_SIZE),
    ({"min_notional": 1000}, {"lots": 9}, {"lots": 10}, Reason.MIN_NOTIONAL),
    ({"min_notional": 1, "max_notional": 1000}, {"lots": 11}, {"lots": 10}, Reason.NOTIONAL),
    ({"bid_up": 11 * 10**7, "ask_up": 11 * 10**7}, {"tick": 111}, {"tick": 110}, Reason.PERCENT_PRICE),
    ({"bid_down": 9 * 10**7, "ask_down": 8 * 10**7}, {"tick": 89}, {"tick": 90}, Reason.PERCENT_PRICE_BY_SIDE),
    ({"iceberg_parts": 3}, {"lots": 10, "iceberg": 3}, {"lots": 10, "iceberg": 4}, Reason.ICEBERG_PARTS),
    ({"max_position": 20}, {"lots": 21}, {"lots": 20}, Reason.MAX_POSITION),
    ({}, {"tick": 60_000, "lots": 1 << 60}, {"lots": 1}, Reason.TOO_LARGE),
]


@pytest.mark.parametrize(("rules", "bad", "good", "reason"), CASES)
def test_a_filter_refuses_beyond_its_bound_and_passes_on_it(
    rules: dict[str, int], bad: dict[str, Any], good: dict[str, Any], reason: Reason
) -> None:
    desk = Desk(funds=False)
    desk.market.trade(100, 1, Side.BUY, 1)
    for name, value in rules.items():
        desk.market.rules[name] = value
    base = {"lots": 12, "tick": 100}
    assert refused(desk.place(1, 1, BUY, **{**base, **bad})) is reason
    assert kinds(desk.place(2, 1, BUY, **{**base, **good})) == ["ACCEPTED"]


def test_market_orders_have_a_lot_filter_of_their_own() -> None:
    desk = Desk()
    desk.market.rules["market_max_lots"] = 5
    desk.place(1, 1, SELL, 50, 100)
    assert refused(desk.place(2, 2, BUY, 6)) is Reason.MARKET_LOT_SIZE
    assert kinds(desk.place(3, 2, BUY, 5)) == ["ACCEPTED", "TRADE"]


def test_the_notional_of_a_market_order_uses_the_average_price() -> None:
    desk = Desk()
    rules = desk.market.rules
    rules["min_notional"], rules["min_applies_to_market"], rules["notional_minutes"] = 1000, 1, 5
    desk.market.trade(100, 1, Side.BUY, 1)
    desk.market.trade(300, 3, Side.BUY, 2)
    desk.now = 3
    rules["min_notional"] = 0
    desk.place(1, 1, SELL, 50, 100)
    rules["min_notional"] = 1000
    assert refused(desk.place(2, 2, BUY, 3)) is Reason.MIN_NOTIONAL
    assert kinds(desk.place(3, 2, BUY, 4)) == ["ACCEPTED", "TRADE"]


def test_the_average_forgets_minutes_that_are_over() -> None:
    desk, minute = Desk(), 60 * 10**9
    desk.market.rules["percent_minutes"] = 2
    desk.market.trade(100, 1, Side.BUY, 0)
    desk.market.trade(200, 1, Side.BUY, minute)
    assert desk.market.average() == 150.0
    desk.market.trade(400, 1, Side.BUY, 2 * minute)
    assert desk.market.average() == 300.0
    desk.market.trade(500, 1, Side.BUY, 100 * minute)
    assert desk.market.average() == 500.0


@pytest.mark.parametrize(
    ("name", "more", "reason"),
    [
        ("max_orders", {"tick": 90}, Reason.MAX_NUM_ORDERS),
        ("max_algo_orders", {"tick": 90, "kind": Kind.STOP_LOSS_LIMIT, "stop_tick": 120}, Reason.MAX_NUM_ALGO_ORDERS),
        ("max_iceberg_orders", {"tick": 90, "iceberg": 2}, Reason.MAX_NUM_ICEBERG_ORDERS),
    ],
)
def test_open_orders_are_counted_and_closed_ones_are_not(name: str, more: dict[str, Any], reason: Reason) -> None:
    for whole_exchange in (False, True):
        desk = Desk()
        (desk.accounts.limits if whole_exchange else desk.market.rules)[name] = 2
        for number in (1, 2):
            assert kinds(desk.place(number, 1, BUY, 4, **more)) == ["ACCEPTED"]
        expected = Reason[f"EXCHANGE_{reason.name}"] if whole_exchange else reason
        assert refused(desk.place(3, 1, BUY, 4, **more)) is expected
        assert kinds(desk.place(4, 2, BUY, 4, **more)) == ["ACCEPTED"]
        desk.cancel(1)
        assert kinds(desk.place(5, 1, BUY, 4, **more)) == ["ACCEPTED"]


def test_open_lists_are_counted() -> None:
    desk = Desk()
    desk.market.rules["max_order_lists"] = 1
    lists = [(order(n, 1, BUY, 5, 90), order(n + 1, 1, SELL, 5, 110)) for n in (1, 3, 5)]
    assert kinds(desk.place_list(ListKind.OTO, 1, *lists[0])) == ["LIST", "ACCEPTED", "ACCEPTED"]
    assert refused(desk.place_list(ListKind.OTO, 2, *lists[1])) is Reason.MAX_NUM_ORDER_LISTS
    desk.cancel(1)
    assert kinds(desk.place_list(ListKind.OTO, 3, *lists[2])) == ["LIST", "ACCEPTED", "ACCEPTED"]


def test_trailing_deltas_have_bounds_above_and_below() -> None:
    desk = Desk()
    rules = desk.market.rules
    rules["trail_above_min"], rules["trail_above_max"] = 10, 20
    rules["trail_below_min"], rules["trail_below_max"] = 30, 40
    desk.market.trade(100, 1, Side.BUY, 1)
    kind = Kind.STOP_LOSS_LIMIT
    assert refused(desk.place(1, 1, BUY, 1, 100, kind=kind, trailing=21)) is Reason.TRAILING_DELTA
    assert refused(desk.place(2, 1, SELL, 1, 100, kind=kind, trailing=29)) is Reason.TRAILING_DELTA
    assert kinds(desk.place(3, 1, BUY, 1, 100, kind=kind, trailing=20))[0] == "ACCEPTED"
    assert kinds(desk.place(4, 1, SELL, 1, 100, kind=kind, trailing=30))[0] == "ACCEPTED"
