"""Faults without sockets: same seed, same faults; what is told apart; what becomes of answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping

import msgspec
import pytest

from qbtc.exchange.faults import (
    Answers,
    Faults,
    FaultyEndpoint,
    Line,
    Noise,
    Plan,
    stream_event,
    user_event,
)
from qbtc.exchange.faults_http import FaultyApp, Message, Receive, Scope, Send
from qbtc.exchange.sockets import Session


class Wire:
    """A session that remembers, and timers that run when told."""

    address, path, query = "127.0.0.1", "/ws", ""
    headers: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.dropped = False
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def send(self, message: bytes) -> None:
        self.sent.append(message)

    send_binary = send

    def close(self, code: int, reason: str) -> None:
        self.dropped = True

    def drop(self) -> None:
        self.dropped = True

    def later(self, delay: float, call: Callable[[], None]) -> None:
        self.timers.append((delay, call))

    def run_timers(self) -> None:
        while self.timers:
            timers, self.timers = sorted(self.timers, key=lambda timer: timer[0]), []
            for _, call in timers:
                call()


def heard(noise: Noise, seed: int = 1, count: int = 200) -> list[int]:
    """What comes of events 0, 1, 2..."""
    wire, faults = Wire(), Faults()
    faults.set(Plan(seed=seed, market=noise))
    line = Line(faults, lambda: noise, wire, wire.later)
    for number in range(count):
        line.put(lambda number=number: wire.send(b"%d" % number))  # type: ignore[misc]
    wire.run_timers()
    return [int(frame) for frame in wire.sent]


def test_no_noise_changes_nothing() -> None:
    assert heard(Noise()) == list(range(200))


def test_the_same_seed_gives_the_same_faults_and_another_one_others() -> None:
    noise = Noise(drop=0.2, duplicate=0.2, reorder=0.2)
    assert heard(noise) == heard(noise)
    assert heard(noise) != heard(noise, seed=2)


def test_dropped_events_are_missing_and_the_rest_is_in_order() -> None:
    left = heard(Noise(drop=0.3))
    assert left == sorted(left)
    assert 100 < len(left) < 180


def test_doubled_events_come_twice() -> None:
    left = heard(Noise(duplicate=0.3))
    assert sorted(set(left)) == list(range(200))
    assert 230 < len(left) < 290


def test_reordered_events_are_overtaken_by_one_and_none_is_lost() -> None:
    left = heard(Noise(reorder=0.5))
    assert sorted(left) == list(range(200))
    assert left != sorted(left)
    assert all(abs(place - number) <= 1 for place, number in enumerate(left))


def test_late_events_keep_their_order() -> None:
    assert heard(Noise(delay_ms=2)) == list(range(200))


def test_a_cut_comes_without_a_word() -> None:
    wire, faults = Wire(), Faults()
    noise = Noise(disconnect=1)
    faults.set(Plan(market=noise))
    Line(faults, lambda: noise, wire, wire.later).put(lambda: wire.send(b"x"))
    assert (wire.dropped, wire.sent) == (True, [])


class Desk:
    """An endpoint that does what it is asked and then says so, with an event beside."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def opened(self, session: Session) -> None:
        session.send(b'{"subscriptionId":0,"event":{}}')

    def on_frame(self, session: Session, message: bytes) -> None:
        body = json.loads(message)
        self.done.append(body["method"])
        session.send(msgspec.json.encode({"id": body["id"], "status": 200, "result": {}}))

    def closed(self, session: Session) -> None:
        self.done.append("closed")


def asked(plan: Plan, method: str) -> tuple[Desk, list[dict[str, object]]]:
    desk, wire, faults = Desk(), Wire(), Faults()
    faults.set(plan)
    endpoint = FaultyEndpoint(desk, faults, wire.later, noise=lambda plan: plan.user, is_event=user_event)
    endpoint.opened(wire)
    endpoint.on_frame(wire, msgspec.json.encode({"id": "x1", "method": method}))
    return desk, [json.loads(frame) for frame in wire.sent if b'"id"' in frame]


