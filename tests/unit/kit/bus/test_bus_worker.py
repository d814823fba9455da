"""The worker alone, with jobs that note how they were settled."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from qbtc.contracts import Exchange, Queue, ServiceName
from qbtc.kit.bus import Delivery, Reject
from qbtc.kit.bus.worker import DIED, Job, Worker
from qbtc.testing.bus import message
from qbtc.testing.waiting import eventually

pytestmark = pytest.mark.asyncio
QUEUE = Queue("u.ordered", ServiceName.WEB, Exchange.TOPIC, ("u",), ordered=True, max_attempts=2)


class Noted(Job):
    __slots__ = ("notes", "ours")

    def __init__(self, notes: list[tuple[str, object]], n: int, *, order: str | None = None, attempt: int = 1) -> None:
        super().__init__(message("u", order=order, n=n), attempt)
        self.notes, self.ours = notes, True

    def alive(self) -> bool:
        return self.ours

    def ack(self) -> None:
        self.notes.append(("ack", self.envelope.data["n"]))

    async def defer(self, delay: float, reason: str) -> None:
        self.notes.append(("defer", reason))

    async def hold(self, delay: float, reason: str) -> bool:
        self.notes.append(("hold", reason))
        self.attempt += 1
        return self.ours

    async def bury(self, reason: str) -> None:
        self.notes.append(("bury", reason))


def worker(handler: object) -> Worker:
    return Worker(QUEUE, handler, lambda: None)  # type: ignore[arg-type]


async def fine(_: Delivery) -> None:
    await asyncio.sleep(0)


async def test_a_handled_message_is_acked() -> None:
    notes: list[tuple[str, object]] = []
    one = worker(fine)
    one.submit(Noted(notes, 1))
    await eventually(lambda: not one.jobs)
    assert notes == [("ack", 1)]


async def test_a_message_without_a_key_is_given_back_and_one_with_a_key_is_held() -> None:
    async def fail(_: Delivery) -> None:
        raise OSError("gone")

    notes: list[tuple[str, object]] = []
    one = worker(fail)
    one.submit(Noted(notes, 1))
    one.submit(Noted(notes, 2, order="k"))
    await eventually(lambda: not one.jobs)
    assert notes == [("defer", "OSError: gone"), ("hold", "OSError: gone"), ("bury", "OSError: gone")]


async def test_a_rejected_message_is_buried_at_its_first_attempt() -> None:
    async def refuse(_: Delivery) -> None:
        raise Reject("bad price")

    notes: list[tuple[str, object]] = []
    one = worker(refuse)
    one.submit(Noted(notes, 1, order="k"))
    await eventually(lambda: not one.jobs)
    assert notes == [("bury", "Reject: bad price")]


async def test_a_message_whose_consumer_died_in_the_last_attempt_is_buried_unhandled() -> None:
    seen: list[Delivery] = []

    async def handle(delivery: Delivery) -> None:
        seen.append(delivery)

    notes: list[tuple[str, object]] = []
    one = worker(handle)
    one.submit(Noted(notes, 1, attempt=3))
    await eventually(lambda: not one.jobs)
    assert notes == [("bury", DIED)] and seen == []


async def test_an_expired_request_is_acked_without_being_handled() -> None:
    seen: list[Delivery] = []

    async def handle(delivery: Delivery) -> None:
        seen.append(delivery)

    notes: list[tuple[str, object]] = []
    job = Noted(notes, 1)
    job.envelope = job.envelope.model_copy(update={"deadline": datetime.now(UTC) - timedelta(seconds=1)})
    one = worker(handle)
    one.submit(job)
    await eventually(lambda: not one.jobs)
    assert notes == [("ack", 1)] and seen == []


async def test_a_message_that_the_broker_took_back_is_dropped_unhandled() -> None:
    notes: list[tuple[str, object]] = []
    job = Noted(notes, 1)
    job.ours = False
    one = worker(fine)
    one.submit(job)
    await eventually(lambda: not one.jobs)
    assert notes == []


async def test_quitting_interrupts_a_retry_pause_and_leaves_the_rest_unsettled() -> None:
    async def fail(_: Delivery) -> None:
        raise OSError("gone")

    notes: list[tuple[str, object]] = []
    one = worker(fail)
    for n in range(3):
        one.submit(Noted(notes, n, order="k"))
    await eventually(lambda: bool(notes))
    await asyncio.wait_for(one.drain(), 0.15)
    assert notes == [("hold", "OSError: gone")] and len(one.jobs) == 3
