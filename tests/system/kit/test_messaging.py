"""Outbox, inbox and delivery on a real PostgreSQL: what was committed is published, what arrives has its effect once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from pydantic import JsonValue

from qbtc.contracts import Envelope, Kind, Message, Role
from qbtc.contracts.common import Side
from qbtc.contracts.trading import OrderEvent, OrderStatus, OrderType, PlaceOrder, TradingAnswer, TradingQuery
from qbtc.contracts.ui import UiUpdate
from qbtc.kit.bus import Delivery, Reject, RemoteError
from qbtc.kit.errors import BadInput, Conflict, Unavailable
from qbtc.kit.ids import uuid7
from qbtc.kit.messaging import Messenger, digest
from qbtc.kit.security import Actor, TokenError
from qbtc.kit.store import outbox as outbox_module
from qbtc.kit.store.pool import Connection
from qbtc.testing.waiting import eventually

from .conftest import Desk

Admin = psycopg.Connection[tuple[object, ...]]
ORDER = PlaceOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.MARKET, quantity="1")
SECONDS = 10.0


@asynccontextmanager
async def relaying(messenger: Messenger) -> AsyncIterator[None]:
    task = asyncio.create_task(messenger.outbox.relay(messenger.bus))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def update(n: int) -> UiUpdate:
    return UiUpdate.model_validate({"service": "hft", "channel": "test", "data": n})


class Heard:
    """Everything that reached Web's updates, and an event for a number of them."""

    def __init__(self) -> None:
        self.updates: list[UiUpdate] = []
        self._news = asyncio.Condition()

    async def __call__(self, delivery: Delivery) -> None:
        async with self._news:
            self.updates.append(UiUpdate.model_validate(delivery.envelope.data, strict=False))
            self._news.notify_all()

    async def wait(self, count: int) -> list[UiUpdate]:
        async with asyncio.timeout(SECONDS), self._news:
            await self._news.wait_for(lambda: len(self.updates) >= count)
        return self.updates

    @property
    def data(self) -> list[JsonValue]:
        return [u.data for u in self.updates]


@pytest.fixture
async def heard(desk: Desk) -> Heard:
    found = Heard()
    web = await desk.service("web")
    await web.bus.consume("web.updates", found)
    return found


async def test_exactly_the_committed_rows_are_published_in_order(desk: Desk, heard: Heard, empty: Admin) -> None:
    hft = await desk.service("hft")
    async with relaying(hft):
        for n in range(6):
            with contextlib.suppress(ZeroDivisionError):
                async with hft.store.transaction() as conn:
                    await hft.emit(conn, "web.ui.update", update(n))
                    assert n not in (1, 4) or 1 / 0
        assert len(await heard.wait(4)) == 4
        await eventually(lambda: _empty(hft))
    assert sorted(str(d) for d in heard.data) == ["0", "2", "3", "5"], "nothing rolled back, nothing twice"
    assert empty.execute("SELECT count(*) FROM qbtc_bus.messages").fetchone() is not None


async def _empty(messenger: Messenger) -> bool:
    return await messenger.store.fetch("SELECT 1 FROM outbox WHERE refused IS NULL") == []


async def test_messages_of_one_outbox_arrive_on_the_bus_in_the_order_of_their_rows(desk: Desk, empty: Admin) -> None:
    hft = await desk.service("hft")
    async with hft.store.transaction() as conn:
        sent = [await hft.emit(conn, "web.ui.update", update(n)) for n in range(40)]
    async with relaying(hft):
        await eventually(lambda: _empty(hft))
    rows = empty.execute("SELECT convert_from(body, 'UTF8')::json->>'id' FROM qbtc_bus.messages ORDER BY id").fetchall()
    assert [row[0] for row in rows] == sent


async def test_a_commit_wakes_the_relay_at_once(desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "POLL_SECONDS", 3600.0)
    hft = await desk.service("hft")
    async with relaying(hft):
        for n in range(3):
            await hft.publish("web.ui.update", update(n))
            await heard.wait(n + 1)
    assert heard.data == [0, 1, 2]


async def test_another_transaction_that_ends_first_does_not_hide_a_row(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "POLL_SECONDS", 3600.0)
    hft = await desk.service("hft")
    async with relaying(hft):
        async with hft.store.transaction() as conn:
            await hft.emit(conn, "web.ui.update", update(1))
            await hft.publish("web.ui.update", update(2))
            await heard.wait(1)
        await heard.wait(2)
    assert heard.data == [2, 1]


