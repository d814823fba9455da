"""What a fill earned, by hand and by the sum over any sequence of fills."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qbtc.cio.domain.trips import Fill, Position, fee_in_quote, filled

D = Decimal


def test_a_round_trip_earns_the_difference_less_both_fees() -> None:
    held, nothing = filled(Position(), Fill(D(2), D(100), D("0.4")))
    assert (held, nothing) == (Position(D(2), D(100), D("0.4")), None)
    half, earned = filled(held, Fill(D(-1), D(110), D("0.3")))
    assert earned == D(10) - D("0.2") - D("0.3")
    assert half == Position(D(1), D(100), D("0.2"))


def test_a_fill_through_zero_closes_the_old_side_and_opens_the_other_at_its_price() -> None:
    held, _ = filled(Position(), Fill(D(-1), D(100)))
    turned, earned = filled(held, Fill(D(3), D(90), D("0.3")))
    assert earned == D(10) - D("0.1")
    assert turned == Position(D(2), D(90), D("0.2"))


def test_fees_in_the_base_asset_count_at_the_price_and_those_in_a_third_asset_not() -> None:
    assert fee_in_quote("BTCUSDT", D(100), D("0.5"), "USDT") == D("0.5")
    assert fee_in_quote("BTCUSDT", D(100), D("0.5"), "BTC") == D(50)
    assert fee_in_quote("BTCUSDT", D(100), D("0.5"), "BNB") == 0


fills = st.lists(st.tuples(st.sampled_from([-2, -1, 1, 2]), st.integers(50, 150), st.integers(0, 3)), min_size=1, max_size=20)


@given(fills)
def test_closed_to_nothing_the_results_add_up_to_what_was_paid_and_received(rows: list[tuple[int, int, int]]) -> None:
    open_ = sum(quantity for quantity, _, _ in rows)
    made = [Fill(D(q), D(p), D(f)) for q, p, f in rows] + ([Fill(D(-open_), D(100))] if open_ else [])
    held, results = Position(), D(0)
    for one in made:
        held, earned = filled(held, one)
        results += earned or 0
    cash = -sum((one.quantity * one.price + one.fee for one in made), D(0))
    assert held.quantity == 0
    assert abs(results - cash) < D("1e-9")
