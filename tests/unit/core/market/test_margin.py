"""Margin arithmetic: Binance's worked examples, and what must hold for any flow of fills."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market import margin, margin_account, margin_funding
from qbtc.core.market.margin import SCALE, Position, bracket_of, brackets, cap_at, fill, maintenance, value, zero_price
from qbtc.core.market.margin_account import Exposure, in_liquidation, liquidation_price, totals

BTC = brackets(
    (leverage, cap * SCALE, int(rate * SCALE))
    for leverage, cap, rate in (
        (125, 50_000, 0.004),
        (100, 250_000, 0.005),
        (50, 1_000_000, 0.01),
        (20, 5_000_000, 0.025),
        (10, 20_000_000, 0.05),
        (5, 50_000_000, 0.1),
    )
)
ETH = (margin.Bracket(1, 5, 0, 10**9 * SCALE, SCALE // 10, 135_365 * SCALE),)


def d(text: str) -> int:
    """A decimal as an integer of 1e-8."""
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign * (int(whole) * SCALE + int(fraction.ljust(8, "0") or "0"))


def held(quantity: str, entry: str, wallet: str = "0") -> Position:
    position = Position()
    fill(position, d(quantity), d(entry))
    position.wallet = d(wallet)
    return position


def test_maintenance_amounts_follow_from_continuity_as_in_the_public_table() -> None:
    assert [item.cum // SCALE for item in BTC] == [0, 50, 1300, 16_300, 141_300, 1_141_300]
    assert maintenance(BTC, d("500000")) == d("3700")


def test_a_leverage_allows_the_notional_of_the_last_bracket_that_permits_it() -> None:
    assert cap_at(BTC, 20) == d("5000000")
    assert cap_at(BTC, 21) == d("1000000")
    assert cap_at(BTC, 126) == 0


def test_the_public_example_of_two_cross_longs_gives_the_public_liquidation_prices() -> None:
    wallet, btc_mark, eth_mark = d("1535443.01"), d("31967.27"), d("1335.18")
    btc = Exposure("BTCUSDT", held("109.488", "32481.98"), btc_mark, 20, BTC)
    eth = Exposure("ETHUSDT", held("3683.979", "1456.84"), eth_mark, 5, ETH)
    assert round(liquidation_price(wallet, [btc, eth], btc) / SCALE, 2) == 26_316.89
    assert round(liquidation_price(wallet, [btc, eth], eth) / SCALE, 2) == 1_153.26
    assert abs(eth.maintenance - d("356512.508")) < SCALE // 1000
    assert abs(btc.maintenance - d("71200.81144")) < SCALE // 1000


def test_an_isolated_position_has_its_own_price_and_its_own_wallet() -> None:
    long = Exposure("BTCUSDT", held("1", "10000", "500"), d("10000"), 20, BTC, isolated=True)
    price = liquidation_price(d("100000"), [long], long)
    assert abs(price - (d("9500") * 1000) // 996) <= 1
    assert margin_account.bankruptcy_price(d("100000"), [long], long) == d("9500")
    assert totals(d("100000"), [long]).cross_wallet == d("99500")


def test_long_and_short_of_one_symbol_share_the_cross_liquidation_price() -> None:
    long = Exposure("BTCUSDT", held("2", "10000"), d("10000"), 20, BTC, hedged=True)
    short = Exposure("BTCUSDT", held("-1", "10000"), d("10000"), 20, BTC, hedged=True)
    rows = [long, short]
    assert liquidation_price(d("1000"), rows, long) == liquidation_price(d("1000"), rows, short) > 0


def test_a_position_that_cannot_be_liquidated_has_no_liquidation_price() -> None:
    row = Exposure("BTCUSDT", held("1", "100"), d("100"), 1, BTC)
    assert liquidation_price(d("1000"), [row], row) == 0
    assert in_liquidation(d("1000"), [row]) == []


def test_orders_bind_the_margin_of_the_worse_side_only() -> None:
    flat = Exposure("BTCUSDT", Position(), d("100"), 10, BTC, bids=d("300"), asks=d("500"))
    assert flat.order_margin == d("50")
    long = Exposure("BTCUSDT", held("4", "100"), d("100"), 10, BTC, bids=0, asks=d("500"))
    assert long.order_margin == 0
    assert totals(d("1000"), [long]).available == d("960")


def test_losses_reduce_and_profits_raise_what_is_available() -> None:
    row = Exposure("BTCUSDT", held("1", "100"), d("90"), 10, BTC)
    assert totals(d("100"), [row]).available == d("81")
    assert totals(d("100"), [row]).withdrawable == d("81")
    row = Exposure("BTCUSDT", held("1", "100"), d("150"), 10, BTC)
    sums = totals(d("100"), [row])
    assert (sums.available, sums.withdrawable) == (d("135"), d("100"))


def test_funding_moves_money_from_longs_to_shorts_at_the_mark_price() -> None:
    long, short = held("2", "100"), held("-2", "100")
    assert margin_funding.payment(long, d("110"), 10_000) == -d("0.022")
    assert margin_funding.payment(short, d("110"), 10_000) == d("0.022")
    assert margin_funding.payment(long, d("110"), -10_000) == d("0.022")


@pytest.mark.parametrize(
    ("average", "rate"), [(0, 10_000), (40_000, 10_000), (100_000, 50_000), (-100_000, -50_000), (10**7, 300_000)]
)
def test_the_funding_rate_is_damped_around_the_interest_and_capped(average: int, rate: int) -> None:
    assert margin_funding.funding_rate(average, 300_000) == rate


def test_the_mark_price_is_the_median_so_one_odd_trade_does_not_move_it() -> None:
    index = d("100")
    assert margin_funding.mark_price(index, 0, d("150"), 0, 0) == index
    assert margin_funding.mark_price(index, d("1"), d("0.5"), 0, 0) == index
    assert margin_funding.mark_price(index, d("1"), d("150"), 0, 0) == d("101")


def test_samples_of_the_premium_become_the_rate_of_the_interval() -> None:
    samples = margin_funding.Funding(cap=300_000)
    for step in range(1, 5):
        samples.sample(d("100.2"), d("100.3"), d("100"), step * margin_funding.STEP)
    samples.sample(d("200"), d("201"), d("100"), 4 * margin_funding.STEP + 1)
    assert (samples.count, samples.basis) == (4, d("0.25"))
    assert samples.settle() == 150_000
    assert samples.rate == margin_funding.INTEREST


fills = st.lists(st.tuples(st.integers(-50, 50).filter(bool), st.integers(1, 400)), min_size=1, max_size=40)


@given(fills)
def test_profit_over_a_life_is_what_was_sold_less_what_was_bought(flow: list[tuple[int, int]]) -> None:
    position, realised, cash = Position(), 0, 0
    for lots, tick in flow:
        quantity, price = lots * 10**5, tick * 10**7
        realised += fill(position, quantity, price).realised
        cash -= value(price, quantity)
    assert realised - position.cost == cash
    left = position.quantity
    realised += fill(position, -left, 10**9).realised if left else 0
    assert (position.quantity, position.cost, position.paid) == (0, 0, 0)
    assert realised == cash + value(10**9, left)


@given(fills, st.integers(1, 500))
def test_one_way_and_hedge_positions_of_the_same_fills_are_worth_the_same(
    flow: list[tuple[int, int]], tick: int
) -> None:
    one, long, short = Position(), Position(), Position()
    for lots, at in flow:
        quantity, price = lots * 10**5, at * 10**7
        fill(one, quantity, price)
        fill(long if quantity > 0 else short, quantity, price)
    mark = tick * 10**7
    worth = one.realised + one.unrealised(mark)
    assert worth == sum(leg.realised + leg.unrealised(mark) for leg in (long, short))
    assert one.quantity == long.quantity + short.quantity


@given(st.integers(1, 10**5), st.integers(100, 10**6), st.integers(1, 125), st.booleans())
def test_at_the_liquidation_price_the_balance_is_the_maintenance_margin(
    lots: int, tick: int, leverage: int, short: bool
) -> None:
    position = Position()
    fill(position, (-lots if short else lots) * 10**5, tick * 10**7)
    position.wallet = margin.initial(abs(position.cost), leverage)
    price = zero_price(position.wallet, [position], BTC)
    if price == 0:
        assert leverage == 1
        return
    left = position.wallet + position.unrealised(price) - maintenance(BTC, abs(position.notional(price)))
    assert abs(left) <= position.size // SCALE + 2


@given(st.integers(0, 10**16))
def test_maintenance_never_falls_as_the_notional_grows(notional: int) -> None:
    assert maintenance(BTC, notional) <= maintenance(BTC, notional + SCALE)
    assert bracket_of(BTC, notional).number <= bracket_of(BTC, notional + SCALE).number
