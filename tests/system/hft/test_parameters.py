"""Proposed parameters on a whole engine: searched, approved, watched over a restart, and set back when they really lose."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from qbtc.testing.system import QbtcSystem
from qbtc.testing.tide import write_strategy, write_tape
from qbtc.testing.waiting import until

pytestmark = pytest.mark.timeout(900)
SECONDS = 300.0
ENV = {
    "QBTC_HFT_RESEARCH_NICE": "0",
    "QBTC_HFT_WATCH_SECONDS": "0.3", "QBTC_HFT_WATCH_FILLS": "5", "QBTC_HFT_STRATEGIES": "", "QBTC_HFT_DEAD_MAN_SECONDS": "86400",
    "QBTC_HFT_MAX_SPREAD_BP": "10000", "QBTC_HFT_MAX_MOVE_BP": "10000",
}  # fmt: skip
SEARCH = {
    "strategy": "tide", "tape": "made", "grid": {"way": [-1, 0, 1]}, "train": "4m", "test": "2m", "fees": "maker=0,taker=0",
}  # fmt: skip


@pytest.fixture(scope="module")
def system() -> Iterator[QbtcSystem]:
    made = QbtcSystem(market="sim", options=("--only", "exchange,hft", "--symbols", "BTCUSDT"), env=ENV)
    write_strategy(made.home / "strategies")
    write_tape(made.home / "data" / "made" / "btc")
    with made:
        yield made


@pytest.fixture
def hft(system: QbtcSystem) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {system.token('trader', 'ada')}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{8400 + system.offset}", headers=headers, timeout=30) as client:
        yield client


def way(hft: httpx.Client) -> float:
    return next(float(row["parameters"]["way"]) for row in hft.get("/strategies").json()["items"] if row["name"] == "tide")


def set_way(hft: httpx.Client, value: int, action: str = "stop") -> None:
    assert hft.post("/strategies/tide", json={"action": action, "parameters": {"way": value}}).status_code == 200


def proposed(hft: httpx.Client, **changed: Any) -> dict[str, Any]:
    """A fresh proposal."""
    asked = hft.post("/parameters/proposals", json={**SEARCH, **changed})
    assert asked.status_code == 202, asked.text
    run = asked.json()["id"]

    def state() -> str:
        return str(hft.get(f"/research/runs/{run}").json()["state"])

    until(lambda: state() in ("done", "failed", "cancelled"), what="the search has ended", seconds=SECONDS)
    assert state() == "done", hft.get(f"/research/runs/{run}").json()["error"]
    return dict(hft.get(f"/parameters/proposals/{run}").json())


def test_approved_parameters_that_really_lose_are_set_back_with_the_evidence_and_a_restart_loses_nothing(
    system: QbtcSystem, hft: httpx.Client
) -> None:
    found = proposed(hft)
    assert (found["status"], found["reasons"]) == ("proposed", [])
    assert found["changes"] == [{"name": "way", "current": -1, "proposed": 1}]
    assert way(hft) == -1  # nothing is applied without a person
    set_way(hft, -1, "start")
    done = json.loads(system.cli("propose", "approve", found["id"], "--json").stdout)
    assert (done["status"], way(hft)) == ("watched", 1)
    again = hft.post(f"/parameters/proposals/{found['id']}/approve")
    assert (again.status_code, again.json()["type"]) == (409, "urn:qbtc:problem:not-waiting")

    def seen() -> dict[str, Any]:
        return dict(hft.get(f"/parameters/proposals/{found['id']}").json()["watch"] or {})

    until(lambda: seen()["fills"] >= 1, what="it trades", seconds=SECONDS)
    system.wait_back("hft", system.kill("hft"))
    until(lambda: hft.get(f"/parameters/proposals/{found['id']}").json()["status"] == "rolled-back", what="it is set back", seconds=SECONDS)
    last = hft.get(f"/parameters/proposals/{found['id']}").json()
    assert way(hft) == -1
    assert last["evidence"]["profit"] < last["evidence"]["lowest"] < 0
    assert last["evidence"]["fills"] >= 5
    assert last["ended"] is not None
    row = next(row for row in hft.get("/strategies").json()["items"] if row["name"] == "tide")
    assert row["state"] in ("running", "starting")  # with its former parameters
    set_way(hft, -1)


def test_a_diff_that_is_not_about_the_present_parameters_is_not_applied(hft: httpx.Client) -> None:
    found = proposed(hft)
    set_way(hft, 0)
    refused = hft.post(f"/parameters/proposals/{found['id']}/approve")
    assert (refused.status_code, refused.json()["field"]) == (409, "parameters")
    assert way(hft) == 0
    set_way(hft, -1)
    rejected = hft.post(f"/parameters/proposals/{found['id']}/reject")
    assert (rejected.json()["status"], rejected.json()["decided_by"]) == ("rejected", "ada")
    assert way(hft) == -1
    assert hft.post(f"/parameters/proposals/{found['id']}/approve").status_code == 409


def test_a_person_who_changes_the_parameters_ends_the_watch(hft: httpx.Client) -> None:
    found = proposed(hft)
    assert hft.post(f"/parameters/proposals/{found['id']}/approve").status_code == 200
    set_way(hft, 0)
    until(lambda: hft.get(f"/parameters/proposals/{found['id']}").json()["status"] == "superseded", what="it is over", seconds=30)
    assert way(hft) == 0
    set_way(hft, -1)


def test_a_search_on_a_schedule_is_made_at_once_and_says_no_where_it_only_loses(hft: httpx.Client) -> None:
    before = {row["id"] for row in hft.get("/parameters/proposals").json()["items"]}
    plan = {**SEARCH, "fees": "maker=0.001,taker=0.001", "grid": {"way": [-1, 1]}, "every_seconds": 86_400}
    assert hft.post("/parameters/schedules", json=plan).status_code == 201
    until(
        lambda: {row["id"] for row in hft.get("/parameters/proposals").json()["items"]} - before, what="it was made", seconds=SECONDS
    )
    made = hft.get("/parameters/proposals").json()["items"][0]
    assert made["status"] == "no-change"
    assert "loss" in {reason["doubt"] for reason in made["reasons"]}
    assert made["by"] == "schedule of ada"
    (kept,) = hft.get("/parameters/schedules").json()["items"]
    assert kept["last_run"] == made["id"]
    assert hft.delete("/parameters/schedules/tide").status_code == 204
    assert hft.delete("/parameters/schedules/tide").status_code == 404


def test_a_search_survives_the_death_of_the_service_and_leaves_no_process_behind(system: QbtcSystem, hft: httpx.Client) -> None:
    run = hft.post("/parameters/proposals", json=SEARCH).json()["id"]

    def state() -> str:
        return str(hft.get(f"/research/runs/{run}").json()["state"])

    until(lambda: state() == "running", what="it begins", seconds=SECONDS)
    assert workers(run)
    gone = system.kill("hft")
    until(lambda: not workers(run), what="the process died with its service", seconds=60)
    system.wait_back("hft", gone)
    until(lambda: state() == "done", what="it went on", seconds=SECONDS)
    assert hft.get(f"/parameters/proposals/{run}").json()["changes"] == [{"name": "way", "current": -1, "proposed": 1}]


def workers(run: str) -> list[str]:
    """Processes that work on a run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if run.encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tape": "../secrets"}, "tape"), ({"strategy": "nobody"}, "strategy"), ({"grid": {"way": [5]}}, "grid"),
        ({"grid": {"no": [1]}}, "grid"), ({"train": "soon"}, "train"), ({"latency": "/etc/x.npy"}, "latency"), ({"fill": "venue"}, "fill"),
        ({"objective": "luck"}, "objective"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_the_field(hft: httpx.Client, changed: dict[str, Any], field: str) -> None:
    answer = hft.post("/parameters/proposals", json={**SEARCH, **changed})
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field


def test_who_may_only_look_decides_nothing_and_starts_nothing(system: QbtcSystem, hft: httpx.Client) -> None:
    hft.headers["Authorization"] = f"Bearer {system.token('viewer', 'eve')}"
    assert hft.get("/parameters/proposals").status_code == 200
    assert hft.post("/parameters/proposals", json=SEARCH).status_code == 403
    assert hft.post("/research/backtests", json={"strategy": "tide", "tape": "made"}).status_code == 403
    assert hft.post("/parameters/proposals/x/approve").status_code == 403


def test_a_strategy_of_several_markets_is_refused_before_anything_is_queued(hft: httpx.Client) -> None:
    for path, more in (("backtests", {}), ("/parameters/proposals", {"grid": {"enter": [1, 2]}})):
        answer = hft.post(path if path[0] == "/" else f"/research/{path}", json={"strategy": "pairs", "tape": "made", **more})
        assert (answer.status_code, answer.json()["field"]) == (400, "strategy")
        assert "pairs trades 2 markets at once (a, b)" in answer.json()["detail"]


def test_a_backtest_is_started_over_http_and_its_report_is_a_file_that_may_do_nothing(hft: httpx.Client) -> None:
    asked = hft.post("/research/backtests", json={"strategy": "tide", "tape": "made/btc", "parameters": {"way": 1}})
    assert asked.status_code == 202
    run = asked.json()["id"]
    until(lambda: hft.get(f"/research/runs/{run}").json()["state"] == "done", what="it is done", seconds=SECONDS)
    report = hft.get(f"/research/runs/{run}/report?lang=es")
    assert report.text.startswith('<!DOCTYPE html>\n<html lang="es">')
    assert "sandbox" in report.headers["content-security-policy"]
    assert report.headers["content-disposition"].startswith("attachment")
    assert hft.get(f"/research/runs/{run}").json()["result"]["stats"]["fills"] > 0
    assert [row["name"] for row in hft.get("/research/tapes").json()["items"]] == ["made/btc"]
    assert hft.delete(f"/research/runs/{run}").status_code == 204
    assert hft.get(f"/research/runs/{run}").status_code == 404
    assert hft.get("/research/runs/..%2f..%2fsecrets/report").status_code == 404
