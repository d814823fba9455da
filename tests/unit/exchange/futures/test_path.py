"""Conditional orders see every price that was traded since they were last looked at, in its order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from .house import House, d


def holding(*prices: int) -> House:
    """Long one coin, after trades at these prices."""
    house = House()
    house.place("BUY", quantity="1")
    house.algos.run(house.market, house.now)
    trade(house, *prices)
    return house


def trade(house: House, *prices: int) -> None:
    for price in prices:
        house.market.trade(d(str(price)), d("0.1"), -1, house.now)


def test_a_price_before_an_order_was_placed_does_not_trigger_it() -> None:
    house = holding(9_980, 10_001)
    early = house.algo("SELL", "STOP_MARKET", quantity="0.1", triggerPrice="9990")
    house.algos.run(house.market, house.now)
    assert early.status == "NEW"
    trade(house, 9_990, 10_001)
    house.algos.run(house.market, house.now)
    assert early.status == "FINISHED"


def test_what_is_reached_first_is_triggered_first() -> None:
    house = holding()
    far = house.algo("SELL", "STOP_MARKET", quantity="0.1", triggerPrice="9980")
    near = house.algo("SELL", "STOP_MARKET", quantity="0.1", triggerPrice="9990")
    trade(house, 9_989, 9_995, 9_979, 10_000)
    house.algos.run(house.market, house.now)
    assert far.status == near.status == "FINISHED"
    assert near.order_id < far.order_id


def test_a_trailing_stop_follows_a_price_that_came_and_went_within_one_step() -> None:
    house = holding()
    algo = house.algo("SELL", "TRAILING_STOP_MARKET", quantity="1", callbackRate="1")
    trade(house, 10_050, 10_200, 10_150)
    house.algos.run(house.market, house.now)
    assert (algo.status, algo.best) == ("NEW", d("10200"))
    trade(house, 10_400, 10_290)
    house.algos.run(house.market, house.now)
    assert algo.status == "FINISHED"


def test_an_order_by_mark_price_does_not_look_at_trades() -> None:
    house = holding()
    algo = house.algo("SELL", "STOP_MARKET", quantity="0.1", triggerPrice="9990", workingType="MARK_PRICE")
    trade(house, 9_000, 10_000)
    house.algos.run(house.market, house.now)
    assert algo.status == "NEW"


@given(st.lists(st.integers(9_900, 10_100), min_size=1, max_size=60), st.integers(9_900, 9_999))
def test_a_stop_is_triggered_exactly_if_some_trade_reached_it(prices: list[int], trigger: int) -> None:
    house = holding()
    algo = house.algo("SELL", "STOP_MARKET", quantity="0.1", triggerPrice=str(trigger))
    trade(house, *prices)
    house.algos.run(house.market, house.now)
    assert (algo.status == "FINISHED") is (min(prices) <= trigger)
