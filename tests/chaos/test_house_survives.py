"""Kill any service or engine with -9 while the loop runs: it comes back, and nothing confirmed is lost."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator

import httpx
import pytest
import redis

from qbtc.kit.ids import uuid7
from qbtc.testing.system import QbtcSystem, recorded_market
from qbtc.testing.waiting import until

pytestmark = pytest.mark.chaos


@pytest.fixture(scope="module")
def system() -> Iterator[QbtcSystem]:
    with QbtcSystem(market=recorded_market(), options=("--loop",)) as running:
        yield running


@pytest.fixture(scope="module")
def admin(system: QbtcSystem) -> Iterator[httpx.Client]:
    with system.client("admin") as client:
        yield client


def _store(admin: httpx.Client, text: str) -> str | None:
    """Operation id when the command was accepted; None when the edge refused (then nothing was promised)."""
    try:
        answer = admin.post(
            "/api/commands/cio.memory.store", json={"text": text}, headers={"Idempotency-Key": uuid7()}, timeout=5.0
        )
    except httpx.HTTPError:
        return None
    return str(answer.json()["operation_id"]) if answer.status_code == 202 else None


def _status(admin: httpx.Client, operation: str) -> str | None:
    try:
        answer = admin.get(f"/api/operations/{operation}", timeout=5.0)
    except httpx.HTTPError:
        return None
    return str(answer.json().get("status")) if answer.status_code == 200 else None


def _bars(admin: httpx.Client) -> int:
    try:
        items = admin.get("/api/qcs/states/latest", timeout=5.0).json().get("items") or []
    except (httpx.HTTPError, ValueError):
        return 0
    return max((int(item["bar_end"]) for item in items), default=0)


@pytest.mark.parametrize("part", ["hft", "qcs", "cio", "ce3", "web", "exchange", "nginx", "valkey", "postgres"])
def test_a_part_killed_with_9_comes_back_and_nothing_accepted_is_lost(
    system: QbtcSystem, admin: httpx.Client, part: str
) -> None:
    marker = f"{part}-{uuid7()[-8:]}"
    accepted = [op for i in range(5) if (op := _store(admin, f"before {marker} {i}"))]
    old = system.kill(part)
    accepted += [op for i in range(5) if (op := _store(admin, f"during {marker} {i}"))]
    system.wait_back(part, old)
    assert len(accepted) >= 5
    for operation in accepted:
        until(lambda op=operation: _status(admin, op) == "done", seconds=60, what=f"operation {operation} done")
    before = _bars(admin)
    until(lambda: _bars(admin) > before, seconds=90, what="the decision loop goes on")
    events = [line for line in system.logs()["supervisor"] if f'"{part}' in line or part in line]
    assert any("SIGKILL" in line or "signal" in line or "-9" in line for line in events), "the log tells what happened"


OPTION = {"kind": "option", "parameters": {"spot": 2.0, "strike": 1.896, "days": 40}}


def _job(admin: httpx.Client) -> str | None:
    """Id of an accepted job; None when it was refused or nobody answered."""
    try:
        answer = admin.post("/api/qcs/jobs", json=OPTION, timeout=5.0)
    except httpx.HTTPError:
        return None
    return str(answer.json()["id"]) if answer.status_code == 202 else None


def test_every_accepted_job_is_there_after_qcs_was_killed_with_9_and_comes_to_an_end(system: QbtcSystem, admin: httpx.Client) -> None:
    accepted: list[str] = []
    for _ in range(3):
        accepted += [job for _ in range(3) if (job := _job(admin))]
        old = system.kill("qcs")
        accepted += [job for _ in range(3) if (job := _job(admin))]
        system.wait_back("qcs", old)
        found = {job: admin.get(f"/api/qcs/jobs/{job}").status_code for job in accepted}
        assert set(found.values()) == {200}, found
    assert len(accepted) >= 3

    def over() -> bool:
        states = {admin.get(f"/api/qcs/jobs/{job}").json()["state"] for job in accepted}
        return states <= {"done", "interrupted"}

    until(over, seconds=120, what="every job done, or interrupted by the kill")


def test_the_kill_switch_works_without_database_cache_and_bus(system: QbtcSystem) -> None:
    token = system.token("trader")
    base = f"http://127.0.0.1:{8400 + system.offset}"
    headers = {"Authorization": f"Bearer {token}"}
    stopped = [system.pid(name) for name in ("postgres", "valkey")]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        answer = httpx.post(f"{base}/kill", json={"scope": "pause", "reason": "test"}, headers=headers, timeout=5.0)
        assert answer.status_code == 200, answer.text
        assert httpx.get(f"{base}/risk", headers=headers, timeout=5.0).json()["state"] == "HALTED"
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    resumed = httpx.post(f"{base}/resume", json={"reason": "test"}, headers=headers, timeout=10.0)
    assert resumed.status_code == 200, resumed.text


def test_flushall_under_load_loses_nothing_but_speed(system: QbtcSystem, admin: httpx.Client) -> None:
    password = json.loads((system.home / "secrets/valkey.json").read_text())["qbtc_admin"]
    with redis.Redis(
        unix_socket_path=str(system.home / "valkey/valkey.sock"), username="qbtc_admin", password=password
    ) as cache:
        cache.flushall()
    operation = _store(admin, "after the flush")
    assert operation is not None
    until(lambda: _status(admin, operation) == "done", what="a command after FLUSHALL")
    until(lambda: admin.get("/api/hft/positions").status_code == 200, what="positions after FLUSHALL")
