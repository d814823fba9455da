"""One AMQP connection that comes back, and publishing over it with pipelined confirms. No robust_* classes: recovery is ours.

A publish whose confirm is lost with its channel is sent again, so a message may arrive twice but is never lost.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import aio_pika
from aio_pika.abc import AbstractConnection
from aiormq.abc import AbstractChannel, DeliveredMessage
from aiormq.exceptions import AMQPError, ChannelAccessRefused, ChannelInvalidStateError, ProbableAuthenticationError
from pamqp.commands import Basic
from pamqp.common import FieldTable
from yarl import URL

from qbtc.kit.errors import Forbidden, Unavailable
from qbtc.kit.logs import get_logger, scrub

log = get_logger(__name__)

LOST = (AMQPError, ChannelInvalidStateError, OSError, TimeoutError)
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
WINDOW = 500
HEARTBEAT = 10
CONNECT_SECONDS = 10.0
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Parcel:
    """Bytes and where they go. `reply_to` and `headers` travel beside the body, which is never changed."""

    exchange: str
    key: str
    body: bytes
    message_id: str
    reply_to: str | None = None
    headers: FieldTable = field(default_factory=dict)
    mandatory: bool = True
    transient: bool = False


class RabbitLink:
    def __init__(self, url: str, name: str) -> None:
        self._url = URL(url).update_query(heartbeat=HEARTBEAT)
        self._name = name
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._lock = asyncio.Lock()
        self._window = asyncio.Semaphore(WINDOW)
        self.closed = False

    async def open_channel(self, *, confirms: bool) -> AbstractChannel:
        """A new channel, on a new connection when the old one is gone. Raises one of LOST, Forbidden, Unavailable."""
        async with self._lock:
            return await self._open(confirms)

    async def channel(self) -> AbstractChannel:
        """The link's own channel with confirms, opened when needed."""
        async with self._lock:
            if self._channel is None or self._channel.is_closed:
                self._channel = await self._open(confirms=True)
            return self._channel

    async def send(self, parcels: Sequence[Parcel], *, patience: float) -> list[bool]:
        """Send all in order and wait for the confirms: False for each that no queue takes."""
        until, pause = time.monotonic() + patience, FIRST_PAUSE
        routed = [False] * len(parcels)
        left = list(range(len(parcels)))
        while True:
            left = await self._try(parcels, left, routed)
            if not left:
                return routed
            if self.closed or time.monotonic() + pause > until:
                raise Unavailable(
                    f"RabbitMQ did not confirm {len(left)} of {len(parcels)} messages within {patience:g} s"
                )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def close(self) -> None:
        self.closed = True
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _open(self, confirms: bool) -> AbstractChannel:
        if self._connection is None or self._connection.is_closed or not _alive(self._connection):
            await self._connect()
        assert self._connection is not None
        channel = self._connection.channel(publisher_confirms=confirms, on_return_raises=False)
        await channel.initialize(timeout=CONNECT_SECONDS)
        return await channel.get_underlay_channel()

    async def _connect(self) -> None:
        if self.closed:
            raise Unavailable("this bus is closed")
        old, self._connection = self._connection, None
        if old is not None:
            await old.close()
        properties: FieldTable = {"connection_name": self._name}
        try:
            self._connection = await aio_pika.connect(self._url, timeout=CONNECT_SECONDS, client_properties=properties)
        except ProbableAuthenticationError as error:
            raise Unavailable(f"RabbitMQ refuses the user of the bus URL: {scrub(str(error))}") from None

    async def _try(self, parcels: Sequence[Parcel], left: list[int], routed: list[bool]) -> list[int]:
        """One attempt at `left`; returns what is still unconfirmed."""
        try:
            channel = await self.channel()
        except LOST as error:
            log.warning("bus connection lost", connection=self._name, reason=scrub(repr(error)))
            return left
        results = await asyncio.gather(*(self._one(channel, parcels[i]) for i in left), return_exceptions=True)
        again = []
        for i, result in zip(left, results, strict=True):
            if isinstance(result, BaseException):
                _raise_if_final(result, channel)
                again.append(i)
            else:
                routed[i] = not isinstance(result, DeliveredMessage)
        return again

    async def _one(self, channel: AbstractChannel, parcel: Parcel) -> object:
        async with self._window:
            return await put(channel, parcel)


async def put(channel: AbstractChannel, parcel: Parcel) -> object:
    """Send one parcel and wait for its confirm; the result is a DeliveredMessage when it was returned."""
    properties = Basic.Properties(
        message_id=f"{parcel.message_id}.{next(_numbers)}", reply_to=parcel.reply_to, headers=parcel.headers or None,
        content_type="application/json", delivery_mode=1 if parcel.transient else 2,
    )  # fmt: skip
    return await channel.basic_publish(  # type: ignore[call-arg]  # `wait` is aiormq's, not its ABC's
        parcel.body, exchange=parcel.exchange, routing_key=parcel.key, properties=properties,
        mandatory=parcel.mandatory, wait=False,
    )  # fmt: skip


def _raise_if_final(error: BaseException, channel: AbstractChannel) -> None:
    if isinstance(error, ChannelAccessRefused):
        raise Forbidden(f"RabbitMQ refuses: {error}")
    if not isinstance(error, LOST) and not channel.is_closed:
        raise error


def _alive(connection: AbstractConnection) -> bool:
    return connection.transport is not None and not connection.transport.connection.is_closed
