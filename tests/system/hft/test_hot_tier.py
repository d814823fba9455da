"""HFT with a strategy in the compiled engine: started, watched, shown, killed, ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from qbtc.hft.adapters.hotloop.panel import Panel, panel_path
from qbtc.testing import hot_strategies
from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until

pytestmark = pytest.mark.timeout(600)
SECONDS = 90.0
LOT = Decimal("0.000001")
DUST = 5 * LOT
"""What the fee of a closing order may leave, too little to be traded."""


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
    return [row["name"] for row in hft.get("/strategies").json()["items"] if row["state"] in ("starting", "running", "blocked")]


def start(hft: httpx.Client, name: str, **more: object) -> httpx.Response:
    return hft.post(f"/strategies/{name}", json={"action": "start", "tier": "hot"} | more)


def hot(hft: httpx.Client) -> dict[str, object]:
    return dict(hft.get("/latency").json()["hot"] or {})


def sent(hft: httpx.Client, least: int) -> None:
    until(lambda: int(str(hot(hft).get("sent", 0))) >= least, what=f"{least} orders are sent", seconds=SECONDS)


def engine_lives(pid: object) -> bool:
    try:
        return b"hotloop" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@contextlib.contextmanager
def frozen(system: QbtcSystem, *names: str) -> Iterator[None]:
    """Parts of the house, with all their children, that do not answer."""
    pids = [system.pid(name) for name in names]
    pids += [int(pid) for one in pids for pid in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_what_a_hot_strategy_does_is_shown_like_everything_else_and_counted_once(
    system: QbtcSystem, hft: httpx.Client
) -> None:
    shown = json.loads(system.cli("strategy", "start", "busy", "--tier", "hot", "--json").stdout)
    assert (shown["tier"], shown["state"]) == ("hot", "starting")
    until(lambda: len(hft.get("/fills").json()["items"]) >= 5, what="five fills", seconds=SECONDS)
    hft.post("/strategies/busy", json={"action": "stop"})
    until(lambda: not hot(hft), what="the engine is gone", seconds=SECONDS)
    fills = hft.get("/fills?limit=3000").json()["items"]
    assert {row["strategy"] for row in fills} - {"imbalance"} == {"busy"}  # which may have traded before it was stopped
    assert len({(row["trade_id"], row["side"]) for row in fills}) == len(fills)
    until(lambda: hft.get("/orders").json()["items"] == [], what="nothing stays open", seconds=SECONDS)
    held = sum(Decimal(row["quantity"]) * (1 if row["side"] == "BUY" else -1) for row in fills)
    position = hft.get("/positions").json()["items"][0]
    base = sum(Decimal(row["fee"]) for row in fills if row["fee_asset"] == "BTC")
    assert Decimal(position["quantity"]) == held - base


def test_what_conflicts_is_refused_with_what_is_in_the_way(hft: httpx.Client) -> None:
    hft.post("/strategies/imbalance", json={"action": "start"})
    refused = start(hft, "resting")
    assert (refused.status_code, refused.json()["field"]) == (409, "tier")
    assert "imbalance" in refused.json()["detail"]
    hft.post("/strategies/imbalance", json={"action": "stop"})
    assert start(hft, "resting").status_code == 200
    for name, tier in (("busy", "hot"), ("imbalance", "service")):
        answer = hft.post(f"/strategies/{name}", json={"action": "start", "tier": tier})
        assert answer.status_code == 409
        assert "resting" in answer.json()["detail"]
    assert start(hft, "none").status_code == 404
    assert running(hft) == ["resting"]


def test_without_the_engines_key_the_tier_is_refused(system: QbtcSystem, hft: httpx.Client) -> None:
    key = system.home / "secrets" / "venue_ed25519.json"
    away = key.rename(key.with_suffix(".away"))
    try:
        answer = start(hft, "resting")
    finally:
        away.rename(key)
    assert answer.status_code == 409
    assert "Ed25519" in answer.json()["detail"]


def test_an_engine_that_is_killed_is_started_again_and_its_orders_are_cancelled(hft: httpx.Client) -> None:
    start(hft, "resting")
    sent(hft, 1)
    old = hot(hft)["pid"]
    os.kill(int(str(old)), signal.SIGKILL)
    until(lambda: hot(hft).get("pid") not in (None, old), what="another engine", seconds=SECONDS)
    sent(hft, 1)
    until(lambda: len(hft.get("/orders").json()["items"]) == 1, what="one order is open", seconds=SECONDS)
    assert hft.get("/risk").json()["state"] == "ACTIVE"


def test_a_killed_hft_leaves_no_engine_and_takes_the_strategy_up_again(system: QbtcSystem, hft: httpx.Client) -> None:
    start(hft, "resting")
    sent(hft, 1)
    old = hot(hft)["pid"]
    system.wait_back("hft", system.kill("hft"))
    until(lambda: not engine_lives(old), what="the old engine is gone", seconds=SECONDS)
    sent(hft, 1)
    assert hot(hft)["pid"] != old
    until(lambda: len(hft.get("/orders").json()["items"]) == 1, what="one order is open", seconds=SECONDS)


def test_the_kill_switch_stops_the_engine_while_database_and_cache_are_silent(
    system: QbtcSystem, hft: httpx.Client
) -> None:
    start(hft, "busy", spin=True)
    until(lambda: int(str(hot(hft).get("filled", 0))) >= 3, what="it trades", seconds=SECONDS)
    with frozen(system, "postgres", "valkey"):
        answer = hft.post("/kill", json={"scope": "flatten", "reason": "test"})
        assert (answer.status_code, answer.json()["still_open"]) == (200, 0)
        assert hot(hft)["state"] == "HALTED"
        before = hot(hft)["sent"]
        until(lambda: hot(hft)["open_orders"] == 0, what="nothing is open", seconds=5)
        left = Decimal(hft.get("/positions").json()["items"][0]["quantity"])
        assert abs(left) < DUST
        until(lambda: hot(hft)["positions"] == [int(left / LOT)], what="the engine knows that it is flat", seconds=10)
    assert hot(hft)["sent"] == before
    hft.post("/resume", json={"reason": "test"})
    until(lambda: hot(hft)["state"] == "ACTIVE", what="it is resumed", seconds=SECONDS)
    sent(hft, int(str(before)) + 1)


def test_a_house_that_is_shut_leaves_neither_engine_nor_memory() -> None:
    with QbtcSystem(market="sim", options=("--only", "exchange,hft", "--symbols", "BTCUSDT")) as house:
        house.cli("strategy", "stop", "imbalance")
        house.cli("strategy", "start", "grid", "--tier", "hot")
        place = panel_path(house.home)
        until(place.exists, what="the engine's memory", seconds=SECONDS)
        pid = int(Panel.attach(place).record["head"]["pid"])
        house.cli("down")
        assert not engine_lives(pid)
        assert not place.exists()


def test_a_pause_leaves_the_engines_orders_and_a_cancel_takes_them(hft: httpx.Client) -> None:
    start(hft, "resting")
    until(lambda: hot(hft).get("open_orders") == 1, what="one order is open", seconds=SECONDS)
    hft.post("/kill", json={"scope": "pause", "reason": "test"})
    assert (hot(hft)["state"], hot(hft)["open_orders"]) == ("HALTED", 1)
    hft.post("/kill", json={"scope": "cancel", "reason": "test"})
    until(lambda: hot(hft)["open_orders"] == 0, what="nothing is open", seconds=SECONDS)


def test_a_strategy_that_never_returns_is_killed_and_named_and_stays_so_until_it_is_resumed(
    hft: httpx.Client,
) -> None:
    start(hft, "endless")
    until(lambda: hft.get("/risk").json()["state"] == "HALTED", what="trading is halted", seconds=SECONDS)
    reason = hft.get("/risk").json()["reason"]
    assert "endless" in reason
    assert "did not return" in reason
    until(lambda: hft.get("/orders").json()["items"] == [], what="its orders are cancelled", seconds=SECONDS)
    assert hot(hft)["phase"] == "blocked"
    hft.post("/strategies/endless", json={"action": "stop"})
    hft.post("/resume", json={"reason": "it is out"})
    assert hft.get("/risk").json()["state"] == "ACTIVE"


def test_a_strategy_that_asks_for_nan_is_named_and_halted_over_a_restart_until_it_is_resumed(
    system: QbtcSystem, hft: httpx.Client
) -> None:
    start(hft, "nonsense")
    until(lambda: hft.get("/risk").json()["state"] == "HALTED", what="trading is halted", seconds=SECONDS)
    assert "strategy nonsense (hot tier): it asked for a price or size that is NaN" in hft.get("/risk").json()["reason"]
    until(lambda: hft.get("/orders").json()["items"] == [], what="its orders are cancelled", seconds=SECONDS)
    system.wait_back("hft", system.kill("hft"))
    until(lambda: hot(hft).get("reason") == "STRATEGY", what="the engine is halted for it again", seconds=SECONDS)
    assert hft.get("/risk").json()["state"] == "HALTED"
    hft.post("/strategies/nonsense", json={"action": "stop"})
    hft.post("/resume", json={"reason": "it is out"})
    until(lambda: not hot(hft), what="the engine is gone", seconds=SECONDS)
    start(hft, "resting")
    until(lambda: hot(hft).get("state") == "ACTIVE", what="another strategy trades", seconds=SECONDS)
