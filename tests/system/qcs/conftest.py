"""QCS's own role in a migrated database of a real PostgreSQL, and a real Valkey, both empty for every test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from qbtc.kit.store import Store
from qbtc.testing.postgres import PostgresServer, empty
from qbtc.testing.prepared import prepared
from qbtc.testing.valkey import ValkeyServer


@pytest.fixture(scope="session")
def database(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Addresses of the administrator and of the service's role: row-level security and grants are the real ones."""
    admin, dsns = asyncio.run(prepared(postgres, tmp_path_factory.mktemp("home"), bus_in_database=False))
    return admin, dsns["qcs"]


@pytest_asyncio.fixture
async def store(database: tuple[str, str]) -> AsyncIterator[Store]:
    admin, dsn = database
    empty(admin, "qcs_quantum")
    found = Store(dsn, name="qcs")
    await found.open()
    yield found
    await found.close()


@pytest_asyncio.fixture
async def redis(valkey: ValkeyServer) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey.url)
    await client.flushall()
    yield client
    await client.aclose()
