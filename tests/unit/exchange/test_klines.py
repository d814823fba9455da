"""Candles: merging, all intervals, time zones, quiet stretches and rolling windows."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.exchange.klines import DAY, HOUR, INTERVALS, MINUTE, Asked, Candle, Candles, end_of, start_of


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def built(*trades: tuple[int, int]) -> Candles:
    """Two lots at a tick each, ids from 1."""
    candles = Candles()
    for number, (second, tick) in enumerate(trades, 1):
        candles.trade(second * 1000, tick, 2, buyer_aggressed=tick > 10, trade_id=number)
    return candles


def shape(candles: list[Candle]) -> list[tuple[int, int, int, int, int]]:
    return [(c.start // 1000, c.open, c.high, c.low, c.close) for c in candles]


def test_trades_add_up_over_intervals() -> None:
    candles = built((0, 10), (30, 14), (60, 9), (100, 12))
    assert shape(candles.read(Asked("1m"), 100_000)) == [(0, 10, 14, 10, 14), (60, 9, 12, 9, 12)]
    (whole,) = candles.read(Asked("3m"), 100_000)
    assert (whole.open, whole.high, whole.low, whole.close) == (10, 14, 9, 12)
    assert (whole.volume, whole.trades, whole.taker, whole.taker_value) == (8, 4, 4, 52)
    assert (whole.value, whole.first, whole.last) == (90, 1, 4)


def test_stretches_without_a_trade_show_the_last_close() -> None:
    candles = built((0, 10), (180, 12))
    rows = candles.read(Asked("1m"), 300_000)
    assert [(c.start // MINUTE, c.close, c.trades, c.first) for c in rows] == [
        (0, 10, 1, 1), (1, 10, 0, -1), (2, 10, 0, -1), (3, 12, 1, 2), (4, 12, 0, -1), (5, 12, 0, -1),
    ]  # fmt: skip


def test_a_week_of_silence_costs_no_more_than_what_is_asked_for() -> None:
    candles = built((0, 10))
    rows = candles.read(Asked("1s", limit=3), 7 * DAY)
    assert [(c.start, c.close) for c in rows] == [(7 * DAY - 2000, 10), (7 * DAY - 1000, 10), (7 * DAY, 10)]
    assert len(candles.read(Asked("1s", limit=4, since=500), 7 * DAY)) == 4


def test_limits_and_times_choose() -> None:
    candles = built(*((minute * 60, 10 + minute) for minute in range(10)))
    now = 599_000
    assert [c.open for c in candles.read(Asked("1m", limit=2), now)] == [18, 19]
    assert [c.open for c in candles.read(Asked("1m", limit=2, since=2 * MINUTE), now)] == [12, 13]
    assert [c.open for c in candles.read(Asked("1m", since=2 * MINUTE + 1, until=4 * MINUTE), now)] == [13, 14]
    assert [c.open for c in candles.read(Asked("1m", limit=2, until=4 * MINUTE + 5), now)] == [13, 14]
    assert candles.read(Asked("1m", since=now + MINUTE), now) == []


@pytest.mark.parametrize(
    ("interval", "zone", "start"),
    [
        ("1w", 0, "2024-08-05T00:00"),
        ("1M", 0, "2024-08-01T00:00"),
        ("1d", 0, "2024-08-08T00:00"),
        ("1d", 8, "2024-08-07T16:00"),
        ("1w", 8, "2024-08-04T16:00"),
        ("1M", -5, "2024-08-01T05:00"),
        ("12h", 0, "2024-08-08T12:00"),
        ("15m", 8, "2024-08-08T15:45"),
    ],
)
def test_intervals_start_where_the_calendar_says(interval: str, zone: int, start: str) -> None:
    assert start_of(ms("2024-08-08T15:59:59"), interval, zone * HOUR) == ms(start)


def test_a_month_ends_with_the_next_ones_first_day() -> None:
    assert end_of(ms("2024-02-01T00:00"), "1M") == ms("2024-03-01T00:00")
    assert end_of(ms("2024-12-01T00:00"), "1M") == ms("2025-01-01T00:00")


@given(st.sampled_from(sorted(INTERVALS)), st.integers(0, 2**41), st.integers(-48, 56).map(lambda q: q * 15 * MINUTE))
def test_every_moment_is_in_exactly_one_candle(interval: str, moment: int, zone: int) -> None:
    start = start_of(moment, interval, zone)
    assert start <= moment < end_of(start, interval, zone)
    assert start_of(start, interval, zone) == start
    assert start_of(end_of(start, interval, zone) - 1, interval, zone) == start


@given(
    st.lists(st.tuples(st.integers(0, 3 * 86_400), st.integers(1, 99)), min_size=1, max_size=60),
    st.sampled_from(sorted(set(INTERVALS) - {"1s"})),
    st.integers(-24, 28).map(lambda half: half * 30 * MINUTE),
)
def test_candles_hold_every_trade_once_and_follow_each_other(
    trades: list[tuple[int, int]], interval: str, zone: int
) -> None:
    rows = built(*sorted(trades)).read(Asked(interval, limit=10_000, zone=zone), 3 * DAY)
    assert sum(c.trades for c in rows) == len(trades)
    assert sum(c.value for c in rows) == sum(2 * tick for _, tick in trades)
    assert (max(c.high for c in rows), min(c.low for c in rows)) == (
        max(tick for _, tick in trades),
        min(tick for _, tick in trades),
    )
    assert all(end_of(a.start, interval, zone) == b.start for a, b in pairwise(rows))


def test_a_window_starts_on_its_minute() -> None:
    candles = built((10, 5), (70, 8), (130, 6), (190, 7))
    found = candles.window(100_000)
    assert found is not None
    assert (found.start, found.open, found.high, found.low, found.close, found.trades) == (60_000, 8, 8, 6, 7, 3)
    assert candles.before(100_000) == 5
    assert candles.window(300_000) is None
    assert candles.before(300_000) == 7
    assert candles.before(5_000) is None


def test_one_candle_is_found_by_its_start() -> None:
    candles = built((0, 10), (30, 14), (120, 9))
    found, quiet = candles.at(0, "1m"), candles.at(MINUTE, "1m")
    assert found is not None
    assert (found.close, found.trades) == (14, 2)
    assert quiet is not None
    assert (quiet.open, quiet.close, quiet.trades) == (14, 14, 0)
    assert Candles().at(0, "1m") is None
