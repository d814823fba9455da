"""Dead letters in RabbitMQ: read by getting them unacknowledged and closing the channel, which puts them back in order.

Limits, because AMQP has no browsing: while one reader looks (milliseconds) another sees fewer of them; reading costs
time linear in the queue; a dead letter's id is `<queue>/<message id>`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime

from aiormq.abc import AbstractChannel, DeliveredMessage
from pamqp.commands import Basic
from pydantic import ValidationError

from qbtc.contracts import Envelope
from qbtc.kit.errors import BadInput
from qbtc.kit.ids import uuid7

from .rabbit_consumer import FIRST
from .rabbit_link import Parcel
from .rabbit_topology import dead_name
from .types import DeadLetter


async def read(channel: AbstractChannel, queue: str, limit: int) -> list[DeadLetter]:
    """The first `limit` dead letters of `queue`; the caller closes the channel, which gives them back."""
    found: list[DeadLetter] = []
    async for message in _messages(channel, queue):
        found.append(_dead_letter(queue, message))
        if len(found) >= limit:
            break
    return found


async def replay(channel: AbstractChannel, ids: set[str], queue: str, send: Callable[[Parcel], Awaitable[None]]) -> int:
    """Publish the wanted ones to their queue with a confirm, then ack them; the caller closes the channel."""
    back = 0
    async for message in _messages(channel, queue):
        if _id(queue, message) in ids:
            reply_to = message.header.properties.reply_to
            await send(Parcel("", queue, message.body, uuid7(), reply_to=reply_to))
            await channel.basic_ack(message.delivery_tag or 0)
            back += 1
            if back == len(ids):
                break
    return back


def by_queue(ids: Iterable[str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for one in ids:
        queue, slash, _ = one.partition("/")
        if not slash:
            raise BadInput(f"{one!r} is no id of a dead letter", field="ids", allowed="<queue>/<message id>")
        groups[queue].add(one)
    return groups


async def _messages(channel: AbstractChannel, queue: str) -> AsyncIterator[DeliveredMessage]:
    while True:
        message = await channel.basic_get(dead_name(queue), timeout=5.0)
        if isinstance(message.delivery, Basic.GetEmpty):
            return
        yield message


def _id(queue: str, message: DeliveredMessage) -> str:
    return f"{queue}/{message.header.properties.message_id}"


def _dead_letter(queue: str, message: DeliveredMessage) -> DeadLetter:
    headers = message.header.properties.headers or {}
    try:
        envelope = Envelope.decode(message.body)
    except ValidationError:
        envelope = None
    return DeadLetter(
        id=_id(queue, message), queue=queue, key=str(headers.get("x-qbtc-key", "")),
        reason=str(headers.get("x-qbtc-reason", "")), attempts=int(str(headers.get("x-qbtc-attempts", 0))),
        first_at=_time(headers.get(FIRST)), last_at=_time(headers.get("x-qbtc-last-ns")),
        envelope=envelope, raw=message.body,
    )  # fmt: skip


def _time(value: object) -> datetime:
    return datetime.fromtimestamp(int(str(value or 0)) / 1e9, UTC)
