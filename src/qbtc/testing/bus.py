"""Brokers to test the bus against: a private PostgreSQL or RabbitMQ behind one interface, and short-hands for messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Protocol

import psycopg
from pydantic import JsonValue

from qbtc.contracts import Envelope, Queue
from qbtc.kit.bus import Bus
from qbtc.kit.bus.install import install
from qbtc.kit.bus.postgres import PostgresBus
from qbtc.kit.bus.rabbitmq import RabbitBus
from qbtc.kit.ids import uuid7

from .postgres import PostgresServer
from .rabbitmq import RabbitServer


class Broker(Protocol):
    """One broker, running until the test session ends; `fresh` gives an empty place on it."""

    name: str

    async def fresh(self, topology: Mapping[str, Queue]) -> str: ...

    def bus(self, url: str, topology: Mapping[str, Queue], service: str = "test") -> Bus: ...

    def kill(self) -> None: ...

    def start(self) -> None: ...


class PostgresBroker:
    name = "postgres"

    def __init__(self, server: PostgresServer) -> None:
        self.server = server

    async def fresh(self, topology: Mapping[str, Queue]) -> str:
        dsn = await asyncio.to_thread(self.server.database)
        async with await psycopg.AsyncConnection.connect(dsn) as admin:
            await install(admin, topology)
        return dsn

    def bus(self, url: str, topology: Mapping[str, Queue], service: str = "test") -> Bus:
        return PostgresBus(url, service=service, topology=topology)

    def kill(self) -> None:
        self.server.kill()

    def start(self) -> None:
        self.server.start()


class RabbitBroker:
    name = "rabbitmq"

    def __init__(self, server: RabbitServer) -> None:
        self.server = server

    async def fresh(self, topology: Mapping[str, Queue]) -> str:
        return self.server.url()

    def bus(self, url: str, topology: Mapping[str, Queue], service: str = "test") -> Bus:
        return RabbitBus(url, service=service, topology=topology)

    def kill(self) -> None:
        self.server.kill()

    def start(self) -> None:
        self.server.start()


class Desk:
    """One empty place on a broker, from which a test opens as many buses as it likes."""

    def __init__(self, broker: Broker, url: str, topology: Mapping[str, Queue], stack: AsyncExitStack) -> None:
        self.broker, self.url, self.topology, self._stack = broker, url, topology, stack

    async def open(self, service: str = "test") -> Bus:
        bus = self.broker.bus(self.url, self.topology, service)
        await bus.start()
        self._stack.push_async_callback(bus.close)
        return bus


@asynccontextmanager
async def desk(broker: Broker, topology: Mapping[str, Queue]) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        yield Desk(broker, await broker.fresh(topology), topology, stack)


def message(key: str, *, order: str | None = None, **data: JsonValue) -> Envelope:
    return Envelope(
        id=uuid7(),
        source="test",
        type=key,
        time=datetime.now(UTC),
        dataschema=f"urn:test:{key}",
        data=data,
        orderkey=order,
    )
