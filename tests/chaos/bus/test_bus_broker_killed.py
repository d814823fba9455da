"""kill -9 of the broker under load: what was confirmed is handled, nothing else is, and order per key holds."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest

from qbtc.contracts import Envelope, Exchange, Queue, ServiceName
from qbtc.kit.bus import Bus, Delivery
from qbtc.testing.bus import Broker, desk, message
from qbtc.testing.waiting import eventually

pytestmark = [pytest.mark.asyncio, pytest.mark.chaos]

TOTAL, KEYS = 10_000, 40
PLAIN = Queue("c.plain", ServiceName.WEB, Exchange.TOPIC, ("c.plain",))
ORDERED = Queue("c.ordered", ServiceName.WEB, Exchange.TOPIC, ("c.ordered",), ordered=True)
CALLS = Queue("c.calls", ServiceName.WEB, Exchange.DIRECT, ("c.call",))
TOPOLOGY = {q.name: q for q in (PLAIN, ORDERED, CALLS)}


class Ledger:
    """The effects: every id once, in the order of their first handling."""

    def __init__(self) -> None:
        self.handled: dict[str, Envelope] = {}
        self.again = 0

    async def __call__(self, delivery: Delivery) -> None:
        self.again += delivery.envelope.id in self.handled
        self.handled.setdefault(delivery.envelope.id, delivery.envelope)

    def by_key(self) -> dict[str, list[int]]:
        keys: dict[str, list[int]] = defaultdict(list)
        for envelope in self.handled.values():
            if envelope.orderkey is not None:
                keys[envelope.orderkey].append(int(str(envelope.data["n"])))
        return keys


async def _publish(bus: Bus, sent: list[Envelope]) -> None:
    """Every call confirmed before the next one, as an outbox relay does."""
    for start in range(0, len(sent), 50):
        await bus.publish(*sent[start : start + 50], exchange=Exchange.TOPIC)


def _messages() -> tuple[list[Envelope], list[Envelope]]:
    plain = [message("c.plain", n=n) for n in range(TOTAL // 2)]
    ordered = [message("c.ordered", order=f"k{n % KEYS}", n=n) for n in range(TOTAL // 2)]
    return plain, ordered


async def test_ten_thousand_messages_through_a_killed_and_restarted_broker(broker: Broker) -> None:
    async with desk(broker, TOPOLOGY) as place:
        sender, receiver, ledger = await place.open(), await place.open(), Ledger()
        for queue in ("c.plain", "c.ordered"):
            await receiver.consume(queue, ledger)
        plain, ordered = _messages()
        publishing = [asyncio.create_task(_publish(sender, part)) for part in (plain, ordered)]
        await eventually(lambda: len(ledger.handled) > TOTAL // 4, 30)
        await asyncio.to_thread(broker.kill)
        assert not all(task.done() for task in publishing), "the broker must die while messages are being published"
        await asyncio.to_thread(broker.start)
        await asyncio.gather(*publishing)
        await eventually(lambda: len(ledger.handled) >= TOTAL, 60)
        depths = await receiver.depths()
    sent = {e.id for e in (*plain, *ordered)}
    assert sent - ledger.handled.keys() == set(), "lost"
    assert ledger.handled.keys() - sent == set(), "unexpected"
    assert all(numbers == sorted(numbers) for numbers in ledger.by_key().values())
    assert sum(d.dead for d in depths.values()) == 0


async def test_what_was_confirmed_before_the_kill_waits_after_the_restart(broker: Broker) -> None:
    async with desk(broker, TOPOLOGY) as place:
        sender, sent = await place.open(), [message("c.plain", n=n) for n in range(200)]
        await sender.publish(*sent, exchange=Exchange.TOPIC)
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)
        ledger = Ledger()
        await sender.consume("c.plain", ledger)
        await eventually(lambda: len(ledger.handled) == 200, 30)
    assert ledger.handled.keys() == {e.id for e in sent}


async def test_requests_are_answered_again_after_a_restart_without_a_new_bus(broker: Broker) -> None:
    async with desk(broker, TOPOLOGY) as place:
        asker, answerer = await place.open(), await place.open()

        async def answer(delivery: Delivery) -> None:
            await answerer.reply(delivery.envelope, message("c.answer", n=delivery.envelope.data["n"]))

        await answerer.consume("c.calls", answer)
        assert (await asker.request(message("c.call", n=1), 10)).data == {"n": 1}
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)
        await _answered(asker, 2)


async def _answered(asker: Bus, n: int) -> None:
    """Requests may fail while the connections come back; one must succeed in time."""
    failures = []
    for _ in range(20):
        try:
            assert (await asker.request(message("c.call", n=n), 2.0)).data == {"n": n}
        except Exception as error:
            failures.append(error)
        else:
            return
    raise AssertionError(f"no request was answered after the restart: {failures[-1]!r}")
