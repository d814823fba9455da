"""Auto-deleveraging: who gives up a position, at what price, what everybody hears, and that no money is made of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.futures.deleveraging import quantiles
from qbtc.core.market.futures.facts import Insured, Opened
from qbtc.core.market.futures.records import ADL

from .house import BOLD, FUND, ME, RICH, START, House, d, ruined


def size(house: House, account: int) -> int:
    return house.venue.state.account(account).position("BTCUSDT", "BOTH").quantity


def test_the_fund_pays_for_a_gap_beyond_bankruptcy_as_long_as_it_can() -> None:
    house = ruined(fund="9000")
    house.quote(9_000)
    house.guard.watch(house.now)
    assert (size(house, ME), house.account.wallet) == (0, 0)
    assert 0 < house.venue.state.data.insurance < d("9000")
    assert (size(house, RICH), size(house, BOLD)) == (d("-4"), d("-3"))


def test_without_a_fund_the_most_leveraged_winner_is_deleveraged_first_at_the_bankruptcy_price() -> None:
    house = ruined()
    resting = house.place_by(BOLD, "BUY", "LIMIT", price="8500", quantity="0.1")
    house.quote(9_000)
    house.guard.watch(house.now)
    assert (size(house, ME), size(house, BOLD), size(house, RICH)) == (0, 0, d("-2"))
    orders = [o for o in house.venue.state.data.orders.values() if o.placed.client_id == ADL]
    assert [(o.placed.account, o.filled, o.status) for o in orders] == [
        (BOLD, d("3"), "FILLED"), (RICH, d("2"), "FILLED"),
    ]  # fmt: skip
    closed = next(o for o in house.venue.state.data.orders.values() if o.placed.origin == "LIQUIDATION")
    assert {o.average for o in orders} == {closed.price} == {closed.average}
    assert resting.status == "CANCELED"
    assert house.account.wallet == 0
    assert 0 <= house.venue.state.data.insurance < d("1")


def test_the_deleveraged_hear_of_it_by_a_client_id_of_its_own_and_pay_no_fee() -> None:
    house = ruined()
    house.told.clear()
    house.quote(9_000)
    house.guard.watch(house.now)
    told = [event for event in house.told[BOLD] if event["e"] == "ORDER_TRADE_UPDATE"]
    assert [(row["o"]["c"], row["o"]["x"], row["o"]["X"]) for row in told] == [  # type: ignore[index]
        (ADL, "NEW", "NEW"), (ADL, "TRADE", "FILLED"),
    ]  # fmt: skip
    assert told[-1]["o"]["n"] == "0"  # type: ignore[index]
    assert [event["a"]["m"] for event in house.told[BOLD] if event["e"] == "ACCOUNT_UPDATE"] == ["ORDER"]  # type: ignore[index]
    assert len(house.forced) == 1


def test_who_loses_or_is_on_the_same_side_is_left_alone() -> None:
    house = ruined()
    house.quote(10_000)
    house.venue.apply(Opened(7, d("50000"), house.now))
    house.quote(8_000)
    house.place_by(7, "SELL", quantity="1")
    house.quote(9_000)
    house.guard.watch(house.now)
    assert size(house, 7) == d("-1")


def test_what_no_position_is_left_for_ends_against_the_background() -> None:
    house = House("1000")
    house.accounts.leverage(ME, "BTCUSDT", 100, house.now)
    house.place("BUY", quantity="5")
    house.quote(9_000)
    house.guard.watch(house.now)
    assert (house.size(), house.account.wallet) == (0, 0)
    assert house.venue.state.data.insurance >= 0


def test_the_quantile_is_the_place_in_the_queue_of_ones_side() -> None:
    house = ruined()
    house.quote(9_990)
    grades = quantiles(house.venue, "BTCUSDT")
    assert grades[(BOLD, "BOTH")] == 4
    assert grades[(RICH, "BOTH")] == 2
    assert grades[(ME, "BOTH")] == 0


def test_deleveraging_is_replayed_to_the_same_state() -> None:
    house = ruined()
    house.quote(9_000)
    house.guard.watch(house.now)
    assert house.replayed().state_hash() == house.venue.state.state_hash()


def test_a_winner_is_not_deleveraged_at_a_price_at_which_it_would_lose() -> None:
    """My loss in ETHUSDT puts the bankruptcy price of my short in BTCUSDT near 8,000."""
    house = House("1000")
    house.add("ETHUSDT")
    house.quote(2_000, symbol="ETHUSDT")
    house.venue.apply(Opened(RICH, d("1000"), START))
    for symbol in ("BTCUSDT", "ETHUSDT"):
        house.accounts.leverage(ME, symbol, 100, house.now)
    house.quote(9_900)
    house.place_by(RICH, "BUY", quantity="1")
    house.quote(10_000)
    house.place("SELL", quantity="0.5")
    house.place("BUY", quantity="2", symbol="ETHUSDT")
    house.quote(1_000, symbol="ETHUSDT")
    house.guard.watch(house.now)
    closed = next(o for o in house.venue.state.data.orders.values() if o.placed.origin == "LIQUIDATION")
    assert (closed.placed.symbol, closed.average < d("8000")) == ("BTCUSDT", True)
    assert size(house, RICH) == d("1")
    assert house.account.wallet == 0
    assert house.venue.state.data.insurance >= 0


@pytest.mark.parametrize("isolated", [True, False])
def test_the_other_leg_of_the_liquidated_account_is_not_what_is_deleveraged(isolated: bool) -> None:
    house = House("1000")
    house.accounts.leverage(ME, "BTCUSDT", 50, house.now)
    house.accounts.position_mode(ME, True, house.now)
    if isolated:
        house.accounts.margin_type(ME, "BTCUSDT", True, house.now)
    house.place("BUY", quantity="2", positionSide="LONG")
    house.place("SELL", quantity="0.4", positionSide="SHORT")
    house.quote(9_000)
    house.guard.watch(house.now)
    assert [o for o in house.venue.state.data.orders.values() if o.placed.client_id == ADL] == []
    assert (house.size("LONG"), house.size("SHORT")) == (0, d("-0.4") if isolated else 0)
    assert house.account.wallet >= 0
    assert house.venue.state.data.insurance >= 0


flow = st.lists(
    st.tuples(st.sampled_from([ME, RICH, BOLD]), st.sampled_from(["BUY", "SELL"]), st.integers(8_000, 12_000)),
    min_size=2,
    max_size=20,
)


@settings(max_examples=examples(60), deadline=None)
@given(flow)
def test_no_account_and_no_fund_ends_below_zero_whatever_the_gaps(steps: list[tuple[int, str, int]]) -> None:
    house = ruined()
    _play(house, steps)
    assert all(account.wallet >= 0 for account in house.venue.state.data.accounts.values())
    assert house.replayed().state_hash() == house.venue.state.state_hash()


def _play(house: House, steps: list[tuple[int, str, int]]) -> None:
    """Trade, move the price and look at the accounts; the fund is never below zero."""
    for account, side, price in steps:
        leg = {"positionSide": "LONG" if price % 2 else "SHORT"} if house.venue.state.account(account).dual else {}
        try:
            house.place_by(account, side, quantity=f"{price % 7 + 1}", **leg)
        except ApiError as refused:
            assert refused.code < 0
        house.quote(price)
        house.guard.watch(house.now)
        assert house.venue.state.data.insurance >= 0


@settings(max_examples=examples(60), deadline=None)
@given(flow, st.sets(st.sampled_from([ME, RICH, BOLD])), st.sets(st.sampled_from([ME, RICH, BOLD])))
def test_the_fund_is_never_below_zero_whoever_hedges_or_is_isolated(
    steps: list[tuple[int, str, int]], hedged: set[int], isolated: set[int]
) -> None:
    house = House("1000")
    for account, wallet in ((RICH, "3000"), (BOLD, "300")):
        house.venue.apply(Opened(account, d(wallet), START))
    for account in (ME, RICH, BOLD):
        house.accounts.leverage(account, "BTCUSDT", 100, house.now)
        if account in hedged:
            house.accounts.position_mode(account, True, house.now)
        if account in isolated:
            house.accounts.margin_type(account, "BTCUSDT", True, house.now)
    _play(house, steps)
    assert house.replayed().state_hash() == house.venue.state.state_hash()


@pytest.mark.parametrize("price", [9_985, 9_000])
def test_money_only_moves_between_accounts_fund_and_background(price: int) -> None:
    house = ruined()
    house.quote(price)
    house.guard.watch(house.now)
    data = house.venue.state.data
    kept = sum(account.wallet for account in data.accounts.values()) + data.insurance
    flows = sum(row.amount for row in data.incomes if row.kind in ("REALIZED_PNL", "COMMISSION"))
    assert kept == d("154000") + flows


def closed_by_hand(fund: str) -> House:
    """I close a ruined position before the venue looks at me, and owe 4,057.50."""
    house = ruined(fund)
    house.quote(9_000)
    house.place("SELL", quantity="5", reduceOnly="true")
    assert house.account.wallet == d("-4057.5")
    house.guard.watch(house.now)
    return house


@pytest.mark.parametrize("fund", ["9000", "4057.5", "1000", "0"])
def test_a_debt_that_an_order_leaves_is_paid_by_the_fund_as_far_as_it_can(fund: str) -> None:
    house = closed_by_hand(fund)
    paid = min(d(fund), d("4057.5"))
    assert house.account.wallet == paid - d("4057.5")
    assert house.venue.state.data.insurance == d(fund) - paid
    assert house.income("INSURANCE_CLEAR") == paid - d(fund)
    assert house.replayed().state_hash() == house.venue.state.state_hash()


def test_what_the_fund_could_not_pay_it_pays_when_it_has_money_again() -> None:
    house = closed_by_hand("1000")
    house.venue.apply(Insured(FUND, "BTCUSDT", d("5000"), house.now))
    house.guard.watch(house.now)
    house.guard.watch(house.now)
    assert house.account.wallet == 0
    assert house.venue.state.data.insurance == d("1942.5")


def test_a_debt_waits_while_a_cross_position_may_still_make_it_good() -> None:
    house = ruined("9000")
    house.add("ETHUSDT")
    house.quote(2_000, symbol="ETHUSDT")
    house.place("SELL", quantity="1", symbol="ETHUSDT")
    house.quote(100, symbol="ETHUSDT")
    house.quote(9_700)
    house.place("SELL", quantity="5", reduceOnly="true")
    assert house.account.wallet < 0
    house.guard.watch(house.now)
    assert house.account.wallet < 0
    house.place("BUY", quantity="1", symbol="ETHUSDT", reduceOnly="true")
    assert house.account.wallet > 0
    assert house.venue.state.data.insurance == d("9000")
