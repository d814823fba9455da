"""Reduce-only orders and orders against a leg: they close a position, whoever trades with them, and never open one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.futures.facts import Opened, Traded
from qbtc.core.market.futures.state import State

from .house import ME, START, House, d

OTHER = 2


def with_other() -> House:
    """I am long one coin, and another account may trade with me inside the spread."""
    house = House()
    house.venue.apply(Opened(OTHER, d("10000"), START))
    house.place("BUY", quantity="1")
    return house


def test_reduce_only_is_cut_to_the_position_and_never_turns_it() -> None:
    house = House()
    house.place("BUY", quantity="0.5")
    order = house.place("SELL", "LIMIT", price="10050", quantity="2", reduceOnly="true")
    assert order.quantity == d("0.5")
    normal = house.place("SELL", "LIMIT", price="10040", quantity="0.3")
    house.quote(10_100)
    assert normal.status == "FILLED"
    assert (order.status, order.filled) == ("EXPIRED", d("0.2"))
    assert house.size() == 0


def test_reduce_only_orders_expire_when_their_position_is_gone() -> None:
    house = House()
    house.place("BUY", quantity="0.5")
    order = house.place("SELL", "LIMIT", price="10050", quantity="0.5", reduceOnly="true")
    house.place("SELL", quantity="0.5")
    assert order.status == "EXPIRED"


def test_a_reduce_only_order_is_cut_when_its_position_becomes_smaller_and_keeps_its_place() -> None:
    house = with_other()
    order = house.place("SELL", "LIMIT", price="10000.5", quantity="1", reduceOnly="true")
    behind = house.place_by(OTHER, "SELL", "LIMIT", price="10000.5", quantity="0.1")
    house.place("SELL", quantity="0.6")
    assert (order.left, order.status, house.events[-1]["o"]["x"]) == (d("0.4"), "NEW", "AMENDMENT")  # type: ignore[index]
    assert house.market.top(1, 1) == [(d("10000.5"), d("0.5"))]
    house.venue.apply(Opened(3, d("10000"), START))
    house.place_by(3, "BUY", "LIMIT", price="10000.5", quantity="0.4")
    assert (order.status, house.size(), behind.filled) == ("FILLED", 0, 0)
    assert house.replayed().state_hash() == house.venue.state.state_hash()


def test_an_amendment_of_a_reduce_only_order_is_cut_to_the_position_or_refused() -> None:
    house = with_other()
    order = house.place("SELL", "LIMIT", price="10000.5", quantity="0.5", reduceOnly="true")
    house.venue.amend(order, d("10000.6"), d("5"), house.now)
    assert (order.price, order.quantity) == (d("10000.6"), d("1"))
    house.place_by(OTHER, "BUY", "LIMIT", price="10000.6", quantity="5")
    assert house.size() == 0


def test_an_amendment_beyond_its_leg_is_refused_in_hedge_mode() -> None:
    house = House()
    house.accounts.position_mode(ME, True, house.now)
    house.place("BUY", quantity="1", positionSide="LONG")
    order = house.place("SELL", "LIMIT", price="10050", quantity="0.5", positionSide="LONG")
    with pytest.raises(ApiError, match="-2022"):
        house.venue.amend(order, d("10050"), d("1.1"), house.now)
    assert (order.quantity, order.amends) == (d("0.5"), 0)


def test_two_reduce_only_orders_that_are_taken_at_once_close_the_position_and_no_more() -> None:
    house = with_other()
    orders = [house.place("SELL", "LIMIT", price="10000.5", quantity="0.8", reduceOnly="true") for _ in range(2)]
    taker = house.place_by(OTHER, "BUY", "LIMIT", price="10000.5", quantity="1.6")
    assert [(o.status, o.filled) for o in orders] == [("FILLED", d("0.8")), ("EXPIRED", d("0.2"))]
    assert (house.size(), taker.status, taker.filled) == (0, "FILLED", d("1.6"))


def test_a_closing_order_of_a_leg_never_turns_it() -> None:
    house = House()
    house.accounts.position_mode(ME, True, house.now)
    house.place("BUY", quantity="1", positionSide="LONG")
    first = house.place("SELL", "LIMIT", price="10050", quantity="1", positionSide="LONG")
    house.place("SELL", "LIMIT", price="10040", quantity="0.6", positionSide="LONG")
    house.quote(10_100)
    assert (house.size("LONG"), first.filled, first.status) == (0, d("0.4"), "EXPIRED")


def test_a_liquidation_takes_from_a_reduce_only_order_no_more_than_its_position() -> None:
    house = with_other()
    house.accounts.leverage(OTHER, "BTCUSDT", 100, house.now)
    house.place_by(OTHER, "SELL", quantity="9")
    orders = [house.place("SELL", "LIMIT", price="10000.5", quantity="0.8", reduceOnly="true") for _ in range(2)]
    house.market.prices.mark = d("11200")
    house.guard.watch(house.now)
    assert house.venue.state.account(OTHER).position("BTCUSDT", "BOTH").quantity == 0
    assert [(o.filled, o.open) for o in orders] == [(d("0.8"), False), (d("0.2"), False)]
    assert house.size() == 0


def opened_by_reducing(house: House) -> list[int]:
    """Ids of reducing orders of which a fill made a position larger or turned it."""
    again, found = State(), []
    for fact in house.facts:
        if not isinstance(fact, Traded):
            again.apply(fact)
            continue
        placed = again.open_orders[fact.order_id].placed
        before = again.account(placed.account).position(placed.symbol, placed.leg).quantity
        reduces = again.open_orders[fact.order_id].reduces
        again.apply(fact)
        after = again.account(placed.account).position(placed.symbol, placed.leg).quantity
        if reduces and not (0 <= after < before or before < after <= 0):
            found.append(fact.order_id)
    return found


def act(house: House, step: tuple[str, int, str, int, int], legs: bool) -> None:
    kind, account, side, price, lots = step
    size = {"quantity": f"{lots / 10:.1f}"} | ({"positionSide": "LONG" if price % 2 else "SHORT"} if legs else {})
    if kind == "QUOTE":
        house.quote(price)
    elif kind == "MARKET":
        house.place_by(account, side, **size)
    elif kind == "AMEND":
        for order in house.venue.state.open_of(account)[:1]:
            house.venue.amend(order, d(str(price)), d(size["quantity"]), house.now)
    elif kind == "LIMIT" or not legs:
        reduce = {} if kind == "LIMIT" else {"reduceOnly": "true"}
        house.place_by(account, side, "LIMIT", price=f"{price}.5", **size, **reduce)
    house.guard.watch(house.now)


flow = st.lists(
    st.tuples(
        st.sampled_from(["MARKET", "LIMIT", "REDUCE", "REDUCE", "AMEND", "QUOTE"]),
        st.sampled_from([ME, OTHER]),
        st.sampled_from(["BUY", "SELL"]),
        st.integers(9_990, 10_010),
        st.integers(1, 20),
    ),
    min_size=4,
    max_size=30,
)


@settings(max_examples=examples(80), deadline=None)
@given(flow, st.booleans())
def test_no_fill_of_a_reducing_order_opens_a_position(steps: list[tuple[str, int, str, int, int]], legs: bool) -> None:
    house = House("2000")
    house.venue.apply(Opened(OTHER, d("2000"), START))
    for account in (ME, OTHER):
        house.accounts.leverage(account, "BTCUSDT", 50, house.now)
        if legs:
            house.accounts.position_mode(account, True, house.now)
    for step in steps:
        try:
            act(house, step, legs)
        except ApiError as refused:
            assert refused.code < 0
    assert opened_by_reducing(house) == []
    assert house.replayed().state_hash() == house.venue.state.state_hash()
