"""Bars by market time."""

from __future__ import annotations

import math

import pytest

from qbtc.hft.domain.bars import NANOS, NO_QUOTE, BarBuilder, BarClock, Quote
from qbtc.hft.domain.market import order_flow

QUOTE = Quote(100.0, 1.0, 0.1, 1e4, 2.0)


def seconds(*times: float) -> list[int]:
    return [round(t * NANOS) for t in times]


def test_a_bar_has_open_high_low_close_and_volumes_by_aggressor() -> None:
    builder = BarBuilder()
    for price, quantity, maker in ((10.0, 1.0, False), (12.0, 2.0, True), (9.0, 3.0, False)):
        builder.trade(price, quantity, buyer_is_maker=maker)
    bar = builder.close(NANOS, QUOTE)
    assert (bar.open, bar.high, bar.low, bar.close) == (10.0, 12.0, 9.0, 9.0)
    assert (bar.buy_volume, bar.sell_volume, bar.quote_volume, bar.trades) == (4.0, 2.0, 61.0, 3)


def test_a_second_without_trades_repeats_the_last_price_with_no_volume() -> None:
    builder = BarBuilder()
    builder.trade(10.0, 1.0, buyer_is_maker=False)
    builder.close(NANOS, QUOTE)
    bar = builder.close(2 * NANOS, QUOTE)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (10.0, 10.0, 10.0, 10.0, 0.0)


def test_without_a_book_the_mid_is_missing_not_invented() -> None:
    assert math.isnan(BarBuilder().close(NANOS, NO_QUOTE).mid)


def test_the_mid_keeps_its_range_and_order_flow_adds_up() -> None:
    builder = BarBuilder()
    for mid, flow in ((100.0, 1.5), (102.0, -0.5), (99.0, 2.0)):
        builder.book(mid, flow)
    bar = builder.close(NANOS, QUOTE)
    assert (bar.mid_high, bar.mid_low, bar.order_flow, bar.messages) == (102.0, 99.0, 3.0, 3.0)


def test_a_bar_ends_with_the_first_event_at_or_after_its_end_and_the_first_partial_one_is_dropped() -> None:
    clock = BarClock()
    found = [clock.advance(t) for t in seconds(10.4, 10.9, 11.0, 11.5, 12.0)]
    assert found == [[], [], [], [], seconds(12)]


def test_a_clock_that_starts_on_a_second_keeps_its_first_bar() -> None:
    clock = BarClock()
    assert clock.advance(10 * NANOS) == []
    assert clock.advance(11 * NANOS) == seconds(11)


def test_quiet_seconds_close_one_bar_each() -> None:
    clock = BarClock()
    clock.advance(10 * NANOS)
    assert clock.advance(round(13.2 * NANOS)) == seconds(11, 12, 13)


def test_a_silence_longer_than_the_window_breaks_it() -> None:
    clock = BarClock(max_gap_bars=60)
    clock.advance(10 * NANOS)
    assert clock.advance(100 * NANOS) == []
    assert clock.broken
    assert clock.advance(101 * NANOS) == seconds(101)
    assert not clock.broken


def test_a_silence_of_ages_costs_nothing() -> None:
    clock = BarClock()
    clock.advance(10 * NANOS)
    assert (clock.advance(2**62), clock.broken) == ([], True)


def test_time_that_steps_back_closes_nothing() -> None:
    clock = BarClock()
    clock.advance(10 * NANOS)
    clock.advance(12 * NANOS)
    assert clock.advance(11 * NANOS) == []


@pytest.mark.parametrize(
    ("before", "now", "flow"),
    [
        ((100, 5, 101, 5), (100, 8, 101, 5), 3),  # bid grew
        ((100, 5, 101, 5), (100, 5, 101, 2), 3),  # ask shrank
        ((100, 5, 102, 5), (101, 4, 102, 5), 4),  # better bid: its whole size
        ((100, 5, 101, 5), (99, 7, 101, 5), -5),  # bid lost: its old size
        ((100, 5, 102, 5), (100, 5, 101, 6), -6),  # better ask
        ((100, 5, 101, 5), (100, 5, 102, 9), 5),  # ask lost
    ],
)
def test_order_flow_counts_what_the_touch_gained_and_lost(
    before: tuple[int, int, int, int], now: tuple[int, int, int, int], flow: int
) -> None:
    assert order_flow(before, now) == flow
