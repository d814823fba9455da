"""Statistics of real runs on made-up markets: the books of the engine and those of the statistics agree."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.hft.backtest import traders
from tests.unit.hft.backtest.recordings import MS, tape, walk

from qbtc.hft.domain.backtest.runner import Delays, Rules, Runner
from qbtc.hft.domain.statistics.account import account
from qbtc.hft.domain.statistics.summary import summarise
from qbtc.hft.domain.statistics.trips import open_profit, round_trips
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program

RULES = Rules(delays=Delays(3 * MS, 2 * MS), sampling=100 * MS, maker_fee=0.0002, taker_fee=0.0005, partial=True)


@pytest.fixture(scope="module")
def program() -> Program:
    return Program(read(traders.Mixed, name="mixed"))


def ran(program: Program, seed: int) -> Any:
    f = tape(walk(seed, 1500))
    o = Runner(program, dict(program.spec.defaults), f, RULES).finish()
    return SimpleNamespace(
        tick_size=f.tick_size, lot_size=f.lot_size, fills=o.fills, orders=o.orders, equity=o.samples, begin=f.begin, end=f.last,
        position=o.position,
    )  # fmt: skip


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_round_trips_and_the_open_position_are_the_equity_of_the_engine(program: Program, seed: int) -> None:
    run = ran(program, seed)
    unit = run.tick_size * run.lot_size
    a = account(run.equity, run.begin, run.lot_size)
    trips = round_trips(run.fills, unit)
    assert trips["profit"].sum() + open_profit(run.fills, float(a.mid[-1]), unit, run.tick_size) == pytest.approx(a.gross[-1], abs=1e-6)


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_totals_are_those_of_the_engine_and_of_both_sides(program: Program, seed: int) -> None:
    run = ran(program, seed)
    stats = summarise(run)
    assert len(run.fills) > 0
    assert stats["fees"] == pytest.approx(run.equity["fee"][-1])
    assert stats["gross"] - stats["fees"] == pytest.approx(stats["net"])
    assert stats["traded"] == pytest.approx(run.equity["traded"][-1])
    assert stats["position_end"] == pytest.approx(run.position * run.lot_size)
    assert stats["quantity_buy"] - stats["quantity_sell"] == pytest.approx(stats["position_end"], abs=1e-9)
    for name in ("orders", "fills", "quantity", "traded", "fees"):
        assert stats[f"{name}_buy"] + stats[f"{name}_sell"] == pytest.approx(stats[name])
    assert 0 <= stats["time_in_market"] <= 1
    assert stats["max_drawdown"] == pytest.approx((np.maximum.accumulate(np.append(0, net := account(run.equity, run.begin, run.lot_size).net[1:]))[1:] - net).max())
