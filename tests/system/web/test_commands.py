"""The command edge on a real database and bus: stored once, answered at once, told to its owner only."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import httpx
import psycopg
import pytest

from qbtc.contracts import Role
from qbtc.contracts.ui import UiUpdate
from qbtc.testing.waiting import until

System = Any
PAUSE = {"service": "hft", "action": "pause"}
ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "quantity": "0.01", "price": "60000"}


def send(client: httpx.Client, key: str, body: object, idempotency_key: str | None = None) -> httpx.Response:
    return client.post(
        f"/api/commands/{key}", json=body, headers={"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
    )


def test_a_command_is_accepted_and_its_result_comes_over_the_socket(system: System) -> None:
    client = system.signed_in("boss", Role.ADMIN)
    with system.socket(client) as socket:
        socket.subscribe("operations")
        accepted = send(client, "web.service.control", {"service": "web", "action": "resume"})
        assert accepted.status_code == 202
        operation_id = accepted.json()["operation_id"]
        assert accepted.json()["status_url"] == f"/api/operations/{operation_id}"
        update = socket.of("operations")
    assert (update["operation_id"], update["status"], update["data"]) == (operation_id, "done", {"service": "web"})
    assert client.get(accepted.json()["status_url"]).json()["status"] == "done"


def test_the_same_key_and_body_is_the_same_operation_and_another_body_is_a_conflict(system: System) -> None:
    client, key = system.script(user="twice"), str(uuid.uuid4())
    first = send(client, "web.service.control", PAUSE, key)
    again = client.post(
        "/api/commands/web.service.control",
        headers={"Idempotency-Key": key, "Content-Type": "application/json"},
        content=json.dumps(dict(reversed(PAUSE.items())), indent=3),
    )
    other = send(client, "web.service.control", PAUSE | {"action": "resume"}, key)
    assert (first.status_code, again.json()) == (202, first.json())
    assert (other.status_code, other.json()["type"]) == (409, "urn:qbtc:problem:idempotency-key-reused")


def test_what_is_sent_twice_reaches_the_bus_once(system: System) -> None:
    client, key = system.script(user="once"), str(uuid.uuid4())
    before = ready(system, "hft.orders")
    for _ in range(3):
        assert send(client, "hft.order.place", ORDER, key).status_code == 202
    deadline = time.monotonic() + 10
    while ready(system, "hft.orders") == before:
        assert time.monotonic() < deadline, "the order never reached its queue"
    send(client, "hft.order.place", ORDER | {"quantity": "0.02"})
    while ready(system, "hft.orders") < before + 2:
        assert time.monotonic() < deadline
    assert ready(system, "hft.orders") == before + 2


def ready(system: System, queue: str) -> int:
    rows = system.script().get("/api/web/bus/queues").json()["items"]
    return int(next(row["ready"] for row in rows if row["name"] == queue))


@pytest.mark.parametrize(
    ("key", "body", "status", "field"),
    [
        ("nope.no.no", {}, 404, "routing_key"),
        ("hft.market.state", {}, 400, "routing_key"),
        ("hft.order.place", ORDER | {"side": "HOLD"}, 400, "side"),
        ("hft.order.place", ORDER | {"quantity": "lots"}, 400, "quantity"),
        ("hft.order.place", ORDER | {"surprise": 1}, 400, "surprise"),
        ("hft.order.place", [], 400, None),
        ("web.service.control", {"service": "web", "action": "pause"}, 400, "action"),
    ],
)
def test_a_bad_command_is_refused_with_what_is_wrong_and_what_is_allowed(
    system: System, key: str, body: object, status: int, field: str | None
) -> None:
    response = send(system.script(), key, body)
    problem = response.json()
    assert (response.status_code, problem.get("field")) == (status, field)
    assert problem["detail"]
    assert problem["trace_id"]
    if field == "routing_key":
        assert "hft.order.place" in problem["allowed"]


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "with space in it"])
def test_an_idempotency_key_is_needed(system: System, key: str) -> None:
    response = system.script().post("/api/commands/hft.order.place", json=ORDER, headers={"Idempotency-Key": key})
    assert response.status_code == 400
    assert response.json()["type"] == "urn:qbtc:problem:idempotency-key-missing"


def test_a_body_that_is_too_large_is_refused(system: System) -> None:
    body = {"conversation": "c", "text": "x" * 300_000}
    assert send(system.script(), "ce3.tools.request", body).status_code == 413


def test_a_role_that_does_not_suffice_is_refused(system: System) -> None:
    viewer, trader = system.script(Role.VIEWER), system.script(Role.TRADER)
    assert send(viewer, "hft.order.place", ORDER).status_code == 403
    assert send(trader, "web.service.control", PAUSE).json()["allowed"] == "admin"


def test_an_operation_is_its_owners_and_an_administrators(system: System) -> None:
    owner, stranger, admin = (
        system.script(r, u) for r, u in ((Role.TRADER, "owner"), (Role.TRADER, "stranger"), (Role.ADMIN, "chief"))
    )
    url = send(owner, "hft.order.place", ORDER).json()["status_url"]
    assert owner.get(url).json()["status"] == "accepted"
    assert stranger.get(url).status_code == 404
    assert admin.get(url).status_code == 200
    assert owner.get("/api/operations/not-a-uuid").json()["allowed"] == "a UUID"


def grown_old(system: System, operation_id: str, seconds: int) -> None:
    """As if there had been no news of the operation for that long."""
    with psycopg.connect(system.secret("web")["database_url"]) as conn:
        conn.execute("SELECT set_config('qbtc.user', 'system', true)")
        found = conn.execute(
            "UPDATE operations SET updated_at = now() - make_interval(secs => %s) WHERE id = %s",
            (seconds, operation_id),
        )
        assert found.rowcount == 1


def test_a_kill_that_nobody_confirms_fails_in_time_and_a_late_confirmation_still_counts(system: System) -> None:
    client = system.script(Role.TRADER, "stopper")
    with system.socket(client) as socket:
        socket.subscribe("operations")
        sent = send(client, "hft.trading.kill", {"scope": "pause", "reason": "HFT is stopped"}).json()
        assert client.get(sent["status_url"]).json()["status"] == "accepted"
        grown_old(system, sent["operation_id"], 61)
        shown = socket.of("operations", seconds=20)
        problem = shown["problem"]
        assert (shown["operation_id"], shown["status"]) == (sent["operation_id"], "failed")
        assert (problem["type"], problem["status"]) == ("urn:qbtc:problem:not-confirmed", 504)
        assert "outcome is unknown" in problem["detail"]
        assert problem["trace_id"] == shown["trace_id"]
        late = UiUpdate(service="hft", operation_id=sent["operation_id"], status="done", data={"service": "hft"})
        system.publish("hft", "web.ui.update", late)
        shown = socket.of("operations")
        assert (shown["status"], shown["problem"]) == ("done", None)
        system.publish("hft", "web.ui.update", late.model_copy(update={"status": "failed"}))
        marker = send(client, "hft.order.place", ORDER).json()["operation_id"]
        system.publish("hft", "web.ui.update", UiUpdate(service="hft", operation_id=marker, status="running"))
        assert socket.of("operations")["operation_id"] == marker, "an end is never undone"


def test_what_may_still_be_on_its_way_is_not_given_up(system: System) -> None:
    """An order waits ten minutes for a stopped service, so it is still open after one."""
    client = system.script(Role.TRADER, "patient")
    order = send(client, "hft.order.place", ORDER).json()
    kill = send(client, "hft.trading.kill", {"scope": "pause"}).json()
    for sent in (order, kill):
        grown_old(system, sent["operation_id"], 61)
    until(lambda: client.get(kill["status_url"]).json()["status"] == "failed", what="the kill is given up")
    assert client.get(order["status_url"]).json()["status"] == "accepted"