async def test_a_row_that_the_bus_refuses_stays_with_its_reason_and_blocks_nobody(desk: Desk, heard: Heard, empty: Admin) -> None:
    hft = await desk.service("hft")
    async with hft.store.transaction() as conn:
        await hft.emit(conn, "web.ui.update", update(1))
        forbidden = hft.envelope("web.ui.update", update(9)).model_copy(update={"type": "qcs.quantum.state"})
        await hft.outbox.add(conn, forbidden, Kind.EVENT.exchange)
        unroutable = hft.envelope("web.ui.update", update(9))
        await hft.outbox.add(conn, unroutable, Kind.REQUEST.exchange)
        await hft.emit(conn, "web.ui.update", update(2))
    async with relaying(hft):
        await heard.wait(2)
        await eventually(lambda: _empty(hft))
        await hft.publish("web.ui.update", update(3))
        await eventually(lambda: _has(heard, 3))
    assert set(map(str, heard.data)) == {"1", "2", "3"}
    rows = await hft.store.fetch("SELECT refused FROM outbox ORDER BY id")
    assert [row["refused"].split(" ")[0] for row in rows] == ["this", "no"]
    assert "may not publish 'qcs.quantum.state'" in rows[0]["refused"]
    assert "no queue is bound to 'web.ui.update'" in rows[1]["refused"]


async def _has(heard: Heard, n: int) -> bool:
    return n in heard.data


