"""Turns over HTTP and over the bus, on a real database and bus: once, in order, and only for their owner."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator

import httpx
import pytest

from qbtc.contracts import Envelope
from qbtc.contracts.tools import ToolRequest, TurnFinished
from qbtc.kit.bus import Delivery, RemoteError, open_bus
from qbtc.kit.store import Store
from qbtc.testing.waiting import eventually, until

from .conftest import Installation

PROBLEM = "application/problem+json"


@pytest.fixture
def http(ce3: Installation) -> Iterator[httpx.Client]:
    with ce3.http() as client:
        yield client


def events(client: httpx.Client, conversation: str) -> list[dict[str, object]]:
    answer = client.get(f"/conversations/{conversation}/events")
    return answer.json()["items"] if answer.status_code == 200 else []


def test_a_question_over_http_is_answered_with_its_tools_and_kept_in_the_log(http: httpx.Client) -> None:
    answer = http.post("/ask", json={"text": "¿qué hora es?", "conversation": "clock"})
    assert answer.status_code == 200
    finished = TurnFinished.model_validate_json(answer.content)
    assert "UTC" in finished.text and finished.model == "offline planner"
    assert [t.tool for t in finished.tools] == ["clock"]
    log = events(http, "clock")
    assert [e["kind"] for e in log] == ["user", "tool_call", "tool_result", "text", "done"]
    assert [e["offset"] for e in log] == [0, 1, 2, 3, 4]
    assert [c["id"] for c in http.get("/conversations").json()["items"]] == ["clock"]


def test_a_service_that_is_away_is_said_and_the_turn_still_ends(http: httpx.Client) -> None:
    answer = http.post("/ask", json={"text": "what is the price of bitcoin"}).json()
    assert "**price** did not work" in answer["text"]
    assert answer["tools"][0]["ok"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "text"), ({"text": ""}, "text"), ({"text": "x" * 50_001}, "text"), ({"text": "a", "language": "fr"}, "language"),
     ({"text": "a", "conversation": "no/slash"}, "conversation")],
)
def test_a_bad_question_is_refused_with_its_field(http: httpx.Client, body: dict[str, str], field: str) -> None:
    answer = http.post("/ask", json=body)
    assert 400 <= answer.status_code < 500 and answer.headers["content-type"].startswith(PROBLEM)
    assert field in json.dumps(answer.json())


def test_signs_that_no_database_keeps_do_not_break_a_turn(http: httpx.Client) -> None:
    answer = http.post("/ask", json={"text": "hel\x00p \U0001f600", "conversation": "signs"})
    assert answer.status_code == 200
    assert events(http, "signs")[0]["text"] == "hel\ufffdp \U0001f600"


def test_without_a_token_nothing_is_said(ce3: Installation) -> None:
    with httpx.Client(base_url=ce3.url, trust_env=False) as nobody:
        paths = ("/tools", "/models", "/conversations", "/conversations/x/events", "/conversations/x/stream")
        assert {nobody.get(path).status_code for path in paths} == {401}
        assert nobody.post("/ask", json={"text": "hi"}).status_code == 401
        assert nobody.get("/health/live").status_code == 200


def test_a_conversation_of_another_person_is_neither_read_nor_written(ce3: Installation, http: httpx.Client) -> None:
    assert http.post("/ask", json={"text": "help", "conversation": "of-ana"}).status_code == 200
    with ce3.http("bob") as bob:
        assert bob.get("/conversations").json()["items"] == []
        assert bob.get("/conversations/of-ana/events").status_code == 404
        taken = bob.post("/ask", json={"text": "help", "conversation": "of-ana"})
        assert taken.status_code == 409 and taken.json()["type"] == "urn:qbtc:problem:conversation-taken"
    assert [e["kind"] for e in events(http, "of-ana")].count("user") == 1


def lines(client: httpx.Client, conversation: str, upto: int, **headers: str) -> list[dict[str, object]]:
    """Events of the stream until offset `upto`."""
    found: list[dict[str, object]] = []
    with client.stream("GET", f"/conversations/{conversation}/stream", headers=headers) as stream:
        assert stream.status_code == 200
        for line in stream.iter_lines():
            if line.startswith("data: "):
                found.append(json.loads(line.removeprefix("data: ")))
                if found[-1]["offset"] == upto:
                    return found
    raise AssertionError("the stream ended")


def test_the_stream_gives_the_log_and_resumes_after_the_last_event_seen(http: httpx.Client) -> None:
    http.post("/ask", json={"text": "what time is it", "conversation": "streamed"})
    assert [e["offset"] for e in lines(http, "streamed", 4)] == [0, 1, 2, 3, 4]
    assert [e["offset"] for e in lines(http, "streamed", 4, **{"Last-Event-ID": "2"})] == [3, 4]


def test_a_stream_may_be_opened_before_the_conversation_begins(ce3: Installation, http: httpx.Client) -> None:
    found: list[dict[str, object]] = []
    reader = threading.Thread(target=lambda: found.extend(lines(http, "later", 4)))
    reader.start()
    with ce3.http() as other:
        other.post("/ask", json={"text": "what time is it", "conversation": "later"})
    reader.join(15)
    assert [e["kind"] for e in found] == ["user", "tool_call", "tool_result", "text", "done"]


async def test_a_turn_over_the_bus_is_answered_run_once_and_vouched_for_its_person(ce3: Installation) -> None:
    store = Store(ce3.dsns["web"], name="web")
    await store.open()
    web = ce3.messenger("web", store)
    await web.bus.start()
    try:
        request = ToolRequest(conversation="by-bus", tool="clock")
        actor = ce3.acting_for("web", "ana")
        answer = await web.request("ce3.tools.request", request, reply=TurnFinished, timeout=10, actor=actor)
        assert answer.tools[0].ok and answer.conversation == "by-bus"
        with pytest.raises(RemoteError, match="not yours"):
            await web.request(
                "ce3.tools.request", request, reply=TurnFinished, timeout=10, actor=ce3.acting_for("web", "bob")
            )
        failed = ToolRequest(conversation="by-bus", tool="nothing")
        answer = await web.request("ce3.tools.request", failed, reply=TurnFinished, timeout=10, actor=actor)
        assert not answer.tools[0].ok
    finally:
        await web.bus.close()
        await store.close()
    assert ce3.rows("SELECT state, count(*) FROM ce3_tools.turns WHERE conversation = 'by-bus' GROUP BY 1") == [("done", 2)]


async def test_what_a_turn_says_on_the_bus_names_its_person(ce3: Installation) -> None:
    """Also of a turn asked over HTTP: whoever shows it must not guess from the conversation's name."""
    with ce3.http("eva") as eva:
        assert eva.post("/ask", json={"text": "what time is it", "conversation": "of-eva"}).status_code == 200
    heard: list[Envelope] = []

    async def hear(delivery: Delivery) -> None:
        if delivery.envelope.data["conversation"] == "of-eva":
            heard.append(delivery.envelope)

    bus = open_bus(ce3.dsns["web"], service="web")
    await bus.start()
    try:
        await bus.consume("web.turns", hear)
        await eventually(lambda: any(e.data.get("kind") == "done" for e in heard), what="the end of the turn")
    finally:
        await bus.close()
    assert {e.type for e in heard} == {"ce3.turn.delta", "ce3.tools.finished"}
    people = {ce3.tokens("web").verify(e.actor or "", at=e.time).owner for e in heard}
    assert people == {"eva"}


def test_many_questions_in_one_conversation_are_answered_one_after_the_other(ce3: Installation) -> None:
    def ask() -> None:
        with ce3.http() as client:
            assert client.post("/ask", json={"text": "help", "conversation": "busy"}).status_code == 200

    threads = [threading.Thread(target=ask) for _ in range(6)]
    [t.start() for t in threads]
    [t.join(30) for t in threads]
    with ce3.http() as client:
        log = events(client, "busy")
    assert [e["offset"] for e in log] == list(range(len(log)))
    turns = [e["turn"] for e in log]
    changes = sum(a != b for a, b in itertools.pairwise(turns))
    assert changes == 5, "turns of one conversation do not interleave"


def test_rows_without_a_person_are_nobodys(ce3: Installation) -> None:
    import psycopg

    with psycopg.connect(ce3.dsns["ce3"]) as plain:
        for table in ("conversations", "turns", "events", "messages"):
            assert plain.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,), table


def test_the_openapi_document_names_the_paths(http: httpx.Client) -> None:
    until(lambda: http.get("/openapi.json").status_code == 200, what="the document")
    assert {"/ask", "/tools", "/conversations", "/models"} <= set(http.get("/openapi.json").json()["paths"])
