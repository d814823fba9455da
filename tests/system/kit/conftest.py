"""One real PostgreSQL for these tests, prepared as a start of the product prepares it; one Valkey for the runtime."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from qbtc.kit.bus import Bus, open_bus
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import KeyRing, Tokens, ensure_keys
from qbtc.kit.store import Outbox, Store
from qbtc.kit.store.bootstrap import prepare
from qbtc.testing.ports import free_offset
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.valkey import ValkeyServer


@dataclass(frozen=True)
class Database:
    admin: str
    home: Path
    dsns: dict[str, str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def database(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Database:
    home = tmp_path_factory.mktemp("home")
    ensure_keys(home)
    (home / "secrets" / "instance").write_text("kit")
    admin = postgres.database()
    return Database(admin, home, asyncio.run(prepare(admin, home)))


@pytest.fixture
def empty(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """An administrator's connection to the prepared database with nothing in queues, outboxes and inboxes."""
    with psycopg.connect(database.admin, autocommit=True) as admin:
        for schema in ("hft_trading", "web_sessions", "qcs_quantum", "cio_consciousness", "ce3_tools"):
            admin.execute(f"TRUNCATE {schema}.outbox, {schema}.inbox".encode())
        admin.execute("TRUNCATE qbtc_bus.messages, qbtc_bus.dead_letters, qbtc_bus.replies")
        yield admin


@dataclass(frozen=True)
class Desk:
    """Messengers of services, each with its own role, on one database."""

    database: Database
    opened: dict[str, Messenger]

    def tokens(self, signer: str) -> Tokens:
        return Tokens(KeyRing(self.database.home), signer, "kit")

    async def service(self, name: str) -> Messenger:
        if name not in self.opened:
            store = Store(self.database.dsns[name], name=name)
            await store.open()
            bus: Bus = open_bus(self.database.dsns[name], service=name)
            await bus.start()
            self.opened[name] = Messenger(name, store, bus, Outbox(store), self.tokens(name))
        return self.opened[name]


@pytest_asyncio.fixture
async def desk(database: Database, empty: psycopg.Connection[tuple[object, ...]]) -> AsyncIterator[Desk]:
    made = Desk(database, {})
    yield made
    for messenger in made.opened.values():
        await messenger.bus.close()
        await messenger.store.close()


@pytest.fixture(scope="session")
def cache_url() -> Iterator[str]:
    with ValkeyServer() as server:
        yield server.url


@pytest.fixture
def instance(database: Database, cache_url: str) -> dict[str, str]:
    """The environment of a service's process on this database."""
    for name in ("hft", "web"):
        path = database.home / "secrets" / f"{name}.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"redis_url": cache_url}))
    return {**os.environ, "QBTC_HOME": str(database.home), "QBTC_PORT_OFFSET": str(free_offset())}
