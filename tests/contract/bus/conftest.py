"""Both adapters under one suite: every test that asks for `place` runs on PostgreSQL and on RabbitMQ."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import cast

import pytest
import pytest_asyncio

from qbtc.contracts import Exchange, Queue, ServiceName
from qbtc.testing import rabbitmq
from qbtc.testing.bus import Broker, Desk, PostgresBroker, RabbitBroker, desk
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.rabbitmq import RabbitServer

WEB = ServiceName.WEB
TOPOLOGY = {
    q.name: q
    for q in (
        Queue("t.plain", WEB, Exchange.TOPIC, ("t.plain.*",), max_attempts=3),
        Queue("t.ordered", WEB, Exchange.TOPIC, ("t.ordered.#",), ordered=True, max_attempts=3),
        Queue("t.expiring", WEB, Exchange.TOPIC, ("t.expiring",), expires=0.4),
        Queue("t.calls", WEB, Exchange.DIRECT, ("t.call",)),
        Queue("t.front", WEB, Exchange.TOPIC, ("#.z",)),
        Queue("t.middle", WEB, Exchange.TOPIC, ("a.#.z", "b.*.z")),
        Queue("t.one", WEB, Exchange.FANOUT, ("#",)),
        Queue("t.two", WEB, Exchange.FANOUT, ("#",)),
    )
}


@pytest.fixture(scope="session")
def rabbit_server() -> Iterator[RabbitServer]:
    reason = rabbitmq.missing()
    if reason:
        pytest.skip(reason)
    with RabbitServer() as server:
        yield server


@pytest.fixture(params=["postgres", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def broker(request: pytest.FixtureRequest) -> Broker:
    if request.param == "postgres":
        return PostgresBroker(cast(PostgresServer, request.getfixturevalue("postgres")))
    return RabbitBroker(cast(RabbitServer, request.getfixturevalue("rabbit_server")))


@pytest_asyncio.fixture
async def place(broker: Broker) -> AsyncIterator[Desk]:
    async with desk(broker, TOPOLOGY) as found:
        yield found