def test_refused_means_not_done_and_failed_means_done() -> None:
    desk, answers = asked(Plan(answers=Answers(refuse=1)), "order.place")
    assert (desk.done, answers[0]["status"], answers[0]["id"]) == ([], 503, "x1")
    desk, answers = asked(Plan(answers=Answers(fail=1)), "order.place")
    assert (desk.done, answers[0]["status"]) == (["order.place"], 503)
    assert "unknown" in str(answers[0]["error"])
    desk, answers = asked(Plan(answers=Answers(lose=1)), "order.place")
    assert (desk.done, answers) == (["order.place"], [])


def test_only_chosen_requests_meet_a_fate() -> None:
    desk, answers = asked(Plan(answers=Answers(refuse=1, only=("order.cancel",))), "order.place")
    assert (desk.done, answers[0]["status"]) == (["order.place"], 200)


def test_user_noise_spares_answers() -> None:
    desk, wire, faults = Desk(), Wire(), Faults()
    faults.set(Plan(user=Noise(drop=1)))
    endpoint = FaultyEndpoint(desk, faults, wire.later, noise=lambda plan: plan.user, is_event=user_event)
    endpoint.opened(wire)
    endpoint.on_frame(wire, b'{"id":1,"method":"ping"}')
    assert [json.loads(frame)["status"] for frame in wire.sent] == [200]
    assert faults.done["drop"] == 1
    endpoint.closed(wire)
    assert desk.done[-1] == "closed"


def test_answers_to_control_messages_are_no_stream_events() -> None:
    assert not stream_event(b'{"result":null,"id":1}')
    assert stream_event(b'{"e":"trade"}')


def call(app: FaultyApp, method: str, path: str, body: bytes = b"", address: str = "127.0.0.1") -> tuple[int, bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "client": (address, 1)}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


class Shop:
    """An ASGI application that counts."""

    def __init__(self) -> None:
        self.served = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.served += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % self.served})


def shop() -> tuple[Shop, Faults, FaultyApp]:
    inner, faults = Shop(), Faults()
    return inner, faults, FaultyApp(inner, faults, lambda: None, lambda seconds: None)


def test_a_plan_is_set_shown_and_taken_back() -> None:
    _, faults, app = shop()
    assert call(app, "PUT", "/qbtc/v1/faults", b'{"seed":7,"answers":{"fail":1}}')[0] == 200
    assert faults.plan == Plan(seed=7, answers=Answers(fail=1))
    assert call(app, "POST", "/api/v3/order")[0] == 503
    assert json.loads(call(app, "GET", "/qbtc/v1/faults")[1])["done"] == {"fail": 1}
    assert call(app, "DELETE", "/qbtc/v1/faults")[0] == 200
    assert faults.plan == Plan()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"seed":"x"}', b'{"market":{"drop":2}}', b'{"nonsense":1}', b"\xff"])
def test_what_is_no_plan_is_refused_and_changes_nothing(body: bytes) -> None:
    _, faults, app = shop()
    assert call(app, "PUT", "/qbtc/v1/faults", body)[0] == 400
    assert faults.plan == Plan()


def test_only_this_machine_may_plan() -> None:
    _, faults, app = shop()
    assert call(app, "PUT", "/qbtc/v1/faults", b'{"seed":7}', address="10.0.0.9")[0] == 403
    assert faults.plan == Plan()


def test_a_lost_answer_was_done_and_is_cut_off() -> None:
    inner, faults, app = shop()
    faults.set(Plan(answers=Answers(lose=1)))
    status, body = call(app, "POST", "/api/v3/order")
    assert (status, body, inner.served) == (503, b"", 1)


def test_a_stale_book_stays_what_it_was() -> None:
    _, faults, app = shop()
    faults.set(Plan(stale_depth=True))
    assert [call(app, "GET", "/api/v3/depth")[1] for _ in range(3)] == [b"1", b"1", b"1"]
    assert call(app, "GET", "/api/v3/trades")[1] == b"2"


def test_the_clock_jumps() -> None:
    faults = Faults()
    before = faults.wall()
    faults.set(Plan(clock_jump_ms=60_000))
    assert 59_000 < (faults.wall() - before) / 1_000_000 < 90_000
