"""Stops in the hot tier: the venue holds them, wakes them and says so, and the session is told again byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.system.hft.test_sessions import fills, listed, recordings, replayed, start, stop

from qbtc.testing import hot_strategies
from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until

pytestmark = pytest.mark.timeout(600)
SECONDS = 120.0


@pytest.fixture(scope="module")
def system() -> Iterator[QbtcSystem]:
    made = QbtcSystem(market="sim", options=("--only", "exchange,hft", "--symbols", "BTCUSDT"))
    with made:
        made.cli("strategy", "stop", "imbalance")
        hot_strategies.write(made.home / "strategies")
        made.wait_back("hft", made.kill("hft"))
        yield made


@pytest.fixture
def hft(system: QbtcSystem) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {system.token('trader', 'ada')}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{8400 + system.offset}", headers=headers, timeout=60) as client:
        yield client


def waiting(hft: httpx.Client) -> list[dict[str, Any]]:
    return [row for row in hft.get("/orders").json()["items"] if row["trigger"] is not None]


def sold(hft: httpx.Client) -> int:
    return sum(row["side"] == "SELL" for row in hft.get("/fills?limit=3000").json()["items"] if row["strategy"] == "stopper")


def test_stops_wait_wake_fill_and_are_reproduced(system: QbtcSystem, hft: httpx.Client) -> None:
    start(hft, "stopper", tier="hot", record=True)
    shown = until(lambda: waiting(hft), what="an order that waits", seconds=SECONDS)
    assert {(row["side"], row["type"] == "MARKET") for row in shown} <= {("SELL", True), ("SELL", False)}
    until(lambda: sold(hft) >= 3, what="three that woke were filled", seconds=SECONDS)
    stop(hft, "stopper")
    until(lambda: hft.get("/latency").json()["hot"] is None, what="the engine is gone", seconds=SECONDS)
    until(lambda: hft.get("/orders").json()["items"] == [], what="nothing stays open", seconds=SECONDS)
    assert fills(hft, "stopper") > sold(hft)
    path = recordings(system, "hot")[-1]
    until(lambda: listed(system, path)["whole"], what="the recording has ended", seconds=SECONDS)
    found = replayed(system, path)
    assert found["same"]
    assert found["share"] == 1.0
    assert found["recorded"]["order"] > 5
    assert found["recorded"]["cancel"] > 0
