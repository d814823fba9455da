"""Brokers that the tests kill: their own, so that no other suite notices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qbtc.testing import rabbitmq
from qbtc.testing.bus import Broker, PostgresBroker, RabbitBroker
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.rabbitmq import RabbitServer


@pytest.fixture(params=["postgres", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)], scope="session")
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    if request.param == "postgres":
        with PostgresServer() as postgres:
            yield PostgresBroker(postgres)
        return
    reason = rabbitmq.missing()
    if reason:
        pytest.skip(reason)
    with RabbitServer(4) as rabbit:
        yield RabbitBroker(rabbit)
