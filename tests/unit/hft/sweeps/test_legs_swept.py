"""Sweeps of strategies with several markets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.unit.cli.tiny_tape import BEGIN, tickers

from qbtc.hft import portfolio
from qbtc.hft.adapters.sweep_store import ROWS
from qbtc.hft.backtest import BadAssumption
from qbtc.hft.sweep import Sweep, run

CARRY = '''
"""Buys one, sells the other."""
from qbtc.hft.strategies.api import POST, Market, Orders, buy, parameter, sell_market

class Carry:
    legs = ("spot", "perp")
    timer_seconds = 0.5
    size: int = parameter(10, 1, 1000, "lots of an order")
    most: int = parameter(100, 1, 100000, "most lots held")
    def on_timer(self, market: Market, orders: Orders) -> None:
        if market.spot.own == 0 and market.spot.position < self.most:
            buy(orders.spot, market.spot.bid, self.size, POST)
    def on_fill(self, market: Market, orders: Orders) -> None:
        if market.leg == 0:
            sell_market(orders.perp, market.spot.fill_lots)
'''
GRID = {"size": [5.0, 10.0], "most": [50.0, 100.0]}
WORDS: dict[str, Any] = {"latency": {"perp": "20ms"}, "fees": {"spot": "maker=0,taker=0"}, "sample": "500ms"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("legs")
    tickers(made / "spot", seed=1)
    tickers(made / "perp", seed=2)
    (made / "carry.py").write_text(CARRY)
    (made / "funding.csv").write_text(f"time,rate,mark\n{BEGIN // 10**6 + 200_000},0.01,50000\n")
    return made


def tapes(folder: Path) -> dict[str, Path]:
    return {"spot": folder / "spot", "perp": folder / "perp"}


def swept(where: Path, grid: Any = GRID, **given: Any) -> Sweep:
    return run(str(where / "carry.py"), tapes(where), grid, **{**WORDS, **given})


def test_a_trial_of_legs_is_the_run_of_them_alone(folder: Path) -> None:
    found = swept(folder, funding={"perp": str(folder / "funding.csv")}, workers=2)
    assert found.symbol == "spot=BTCUSDT perp=BTCUSDT"
    for parameters, row, profits in zip(found.trials, found.rows, found.returns, strict=True):
        alone = portfolio.run(
            str(folder / "carry.py"), tapes(folder), parameters=parameters, funding={"perp": str(folder / "funding.csv")}, **WORDS
        )
        legs = alone.legs
        assert row["profit"] == pytest.approx(alone.stats["net"], rel=1e-12)
        assert row["fees"] == pytest.approx(alone.stats["fees"], rel=1e-12)
        assert row["fills"] == sum(len(leg.fills) for leg in legs.values()) > 0
        assert row["position"] == {name: leg.position * leg.lot_size for name, leg in legs.items()}
        assert profits.sum() == pytest.approx(alone.account.net[len(profits)], abs=1e-9)
    assert abs(alone.stats["funding"]) > 0
    assert found.frame()["position"].struct.field("perp").to_list() == [row["position"]["perp"] for row in found.rows]


def test_threads_make_no_difference_and_parts_of_the_time_are_judged(folder: Path) -> None:
    one, two = (swept(folder, workers=n, walk=("60s", "30s"), folds=3, embargo="1s") for n in (1, 2))
    assert np.array_equal(one.returns, two.returns)
    assert one.returns.std() > 0
    assert len(two.judged.walk) > 1
    assert len(two.judged.folds) == 3
    assert one.judged.walk == two.judged.walk


def test_a_sweep_of_legs_that_was_cut_off_goes_on_and_one_of_other_tapes_is_refused(folder: Path, tmp_path: Path) -> None:
    whole = swept(folder, folder=tmp_path / "kept")
    rows = (tmp_path / "kept" / ROWS).read_text().splitlines()
    (tmp_path / "kept" / ROWS).write_text("\n".join(rows[:3]) + "\n")
    ran: list[int] = []
    again = swept(folder, folder=tmp_path / "kept", told=lambda done, of: ran.append(done))
    assert ran[0] == 3
    assert np.array_equal(again.returns, whole.returns)
    for other in ({"funding": "none"}, {"latency": "1ms"}, {"fees": None}):
        with pytest.raises(BadAssumption, match="holds another sweep"):
            swept(folder, folder=tmp_path / "kept", **other)
    with pytest.raises(BadAssumption, match="holds another sweep"):
        run(str(folder / "carry.py"), {"spot": folder / "perp", "perp": folder / "spot"}, GRID, **WORDS, folder=tmp_path / "kept")


def test_a_search_picks_among_combinations_of_legs_too(folder: Path) -> None:
    first, again = (swept(folder, search=3, seed=4, workers=2) for _ in range(2))
    assert first.trials == again.trials
    assert 1 <= len(first.trials) <= 3


def test_what_cannot_be_swept_says_why(folder: Path) -> None:
    carry = str(folder / "carry.py")
    with pytest.raises(BadAssumption, match="carry has the legs spot, perp; given: spot; allowed: a tape for each"):
        run(carry, {"spot": folder / "spot"}, GRID)
    with pytest.raises(BadAssumption, match="carry trades 2 markets at once; allowed: a tape for each of spot, perp"):
        run(carry, folder / "spot", GRID)
    with pytest.raises(BadAssumption, match="a sweep does not take the fill rule venue"):
        swept(folder, fill={"perp": "venue"})
    with pytest.raises(BadAssumption, match="latency of 'swap': there is no such leg"):
        swept(folder, latency={"swap": "5ms"})
    with pytest.raises(BadAssumption, match="latency is said by leg, and grid trades one market"):
        run("grid", folder / "spot", {"step": [2.0]}, latency={"spot": "5ms"})
    with pytest.raises(BadAssumption, match="grid trades one market; allowed: one tape"):
        run("grid", tapes(folder), {"step": [2.0]})
