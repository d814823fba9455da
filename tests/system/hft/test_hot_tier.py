"""HFT with a strategy in the compiled engine: started, watched, shown, killed, ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import httpx
import pytest

from qbtc.testing import hot_strategies
from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until

pytestmark = pytest.mark.timeout(600)
SECONDS = 90.0


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
    """HFT itself, without gateway; after the test no strategy runs and trading is active."""
    headers = {"Authorization": f"Bearer {system.token('trader', 'ada')}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{8400 + system.offset}", headers=headers, timeout=20) as client:
        yield client
        for name in running(client):
            client.post(f"/strategies/{name}", json={"action": "stop"})
        until(lambda: client.get("/latency").json()["hot"] is None, what="the engine is gone", seconds=SECONDS)
        client.post("/resume", json={"reason": "next test"})


def running(hft: httpx.Client) -> list[str]:
    return [row["name"] for row in hft.get("/strategies").json()["items"] if row["state"] == "running"]


def start(hft: httpx.Client, name: str, **more: object) -> httpx.Response:
    return hft.post(f"/strategies/{name}", json={"action": "start", "tier": "hot"} | more)


def hot(hft: httpx.Client) -> dict[str, object]:
    return dict(hft.get("/latency").json()["hot"] or {})


def sent(hft: httpx.Client, least: int) -> None:
    until(lambda: int(str(hot(hft).get("sent", 0))) >= least, what=f"{least} orders are sent", seconds=SECONDS)


def test_what_a_hot_strategy_does_is_shown_like_everything_else_and_counted_once(
    system: QbtcSystem, hft: httpx.Client
) -> None:
    shown = json.loads(system.cli("strategy", "start", "busy", "--tier", "hot").stdout)
    assert (shown["tier"], shown["state"]) == ("hot", "running")
    until(lambda: len(hft.get("/fills").json()["items"]) >= 5, what="five fills", seconds=SECONDS)
    hft.post("/strategies/busy", json={"action": "stop"})
    until(lambda: not hot(hft), what="the engine is gone", seconds=SECONDS)
    fills = hft.get("/fills?limit=3000").json()["items"]
    assert {row["strategy"] for row in fills} == {"busy"}
    assert len({(row["trade_id"], row["side"]) for row in fills}) == len(fills)
    until(lambda: hft.get("/orders").json()["items"] == [], what="nothing stays open", seconds=SECONDS)
    held = sum(Decimal(row["quantity"]) * (1 if row["side"] == "BUY" else -1) for row in fills)
    position = hft.get("/positions").json()["items"][0]
    base = sum(Decimal(row["fee"]) for row in fills if row["fee_asset"] == "BTC")
    assert Decimal(position["quantity"]) == held - base
