"""A strategy of several markets on the paper account of the running system: both legs trade, a killed HFT goes on with
them, and what it did is told again byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from tests.system.hft.test_sessions import fills, listed, recordings, replayed, stop

from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until

pytestmark = pytest.mark.timeout(600)
SECONDS = 120.0
LEGS = {"a": "BTCUSDT", "b": "ETHUSDT"}
HASTY = ("half_life=1", "enter=0.3", "leave=0.1", "cooldown=0.2")


@pytest.fixture(scope="module")
def system() -> Iterator[QbtcSystem]:
    made = QbtcSystem(market="sim", options=("--only", "exchange,hft", "--symbols", ",".join(LEGS.values())))
    with made:
        made.cli("strategy", "stop", "imbalance")
        yield made


@pytest.fixture
def hft(system: QbtcSystem) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {system.token('trader', 'ada')}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{8400 + system.offset}", headers=headers, timeout=60) as client:
        yield client


def traded(hft: httpx.Client) -> set[str]:
    return {row["symbol"] for row in hft.get("/fills?limit=3000").json()["items"] if row["strategy"] == "pairs"}


def row_of(hft: httpx.Client) -> dict[str, object]:
    try:
        rows = hft.get("/strategies").json()["items"]
    except httpx.TransportError:
        return {}
    return next((row for row in rows if row["name"] == "pairs"), {})


def test_pairs_trades_two_markets_goes_on_after_a_kill_9_and_is_reproduced(system: QbtcSystem, hft: httpx.Client) -> None:
    said = system.cli("strategy", "start", "pairs", *(f"--leg={leg}={symbol}" for leg, symbol in LEGS.items()),
                      *(word for text in HASTY for word in ("-p", text))).stdout  # fmt: skip
    assert "a=BTCUSDT, b=ETHUSDT" in said
    until(lambda: traded(hft) == {*LEGS.values()}, what="both legs have traded", seconds=SECONDS)
    system.wait_back("hft", system.kill("hft"))
    until(lambda: row_of(hft).get("state") == "running", what="it runs again", seconds=SECONDS)
    assert row_of(hft)["legs"] == LEGS
    before = fills(hft, "pairs")
    until(lambda: fills(hft, "pairs") >= before + 4, what="it trades on", seconds=SECONDS)
    stop(hft, "pairs")
    path = recordings(system, "service")[-1]
    until(lambda: listed(system, path)["whole"], what="the recording has ended", seconds=SECONDS)
    found = replayed(system, path)
    assert found["same"]
    assert found["share"] == 1.0
    assert found["recorded"]["order"] > 0
