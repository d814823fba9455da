"""The bus on RabbitMQ 3.10 or newer (aio-pika): quorum queues, confirms, mandatory, direct reply-to.

Three connections a service: publish, consume, and request (its reply address belongs to the channel that asks).
Who may publish what is checked here against the contracts; in production give each user topic permissions as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from aiormq.abc import AbstractChannel, DeliveredMessage
from aiormq.exceptions import ChannelNotFoundEntity

from qbtc.contracts import QUEUES, Envelope, Exchange, Queue, ServiceName, may_publish
from qbtc.kit.errors import BadInput, Forbidden, Unavailable
from qbtc.kit.logs import get_logger, scrub

from . import rabbit_dead
from .rabbit_consumer import RabbitConsumer
from .rabbit_link import LOST, Parcel, RabbitLink, put
from .rabbit_topology import dead_name, declare
from .requests import Waiting, addressed, answering, exchange_of
from .types import Consumer, DeadLetter, Handler, QueueDepth, Unroutable

log = get_logger(__name__)

REPLY_TO = "amq.rabbitmq.reply-to"


class RabbitBus:
    """See `Bus`. `patience` is how long publish waits for a broker that went away."""

    def __init__(
        self, url: str, *, service: str, topology: Mapping[str, Queue] = QUEUES, patience: float = 60.0
    ) -> None:
        self._service, self._topology, self._patience = service, topology, patience
        self._publisher = RabbitLink(url, f"qbtc-bus-{service}-publish")
        self._reader = RabbitLink(url, f"qbtc-bus-{service}-consume")
        self._caller = RabbitLink(url, f"qbtc-bus-{service}-request")
        self._asking: AbstractChannel | None = None
        self._asking_lock = asyncio.Lock()
        self._waiting = Waiting()
        self._consumers: list[RabbitConsumer] = []

    async def start(self) -> None:
        """Connect and declare the topology; where declaring is not allowed, it must be there already."""
        channel = await self._look()
        try:
            await declare(channel, self._topology.values())
        except Forbidden as refused:
            log.warning("the bus topology was not declared", reason=refused.detail)
        finally:
            await channel.close()

    async def close(self) -> None:
        await asyncio.gather(*(consumer.stop() for consumer in self._consumers))
        await asyncio.gather(self._publisher.close(), self._reader.close(), self._caller.close())

    async def ping(self) -> None:
        channel = await self._look()
        await channel.close()

    async def publish(self, *envelopes: Envelope, exchange: Exchange | None = None) -> None:
        parcels = [self._parcel(e, exchange or exchange_of(e.type)) for e in envelopes]
        try:
            routed = await self._publisher.send(parcels, patience=self._patience)
        except ChannelNotFoundEntity as error:
            raise Unavailable(f"the bus is not declared in RabbitMQ: {error}") from None
        lost = [p.key for p, ok in zip(parcels, routed, strict=True) if not ok]
        if lost:
            raise Unroutable(lost)

    async def consume(self, queue: str, handler: Handler, *, prefetch: int = 100) -> Consumer:
        declared = self._topology.get(queue)
        if declared is None:
            raise BadInput(f"unknown queue {queue!r}", field="queue", allowed=[*sorted(self._topology)])
        consumer = RabbitConsumer(self._reader, declared, handler, self._send, prefetch=prefetch)
        self._consumers.append(consumer)
        return consumer

    async def request(self, envelope: Envelope, timeout: float) -> Envelope:
        sent = addressed(envelope, REPLY_TO, timeout)
        parcel = self._parcel(sent, Exchange.DIRECT, reply_to=REPLY_TO)
        future = self._waiting.expect(sent)
        try:
            async with asyncio.timeout(timeout):
                channel = await self._asking_channel()
            confirm = asyncio.ensure_future(put(channel, parcel))
            confirm.add_done_callback(lambda done: _refuse(future, sent, done))
            return await self._waiting.answer(future, sent)
        except LOST as error:
            raise Unavailable(f"RabbitMQ does not answer: {scrub(repr(error))}") from None
        finally:
            self._waiting.forget(sent)

    async def reply(self, to: Envelope, envelope: Envelope) -> None:
        if to.replyto is None or to.expired():
            return
        body = answering(to, envelope).encode()
        parcel = Parcel("", to.replyto, body, envelope.id, mandatory=False, transient=True)
        await self._publisher.send([parcel], patience=5.0)

    async def dead_letters(self, queue: str | None = None, limit: int = 100) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        channel = await self._look()
        try:
            for name in [queue] if queue else self._topology:
                if len(found) < limit:
                    found += await rabbit_dead.read(channel, name, limit - len(found))
        finally:
            await channel.close()
        return found

    async def replay(self, ids: Iterable[str]) -> int:
        back = 0
        for queue, wanted in rabbit_dead.by_queue(ids).items():
            if queue not in self._topology:
                raise BadInput(f"unknown queue {queue!r}", field="ids", allowed=[*sorted(self._topology)])
            channel = await self._look()
            try:
                back += await rabbit_dead.replay(channel, wanted, queue, self._send)
            finally:
                await channel.close()
        return back

    async def depths(self) -> dict[str, QueueDepth]:
        channel = await self._look()
        try:
            return {
                name: QueueDepth(await _count(channel, name), None, await _count(channel, dead_name(name)), None)
                for name in self._topology
            }
        finally:
            await channel.close()

    def _parcel(self, envelope: Envelope, exchange: Exchange, *, reply_to: str | None = None) -> Parcel:
        if self._service in tuple(ServiceName) and not may_publish(self._service, envelope.type):
            raise Forbidden(f"{self._service} may not publish {envelope.type!r}", field="type")
        return Parcel(
            str(exchange),
            envelope.type,
            envelope.encode(),
            envelope.id,
            reply_to=reply_to,
            transient=reply_to is not None,
        )

    async def _send(self, parcel: Parcel) -> None:
        """Put into a queue that must exist; a message that is moved is never dropped."""
        if not (await self._publisher.send([parcel], patience=self._patience))[0]:
            raise Unroutable([parcel.key])

    async def _look(self) -> AbstractChannel:
        try:
            return await self._publisher.open_channel(confirms=False)
        except LOST as error:
            raise Unavailable(f"RabbitMQ does not answer: {scrub(repr(error))}") from None

    async def _asking_channel(self) -> AbstractChannel:
        async with self._asking_lock:
            if self._asking is None or self._asking.is_closed:
                channel = await self._caller.open_channel(confirms=True)
                await channel.basic_consume(REPLY_TO, self._replied, no_ack=True)
                self._asking = channel
            return self._asking

    async def _replied(self, message: DeliveredMessage) -> None:
        self._waiting.resolve(message.body)


def _refuse(future: asyncio.Future[Envelope], sent: Envelope, confirm: asyncio.Future[object]) -> None:
    """A request that was returned or whose channel broke fails at once instead of at its deadline."""
    error = None if confirm.cancelled() else confirm.exception()
    if future.done():
        return
    if confirm.cancelled() or error is not None:
        future.set_exception(Unavailable(f"{sent.type}: RabbitMQ was lost while asking"))
    elif isinstance(confirm.result(), DeliveredMessage):
        future.set_exception(Unroutable([sent.type]))


async def _count(channel: AbstractChannel, queue: str) -> int:
    answer = await channel.queue_declare(queue, passive=True)
    return answer.message_count or 0
