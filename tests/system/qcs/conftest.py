"""A real PostgreSQL with the product's roles and migrations, and a real Valkey, for QCS."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from qbtc.engines.valkey import binary
from qbtc.kit.store import Store
from qbtc.kit.store.bootstrap import prepare
from qbtc.testing.postgres import PostgresServer


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as found:
        yield found


@pytest_asyncio.fixture
async def store(server: PostgresServer, tmp_path: Path) -> AsyncIterator[Store]:
    """The service's own role in a fresh database: row-level security and grants are the real ones."""
    (tmp_path / "secrets").mkdir(mode=0o700)
    await prepare(server.database(), tmp_path)
    dsn = json.loads((tmp_path / "secrets/qcs.json").read_text())["database_url"]
    found = Store(dsn, name="qcs")
    await found.open()
    yield found
    await found.close()


@pytest_asyncio.fixture
async def redis() -> AsyncIterator[Redis]:
    folder = Path(tempfile.mkdtemp(prefix="qbtc-vk-", dir="/tmp"))
    socket = folder / "s"
    process = subprocess.Popen(
        [str(binary()), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    client = Redis(unix_socket_path=str(socket))
    async with asyncio.timeout(10):
        while not socket.exists():
            await asyncio.sleep(0.01)
    yield client
    await client.aclose()
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder)
