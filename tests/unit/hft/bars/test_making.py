"""Bars are what a plain loop over trades says, close when they are over, and are refused when they are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.hft.backtest.recordings import MS, START, TICKER, TRADE, Message, tape, walk

from qbtc.hft import backtest, bars, data
from qbtc.hft.bars import BadBars, Bars
from qbtc.hft.domain.barwise.making import Events, events, joined, of_events, understood

SECOND = 1_000_000_000
Bar = tuple[int, int, float, float, float, float, float]
streams = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40), st.integers(1, 9)), min_size=1, max_size=120)


def stream(steps: list[tuple[int, int, int]]) -> Events:
    """ms since the trade before, ticks, lots."""
    at = START + np.cumsum([ms for ms, *_ in steps]).astype(np.int64) * MS
    return Events(at, np.array([100.0 + price for _, price, _ in steps]), np.array([float(lots) for *_, lots in steps]))


def rows(b: Bars) -> list[Bar]:
    return list(zip(*(each.tolist() for each in b.columns().values()), strict=True))


def made(e: Events, every: str, **more: Any) -> Bars:
    return of_events(e, every, symbol="X", tick_size=1.0, lot_size=1.0, **more)


def plain(e: Events, unit: str, size: float) -> list[Bar]:
    """One trade after the other."""
    found: list[Bar] = []
    held: list[tuple[int, float, float]] = []

    def close(begin: int, time: int) -> None:
        prices = [price for _, price, _ in held]
        found.append((begin, time, prices[0], max(prices), min(prices), prices[-1], sum(v for *_, v in held)))
        held.clear()

    for time, price, volume in zip(e.time.tolist(), e.price.tolist(), e.volume.tolist(), strict=True):
        step = int(size)
        if unit == "time" and held and time // step != held[0][0] // step:
            close(held[0][0] // step * step, (held[0][0] // step + 1) * step)
        held.append((time, price, volume))
        weight = {"ticks": len(held), "volume": sum(v for *_, v in held), "value": sum(p * v for _, p, v in held), "time": 0}[unit]
        if unit != "time" and weight >= size:
            close(held[0][0], time)
    return found


@given(streams, st.sampled_from([("250ms", "time", 250.0 * MS), ("1s", "time", 1.0 * SECOND)]))
def test_bars_of_time_are_those_of_a_plain_loop(steps: list[tuple[int, int, int]], how: tuple[str, str, float]) -> None:
    e = stream(steps)
    expected = plain(e, *how[1:])
    if expected:
        assert rows(made(e, how[0])) == expected
    else:
        with pytest.raises(BadBars, match="not one bar of"):
            made(e, how[0])


@given(streams, st.sampled_from([("7 ticks", 7.0), ("15 volume", 15.0), ("2000 value", 2000.0), ("1 ticks", 1.0)]))
def test_bars_of_trades_volume_and_value_are_those_of_a_plain_loop(steps: list[tuple[int, int, int]], how: tuple[str, float]) -> None:
    e = stream([(ms + 1, price, lots) for ms, price, lots in steps])
    expected = plain(e, how[0].split()[1], how[1])
    if expected:
        assert rows(made(e, how[0])) == expected


@given(streams)
def test_bars_that_end_at_one_instant_are_one_and_no_volume_is_lost(steps: list[tuple[int, int, int]]) -> None:
    e = stream(steps)
    b = made(e, "1 ticks")
    assert b.time.tolist() == sorted(set(e.time.tolist()))
    assert b.volume.sum() == e.volume.sum()


@given(streams)
def test_larger_bars_of_bars_are_those_of_the_trades(steps: list[tuple[int, int, int]]) -> None:
    e = stream([*steps, (9000, 5, 1), (9000, 6, 1)])
    found, expected = rows(joined(made(e, "500ms"), "2s")), rows(made(e, "2s"))
    assert found == expected[: len(found)]
    assert len(expected) - len(found) <= 1


def test_flat_bars_stand_where_nothing_was() -> None:
    e = stream([(0, 1, 2), (3500, 4, 1), (1000, 2, 1)])
    assert [bar[0] for bar in rows(made(e, "1s"))] == [START, START + 3 * SECOND]
    b = made(e, "1s", flat=True)
    assert [(bar[0] - START) // SECOND for bar in rows(b)] == [0, 1, 2, 3]
    assert b.close.tolist() == [101.0, 101.0, 101.0, 104.0] and b.volume.tolist() == [2.0, 0.0, 0.0, 1.0]
    assert b.open.tolist()[2] == b.high.tolist()[2] == 101.0


def test_trades_and_quotes_of_a_tape_are_the_source_that_was_asked_for() -> None:
    messages: list[Message] = [
        (TICKER, 0, 1, [(0, 1000, 5), (1, 1003, 5)]), (TRADE, 300, 301, [(0, 1003, 7)]), (TICKER, 400, 401, [(0, 1001, 5), (1, 1003, 5)]),
        (TRADE, 1100, 1101, [(1, 1001, 2)]), (TICKER, 2300, 2301, [(0, 1000, 5), (1, 1003, 5)]), (TRADE, 2400, 2401, [(1, 1000, 2)]),
    ]  # fmt: skip
    market = backtest.Market(tape(messages), "binance-spot", 0, True)
    trades = bars.of(market, "1s")
    assert trades.close.tolist() == pytest.approx([100.3, 100.1]) and trades.volume.tolist() == pytest.approx([0.007, 0.002])
    mids = bars.of(market, "1s", "mids")
    assert mids.open.tolist() == pytest.approx([100.15]) and mids.close.tolist() == pytest.approx([100.2])
    assert mids.tick_size == pytest.approx(0.05) and mids.ticks("close").tolist() == [2004]
    assert bars.of(market, "2 ticks", "bids").close.tolist() == pytest.approx([100.1])
    assert len(events(market.feed, "asks").time) == 3
    with pytest.raises(BadBars, match="need trades, and these are quotes"):
        bars.of(market, "5 volume", "mids")
    with pytest.raises(BadBars, match="allowed: trades, mids, bids, asks"):
        bars.of(market, "1s", "lasts")
    with pytest.raises(BadBars, match="holds no bars, so say of what to make them"):
        bars.of(market)


def test_a_recorded_market_has_every_traded_lot_in_its_bars() -> None:
    market = backtest.Market(tape(walk(3, 3000)), "", 0, True)
    b, e = bars.of(market, "1 ticks"), events(market.feed)
    assert b.volume.sum() == pytest.approx(e.volume.sum())
    assert b.high.max() == e.price.max()


def test_a_tape_of_bars_gives_them_and_larger_ones(tmp_path: Path) -> None:
    lines = ["time,open,high,low,close,volume"]
    lines += [f"{START + (n + 1) * 60 * SECOND},{100 + n},{102 + n},{99 + n},{101 + n},{n}" for n in range(30)]
    (tmp_path / "bars.csv").write_text("\n".join(lines))
    found = data.importing(tmp_path / "bars.csv", tmp_path / "tape", symbol="BTCUSDT", kind="bars", tick="0.1", lot="0.001").path
    b = bars.of(found)
    assert (len(b), b.symbol, b.step, b.tick_size) == (30, "BTCUSDT", 60 * SECOND, 0.1)
    assert b.close.tolist() == pytest.approx([101.0 + n for n in range(30)])
    assert (b.time - b.begin).tolist() == [60 * SECOND] * 30
    whole = START - START % (600 * SECOND) + 600 * SECOND
    larger = bars.of(found, "10m")
    inside = (b.time > whole) & (b.time <= whole + 600 * SECOND)
    n = larger.time.tolist().index(whole + 600 * SECOND)
    assert (larger.close[n], larger.volume[n]) == (b.close[inside][-1], b.volume[inside].sum())
    with pytest.raises(BadBars, match="bars of 90s cannot be made of bars of 60 s; allowed: a multiple"):
        bars.of(b, "90s")
    with pytest.raises(BadBars, match="bars of 30s cannot be made of bars of 60 s"):
        bars.of(b, "30s")
    assert bars.frame(b).columns == ["begin", "time", "open", "high", "low", "close", "volume"]


def test_bars_that_end_a_moment_before_the_minute_belong_to_the_hour_that_they_end_in() -> None:
    ends = np.arange(1, 121) * 60 * SECOND - 1_000_000
    minutes = bars.arrays(time=ends, open=np.full(120, 1.0), high=np.full(120, 1.0), low=np.full(120, 1.0), close=1.0 + np.arange(120) * 0.0, volume=np.ones(120))
    hours = bars.of(minutes, "1h")
    assert (hours.time.tolist(), hours.volume.tolist()) == ([3600 * SECOND, 7200 * SECOND], [60.0, 60.0])


def columns(**given: Any) -> dict[str, Any]:
    return {"time": np.array([1, 2, 3]), "open": [1.0, 2, 3], "high": [2.0, 3, 4], "low": [1.0, 1, 1], "close": [1.0, 2, 3], **given}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"high": [2.0, 1.0, 4.0]}, "bar 2: prices must be above 0 with low <= open, close <= high"),
        ({"low": [1.0, 1.0, np.nan]}, "bar 3: prices must be above 0"),
        ({"low": [0.0, 1.0, 1.0]}, "bar 1: prices must be above 0"),
        ({"time": np.array([1, 3, 3])}, "bar 3: times must rise"),
        ({"time": np.array([1.5, 2, 3])}, "time must be whole ns of UTC or datetime64"),
        ({"close": [1.0, 2.0]}, r"column close has the shape \(2,\)"),
        ({"close": ["a", "b", "c"]}, "column close holds something that is no number"),
        ({"volume": [1.0, -1.0, 2.0]}, "bar 2: the volume must be 0 or more"),
        ({"tick_size": 0.0}, "tick_size = 0.0; allowed"),
        ({"time": np.array([], np.int64)}, "time must be whole ns"),
    ],
)
def test_columns_that_are_no_bars_are_refused_with_the_bar_and_the_rule(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(BadBars, match=says):
        bars.arrays(**columns(**wrong))


def test_times_may_be_datetimes_and_those_of_the_opening() -> None:
    stamps = np.array(["2024-01-01T00:00", "2024-01-01T00:01", "2024-01-01T00:02"], "datetime64[us]")
    b = bars.arrays(**columns(time=stamps), opening=True)
    assert b.begin.astype("datetime64[ns]").tolist() == stamps.astype("datetime64[ns]").tolist()
    assert b.time[0] - b.begin[0] == 60 * SECOND


@pytest.mark.parametrize("every", ["", "10", "1x", "0s", "1.5 ticks", "0 volume", "-1 ticks", "m"])
def test_what_bars_are_of_is_refused_when_it_is_not_understood(every: str) -> None:
    with pytest.raises(BadBars, match="allowed: a time such as 1m or 1d"):
        understood(every)
