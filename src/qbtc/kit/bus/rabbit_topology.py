"""Which exchanges and queues the bus needs in RabbitMQ (3.10 or newer), and their declaration. All queues are quorum queues.

    qbtc.topic, qbtc.direct, qbtc.fanout    as the contracts name them
    <queue>                                 work; single active consumer where ordered; TTL where it expires
    <queue>.dead                            its dead letters, put there by us with the reason
    qbtc.park.<ms> (exchange and queue)     waiting room of one back-off step; after its TTL a message goes back to the
                                            work queue that its routing key names (RabbitMQ 3.10 has no delayed retry)

Bindings that left the contracts are not removed: AMQP cannot list them.
"""

from __future__ import annotations

from collections.abc import Iterable

from aiormq.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused, ChannelPreconditionFailed
from pamqp.common import FieldTable

from qbtc.contracts import Exchange, Queue
from qbtc.kit.errors import Conflict, Forbidden

from .policy import backoff

TYPES = {Exchange.DIRECT: "direct", Exchange.TOPIC: "topic", Exchange.FANOUT: "fanout"}
QUORUM: FieldTable = {"x-queue-type": "quorum"}


def dead_name(queue: str) -> str:
    return f"{queue}.dead"


def park_name(attempt: int) -> str:
    """The waiting room after failed attempt `attempt`."""
    return f"qbtc.park.{park_milliseconds(attempt)}"


def park_milliseconds(attempt: int) -> int:
    return round(backoff(attempt, 0.0) * 1000)


def work_arguments(queue: Queue) -> FieldTable:
    arguments = dict(QUORUM)
    if queue.ordered:
        arguments["x-single-active-consumer"] = True
    if queue.expires is not None:
        arguments["x-message-ttl"] = round(queue.expires * 1000)
    return arguments


def park_arguments(milliseconds: int) -> FieldTable:
    """At-least-once dead-lettering: a crash while a message changes queues does not lose it."""
    return QUORUM | {
        "x-message-ttl": milliseconds,
        "x-dead-letter-exchange": "",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


async def declare(channel: AbstractChannel, queues: Iterable[Queue]) -> None:
    """Idempotent. Raises Conflict when something exists with other properties, Forbidden when it may not."""
    queues = tuple(queues)
    try:
        for exchange, kind in TYPES.items():
            await channel.exchange_declare(str(exchange), exchange_type=kind, durable=True)
        for queue in queues:
            await _declare_queue(channel, queue)
        for attempt in range(1, max((q.max_attempts for q in queues), default=1)):
            await _declare_park(channel, attempt)
    except ChannelPreconditionFailed as error:
        raise Conflict(f"RabbitMQ has this already, but with other properties: {error}") from None
    except ChannelAccessRefused as error:
        raise Forbidden(f"RabbitMQ does not let this user declare the bus: {error}") from None


async def _declare_queue(channel: AbstractChannel, queue: Queue) -> None:
    await channel.queue_declare(queue.name, durable=True, arguments=work_arguments(queue))
    await channel.queue_declare(dead_name(queue.name), durable=True, arguments=dict(QUORUM))
    for pattern in dict.fromkeys(queue.patterns):
        await channel.queue_bind(queue.name, str(queue.exchange), routing_key=pattern)


async def _declare_park(channel: AbstractChannel, attempt: int) -> None:
    name = park_name(attempt)
    await channel.exchange_declare(name, exchange_type="fanout", durable=True)
    await channel.queue_declare(name, durable=True, arguments=park_arguments(park_milliseconds(attempt)))
    await channel.queue_bind(name, name)
