"""High-rate data from other services: Redis pub/sub `<service>:stream:<channel>` into the hub's state and book channels.

Payloads are already the channel's JSON value and are passed on as bytes; only books are parsed. A new hub starts from
`<service>:stream:last:<channel>`.
"""

from __future__ import annotations

import asyncio

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter
from qbtc.web.domain.hub import Hub
from qbtc.web.domain.names import ChannelClass, classify

log = get_logger(__name__)

PATTERN = b"*:stream:*"
LAST = "*:stream:last:*"
MAX_PAYLOAD = 1 << 20


class _Book(msgspec.Struct):
    bids: list[tuple[str, str]]
    asks: list[tuple[str, str]]


_book = msgspec.json.Decoder(_Book)


class Streams:
    def __init__(self, redis: Redis, hub: Hub) -> None:
        self._redis, self._hub = redis, hub
        self._taken = counter("qbtc_web_stream_messages_total", "Stream messages taken into the hub")
        self._refused = counter("qbtc_web_stream_refused_total", "Stream messages that were no valid channel value")

    async def run(self) -> None:
        """Warm up, then listen for ever; when Redis goes away, come back and warm up again."""
        while True:
            try:
                async with self._redis.pubsub() as listener:
                    await listener.psubscribe(PATTERN)
                    await self.warm()
                    async for message in listener.listen():
                        if message["type"] == "pmessage":
                            self.take(message["channel"].decode(), message["data"])
            except (RedisError, OSError) as error:
                log.warning("stream connection lost, trying again", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(1.0)

    async def warm(self) -> None:
        async for key in self._redis.scan_iter(match=LAST, count=500):
            value = await self._redis.get(key)
            if isinstance(value, bytes):
                self.take(key.decode().replace(":stream:last:", ":stream:", 1), value)

    def take(self, name: str, payload: bytes) -> None:
        """One message of the channel `<service>:stream:<channel>`; a bad one is counted and said, never passed on."""
        channel = name.split(":stream:", 1)[1]
        kind = classify(channel)
        try:
            if len(payload) > MAX_PAYLOAD:
                raise msgspec.DecodeError(f"{len(payload)} bytes, at most {MAX_PAYLOAD} are taken")
            self._publish(channel, kind, payload)
        except msgspec.DecodeError as error:
            self._refused.inc()
            log.warning("bad stream message", channel=name, error=str(error))

    def _publish(self, channel: str, kind: ChannelClass | None, payload: bytes) -> None:
        if kind is ChannelClass.BOOK:
            book = _book.decode(payload)
            self._hub.set_book(channel, book.bids, book.asks)
        elif kind is ChannelClass.STATE:
            msgspec.json.decode(payload, type=msgspec.Raw)
            self._hub.set_state(channel, payload)
        else:
            raise msgspec.DecodeError(f"{channel!r} is no state or book channel")
        self._taken.inc()