async def test_an_outage_of_the_bus_loses_nothing_and_keeps_the_order(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    hft = await desk.service("hft")
    real, tried, away = hft.bus.publish, asyncio.Event(), True

    async def publish(*envelopes: Envelope, **more: object) -> None:
        if away:
            tried.set()
            raise Unavailable("the bus is away")
        await real(*envelopes, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(hft.bus, "publish", publish)
    async with relaying(hft):
        for n in range(3):
            await hft.publish("web.ui.update", update(n))
        async with asyncio.timeout(SECONDS):
            await tried.wait()
        assert heard.data == []
        away = False
        await heard.wait(3)
        await eventually(lambda: _empty(hft))
    assert sorted(map(str, heard.data)) == ["0", "1", "2"]


def command(desk: Desk, *, role: Role = Role.TRADER, **changes: object) -> Envelope:
    """An order as Web sends it for a person."""
    made = Envelope(
        id=uuid7(), source="web", type="hft.order.place", time=datetime.now(UTC), dataschema="urn:qbtc:hft.order.place:1",
        data=ORDER.model_dump(mode="json"), idempotencykey="operation-1", orderkey="BTCUSDT",
    )
    actor = desk.tokens("web").for_message(Actor("ann", role, "web"), digest(made), seconds=60)
    return made.model_copy(update={"actor": actor} | changes)


class Handler:
    """Counts its effects in the outbox table of the database, so that a roll-back takes them back."""

    def __init__(self, messenger: Messenger, fail: Exception | None = None) -> None:
        self.messenger, self.fail, self.calls = messenger, fail, 0
        self.users: list[str] = []

    async def __call__(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        self.calls += 1
        row = await (await conn.execute("SELECT current_setting('qbtc.user', true) AS who")).fetchone()
        self.users.append(str(row and row["who"]))
        await conn.execute("INSERT INTO outbox (exchange, envelope, refused) VALUES ('effect', '', 'effect')")
        if self.fail:
            raise self.fail
        return TradingAnswer(what="market", data=self.calls)

    async def effects(self) -> int:
        return len(await self.messenger.store.fetch("SELECT 1 FROM outbox WHERE exchange = 'effect'"))


async def operations(messenger: Messenger) -> list[tuple[str | None, str | None]]:
    """(operation, status) of the updates that wait in the outbox."""
    rows = await messenger.store.fetch("SELECT envelope FROM outbox WHERE exchange = 'qbtc.topic' ORDER BY id")
    found = [Envelope.decode(row["envelope"]).data for row in rows]
    return [(d["operation_id"], d["status"]) for d in found]  # type: ignore[misc]


async def deliver(handler: Handler, envelope: Envelope, *, queue: str = "hft.orders", attempt: int = 1) -> None:
    await handler.messenger.deliverer(queue, handler)(Delivery(envelope, attempt, queue))


async def test_a_command_has_its_effect_and_ends_its_operation(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"))
    await deliver(handler, command(desk))
    assert (await handler.effects(), handler.users) == (1, ["ann"])
    assert await operations(handler.messenger) == [("operation-1", "done")]


async def test_a_second_delivery_has_no_second_effect(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"))
    envelope = command(desk)
    await deliver(handler, envelope)
    await deliver(handler, envelope, attempt=2)
    assert (handler.calls, await handler.effects()) == (1, 1)
    assert await operations(handler.messenger) == [("operation-1", "done")]


async def test_two_deliveries_at_once_have_one_effect(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"))
    envelope = command(desk)
    await asyncio.gather(*(deliver(handler, envelope) for _ in range(4)))
    assert await handler.effects() == 1


async def test_only_the_service_that_a_command_is_for_ends_its_operation(desk: Desk) -> None:
    handler = Handler(await desk.service("cio"))
    await deliver(handler, command(desk), queue="cio.orders")
    assert await handler.effects() == 1
    assert await operations(handler.messenger) == []


@pytest.mark.parametrize(("changes", "reason"), [
    ({"source": "ce3"}, "'ce3' may not publish 'hft.order.place'"),
    ({"type": "hft.order.unknown"}, "unknown routing key"),
    ({"data": {"symbol": "BTCUSDT"}}, "body of hft.order.place: side: is missing"),
    ({"data": {**ORDER.model_dump(mode="json"), "more": 1}}, "more: Extra inputs"),
    ({"actor": None}, "has no actor"),
    ({"actor": "nonsense"}, "actor of hft.order.place"),
    ({"time": datetime.now(UTC) - timedelta(hours=1)}, "expired"),
    ({"id": "01a20526-abc1-7cb5-85ea-0c50ca6905b3"}, "signed for another message"),
    ({"data": {**ORDER.model_dump(mode="json"), "quantity": "9"}}, "signed for another message"),
    ({"id": "not-a-uuid"}, "is no UUID"),
])
async def test_a_bad_message_is_rejected_for_good_and_has_no_effect(desk: Desk, changes: dict[str, object], reason: str) -> None:
    handler = Handler(await desk.service("hft"))
    with pytest.raises(Reject, match=reason):
        await deliver(handler, command(desk, **changes))
    assert (handler.calls, await handler.effects()) == (0, 0)
    assert [status for _, status in await operations(handler.messenger)] == ["failed"]


async def test_a_role_that_does_not_suffice_is_rejected(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"))
    with pytest.raises(Reject, match="ann needs the role trader"):
        await deliver(handler, command(desk, role=Role.VIEWER))
    assert handler.calls == 0


async def test_a_service_that_is_no_producer_is_rejected_even_in_the_name_of_one(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"))
    with pytest.raises(Reject, match="service:ce3 may not send"):
        made = command(desk)
        await deliver(handler, made.model_copy(update={"actor": desk.tokens("ce3").for_message(None, digest(made), seconds=60)}))
    assert handler.calls == 0


async def test_a_persons_access_token_is_no_authority_in_a_message_and_the_other_way_round(desk: Desk) -> None:
    handler, web = Handler(await desk.service("hft")), desk.tokens("web")
    with pytest.raises(Reject, match="this token is for 'access'"):
        await deliver(handler, command(desk, actor=web.sign("ann", Role.ADMIN, seconds=60)))
    with pytest.raises(TokenError, match="this token is for 'bus'"):
        web.verify(str(command(desk).actor))


async def test_an_event_whose_body_contradicts_its_key_is_rejected(desk: Desk) -> None:
    handler = Handler(await desk.service("cio"))
    event = OrderEvent(
        client_order_id="x", symbol="BTCUSDT", side=Side.BUY, type=OrderType.MARKET, quantity="1", at=1,
        status=OrderStatus.PROPOSED,
    )
    forged = Envelope(
        id=uuid7(), source="hft", type="hft.order.filled", time=datetime.now(UTC), dataschema="x",
        data=event.model_dump(mode="json"),
    )
    with pytest.raises(Reject, match="status must be 'filled', not 'proposed'"):
        await deliver(handler, forged, queue="cio.orders")


async def test_a_message_waits_while_the_database_is_away_and_costs_no_attempt(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"))
    away = [Unavailable("away"), Unavailable("away")]

    async def flaky(conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        if away:
            raise away.pop()
        return await handler(conn, envelope, body)

    await handler.messenger.deliverer("hft.orders", flaky)(Delivery(command(desk), 1, "hft.orders"))
    assert (handler.calls, await operations(handler.messenger)) == (1, [("operation-1", "done")])


async def test_a_message_whose_time_is_over_is_dropped(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"))
    await deliver(handler, command(desk, deadline=datetime.now(UTC) - timedelta(seconds=1)))
    assert handler.calls == 0
    assert await operations(handler.messenger) == []


async def test_what_the_domain_refuses_fails_the_operation_without_a_retry(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"), fail=Conflict("the market has ended", field="state"))
    await deliver(handler, command(desk))
    assert await handler.effects() == 0, "rolled back"
    assert await operations(handler.messenger) == [("operation-1", "failed")]


async def test_a_crash_is_tried_again_and_fails_the_operation_at_the_last_attempt(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"), fail=RuntimeError("secret inside"))
    envelope = command(desk)
    for attempt in range(1, 5):
        with pytest.raises(RuntimeError):
            await deliver(handler, envelope, attempt=attempt)
    assert (handler.calls, await operations(handler.messenger)) == (4, [])
    with pytest.raises(RuntimeError):
        await deliver(handler, envelope, attempt=5)
    assert await operations(handler.messenger) == [("operation-1", "failed")]
    assert await handler.effects() == 0
    handler.fail = None
    await deliver(handler, envelope, attempt=1)
    assert await handler.effects() == 1, "a replay of the dead letter works"


QUERY = TradingQuery(what="market")


async def asked(desk: Desk, handler: Handler) -> TradingAnswer:
    await handler.messenger.bus.consume("hft.queries", handler.messenger.deliverer("hft.queries", handler))
    web = await desk.service("web")
    return await web.request("hft.trading.query", QUERY, reply=TradingAnswer, timeout=SECONDS)


async def test_a_request_is_answered_over_the_bus(desk: Desk) -> None:
    assert await asked(desk, Handler(await desk.service("hft"))) == TradingAnswer(what="market", data=1)


async def test_a_request_that_the_domain_refuses_is_answered_with_its_problem(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"), fail=BadInput("no such symbol", field="symbol", allowed=["BTCUSDT"]))
    with pytest.raises(RemoteError, match="no such symbol") as caught:
        await asked(desk, handler)
    assert (caught.value.remote["status"], caught.value.remote["allowed"]) == (400, ["BTCUSDT"])


async def test_a_request_with_a_bad_body_is_answered_at_once(desk: Desk) -> None:
    handler = Handler(await desk.service("hft"))
    await handler.messenger.bus.consume("hft.queries", handler.messenger.deliverer("hft.queries", handler))
    web = await desk.service("web")
    bad = web.envelope("hft.trading.query", QUERY, kind=Kind.REQUEST).model_copy(update={"data": {"what": "everything"}})
    with pytest.raises(RemoteError, match=r"body of hft.trading.query: what"):
        await web.bus.request(bad, timeout=SECONDS)
    assert handler.calls == 0


async def test_a_request_that_is_delivered_again_gets_the_reply_of_the_first_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = Handler(await desk.service("hft"))
    replies: list[Envelope] = []

    async def reply(to: Envelope, envelope: Envelope) -> None:
        replies.append(envelope)

    monkeypatch.setattr(handler.messenger.bus, "reply", reply)
    web = await desk.service("web")
    request = web.envelope("hft.trading.query", QUERY, kind=Kind.REQUEST).model_copy(update={"replyto": "x"})
    for attempt in (1, 2):
        await deliver(handler, request, queue="hft.queries", attempt=attempt)
    assert (handler.calls, await handler.effects()) == (1, 1)
    assert [r.data for r in replies] == [{"what": "market", "data": 1}] * 2
    assert {r.correlationid for r in replies} == {request.id}


async def test_a_wrong_body_or_an_unknown_key_is_refused_before_it_is_sent(desk: Desk) -> None:
    hft = await desk.service("hft")
    with pytest.raises(TypeError, match=r"web.ui.update carries a UiUpdate, not a PlaceOrder"):
        await hft.publish("web.ui.update", ORDER)
    with pytest.raises(BadInput, match=r"unknown routing key 'web.ui.updat'") as caught:
        await hft.publish("web.ui.updat", update(1))
    assert "web.ui.update" in str(caught.value.allowed)
