"""Positions and profit: exact to the last digit, whatever the order of fills."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qbtc.contracts.common import Side
from qbtc.hft.domain.positions import Fill, Position, pnl, worth
from qbtc.hft.domain.units import ONE, money, text, units

FEE_ASSETS = ("USDT", "BTC", "BNB")
AT_PAR = {"BTCUSDT": ONE}


def fill(side: Side, quantity: str, price: str, fee: str = "0", asset: str = "USDT") -> Fill:
    return Fill("BTCUSDT", "1", "c", side, units(price), units(quantity), units(fee), asset, False, 0)


def position(*fills: Fill) -> Position:
    p = Position("BTCUSDT")
    for f in fills:
        p.apply(f, base="BTC", quote="USDT")
    return p


def test_buying_twice_averages_the_cost() -> None:
    p = position(fill(Side.BUY, "1", "100"), fill(Side.BUY, "3", "200"))
    assert (text(p.quantity), text(p.average or 0)) == ("4", "175")


def test_selling_part_realises_against_the_average_and_keeps_it() -> None:
    p = position(fill(Side.BUY, "2", "100"), fill(Side.SELL, "1", "130"))
    assert (money(p.realised), text(p.average or 0), text(p.quantity)) == ("30", "100", "1")


def test_selling_through_zero_turns_the_position_short_at_the_new_price() -> None:
    p = position(fill(Side.BUY, "1", "100"), fill(Side.SELL, "3", "90"))
    assert (money(p.realised), text(p.quantity), text(p.average or 0)) == ("-10", "-2", "90")
    assert money(p.unrealised(units("80"))) == "20"


def test_a_fee_in_the_base_asset_takes_from_the_holding_at_the_price_of_the_fill() -> None:
    p = position(fill(Side.BUY, "1", "100", "0.001", "BTC"))
    assert (text(p.quantity), money(p.fees), money(p.realised)) == ("0.999", "0.1", "0")


def test_a_fee_in_a_third_asset_is_kept_apart() -> None:
    p = position(fill(Side.BUY, "1", "100", "0.01", "BNB"))
    assert p.other_fees == {"BNB": units("0.01")}
    assert p.fees == 0


def test_a_fee_in_a_third_asset_is_worth_its_mark_or_a_thousandth_of_the_fill() -> None:
    paid = fill(Side.BUY, "2", "100", "0.01", "BNB")
    assert worth(paid, units("600")) == 6 * ONE * ONE
    assert money(worth(paid, None)) == "0.2"
    assert worth(fill(Side.BUY, "2", "100", "0", "BNB"), None) == 0


def test_what_a_fee_in_a_third_asset_was_worth_is_a_loss() -> None:
    p = Position("BTCUSDT")
    p.apply(fill(Side.BUY, "1", "100", "0.01", "BNB"), base="BTC", quote="USDT", worth=6 * ONE * ONE)
    assert money(p.total(units("100"))) == "-6"
    assert money(pnl({"BTCUSDT": p}, {"BTCUSDT": units("100")}, AT_PAR).total) == "-6"


def test_profit_of_a_position_without_a_mark_is_at_cost() -> None:
    p = position(fill(Side.BUY, "1", "100"))
    assert pnl({"BTCUSDT": p}, {}, AT_PAR).total == 0
    assert pnl({"BTCUSDT": p}, {"BTCUSDT": units("101")}, AT_PAR).total == ONE * ONE


fills = st.lists(
    st.builds(
        Fill, st.just("BTCUSDT"), st.just("1"), st.just("c"), st.sampled_from(Side), st.integers(1, 10**13),
        st.integers(1, 10**11), st.integers(0, 10**8), st.sampled_from(FEE_ASSETS), st.booleans(), st.just(0),
    ),
    max_size=40,
)  # fmt: skip


@given(fills, st.integers(1, 10**13))
def test_profit_equals_cash_flow_plus_holding_exactly(history: list[Fill], mark: int) -> None:
    p = position(*history)
    cash = sum(-f.signed * f.price - (f.fee * ONE if f.fee_asset == "USDT" else 0) for f in history)
    held = sum(f.signed - (f.fee if f.fee_asset == "BTC" else 0) for f in history)
    assert p.quantity == held
    assert p.total(mark) == cash + held * mark


@given(fills)
def test_a_flat_position_has_no_cost_and_no_average(history: list[Fill]) -> None:
    p = position(*history)
    if p.quantity:
        side = Side.SELL if p.quantity > 0 else Side.BUY
        p.apply(Fill("BTCUSDT", "2", "c", side, 123, abs(p.quantity), 0, "USDT", False, 0), base="BTC", quote="USDT")
    assert (p.quantity, p.cost, p.average) == (0, 0, None)


@given(st.integers(-(10**20), 10**20))
def test_units_survive_the_way_through_text(value: int) -> None:
    assert units(text(value)) == value
