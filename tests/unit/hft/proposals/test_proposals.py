"""The profit a watch looks at, the time it counts, and what people are told."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.contracts.common import Side
from qbtc.hft.domain.positions import Fill, Position, worth
from qbtc.hft.domain.predicting import predict
from qbtc.hft.domain.proposals import Made, Status, Watch, differing, earned, longest_step_ns, own_part, target, words
from qbtc.hft.domain.units import ONE, units

SECOND = 1_000_000_000
WATCH = Watch(base=units("0.5"), mid=units("100"), seen_ns=1000 * SECOND, since="2026-01-01T00:00:00+00:00")
ASSETS = ("USDT", "BTC", "BNB")

fills = st.lists(
    st.builds(
        lambda n, side, price, quantity, fee, asset: Fill(
            "BTCUSDT", str(n), "x", side, price * ONE // 100, quantity * 1000, fee, asset, True, n
        ),
        st.integers(0, 10**9), st.sampled_from(list(Side)), st.integers(9_000, 11_000), st.integers(1, 10**6), st.integers(0, 1000),
        st.sampled_from(ASSETS),
    ),
    max_size=20,
)  # fmt: skip


def sums(made: list[Fill]) -> Made:
    """As the database adds them up."""
    one = Decimal(ONE)
    return Made(
        len(made),
        sum((Decimal(-f.signed) / one * f.price / one for f in made), Decimal(0)),
        sum((Decimal(f.signed) / one for f in made), Decimal(0)),
        sum((Decimal(f.fee) / one for f in made if f.fee_asset == "USDT"), Decimal(0)),
        sum((Decimal(f.fee) / one for f in made if f.fee_asset == "BTC"), Decimal(0)),
        sum((Decimal(f.quantity) / one * f.price / one for f in made if f.fee and f.fee_asset == "BNB"), Decimal(0)),
    )


@given(fills, st.integers(9_000, 11_000))
def test_the_profit_is_that_of_the_position_which_the_desk_keeps(made: list[Fill], mid: int) -> None:
    position, price = Position("BTCUSDT"), mid * ONE // 100
    for fill in made:
        position.apply(fill, base="BTC", quote="USDT", worth=worth(fill, None) if fill.fee_asset == "BNB" else 0)
    desk = position.total(price) / ONE / ONE
    assert earned(sums(made), base=0, begin=price, mid=price) == pytest.approx(desk, abs=1e-6)


def test_what_was_held_before_counts_by_the_move_of_the_price_since() -> None:
    assert earned(Made(), base=units("0.5"), begin=units("100"), mid=units("90")) == -5.0
    sold = Made(1, cash=Decimal(50), net=Decimal("-0.5"))
    assert earned(sold, base=units("0.5"), begin=units("100"), mid=units("1")) == 0.0


@given(st.integers(-100, 100), st.integers(-100, 100))
def test_a_strategys_part_of_a_position_is_never_more_than_there_is(net: int, position: int) -> None:
    part = own_part(net, position)
    assert min(0, position) <= part <= max(0, position)
    if min(0, position) <= net <= max(0, position):
        assert part == net


def test_time_counts_while_it_trades_and_a_break_counts_for_nothing() -> None:
    at, longest = WATCH.seen_ns, longest_step_ns(5, 1)
    assert longest == 60 * SECOND
    assert WATCH.passed(at + SECOND, trading=True, longest_ns=longest).elapsed_ns == SECOND
    assert WATCH.passed(at + SECOND, trading=False, longest_ns=longest).elapsed_ns == 0
    assert WATCH.passed(at + 61 * SECOND, trading=True, longest_ns=longest).elapsed_ns == 0
    before = WATCH.passed(at - SECOND, trading=True, longest_ns=longest)
    assert (before.elapsed_ns, before.passed(at, trading=True, longest_ns=longest).elapsed_ns) == (0, SECOND)


@given(st.floats(0.1, 3600), st.floats(0.01, 1000))
def test_a_look_that_is_up_to_three_looks_late_counts_at_every_speed_of_the_market(every: float, speed: float) -> None:
    step = round(every * speed * SECOND)
    longest = longest_step_ns(every, speed)
    assert WATCH.passed(WATCH.seen_ns + 3 * step, trading=True, longest_ns=longest).elapsed_ns == 3 * step
    assert WATCH.passed(WATCH.seen_ns + 5 * step + 60 * SECOND, trading=True, longest_ns=longest).elapsed_ns == 0


def test_a_watch_knows_its_profit_its_line_and_what_came_before_a_reset() -> None:
    said = predict(np.random.default_rng(1).normal(size=100), SECOND)
    found = Watch(0, units("100"), 0, "x", elapsed_ns=SECOND, carried=2.5).valued(Made(3, cash=Decimal(-1)), units("100"), said)
    assert (found.profit, found.fills) == (1.5, 3)
    assert found.lowest == said.lowest(SECOND) < 0


def test_values_are_set_and_set_back_and_what_differs_is_named() -> None:
    changes = {"step": [2, 3.0], "levels": (4, 5)}
    assert target(changes, back=False) == {"step": 3.0, "levels": 5.0}
    assert target(changes, back=True) == {"step": 2.0, "levels": 4.0}
    assert differing({"step": 3.0, "levels": 5.0}, {"step": 3.0, "levels": 4.0, "x": 1.0}) == ["levels"]
    assert differing({"gone": 1.0}, {}) == ["gone"]


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.EXPIRED, Status.ROLLING_BACK)])
def test_every_step_that_is_told_has_its_words_in_both_languages(status: Status) -> None:
    english, spanish = words(status, "grid", {"step": [2.0, 3.0]}, WATCH)
    assert "grid" in english and "grid" in spanish
    assert english != spanish
    assert "{" not in english + spanish


def test_what_was_set_back_is_told_in_the_direction_in_which_it_went() -> None:
    assert "step 3 → 2" in words(Status.ROLLED_BACK, "grid", {"step": [2.0, 3.0]}, WATCH)[0]
    assert "step 2 → 3" in words(Status.WATCHED, "grid", {"step": [2.0, 3.0]})[0]
