"""The hub over real sockets: streams from Redis, events from the bus, watchers, refusals."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from qbtc.contracts import Role
from qbtc.contracts.memory import Reflection
from qbtc.contracts.tools import TurnEvent
from qbtc.contracts.ui import UiUpdate

System = Any


def test_what_a_service_streams_reaches_the_screen(system: System) -> None:
    with system.socket(system.script()) as socket, system.redis("hft") as redis:
        socket.subscribe("ticker.ETHUSDT", "book.ETHUSDT")
        socket.until(lambda item: item["k"] == "hello")
        redis.publish("hft:stream:ticker.ETHUSDT", b'{"last":"3000.10"}')
        assert socket.of("ticker.ETHUSDT") == {"last": "3000.10"}
        bids = [["3000", "1"], ["2999", "2"], ["2998", "3"]]
        redis.publish("hft:stream:book.ETHUSDT", json.dumps({"seq": 7, "bids": bids, "asks": []}))
        snap = socket.until(lambda item: item.get("c") == "book.ETHUSDT")
        redis.publish("hft:stream:book.ETHUSDT", json.dumps({"seq": 8, "bids": bids[:2], "asks": []}))
        delta = socket.until(lambda item: item.get("c") == "book.ETHUSDT")
    assert (snap["k"], snap["v"]["bids"]) == ("snap", bids)
    assert (delta["k"], delta["seq"], delta["v"]) == ("delta", snap["seq"] + 1, {"bids": [["2998", "0"]], "asks": []})


def test_a_stream_message_that_is_no_value_is_not_passed_on(system: System) -> None:
    with system.socket(system.script()) as socket, system.redis("hft") as redis:
        socket.subscribe("ticker.XRPUSDT")
        socket.until(lambda item: item["k"] == "hello")
        for bad in (b"{not json", b'{"a":1} trailing', b""):
            redis.publish("hft:stream:ticker.XRPUSDT", bad)
        redis.publish("hft:stream:ticker.XRPUSDT", b'"good"')
        assert socket.of("ticker.XRPUSDT") == "good"


def test_an_event_on_the_bus_becomes_a_line_of_the_decision_loop_in_two_languages(system: System) -> None:
    reflection = Reflection(
        reflection_id=str(uuid.uuid4()),
        symbol="BTCUSDT",
        text_en="It rose before.",
        text_es="Antes subió.",
        rule="r",
        confidence=0.5,
        evidence=("m1",),
        sample=3,
        moment_id="m0",
        created_at=datetime.now(UTC),
    )
    with system.socket(system.script()) as socket:
        socket.subscribe("events", "reflections")
        sent = system.publish("cio", "cio.memory.reflected", reflection)
        line = socket.until(lambda i: i.get("c") == "events" and i["v"]["summary_en"] == "It rose before.")["v"]
        assert (line["service"], line["summary_es"], line["symbol"]) == ("cio", "Antes subió.", "BTCUSDT")
        assert sent.traceparent is not None
        assert line["trace_id"] == sent.traceparent.split("-")[1]
    assert line in system.script().get("/api/web/overview").json()["events"]["items"]


def test_a_log_is_resumed_where_it_was_left(system: System) -> None:
    def say(n: int) -> None:
        system.publish("qcs", "web.ui.update", UiUpdate(service="qcs", channel="fills", data={"n": n}))

    with system.socket(system.script()) as socket:
        socket.subscribe("fills")
        say(1)
        item = socket.until(lambda i: i.get("c") == "fills" and i["v"] == {"n": 1})
    say(2)
    say(3)
    with system.socket(system.script()) as socket:
        socket.subscribe("fills", epoch=item["epoch"], offset=item["offset"])
        assert [socket.of("fills"), socket.of("fills")] == [{"n": 2}, {"n": 3}]


def test_a_chat_turn_reaches_the_person_it_is_for_and_nobody_who_claims_its_name(system: System) -> None:
    ann, bob = system.script(Role.VIEWER, "ann2"), system.script(Role.VIEWER, "bob2")
    channel, body = "turn.main", {"conversation": "main", "text": "hello"}
    with system.socket(ann) as hers, system.socket(bob) as his:
        hers.subscribe(channel)
        his.subscribe(channel, "events")
        claimed = bob.post(
            "/api/commands/ce3.tools.request", json=body, headers={"Idempotency-Key": str(uuid.uuid4())}
        )
        assert claimed.status_code == 202
        event = TurnEvent(conversation="main", turn="t", offset=0, kind="text", text="for ann")
        system.publish("ce3", "ce3.turn.delta", event, person="ann2")
        assert hers.of(channel)["text"] == "for ann"
        system.publish("ce3", "ce3.turn.delta", event.model_copy(update={"text": "for bob"}), person="bob2")
        assert his.of(channel)["text"] == "for bob"


def test_services_engines_and_queues_are_watched(system: System) -> None:
    with system.socket(system.script()) as socket:
        socket.subscribe("services", "engines", "queues", "telemetry")
        services = {row["name"]: row["state"] for row in socket.of("services")["items"]}
        assert (services["web"], services["hft"]) == ("ready", "down")
    rows = {row["name"]: row for row in system.script().get("/api/web/engines").json()["items"]}
    assert {"postgres", "valkey", "nginx"} <= set(rows)
    assert rows["postgres"]["state"] == "ready"


def test_new_log_lines_reach_the_screen(system: System) -> None:
    with system.socket(system.script()) as socket:
        socket.subscribe("logs")
        client = system.browser()
        client.post("/api/web/auth/login", json={"user": "no-such-user", "password": "x"})
        row = socket.until(lambda i: i.get("c") == "logs" and i["v"]["message"] == "login refused")["v"]
    assert (row["service"], row["level"]) == ("web", "warning")


def test_a_ticket_opens_one_socket_once(system: System) -> None:
    ticket = system.script().post("/api/web/ticket").json()["ticket"]
    with connect(f"{system.socket_url}?ticket={ticket}") as connection:
        assert '"hello"' in str(connection.recv(timeout=5))
    for bad in (ticket, "", "x" * 5000):
        with pytest.raises(InvalidStatus) as refused, connect(f"{system.socket_url}?ticket={bad}"):
            pass
        assert refused.value.response.status_code in (403, 414)


def test_a_foreign_page_cannot_open_a_socket(system: System) -> None:
    ticket = system.script().post("/api/web/ticket").json()["ticket"]
    address = f"{system.socket_url}?ticket={ticket}"
    with pytest.raises(InvalidStatus), connect(address, origin="https://evil.example"):  # type: ignore[arg-type]
        pass


def test_nonsense_on_the_socket_is_answered_and_a_flood_ends_it(system: System) -> None:
    with system.socket(system.script()) as socket:
        socket.connection.send("nonsense")
        assert socket.until(lambda i: i["k"] == "error")["v"]["field"] == "message"
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(5000):
                socket.say(op="ping")
            socket.until(lambda _: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4008


def test_a_trace_is_read_back_as_a_tree(system: System) -> None:
    client = system.script()
    trace_id = client.get("/api/web/services").headers["x-trace-id"]
    with system.socket(client) as socket:
        socket.subscribe("telemetry", rate=1)
        for _ in range(3):
            found = client.get(f"/api/web/traces/{trace_id}")
            if found.status_code == 200:
                break
            socket.of("telemetry")
    assert found.json()["roots"][0]["name"] == "GET /services"
    assert client.get("/api/web/traces/" + "0" * 32).status_code == 404


def test_logs_and_metrics_are_read_back_and_bad_questions_refused(system: System) -> None:
    client = system.script()
    rows = client.get("/api/web/logs?service=web&limit=5").json()["items"]
    assert {row["service"] for row in rows} == {"web"}
    assert client.get("/api/web/logs?level=loud").json()["allowed"] == ["debug", "info", "warning", "error", "critical"]
    assert client.get("/api/web/logs?limit=0").status_code == 400
    points = client.get("/api/web/metrics/history?service=web&name=process_resident_memory_bytes").json()["items"]
    assert points[-1]["v"] > 1_000_000
    assert client.get("/api/web/metrics/history?service=moon").json()["field"] == "service"
