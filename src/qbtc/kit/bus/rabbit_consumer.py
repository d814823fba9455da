"""One consumer of one queue in RabbitMQ: its own channel, reopened when lost; acks in batches; retries by parking.

Keyed messages of an ordered queue are held back here while they wait for their next attempt; their attempts are
counted in this process, so a crash starts the count again. `DEATHS` redeliveries mean that the message kills consumers.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from aiormq.abc import AbstractChannel, DeliveredMessage
from pydantic import ValidationError

from qbtc.contracts import Envelope, Queue
from qbtc.kit.errors import QbtcError
from qbtc.kit.ids import uuid7
from qbtc.kit.logs import get_logger, scrub

from .policy import reason_of
from .rabbit_link import FIRST_PAUSE, LONGEST_PAUSE, LOST, Parcel, RabbitLink
from .rabbit_topology import dead_name, park_name
from .types import Handler
from .worker import Job, Worker

log = get_logger(__name__)

Send = Callable[[Parcel], Awaitable[None]]
ATTEMPT, FIRST = "x-qbtc-attempt", "x-qbtc-first-ns"
DEATHS = 20
REMEMBERED = 4096


class _Delivered(Job):
    __slots__ = ("body", "channel", "consumer", "first_ns", "tag")

    def __init__(self, envelope: Envelope, message: DeliveredMessage, consumer: RabbitConsumer) -> None:
        headers = message.header.properties.headers or {}
        super().__init__(envelope, int(str(headers.get(ATTEMPT, 0))) + 1)
        if int(str(headers.get("x-delivery-count", 0))) >= DEATHS:
            self.attempt = 1_000_000
        self.first_ns = int(str(headers.get(FIRST, 0)))
        self.body, self.channel, self.consumer = message.body, message.channel, consumer
        self.tag = message.delivery_tag or 0

    def alive(self) -> bool:
        return not self.channel.is_closed

    def ack(self) -> None:
        self.consumer.settle(self.channel, self.tag)
        self.consumer.remember(self.envelope.id)

    async def defer(self, delay: float, reason: str) -> None:
        headers: dict[str, object] = {ATTEMPT: self.attempt, FIRST: self._since()}
        await self.consumer.send(self._parcel(park_name(self.attempt), self.consumer.queue.name, headers))
        self.consumer.settle(self.channel, self.tag)

    async def hold(self, delay: float, reason: str) -> bool:
        self.first_ns = self._since()
        self.attempt += 1
        return self.alive()

    async def bury(self, reason: str) -> None:
        headers = dead_headers(self.envelope.type, reason, self.attempt, self._since())
        await self.consumer.send(self._parcel("", dead_name(self.consumer.queue.name), headers))
        self.consumer.settle(self.channel, self.tag)

    def _since(self) -> int:
        return self.first_ns or time.time_ns()

    def _parcel(self, exchange: str, key: str, headers: dict[str, object]) -> Parcel:
        return Parcel(exchange, key, self.body, uuid7(), reply_to=self.envelope.replyto, headers=headers)  # type: ignore[arg-type]


def dead_headers(key: str, reason: str, attempts: int, first_ns: int) -> dict[str, object]:
    return {
        "x-qbtc-key": key, "x-qbtc-reason": reason, "x-qbtc-attempts": min(attempts, DEATHS),
        FIRST: first_ns, "x-qbtc-last-ns": time.time_ns(),
    }  # fmt: skip


class RabbitConsumer:
    """See `Consumer`."""

    def __init__(self, link: RabbitLink, queue: Queue, handler: Handler, send: Send, *, prefetch: int) -> None:
        self.queue, self.send = queue, send
        self._link, self._prefetch = link, prefetch
        self._worker = Worker(queue, handler, lambda: None)
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._open_tags: OrderedDict[int, bool] = OrderedDict()
        self._channel: AbstractChannel | None = None
        self._tag: str | None = None
        self._flushing: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()
        self.ready = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._keep())

    def pause(self) -> None:
        self._worker.pause()

    def resume(self) -> None:
        self._worker.resume()

    async def stop(self) -> None:
        """What was delivered and not begun goes back, in order, when the channel closes."""
        if self._stopped.is_set():
            return
        self._worker.quit()
        self._stopped.set()
        channel = self._channel
        try:
            if channel is not None and self._tag is not None and not channel.is_closed:
                await channel.basic_cancel(self._tag, timeout=5.0)
        except LOST as error:
            log.warning("a consumer could not be cancelled", queue=self.queue.name, reason=reason_of(error))
        await self._worker.drain()
        if self._flushing is not None:
            await self._flushing
        await self._task

    def remember(self, message_id: str) -> None:
        self._recent[message_id] = None
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)

    def settle(self, channel: AbstractChannel, tag: int) -> None:
        if channel is not self._channel or channel.is_closed:
            return
        self._open_tags[tag] = True
        if self._flushing is None:
            self._flushing = asyncio.get_running_loop().create_task(self._flush(channel))

    async def _flush(self, channel: AbstractChannel) -> None:
        """One ack for the longest settled run at the front, single ones for what is settled beyond it."""
        self._flushing = None
        done = [tag for tag, settled in self._open_tags.items() if settled]
        front = 0
        for tag, settled in self._open_tags.items():
            if not settled:
                break
            front = tag
        for tag in done:
            del self._open_tags[tag]
        try:
            if front:
                await channel.basic_ack(front, multiple=True, wait=False)
            for tag in done:
                if tag > front:
                    await channel.basic_ack(tag, wait=False)
        except LOST as error:
            log.warning("acks were lost, their messages come again", queue=self.queue.name, reason=reason_of(error))

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopped.is_set():
            try:
                await self._consume()
                pause = FIRST_PAUSE
            except (*LOST, QbtcError) as error:
                log.warning("cannot consume", queue=self.queue.name, reason=scrub(repr(error)))
            if not self._stopped.is_set():
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _consume(self) -> None:
        """Until the channel is lost or we are stopped."""
        channel = await self._link.open_channel(confirms=False)
        self._channel, self._open_tags = channel, OrderedDict()
        await channel.basic_qos(prefetch_count=self._prefetch)
        answer = await channel.basic_consume(self.queue.name, self._deliver)
        self._tag = answer.consumer_tag
        self.ready.set()
        lost, stopped = channel.closing, asyncio.ensure_future(self._stopped.wait())
        await asyncio.wait((lost, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if self._stopped.is_set() and not channel.is_closed:
            await self._worker.drain()
            if self._flushing is not None:
                await self._flushing
            await channel.close()

    async def _deliver(self, message: DeliveredMessage) -> None:
        tag = message.delivery_tag or 0
        if message.channel is not self._channel or self._stopped.is_set():
            return
        self._open_tags[tag] = False
        try:
            envelope = self._decode(message)
        except ValidationError as error:
            await self._refuse(message, tag, reason_of(error))
            return
        if message.redelivered and envelope.id in self._recent:
            self.settle(message.channel, tag)
            return
        self._worker.submit(_Delivered(envelope, message, self))

    def _decode(self, message: DeliveredMessage) -> Envelope:
        envelope = Envelope.decode(message.body)
        address = message.header.properties.reply_to
        return envelope.model_copy(update={"replyto": address}) if address else envelope

    async def _refuse(self, message: DeliveredMessage, tag: int, reason: str) -> None:
        headers = dead_headers(message.routing_key or "", reason, 1, time.time_ns())
        await self.send(Parcel("", dead_name(self.queue.name), message.body, uuid7(), headers=headers))  # type: ignore[arg-type]
        self.settle(message.channel, tag)
