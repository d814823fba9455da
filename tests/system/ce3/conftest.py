"""Ce3 as the process that runs in an installation, alone: real database, cache and bus, no other service."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest

from qbtc.contracts import Role
from qbtc.kit.bus import open_bus
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import Actor, KeyRing, Tokens
from qbtc.kit.security.keys import ensure_keys, write_secret
from qbtc.kit.security.tokens import mint
from qbtc.kit.settings import Platform
from qbtc.kit.store import Outbox, Store
from qbtc.testing.ports import free_offset
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.prepared import prepared
from qbtc.testing.valkey import ValkeyServer
from qbtc.testing.waiting import until

RUN = "import sys; from qbtc.ce3.service import SPEC; from qbtc.kit.runtime import run; sys.exit(run(SPEC))"


@dataclass
class Installation:
    home: Path
    dsns: dict[str, str]
    admin_dsn: str
    offset: int
    process: subprocess.Popen[bytes] | None = None
    env: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{8100 + self.offset}"

    def start(self, **env: str) -> None:
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-c", RUN], env=self.clean(env), stdout=log, stderr=log)
        until(self.ready, seconds=60, what="Ce3 is ready")

    def refused(self, **env: str) -> subprocess.CompletedProcess[str]:
        """`qbtc run ce3` with settings that it does not start with."""
        command = [sys.executable, "-m", "qbtc", "run", "ce3"]
        return subprocess.run(command, env=self.clean(env), capture_output=True, text=True, timeout=60, check=False)

    def clean(self, env: dict[str, str]) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k not in ("ANTHROPIC_API_KEY", "OLLAMA_HOST")}
        return kept | {"QBTC_HOME": str(self.home), "QBTC_PORT_OFFSET": str(self.offset), **env}

    def ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.home / "log").read_text()[-3000:]
        try:
            return httpx.get(f"{self.url}/health/ready", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(15)

    def http(self, user: str = "ana") -> httpx.Client:
        bearer = mint(self.home, role=Role.TRADER, user=user)
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {bearer}"}, trust_env=False, timeout=20)

    def messenger(self, name: str, store: Store) -> Messenger:
        return Messenger(name, store, open_bus(self.dsns[name], service=name), Outbox(store), self.tokens(name))

    def tokens(self, name: str) -> Tokens:
        return Tokens(KeyRing(self.home), name, Platform(home=self.home).instance)

    def acting_for(self, name: str, user: str) -> Actor:
        return self.tokens(name).on_behalf(Actor(user, Role.TRADER, "web"))

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.admin_dsn) as admin:
            return admin.execute(sql.encode()).fetchall()


def install(postgres: PostgresServer, valkey: ValkeyServer, home: Path) -> Installation:
    ensure_keys(home)
    admin_dsn, dsns = asyncio.run(prepared(postgres, home))
    path = home / "secrets" / "ce3.json"
    write_secret(path, path.read_bytes().rstrip()[:-1] + f', "redis_url": "{valkey.url}"}}'.encode())
    return Installation(home, dsns, admin_dsn, free_offset())


@pytest.fixture(scope="module")
def ce3(postgres: PostgresServer, valkey: ValkeyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One Ce3 with the offline planner."""
    made = install(postgres, valkey, tmp_path_factory.mktemp("home"))
    try:
        made.start(QBTC_CE3_TOOL_SECONDS="2")
        yield made
    finally:
        if made.process is not None:
            made.process.kill()
            made.process.wait(10)


@pytest.fixture
def own(postgres: PostgresServer, valkey: ValkeyServer, tmp_path: Path) -> Iterator[Installation]:
    """A Ce3 that the test starts and ends itself."""
    made = install(postgres, valkey, tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait(10)
