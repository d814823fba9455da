"""Isolated positions and the cross wallet: margin is taken only from what is there, whatever happened to it meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.futures.facts import MarginMoved, Opened

from .house import ME, START, House, d

OTHER = 2


def isolated(wallet: str, leverage: int = 20) -> House:
    """BTCUSDT is isolated and ETHUSDT, around 2,000, is not."""
    house = House(wallet)
    house.accounts.leverage(ME, "BTCUSDT", leverage, house.now)
    house.accounts.margin_type(ME, "BTCUSDT", True, house.now)
    house.add("ETHUSDT")
    house.quote(2_000, symbol="ETHUSDT")
    return house


def margin(house: House) -> tuple[int, int]:
    """Of the isolated position, and what is left in the cross wallet."""
    return house.account.position("BTCUSDT", "BOTH").wallet, house.venue.totals(ME).cross_wallet


def test_a_position_whose_fee_is_no_longer_there_is_opened_with_less_margin() -> None:
    house = isolated("501")
    house.place("SELL", quantity="1")
    assert house.income("COMMISSION") == d("-4.9995")
    assert margin(house) == (d("496.0005"), 0)
    assert house.events[-2]["a"]["P"][0]["iw"] == "496.0005"  # type: ignore[index]


def test_a_waiting_order_is_opened_with_what_the_cross_wallet_still_has() -> None:
    house = isolated("1000")
    waiting = house.place("BUY", "LIMIT", price="9900", quantity="1")
    house.place("BUY", quantity="4", symbol="ETHUSDT")
    house.quote(1_850, symbol="ETHUSDT")
    house.place("SELL", quantity="4", symbol="ETHUSDT", reduceOnly="true")
    there = house.venue.totals(ME).cross_wallet
    assert 0 < there < d("495")
    house.quote(9_890)
    assert waiting.status == "FILLED"
    assert margin(house) == (house.account.wallet, 0)
    assert house.replayed().state_hash() == house.venue.state.state_hash()


def test_a_debt_of_before_is_not_paid_by_a_position_that_was_set_apart() -> None:
    house = isolated("2000")
    house.place("BUY", quantity="1")
    house.place("BUY", quantity="10", symbol="ETHUSDT")
    house.quote(1_800, symbol="ETHUSDT")
    house.place("SELL", quantity="10", symbol="ETHUSDT", reduceOnly="true")
    kept, debt = margin(house)
    assert debt < 0
    house.place("SELL", quantity="0.5", reduceOnly="true")
    assert margin(house)[0] == kept // 2
    assert not [fact for fact in house.facts if isinstance(fact, MarginMoved)]


def test_the_liquidation_of_cross_positions_cancels_the_isolated_orders_that_bind_the_same_wallet() -> None:
    house = isolated("1000")
    house.place("BUY", quantity="0.5")
    opening = house.place("BUY", "LIMIT", price="9000", quantity="0.5")
    closing = house.place("SELL", "LIMIT", price="10500", quantity="0.5", reduceOnly="true")
    house.place("BUY", quantity="2", symbol="ETHUSDT")
    house.quote(1_600, symbol="ETHUSDT")
    house.guard.watch(house.now)
    assert house.size(symbol="ETHUSDT") == 0
    assert (opening.status, closing.status, house.size()) == ("EXPIRED", "NEW", d("0.5"))
    assert house.venue.totals(ME).cross_wallet >= 0


def test_an_order_that_turns_an_isolated_position_needs_the_margin_of_what_it_opens() -> None:
    house = isolated("530")
    house.place("SELL", quantity="1")
    house.quote(10_250)
    with pytest.raises(ApiError, match="-2019"):
        house.place("BUY", quantity="2")
    house.place("BUY", quantity="1.4")
    assert house.size() == d("0.4")
    wallet, cross = margin(house)
    assert wallet == d("205.02")
    assert cross >= 0


def test_an_isolated_position_in_profit_may_be_turned_with_what_it_gives_back() -> None:
    house = isolated("530")
    house.place("SELL", quantity="1")
    house.quote(9_900)
    house.place("BUY", quantity="2")
    assert house.size() == d("1")


flow = st.lists(
    st.tuples(
        st.sampled_from([ME, OTHER]),
        st.sampled_from(["BTCUSDT", "ETHUSDT"]),
        st.sampled_from(["BUY", "SELL"]),
        st.integers(1, 20),
        st.sampled_from([0.5, 0.9, 0.98, 0.995, 1, 1.005, 1.02, 1.1, 1.6]),
        st.booleans(),
    ),
    min_size=4,
    max_size=25,
)


@settings(max_examples=examples(60), deadline=None)
@given(flow)
def test_no_cross_balance_and_no_isolated_margin_ends_below_zero(
    steps: list[tuple[int, str, str, int, float, bool]],
) -> None:
    house = isolated("1000", leverage=100)
    house.venue.apply(Opened(OTHER, d("2000"), START))
    house.accounts.margin_type(OTHER, "ETHUSDT", True, house.now)
    prices = {"BTCUSDT": 10_000, "ETHUSDT": 2_000}
    for account, symbol, side, lots, move, limit in steps:
        how = {"price": str(prices[symbol] - 5), "type": "LIMIT"} if limit else {"type": "MARKET"}
        try:
            house.place_by(account, side, how.pop("type"), symbol=symbol, quantity=f"{lots / 10:.1f}", **how)
        except ApiError as refused:
            assert refused.code < 0
        prices[symbol] = max(int(prices[symbol] * move), 500)
        house.quote(prices[symbol], symbol=symbol)
        house.guard.watch(house.now)
        for number, held in house.venue.state.data.accounts.items():
            assert house.venue.totals(number).cross_balance >= 0
            assert all(position.wallet >= 0 for position in held.positions.values())
    assert house.venue.state.data.insurance >= 0
    assert house.replayed().state_hash() == house.venue.state.state_hash()
