"""Plain Python gives the compiled run's records on recorded markets, under every fill rule."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.unit.hft.backtest import scripts, traders
from tests.unit.hft.backtest.recordings import tape, walk

from qbtc.hft import backtest
from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.strategies import ONE_MARKET
from qbtc.testing.data import MARKET

FILES = ("usdm_btcusdt_20240808.gz", "spot_ethusdt_20240808.gz")
EVERY = os.environ.get("QBTC_TEST_SIZE", "") in ("full", "exhaustive")


@pytest.fixture(scope="module", params=FILES if EVERY else FILES[1:])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> backtest.Market:
    path = MARKET / request.param
    if not path.exists():
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    made = import_tape([path], tmp_path_factory.mktemp("tape") / "tape", Options())
    return backtest.prepare(made.path)


def same(strategy: str | type, market: backtest.Market, fill: str, home: Path, **parameters: float) -> int:
    """Orders of both runs, which are the same."""
    said = {"fill": fill, "latency": "3ms", "home": home, "parameters": parameters}
    mine, theirs = (backtest.run(strategy, market, compiled=each, **said) for each in (True, False))  # type: ignore[arg-type]
    for name in ("fills", "orders", "equity", "state"):
        assert getattr(mine, name).tobytes() == getattr(theirs, name).tobytes(), name
    assert mine.decisions == theirs.decisions > 0
    return len(mine.orders)


@pytest.mark.parametrize("fill", ["whole", "partial"])
@pytest.mark.parametrize("name", ONE_MARKET)
def test_every_example_is_the_same_on_a_recorded_market(recorded: backtest.Market, name: str, fill: str, tmp_path: Path) -> None:
    same(name, recorded, fill, tmp_path)


@pytest.mark.parametrize("fill", ["whole", "partial"])
@pytest.mark.parametrize("cls", [traders.Mixed, scripts.Random])
def test_thousands_of_orders_are_the_same_on_a_recorded_market(
    recorded: backtest.Market, cls: type, fill: str, tmp_path: Path
) -> None:
    assert same(cls, recorded, fill, tmp_path) > 1000


@pytest.mark.parametrize("cls", [traders.Maker, traders.Mixed, scripts.Random])
def test_the_matching_core_of_the_venue_calls_plain_python_too(cls: type, tmp_path: Path) -> None:
    assert same(cls, backtest.Market(tape(walk(5, 1500)), "binance-spot", 0, True), "venue", tmp_path) > 20
