"""Paper sessions of the running system, in both tiers, told again by `qbtc session replay`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from qbtc.hft.adapters.strategy_files import copy
from qbtc.testing import hot_strategies
from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until

pytestmark = pytest.mark.timeout(600)
SECONDS = 120.0
EAGER = {"half_life": 0.5, "enter": 0.05, "exit": 0.05, "cooldown": 0.2}


@pytest.fixture(scope="module")
def system() -> Iterator[QbtcSystem]:
    made = QbtcSystem(market="sim", options=("--only", "exchange,hft", "--symbols", "BTCUSDT"))
    with made:
        made.cli("strategy", "stop", "imbalance")
        hot_strategies.write(made.home / "strategies")
        copy("maker", "avellaneda_stoikov", made.home / "strategies")
        yield made


@pytest.fixture
def hft(system: QbtcSystem) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {system.token('trader', 'ada')}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{8400 + system.offset}", headers=headers, timeout=60) as client:
        yield client


def start(hft: httpx.Client, name: str, **more: object) -> None:
    answer = hft.post(f"/strategies/{name}", json={"action": "start"} | more)
    assert answer.status_code == 200, answer.text


def stop(hft: httpx.Client, *names: str) -> None:
    for name in names:
        hft.post(f"/strategies/{name}", json={"action": "stop"})


def recordings(system: QbtcSystem, tier: str) -> list[Path]:
    return sorted((system.home / "hft" / "sessions").glob(f"*-{tier}.session"))


def listed(system: QbtcSystem, path: Path) -> dict[str, Any]:
    rows = json.loads(system.cli("session", "ls", "--json").stdout)["items"]
    (row,) = [row for row in rows if row["path"] == str(path)]
    return dict(row)


def replayed(system: QbtcSystem, path: Path, *more: str, code: int = 0) -> dict[str, Any]:
    done = system.cli("session", "replay", str(path), "--json", *more, check=False, seconds=240)
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout))


def fills(hft: httpx.Client, name: str) -> int:
    return sum(row["strategy"] == name for row in hft.get("/fills?limit=3000").json()["items"])


def test_a_session_of_the_service_tier_is_reproduced_to_the_last_byte(system: QbtcSystem, hft: httpx.Client) -> None:
    start(hft, "maker", parameters={"refresh": 0.2, "tolerance": 0.0, "half_life": 2.0})
    start(hft, "imbalance", parameters=EAGER)
    until(lambda: fills(hft, "imbalance") >= 5 and fills(hft, "maker") >= 2, what="both have traded", seconds=SECONDS)
    hft.post("/kill", json={"scope": "cancel", "reason": "a test"})
    hft.post("/resume", json={"reason": "go on"})
    until(lambda: fills(hft, "imbalance") >= 8, what="it trades on", seconds=SECONDS)
    stop(hft, "maker", "imbalance")
    path = recordings(system, "service")[-1]
    until(lambda: listed(system, path)["whole"], what="the recording has ended", seconds=SECONDS)
    found = replayed(system, path)
    assert found["same"]
    assert found["share"] == 1.0
    assert found["recorded"]["order"] >= 8
    assert found["recorded"]["cancel"] >= 2
    assert found["views"] == found["views_equal"] > 0
    other = replayed(system, path, "--param", "maker.notional=150", code=4)
    assert other["difference"]["replayed"] != other["difference"]["recorded"]
    assert "maker" in json.dumps(other["difference"])


def test_a_session_of_the_hot_tier_is_reproduced_to_the_last_byte(system: QbtcSystem, hft: httpx.Client) -> None:
    start(hft, "busy", tier="hot", record=True)
    until(lambda: fills(hft, "busy") >= 10, what="it has traded", seconds=SECONDS)
    stop(hft, "busy")
    (path,) = recordings(system, "hot")
    until(lambda: listed(system, path)["whole"], what="the engine has ended", seconds=SECONDS)
    found = replayed(system, path)
    assert found["same"]
    assert found["share"] == 1.0
    assert found["recorded"]["order"] >= 10
    source = system.home / "strategies" / "busy.py"
    changed = source.with_name("busier.py")
    changed.write_text(source.read_text().replace("market.bid - 200.0", "market.bid - 201.0"))
    other = replayed(system, path, "--strategy", str(changed), code=4)
    assert other["difference"]["recorded"]["kind"] == "order"
    assert other["share"] < 1.0


def test_a_session_is_not_recorded_where_its_start_says_so(system: QbtcSystem, hft: httpx.Client) -> None:
    before = recordings(system, "service")
    start(hft, "imbalance", parameters=EAGER, record=False)
    stop(hft, "imbalance")
    assert recordings(system, "service") == before


def test_a_session_that_ended_by_kill_9_is_replayed_up_to_its_last_whole_block(
    system: QbtcSystem, hft: httpx.Client
) -> None:
    start(hft, "imbalance", parameters=EAGER)
    path = recordings(system, "service")[-1]
    before = fills(hft, "imbalance")
    until(lambda: fills(hft, "imbalance") >= before + 3, what="it has traded", seconds=SECONDS)
    system.wait_back("hft", system.kill("hft"))
    assert not listed(system, path)["whole"]
    done = system.cli("session", "replay", str(path))
    assert "100%" in done.stdout
    assert "The recording was cut" in done.stderr
    again = recordings(system, "service")[-1]
    assert again != path
    assert listed(system, again)["strategies"] == ["imbalance"]
    stop(hft, "imbalance")
