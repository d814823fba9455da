"""vectorbt on recorded minutes: the same number of orders, and the same money at every bar to a hundredth of a cent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from bench.bars import minutes
from bench.peers.environment import ROOT, Peer, python_of

from qbtc.hft import bars
from qbtc.testing.data import MARKET

FILE = MARKET / "btc_perp_1m_202201.csv"
pytestmark = pytest.mark.skipif(
    os.environ.get("QBTC_TEST_SIZE", "") not in ("full", "exhaustive"),
    reason="vectorbt has an environment of its own, made by ./qbtc test --full",
)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    if not FILE.exists():
        pytest.skip(f"no bars at {MARKET}; set QBTC_DATA")
    with Peer(python_of("vectorbt", os.environ.get("QBTC_VECTORBT")), ROOT / "bench" / "peers" / "vectorbt_bars.py") as running:
        yield running


@pytest.mark.parametrize("slippage", [0.0, 0.0003])
@pytest.mark.parametrize("fill", ["next_open", "close"])
def test_orders_and_money_of_random_positions_are_those_of_vectorbt(peer: Peer, tmp_path: Path, fill: str, slippage: float) -> None:
    b = minutes(FILE, tick_size=1e-6 if slippage else 0.5)  # vectorbt knows no ticks: slippage there moves prices off them
    rng = np.random.default_rng(7)
    targets = rng.integers(-20, 21, (len(b), 6)) * 0.001
    targets[rng.random(targets.shape) < [0.0, 0.5, 0.9, 0.99, 0.999, 1.0]] = np.nan
    path = tmp_path / f"{fill}{slippage}.npz"
    np.savez(path, open=b.open, close=b.close, targets=targets)
    answer = peer.ask(path=str(path), fee=0.0004, slippage=slippage, fill=fill, every=7)
    made = bars.backtest(b, targets, fees=0.0004, slippage=slippage, fill=fill)
    assert answer["orders"] == made.totals["fills"].tolist()
    assert made.totals["fills"][0] > 40_000 and made.totals["fills"][5] == 0
    assert made.equity[::7].ravel().tolist() == pytest.approx(np.ravel(answer["path"]).tolist(), abs=1e-4)
