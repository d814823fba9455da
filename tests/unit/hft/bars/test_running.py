"""Positions on bars: the money of a plain loop, nothing of the future, and the statistics of a backtest."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbtc.hft import bars
from qbtc.hft.adapters.report import write_html
from qbtc.hft.bars import BadBars, Bars
from qbtc.hft.domain.barwise.runs import TOTALS
from qbtc.hft.indicators import EMA

MINUTE = 60_000_000_000
START = 1_700_000_040_000_000_000
LOT, TICK = 0.001, 0.5


def market(seed: int, n: int = 60, gap: bool = False) -> Bars:
    """A wandering price in whole ticks."""
    rng = np.random.default_rng(seed)
    close = 1000 + rng.integers(-20, 21, n).cumsum() * TICK
    first = close + rng.integers(-4, 5, n) * TICK
    high, low = np.maximum(first, close) + TICK, np.minimum(first, close) - TICK
    steps = np.arange(1, n + 1) + (np.arange(n) // 25 if gap else 0)
    return bars.arrays(START + steps * MINUTE, first, high, low, close, np.ones(n), tick_size=TICK, lot_size=LOT, symbol="BTCUSDT")


def wishes(seed: int, n: int, columns: int = 1) -> np.ndarray[Any, Any]:
    """Positions in steps of half a lot, with NaN."""
    rng = np.random.default_rng(seed + 1)
    made = rng.integers(-40, 41, (n, columns)) * LOT / 2
    made[rng.random((n, columns)) < 0.4] = np.nan
    return made


def plain(b: Bars, position: list[float], fee: float, slippage: float, fill: str, unit: str) -> tuple[list[int], list[float]]:
    """(lots held, net profit) at each close, one bar after the other."""
    held = wanted = 0
    cash, paid, last = 0, 0.0, math.nan
    lots, net = [], []

    def trade(price: float) -> None:
        nonlocal held, cash, paid
        change, tick = wanted - held, round(price / TICK)
        if change and slippage:
            tick = math.ceil(tick * (1 + slippage) - 1e-6) if change > 0 else math.floor(tick * (1 - slippage) + 1e-6)
        cash -= tick * change
        paid += abs(tick * change) * (TICK * LOT) * fee
        held = wanted

    for n, target in enumerate(position):
        trade(b.open[n])
        if not math.isnan(target) and target != last:
            exact = target / LOT if unit == "base" else target / LOT / b.close[n]
            wanted, last = math.trunc(exact + math.copysign(1e-6, exact)), target
        if fill == "close":
            trade(b.close[n])
        lots.append(held)
        net.append(cash * (TICK * LOT) + held * LOT * b.close[n] - paid)
    return lots, net


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["next_open", "close"]), st.sampled_from(["base", "quote"]), st.sampled_from([0.0, 0.0007]))
def test_lots_and_money_are_those_of_a_plain_loop(seed: int, fill: str, unit: str, slippage: float) -> None:
    b, wanted = market(seed), wishes(seed, 60)[:, 0] * (1000.0 if unit == "quote" else 1.0)
    runs = bars.backtest(b, wanted, fees=0.0005, slippage=slippage, fill=fill, unit=unit)
    lots, net = plain(b, wanted.tolist(), 0.0005, slippage, fill, unit)
    assert runs.positions().tolist() == lots
    assert runs.equity[:, 0].tolist() == pytest.approx(net, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 58), st.sampled_from(["next_open", "close"]))
def test_the_future_never_changes_the_past(seed: int, cut: int, fill: str) -> None:
    b, other, wanted = market(seed), market(seed + 1), wishes(seed, 60)
    columns = {name: np.concatenate([getattr(b, name)[:cut], getattr(other, name)[cut:]]) for name in ("open", "high", "low", "close")}
    mixed = bars.arrays(b.time, **columns, tick_size=TICK, lot_size=LOT)
    changed = np.concatenate([wanted[:cut], wishes(seed + 2, 60)[cut:]])
    one, two = bars.backtest(b, wanted, fill=fill), bars.backtest(mixed, changed, fill=fill)
    assert one.equity[:cut].tobytes() == two.equity[:cut].tobytes()
    assert one.positions()[:cut].tolist() == two.positions()[:cut].tolist()


def test_a_position_is_first_held_at_the_open_behind_the_bar_that_decided_it() -> None:
    b, wanted = market(1), np.zeros(60)
    wanted[20:] = 5 * LOT
    late, soon = (bars.backtest(b, wanted, fees=0.0, fill=fill) for fill in ("next_open", "close"))
    assert late.positions().tolist() == [0] * 21 + [5] * 39
    assert soon.positions().tolist() == [0] * 20 + [5] * 40
    assert late.result().fills[["time", "tick", "lots"]].tolist() == [(int(b.begin[21]), int(b.ticks("open")[21]), 5)]
    assert late.result().orders["placed"].tolist() == [int(b.time[20])]
    assert late.equity[-1, 0] == pytest.approx(5 * LOT * (b.close[-1] - b.open[21]))


def test_what_the_last_bar_wants_is_never_traded() -> None:
    wanted = np.zeros(60)
    wanted[-1] = LOT
    assert bars.backtest(market(1), wanted).totals["fills"].tolist() == [0.0]


@pytest.mark.parametrize("workers", [1, 2])
def test_many_columns_are_each_of_them_alone(workers: int) -> None:
    b, wanted = market(5, gap=True), wishes(5, 60, 150)
    runs = bars.backtest(b, wanted, fees=0.0002, slippage=0.0001, workers=workers)
    alone = [bars.backtest(b, wanted[:, k], fees=0.0002, slippage=0.0001) for k in range(150)]
    assert runs.equity.tobytes() == np.concatenate([each.equity for each in alone], axis=1).tobytes()
    for name in TOTALS:
        assert runs.totals[name].tolist() == [each.totals[name][0] for each in alone]
    lean = bars.backtest(b, wanted, fees=0.0002, slippage=0.0001, workers=workers, equity=False)
    assert lean.equity.size == 0 and lean.accounts.tobytes() == runs.accounts.tobytes()
    assert lean.frame().columns == ["column", *TOTALS] and len(lean.frame()) == 150


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from(["next_open", "close"]))
def test_totals_are_the_statistics_of_the_result(seed: int, gap: bool, fill: str) -> None:
    runs = bars.backtest(market(seed, gap=gap), wishes(seed, 60, 3), fees=0.0004, slippage=0.0003, fill=fill)
    for column in range(3):
        result = runs.result(column)
        for name in TOTALS:
            assert runs.totals[name][column] == pytest.approx(result.stats[name], rel=1e-9, abs=1e-12), name
        assert result.net.tolist() == pytest.approx(runs.equity[:, column].tolist(), abs=1e-9)
        assert int(np.where(result.fills["side"] == 0, 1, -1) @ result.fills["lots"]) == result.position


def test_a_result_says_what_bars_assume_and_counts_the_columns_as_trials(tmp_path: Path) -> None:
    b = market(7, 400)
    fast = [EMA(b.close, timeperiod=n) for n in range(2, 12)]
    wanted = np.stack([np.where(each > EMA(b.close, timeperiod=30), 0.01, 0.0) for each in fast], axis=1)
    result = bars.backtest(b, wanted, fees=0.0001).result(3, name="cross")
    assert result.honesty.trials.count == 10
    said = " ".join(result.honesty.assumptions("en"))
    assert "traded whole at the next open" in said and "10ms" not in said and "level" not in said
    assert any("apertura siguiente" in each for each in result.honesty.assumptions("es"))
    write_html(result, tmp_path / "report.html")
    assert "cross" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "next_open" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_venues_taker_fee_is_charged_where_none_is_given() -> None:
    b = bars.arrays(*(getattr(market(1), n) for n in ("time", "open", "high", "low", "close")), tick_size=TICK, lot_size=LOT, venue="binance-usdm")
    assert bars.backtest(b, np.full(60, LOT)).assumed.fee == 0.0005
    assert bars.backtest(market(1), np.full(60, LOT)).assumed.fee == 0.001


@pytest.mark.parametrize(
    ("position", "more", "says"),
    [
        (np.zeros(59), {}, r"positions have the shape \(59,\); allowed: \(60,\) or \(60, columns\)"),
        (np.zeros((60, 0)), {}, "positions have the shape"),
        (np.full(60, np.inf), {}, "a position is infinite"),
        (["a"] * 60, {}, "no number"),
        (np.full((60, 2), [0.0, 1e12]), {}, "the position of bar 1, column 1 is 1e\\+12, too large to be exact"),
        (np.zeros(60), {"fill": "open"}, "fill = 'open' is not understood; allowed: next_open, close"),
        (np.zeros(60), {"unit": "lots"}, "unit = 'lots' is not understood; allowed: base, quote"),
        (np.zeros(60), {"fees": 0.5}, "fee = 0.5; allowed: a share from -0.1"),
        (np.zeros(60), {"slippage": -0.1}, "slippage = -0.1; allowed"),
    ],
)
def test_what_cannot_be_traded_is_refused_with_what_is_allowed(position: Any, more: dict[str, Any], says: str) -> None:
    with pytest.raises(BadBars, match=says):
        bars.backtest(market(1), position, **more)


def test_of_several_columns_one_must_be_named() -> None:
    runs = bars.backtest(market(1), np.zeros((60, 3)))
    for wrong in (None, 3, -1):
        with pytest.raises(BadBars, match="say which of the 3 columns; allowed: 0 to 2"):
            runs.result(wrong)
