"""Topic patterns mean the same in `contracts.matches`, in the SQL of the PostgreSQL adapter, and in RabbitMQ."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qbtc.contracts import matches
from qbtc.kit.bus.install import install
from qbtc.kit.bus.rabbit_link import Parcel, RabbitLink
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.rabbitmq import RabbitServer

WORDS = ["a", "b", "ab", "é", "x-y", "a+b", "(a)", "[a", "a|b", "$", "^", "a_b", "\\", "?", "{2}"]
keys = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(".".join)
patterns = st.lists(st.sampled_from([*WORDS, "*", "#", "*", "#"]), min_size=1, max_size=5).map(".".join)


@pytest.fixture(scope="module")
def database(postgres: PostgresServer) -> Iterator[psycopg.Connection]:
    async def prepare(dsn: str) -> None:
        async with await psycopg.AsyncConnection.connect(dsn) as admin:
            await install(admin, {})

    dsn = postgres.database()
    asyncio.run(prepare(dsn))
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(patterns, keys), min_size=20, max_size=60))
def test_sql_and_python_agree_on_every_pattern(database: psycopg.Connection, pairs: list[tuple[str, str]]) -> None:
    found = database.execute(
        "SELECT array_agg(key || '.' ~ qbtc_bus.pattern_regex(pattern) ORDER BY n) "
        "FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS p(pattern, key, n)",
        [[p for p, _ in pairs], [k for _, k in pairs]],
    ).fetchone()
    assert found is not None
    assert found[0] == [matches(p, k) for p, k in pairs]


@pytest.mark.rabbitmq
@pytest.mark.asyncio
async def test_rabbitmq_and_python_agree_on_sampled_patterns(rabbit_server: RabbitServer) -> None:
    pick = random.Random(26)
    sampled = {f"q{i}": ".".join(pick.choices([*WORDS[:6], "*", "#", "#"], k=pick.randint(1, 4))) for i in range(60)}
    sent = {".".join(pick.choices(WORDS[:6], k=pick.randint(1, 4))) for _ in range(60)}
    link = RabbitLink(rabbit_server.url(), "patterns")
    channel = await link.open_channel(confirms=False)
    await channel.exchange_declare("patterns", exchange_type="topic")
    for name, pattern in sampled.items():
        await channel.queue_declare(name, durable=True)
        await channel.queue_bind(name, "patterns", routing_key=pattern)
    await link.send([Parcel("patterns", key, b"{}", key) for key in sent], patience=10)
    for name, pattern in sampled.items():
        answer = await channel.queue_declare(name, passive=True)
        assert answer.message_count == sum(matches(pattern, key) for key in sent), pattern
    await link.close()
