"""One real system for these tests: embedded engines, gateway and Web, in a home of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from redis import Redis
from websockets.sync.client import ClientConnection, connect

from qbtc.contracts import Envelope, Message, Role
from qbtc.kit.bus import Bus, open_bus
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import Actor, KeyRing, Tokens, login_link, mint
from qbtc.kit.settings import Platform
from qbtc.kit.store import Outbox, Store
from qbtc.testing.system import QbtcSystem

CSRF = {"X-QBTC-CSRF": "1"}


class System(QbtcSystem):
    """Engines, gateway and Web without the other services."""

    def __init__(self) -> None:
        super().__init__(market="sim", options=("--only", "web"))
        self.clients: list[httpx.Client] = []

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{8500 + self.offset}"

    @property
    def socket_url(self) -> str:
        return f"{self.url.replace('http', 'ws')}/ws"

    def qbtc(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return self.cli(*arguments, check=False, seconds=120, stdin=stdin)

    def browser(self) -> httpx.Client:
        return self.http(CSRF)

    def script(self, role: Role = Role.ADMIN, user: str = "script") -> httpx.Client:
        token = mint(self.home, role=role, user=user)
        return self.http({"Authorization": f"Bearer {token}"})

    def http(self, headers: dict[str, str], *, base: str = "", cookies: dict[str, str] | None = None) -> httpx.Client:
        """A client that is closed at the end of the test."""
        made = httpx.Client(base_url=base or self.url, headers=headers, cookies=cookies, timeout=10)
        self.clients.append(made)
        return made

    def link_token(self, user: str = "admin", role: Role = Role.ADMIN) -> str:
        return login_link(self.home, self.url, user=user, role=role).split("#")[1]

    def signed_in(self, user: str, role: Role = Role.TRADER) -> httpx.Client:
        """A browser of `user`, made by link and with a password."""
        client = self.browser()
        assert client.post("/api/web/auth/link", json={"token": self.link_token(user, role)}).status_code == 200
        assert (
            client.post("/api/web/auth/password", json={"password": "correct horse battery staple"}).status_code == 200
        )
        return client

    @contextmanager
    def socket(self, client: httpx.Client) -> Iterator[Socket]:
        ticket = client.post("/api/web/ticket").json()["ticket"]
        with connect(f"{self.socket_url}?ticket={ticket}", compression=None) as connection:
            yield Socket(connection)

    def redis(self, service: str) -> Redis:
        return Redis.from_url(self.secret(service)["redis_url"])

    def secret(self, service: str) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.home / "secrets" / f"{service}.json").read_text())
        return found

    def publish(
        self, service: str, key: str, body: Message, *, operation: str | None = None, person: str | None = None
    ) -> Envelope:
        """Send one event on the real bus, as `service` would, on behalf of `person` when one is named."""
        tokens, store = self.tokens(service), Store(self.secret(service)["database_url"], name=service)
        bus = open_bus(self.secret(service)["database_url"], service=service)
        envelope = Messenger(service, store, bus, Outbox(store), tokens).envelope(
            key,
            body,
            actor=tokens.on_behalf(Actor(person, None, "web")) if person else None,
            idempotencykey=operation,
        )
        envelope = envelope.model_copy(update={"traceparent": f"00-{uuid.uuid4().hex}-{'1' * 16}-01"})
        asyncio.run(self._publish(bus, envelope))
        return envelope

    async def _publish(self, bus: Bus, envelope: Envelope) -> None:
        await bus.start()
        try:
            await bus.publish(envelope)
        finally:
            await bus.close()

    def tokens(self, signer: str) -> Tokens:
        return Tokens(KeyRing(self.home), signer, Platform(home=self.home).instance)

    def expired_token(self) -> str:
        return self.tokens("cli").sign("x", Role.ADMIN, seconds=-60)


class Socket:
    """A WebSocket that is read item by item."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._unread: deque[dict[str, Any]] = deque()

    def say(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def subscribe(self, *channels: str, **more: Any) -> None:
        for channel in channels:
            self.say(op="sub", channel=channel, **({"rate": 60} | more))

    def until(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 10) -> dict[str, Any]:
        """The first item that is wanted; fails when it does not come in time."""
        deadline = time.monotonic() + seconds
        while True:
            while self._unread:
                item = self._unread.popleft()
                if wanted(item):
                    return item
            frame = json.loads(self.connection.recv(timeout=max(0.01, deadline - time.monotonic())))
            self._unread.extend(frame["items"])

    def of(self, channel: str, seconds: float = 10) -> Any:
        return self.until(lambda item: item.get("c") == channel, seconds)["v"]


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    with System() as found:
        yield found


@pytest.fixture(autouse=True)
def closed_clients(system: System) -> Iterator[None]:
    yield
    while system.clients:
        system.clients.pop().close()
