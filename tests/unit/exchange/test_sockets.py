"""The change from HTTP to WebSocket on one connection, and its end, as bytes on the wire."""

from __future__ import annotations

import asyncio
import base64
import functools
import socket
import struct
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from qbtc.exchange.server import HttpWithSockets, Served, Sockets
from qbtc.exchange.sockets import Session, SocketRules

MASK = b"mask"
KEY = base64.b64encode(b"0123456789abcdef")
GET = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + KEY
    + b"\r\nSec-WebSocket-Version: 13\r\n\r\n"
)  # fmt: skip


class Echo:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def opened(self, session: Session) -> None:
        self.heard.append("opened")

    def closed(self, session: Session) -> None:
        self.heard.append("closed")

    def on_frame(self, session: Session, message: bytes) -> None:
        session.send(b"echo " + message)


class Server:
    """HTTP on one accepted connection, whose application answers when it is `let`."""

    def __init__(self) -> None:
        self.echo, self.let = Echo(), asyncio.Event()
        sockets = Sockets(lambda handshake: Served(self.echo), SocketRules(), lambda: 1)
        config = uvicorn.Config(self._app, interface="asgi3", log_config=None, lifespan="off", access_log=False)
        config.load()
        make = functools.partial(HttpWithSockets, sockets, config=config, server_state=ServerState(), app_state={})
        self._make: Any = make

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        await self.let.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def connected(self) -> socket.socket:
        loop, listener = asyncio.get_running_loop(), socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
        listener.close()
        client.setblocking(False)
        await loop.connect_accepted_socket(self._make, accepted)
        return client


async def to_the_end(client: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    parts = []
    async with asyncio.timeout(10):
        while part := await asyncio.get_running_loop().sock_recv(client, 1 << 16):
            parts.append(part)
    client.close()
    return b"".join(parts)


def frame(kind: int, payload: bytes) -> bytes:
    return bytes((0x80 | kind, 0x80 | len(payload))) + MASK + bytes(b ^ MASK[i % 4] for i, b in enumerate(payload))


async def test_an_upgrade_behind_an_unanswered_request_is_not_made_and_the_request_is_answered() -> None:
    server = Server()
    client = await server.connected()
    await asyncio.get_running_loop().sock_sendall(client, GET + GET + UPGRADE + frame(1, b"hi"))
    server.let.set()
    received = await to_the_end(client)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.endswith(b"connection: close\r\n\r\nok")
    assert server.echo.heard == []


async def test_an_upgrade_behind_an_answered_request_is_made() -> None:
    server = Server()
    server.let.set()
    client = await server.connected()
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(client, GET)
    assert (await loop.sock_recv(client, 1 << 16)).startswith(b"HTTP/1.1 200 OK")
    await loop.sock_sendall(client, UPGRADE + frame(1, b"hi") + frame(8, struct.pack(">H", 1000)))
    received = await to_the_end(client)
    assert received.startswith(b"HTTP/1.1 101")
    assert received.endswith(b"\x81\x07echo hi\x88\x02" + struct.pack(">H", 1000))


@pytest.mark.parametrize(
    ("payload", "answer"),
    [
        (b"", 1000), (b"\x03", 1002), *((struct.pack(">H", code) + b"bye", code) for code in (1000, 1001, 1011, 3000, 4999)),
        *((struct.pack(">H", code), 1002) for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)),
    ],
)  # fmt: skip
async def test_a_close_is_answered_by_a_code_that_may_be_sent(payload: bytes, answer: int) -> None:
    server = Server()
    client = await server.connected()
    await asyncio.get_running_loop().sock_sendall(client, UPGRADE + frame(8, payload))
    received = await to_the_end(client)
    last = received.partition(b"\r\n\r\n")[2]
    assert (last[0], struct.unpack_from(">H", last, 2)) == (0x88, (answer,))
    assert server.echo.heard == ["opened", "closed"]
