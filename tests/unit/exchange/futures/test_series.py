"""Candles of prices: what a minute without trades shows, and what the first trade in it changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.futures.series import KEEP, MINUTE, Series

from .house import House, d


def trade(series: Series, ms: int, price: int, trade_id: int = 1) -> None:
    series.trade(ms, price, 5, 5 * price, bought=True, trade_id=trade_id)


def test_a_contract_that_was_never_traded_has_a_candle_at_its_index() -> None:
    house = House()
    house.market.series.minutes.clear()
    house.market.prices.last = 0
    house.market.reprice(d("10000.04"), house.now)
    (candle,) = house.market.series.minutes
    assert (candle.open, candle.close, candle.volume, candle.count) == (d("10000"), d("10000"), 0, 0)


def test_the_first_trade_of_a_minute_is_its_open_whatever_was_shown_before() -> None:
    series = Series()
    series.quiet(MINUTE, 100)
    trade(series, MINUTE + 1, 90)
    trade(series, MINUTE + 2, 95, 2)
    (candle,) = series.minutes
    assert (candle.open, candle.high, candle.low, candle.close, candle.count) == (90, 95, 90, 95, 2)


def test_minutes_without_trades_repeat_the_last_price() -> None:
    series = Series()
    trade(series, MINUTE, 90)
    series.quiet(4 * MINUTE, 1)
    assert [(c.start // MINUTE, c.close, c.count) for c in series.minutes] == [
        (1, 90, 1), (2, 90, 0), (3, 90, 0), (4, 90, 0),
    ]  # fmt: skip
    merged = series.read("5m", 0, 10**14, 5)[0]
    assert (merged.open, merged.close, merged.count, merged.volume) == (90, 90, 1, 5)


def test_a_long_silence_is_filled_no_further_than_candles_are_kept() -> None:
    series = Series()
    trade(series, MINUTE, 90)
    trade(series, 10 * KEEP * MINUTE, 80)
    assert len(series.minutes) == KEEP
    assert [candle.start for candle in series.minutes] == [
        (10 * KEEP - KEEP + 1 + n) * MINUTE for n in range(KEEP)
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 9), st.booleans()), min_size=1, max_size=40))
def test_the_running_candle_is_the_last_of_all_candles_whenever_it_is_asked_for(
    steps: list[tuple[int, int, bool]],
) -> None:
    series, ms = Series(), 40 * 365 * 1440 * MINUTE
    for number, (wait, price, traded) in enumerate(steps):
        ms += wait * MINUTE // 4
        if traded:
            trade(series, ms, price, number)
        else:
            series.quiet(ms, price)
        for interval in ("1m", "5m", "1h", "1d", "1w", "1M"):
            assert series.current(interval) == series.read(interval, 0, 10**14, 1)[-1]
