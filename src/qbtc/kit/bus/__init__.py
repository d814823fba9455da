"""The event bus: one Protocol, two adapters (PostgreSQL queues, RabbitMQ) with the same semantics.

Above it: kit.runtime. Below it: psycopg or aio-pika, imported only when the URL asks for them. It knows envelopes,
queues and routes (contracts), no service and no handler.
"""

from __future__ import annotations

from collections.abc import Mapping

from qbtc.contracts import QUEUES, Queue
from qbtc.kit.errors import BadInput

from .types import (
    PROBLEM_TYPE,
    Bus,
    Consumer,
    DeadLetter,
    DeadlineExceeded,
    Delivery,
    Handler,
    QueueDepth,
    Reject,
    RemoteError,
    Unroutable,
)

__all__ = [
    "PROBLEM_TYPE",
    "Bus",
    "Consumer",
    "DeadLetter",
    "DeadlineExceeded",
    "Delivery",
    "Handler",
    "QueueDepth",
    "Reject",
    "RemoteError",
    "Unroutable",
    "open_bus",
]

SCHEMES = ("postgres", "postgresql", "amqp", "amqps")


def open_bus(url: str, *, service: str, topology: Mapping[str, Queue] = QUEUES) -> Bus:
    """The adapter that `url` asks for, not yet started. `service` names the caller in logs and reply addresses."""
    scheme = url.split("://", 1)[0].lower()
    if scheme in ("postgres", "postgresql"):
        from .postgres import PostgresBus

        return PostgresBus(url, service=service, topology=topology)
    if scheme in ("amqp", "amqps"):
        from .rabbitmq import RabbitBus

        return RabbitBus(url, service=service, topology=topology)
    raise BadInput(f"bus URL: unknown scheme {scheme!r}", field="bus_url", allowed=[f"{s}://" for s in SCHEMES])
