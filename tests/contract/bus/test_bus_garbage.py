"""Bytes that are no envelope become a dead letter with a reason; the queue goes on."""

from __future__ import annotations

import psycopg
import pytest

from qbtc.contracts import Exchange
from qbtc.kit.bus import Delivery
from qbtc.kit.bus.rabbit_link import Parcel, RabbitLink
from qbtc.testing.bus import Desk, message
from qbtc.testing.waiting import eventually

pytestmark = pytest.mark.asyncio


async def _inject(place: Desk, body: bytes) -> None:
    if place.broker.name == "postgres":
        async with await psycopg.AsyncConnection.connect(place.url) as admin:
            await admin.execute(
                "SELECT qbtc_bus.publish('{qbtc.topic}', '{t.plain.a}', '{NULL}', ARRAY[%s::bytea], false)", [body]
            )
        return
    link = RabbitLink(place.url, "garbage")
    await link.send([Parcel("qbtc.topic", "t.plain.a", body, "garbage")], patience=5)
    await link.close()


async def test_bytes_that_are_no_envelope_are_dead_at_once_and_the_next_message_is_handled(place: Desk) -> None:
    bus, seen = await place.open(), []

    async def handle(delivery: Delivery) -> None:
        seen.append(delivery.envelope.data["n"])

    await _inject(place, b'{"not": "an envelope"}')
    await bus.publish(message("t.plain.a", n=1), exchange=Exchange.TOPIC)
    await bus.consume("t.plain", handle)
    await eventually(lambda: seen == [1])
    await eventually(lambda: bus.dead_letters("t.plain"))
    letters = await bus.dead_letters("t.plain")
    assert letters[0].envelope is None and letters[0].raw == b'{"not": "an envelope"}'
    assert "ValidationError" in letters[0].reason
