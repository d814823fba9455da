"""Futures order entry, margin, conditional orders, funding and liquidation, without sockets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.futures.state import State
from qbtc.core.market.margin import SCALE
from qbtc.core.market.margin_funding import next_funding

from .house import ME, House, d


def test_a_market_buy_opens_a_long_at_the_ask_and_pays_the_taker_fee() -> None:
    house = House()
    order = house.place("BUY", quantity="0.5")
    assert (order.status, order.average) == ("FILLED", d("10001"))
    assert house.size() == d("0.5")
    assert house.account.wallet == d("10000") - d("2.50025")
    assert house.kinds() == ["ORDER_TRADE_UPDATE", "TRADE_LITE", "ACCOUNT_UPDATE", "ORDER_TRADE_UPDATE"]


def test_closing_realises_the_difference_of_what_was_paid_and_got() -> None:
    house = House()
    house.place("BUY", quantity="0.5")
    house.quote(10_100)
    house.place("SELL", quantity="0.5", reduceOnly="true")
    assert house.size() == 0
    assert house.income("REALIZED_PNL") == d("49")
    assert house.account.wallet == d("10000") + house.income("REALIZED_PNL") + house.income("COMMISSION")


def test_one_order_may_turn_a_long_into_a_short() -> None:
    house = House()
    house.place("BUY", quantity="0.2")
    house.place("SELL", quantity="0.5")
    position = house.account.position("BTCUSDT", "BOTH")
    assert (position.quantity, position.entry) == (d("-0.3"), d("9999"))


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"quantity": "0.0005"}, -1111),
        ({"quantity": "0"}, -4003),
        ({"quantity": "9999"}, -4005),
        ({"quantity": "0.005"}, -4164),
        ({"quantity": "0.1", "price": "1"}, -1106),
        ({"quantity": "30"}, -2027),
        ({"quantity": "0.1", "positionSide": "LONG"}, -4061),
        ({"quantity": "0.1", "positionSide": "UP"}, -4060),
        ({"quantity": "0.1", "reduceOnly": "true"}, -2022),
        ({"quantity": "0.1", "selfTradePreventionMode": "ALL"}, -5039),
        ({"quantity": "0.1", "priceMatch": "QUEUE"}, -5038),
        ({"quantity": "0.1", "newClientOrderId": "ä"}, -4015),
        ({"quantity": "0.1", "newOrderRespType": "FULL"}, -1136),
        ({}, -1102),
    ],
)
def test_a_bad_market_order_is_refused_with_the_code_of_its_fault(params: dict[str, str], code: int) -> None:
    house = House()
    house.accounts.leverage(ME, "BTCUSDT", 100, house.now)
    before = house.venue.state.state_hash()
    with pytest.raises(ApiError) as refused:
        house.place("BUY", **params)
    assert refused.value.code == code
    assert house.venue.state.state_hash() == before


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"price": "10000.05"}, -1111),
        ({"price": "0"}, -4013),
        ({"price": "99999999999"}, -4002),
        ({"price": "10600"}, -4016),
        ({"price": "10001", "timeInForce": "GTX"}, -5022),
        ({"price": "10001", "timeInForce": "FOK", "quantity": "11"}, -5021),
        ({"price": "9000", "timeInForce": "GTT"}, -1115),
        ({"price": "9000", "timeInForce": "GTD", "goodTillDate": "1700000000000"}, -5040),
        ({"price": "9000", "goodTillDate": "1900000000000"}, -1106),
        ({"price": "9000", "priceMatch": "QUEUE"}, -1106),
        ({"priceMatch": "BEST"}, -5037),
        ({"price": "9000", "quantity": "30"}, -2019),
    ],
)
def test_a_bad_limit_order_is_refused_with_the_code_of_its_fault(params: dict[str, str], code: int) -> None:
    with pytest.raises(ApiError) as refused:
        House().place("BUY", "LIMIT", **({"quantity": "0.1"} | params))
    assert refused.value.code == code


def test_conditional_types_are_sent_to_the_algo_service() -> None:
    with pytest.raises(ApiError, match="-4120"):
        House().place("SELL", "STOP_MARKET", quantity="0.1")


def test_a_resting_order_binds_margin_and_a_cancel_frees_it() -> None:
    house = House()
    order = house.place("BUY", "LIMIT", price="9900", quantity="1")
    assert house.venue.totals(ME).available == d("10000") - d("495")
    house.venue.cancel(order, house.now)
    assert house.venue.totals(ME).available == d("10000")
    with pytest.raises(ApiError, match="-2011"):
        house.venue.cancel(order, house.now)


def test_a_resting_order_is_filled_at_its_price_as_maker_when_the_market_comes() -> None:
    house = House()
    order = house.place("BUY", "LIMIT", price="9900", quantity="1")
    house.quote(9_890)
    assert (order.status, order.average) == ("FILLED", d("9900"))
    assert house.income("COMMISSION") == -d("1.98")


def test_an_amended_order_keeps_its_id_and_says_what_changed() -> None:
    house = House()
    order = house.place("BUY", "LIMIT", price="9900", quantity="1")
    house.venue.amend(order, d("9901"), d("0.5"), house.now)
    assert (order.price, order.quantity, order.status, order.amends) == (d("9901"), d("0.5"), "NEW", 1)
    change = house.venue.state.data.changes[-1]
    assert (change.price_before, change.price_after, change.quantity_after) == (d("9900"), d("9901"), d("0.5"))
    with pytest.raises(ApiError, match="-5027"):
        house.venue.amend(order, d("9901"), d("0.5"), house.now)
    assert house.events[-1]["o"]["x"] == "AMENDMENT"  # type: ignore[index]


def test_a_post_only_order_is_cancelled_by_an_amendment_that_would_take() -> None:
    house = House()
    order = house.place("BUY", "LIMIT", price="9900", quantity="1", timeInForce="GTX")
    house.venue.amend(order, d("10001"), d("1"), house.now)
    assert order.status == "CANCELED"


def test_price_match_takes_the_price_from_the_book() -> None:
    house = House()
    assert house.place("BUY", "LIMIT", quantity="0.1", priceMatch="QUEUE_5").price == d("9995")
    with pytest.raises(ApiError, match="-5041"):
        house.quote(10_000, levels=3)
        house.place("BUY", "LIMIT", quantity="0.1", priceMatch="QUEUE_20")


def test_an_order_with_a_date_expires_when_it_comes() -> None:
    house = House()
    date = (house.now // 10**9 + 700) * 1000
    params = {"timeInForce": "GTD", "goodTillDate": str(date)}
    order = house.place("BUY", "LIMIT", price="9900", quantity="1", **params)
    house.venue.expire(date * 10**6 - 1)
    assert order.open
    house.venue.expire(date * 10**6)
    assert order.status == "EXPIRED"


def test_hedge_mode_keeps_both_legs_and_refuses_to_close_more_than_a_leg() -> None:
    house = House()
    house.accounts.position_mode(ME, True, house.now)
    house.place("BUY", quantity="0.5", positionSide="LONG")
    house.place("SELL", quantity="0.2", positionSide="SHORT")
    assert (house.size("LONG"), house.size("SHORT")) == (d("0.5"), d("-0.2"))
    with pytest.raises(ApiError, match="-2022"):
        house.place("SELL", quantity="0.6", positionSide="LONG")
    with pytest.raises(ApiError, match="-1106"):
        house.place("SELL", quantity="0.1", positionSide="LONG", reduceOnly="true")
    with pytest.raises(ApiError, match="-4061"):
        house.place("SELL", quantity="0.1")
    with pytest.raises(ApiError, match="-4068"):
        house.accounts.position_mode(ME, False, house.now)
    house.place("BUY", quantity="0.2", positionSide="SHORT")
    assert house.size("SHORT") == 0


def test_an_isolated_position_takes_its_margin_out_of_the_cross_wallet() -> None:
    house = House()
    house.accounts.margin_type(ME, "BTCUSDT", True, house.now)
    house.place("BUY", quantity="1")
    position = house.account.position("BTCUSDT", "BOTH")
    assert position.wallet == d("500.05")
    house.accounts.move_margin(ME, "BTCUSDT", "BOTH", d("100"), house.now)
    assert position.wallet == d("600.05")
    with pytest.raises(ApiError, match="-4051"):
        house.accounts.move_margin(ME, "BTCUSDT", "BOTH", d("-300"), house.now)
    with pytest.raises(ApiError, match="-4050"):
        house.accounts.move_margin(ME, "BTCUSDT", "BOTH", d("99999"), house.now)
    with pytest.raises(ApiError, match="-4048"):
        house.accounts.margin_type(ME, "BTCUSDT", False, house.now)
    house.place("SELL", quantity="1")
    assert position.wallet == 0


def test_leverage_bounds_positions_and_cannot_be_lowered_beyond_the_free_margin() -> None:
    house = House()
    assert house.accounts.leverage(ME, "BTCUSDT", 100, house.now) == d("250000")
    house.place("BUY", quantity="20")
    with pytest.raises(ApiError, match="-2027"):
        house.place("BUY", quantity="6")
    with pytest.raises(ApiError, match="-4028"):
        house.accounts.leverage(ME, "BTCUSDT", 126, house.now)
    with pytest.raises(ApiError, match="-2028"):
        house.accounts.leverage(ME, "BTCUSDT", 2, house.now)
    assert {"s": "BTCUSDT", "l": 100} in [event.get("ac") for event in house.events]


def test_a_stop_waits_for_its_price_and_becomes_a_market_order() -> None:
    house = House()
    house.place("BUY", quantity="0.5")
    algo = house.algo("SELL", "STOP_MARKET", triggerPrice="9900", closePosition="true")
    house.algos.run(house.market, house.now)
    assert algo.status == "NEW"
    house.quote(9_890)
    house.algos.run(house.market, house.now)
    assert (algo.status, house.size()) == ("FINISHED", 0)
    statuses = [event["o"]["X"] for event in house.events if event["e"] == "ALGO_UPDATE"]  # type: ignore[index]
    assert statuses == ["NEW", "TRIGGERING", "TRIGGERED", "FINISHED"]


def test_a_trigger_that_is_reached_already_is_refused() -> None:
    house = House()
    for side, kind, price in (("SELL", "STOP_MARKET", "10100"), ("BUY", "TAKE_PROFIT_MARKET", "10100")):
        with pytest.raises(ApiError, match="-2021"):
            house.algo(side, kind, triggerPrice=price, quantity="0.1")


def test_a_trailing_stop_follows_the_best_price_and_sells_at_the_callback() -> None:
    house = House()
    house.place("BUY", quantity="0.5")
    algo = house.algo("SELL", "TRAILING_STOP_MARKET", callbackRate="1", activatePrice="10100", quantity="0.5")
    for price in (10_050, 10_200, 10_300, 10_250):
        house.quote(price)
        house.algos.run(house.market, house.now)
    assert (algo.status, algo.best) == ("NEW", d("10300"))
    house.quote(10_190)
    house.algos.run(house.market, house.now)
    assert (algo.status, house.size()) == ("FINISHED", 0)


def test_a_triggered_order_that_is_refused_is_rejected_and_said_so() -> None:
    house = House()
    algo = house.algo("SELL", "STOP_MARKET", triggerPrice="9900", quantity="0.5", reduceOnly="true")
    house.quote(9_890)
    house.algos.run(house.market, house.now)
    assert (algo.status, algo.reason) == ("REJECTED", "ReduceOnly Order is rejected.")
    assert house.kinds()[-2:] == ["ALGO_UPDATE", "CONDITIONAL_ORDER_TRIGGER_REJECT"]


def test_funding_is_settled_once_at_its_time_on_the_mark_price() -> None:
    house = House()
    house.place("BUY", quantity="1")
    due = next_funding(house.now)
    house.guard.fund(house.market, due - 1)
    assert house.income("FUNDING_FEE") == 0
    house.guard.fund(house.market, due)
    house.guard.fund(house.market, due + 1)
    rate = house.venue.state.data.fundings[-1].rate
    assert house.income("FUNDING_FEE") == -(house.market.prices.mark * rate // SCALE)
    assert house.kinds()[-1] == "ACCOUNT_UPDATE"
    assert house.events[-1]["a"]["P"] == []  # type: ignore[index]


def test_funding_of_an_isolated_position_shows_the_position() -> None:
    house = House()
    house.accounts.margin_type(ME, "BTCUSDT", True, house.now)
    house.place("BUY", quantity="1")
    house.guard.fund(house.market, next_funding(house.now))
    told = house.events[-1]["a"]
    assert (told["m"], [row["s"] for row in told["P"]]) == ("FUNDING_FEE", ["BTCUSDT"])  # type: ignore[index]


def test_a_countdown_cancels_unless_it_is_set_again_and_outlives_a_restart() -> None:
    house = House()
    order = house.place("BUY", "LIMIT", price="9900", quantity="0.1")
    desk = house.desk()
    desk.countdown(ME, "BTCUSDT", 1000)
    house.now += 900 * 10**6
    desk.countdown(ME, "BTCUSDT", 1000)
    desk.run_countdowns(house.now + 999 * 10**6)
    assert order.open
    assert house.replayed().data.countdowns == {f"{ME}:BTCUSDT": house.now + 10**9}
    assert State.load(house.venue.state.dump()).data.countdowns == house.venue.state.data.countdowns
    desk.run_countdowns(house.now + 10**9)
    assert order.status == "CANCELED"
    desk.countdown(ME, "BTCUSDT", 0)
    assert house.replayed().data.countdowns == {}


def test_a_cross_account_is_liquidated_when_its_balance_falls_to_the_maintenance_margin() -> None:
    house = House("1000")
    house.accounts.leverage(ME, "BTCUSDT", 100, house.now)
    house.place("BUY", quantity="5")
    waiting = house.place("BUY", "LIMIT", price="9500", quantity="0.1")
    house.quote(9_860)
    house.guard.watch(house.now)
    assert "MARGIN_CALL" not in house.kinds()
    house.quote(9_830)
    house.guard.watch(house.now)
    assert waiting.status == "EXPIRED"
    assert house.size() == 0
    assert house.account.wallet >= 0
    assert house.venue.state.data.insurance == -house.income("INSURANCE_CLEAR") > 0
    assert house.forced[0]["o"]["S"] == "SELL"  # type: ignore[index]
    assert house.venue.state.data.liquidations


def test_an_isolated_liquidation_takes_no_more_than_its_own_wallet() -> None:
    house = House()
    house.accounts.margin_type(ME, "BTCUSDT", True, house.now)
    house.place("BUY", quantity="1")
    cross = house.venue.totals(ME).cross_wallet
    house.quote(9_000)
    house.guard.watch(house.now)
    assert house.size() == 0
    assert house.account.wallet == cross


def test_a_margin_call_comes_once_before_the_liquidation() -> None:
    house = House("1000")
    house.accounts.leverage(ME, "BTCUSDT", 100, house.now)
    house.place("BUY", quantity="5")
    house.quote(9_855)
    house.guard.watch(house.now)
    house.quote(9_854)
    house.guard.watch(house.now)
    assert house.kinds().count("MARGIN_CALL") == 1
    assert house.size() == d("5")


def test_a_checkpoint_holds_the_same_state() -> None:
    house = House()
    house.place("BUY", quantity="0.5")
    house.place("SELL", "LIMIT", price="10050", quantity="0.5", reduceOnly="true")
    house.algo("SELL", "STOP_MARKET", triggerPrice="9900", closePosition="true")
    again = State.load(house.venue.state.dump())
    assert again.state_hash() == house.venue.state.state_hash()
    assert (len(again.open_orders), len(again.open_algos)) == (1, 1)


def test_a_reset_account_hears_of_it_and_its_income_still_explains_its_wallet() -> None:
    house = House()
    house.place("BUY", quantity="0.5")
    house.quote(10_100)
    waiting = house.place("BUY", "LIMIT", price="9000", quantity="0.1")
    house.events.clear()
    house.desk().reset(ME, d("500"), house.now)
    assert (waiting.status, house.size(), house.account.wallet) == ("CANCELED", 0, d("500"))
    update = house.events[-1]["a"]
    assert update["m"] == "ADJUSTMENT"  # type: ignore[index]
    assert [(row["s"], row["pa"]) for row in update["P"]] == [("BTCUSDT", "0")]  # type: ignore[index]
    assert house.account.wallet == d("10000") + sum(row.amount for row in house.venue.state.data.incomes)
    assert house.replayed().state_hash() == house.venue.state.state_hash()


steps = st.lists(
    st.tuples(
        st.sampled_from(["MARKET", "LIMIT", "REDUCE", "CANCEL", "QUOTE", "STOP", "FUND", "AMEND"]),
        st.sampled_from(["BUY", "SELL"]),
        st.integers(9_600, 10_400),
        st.integers(10, 4_000),
    ),
    max_size=30,
)


def _act(house: House, step: tuple[str, str, int, int], legs: bool) -> None:
    kind, side, price, lots = step
    leg = {"positionSide": "LONG" if price % 2 else "SHORT"} if legs else {}
    quantity = f"{lots / 1000:.3f}"
    if kind == "QUOTE":
        house.quote(price)
    elif kind == "FUND":
        house.now = next_funding(house.now)
        house.guard.fund(house.market, house.now)
    elif kind == "MARKET":
        house.place(side, quantity=quantity, **leg)
    elif kind == "LIMIT":
        house.place(side, "LIMIT", quantity=quantity, price=str(price), **leg)
    elif kind == "REDUCE" and not legs:
        house.place(side, "LIMIT", quantity=quantity, price=str(price), reduceOnly="true")
    elif kind == "STOP":
        house.algo(side, "STOP_MARKET", quantity=quantity, triggerPrice=str(price), **leg)
    for order in list(house.venue.state.open_orders.values())[:1]:
        if kind == "CANCEL":
            house.venue.cancel(order, house.now)
        elif kind == "AMEND":
            house.venue.amend(order, price * SCALE, d(quantity), house.now)
    house.algos.run(house.market, house.now)
    house.guard.watch(house.now)


@settings(max_examples=examples(60), deadline=None)
@given(steps, st.booleans(), st.booleans())
def test_money_is_conserved_and_the_facts_give_the_state_back(
    flow: list[tuple[str, str, int, int]], legs: bool, isolated: bool
) -> None:
    house = House()
    house.accounts.leverage(ME, "BTCUSDT", 50, house.now)
    if legs:
        house.accounts.position_mode(ME, True, house.now)
    if isolated:
        house.accounts.margin_type(ME, "BTCUSDT", True, house.now)
    for step in flow:
        try:
            _act(house, step, legs)
        except ApiError as refused:
            assert refused.code < 0
    state = house.venue.state
    kinds = ("REALIZED_PNL", "COMMISSION", "FUNDING_FEE", "INSURANCE_CLEAR")
    assert house.account.wallet == d("10000") + sum(map(house.income, kinds))
    assert state.data.insurance == -house.income("INSURANCE_CLEAR") >= 0
    assert house.replayed().state_hash() == state.state_hash()
    assert house.venue.totals(ME).margin_balance >= 0
    assert {o.placed.order_id for o in state.open_orders.values()} == {
        i for i, o in state.data.orders.items() if o.open
    }
    bids, asks = house.market.touch()
    assert not bids[0] or not asks[0] or bids[0] < asks[0]
