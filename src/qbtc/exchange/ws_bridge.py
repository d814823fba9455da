"""A WebSocket of Starlette as the `Session` that an `Endpoint` serves: one bounded queue, one reader, one writer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.websockets import WebSocket

from .hub import Client
from .sockets import Endpoint, converse


class BridgeSession:
    """`send` never waits: what a client does not read within `limit` frames closes its connection."""

    def __init__(self, socket: WebSocket, limit: int) -> None:
        self.address = socket.client.host if socket.client else "local"
        self.path = socket.url.path
        self.query = socket.url.query
        self.headers: Mapping[str, str] = socket.headers
        self.client = Client(limit, combined=False)
        self.ending: tuple[int, str] | None = None
        self.done = asyncio.Event()

    def send(self, message: bytes) -> None:
        if self.ending is None:
            self.client.push(message.decode())

    def send_binary(self, message: bytes) -> None:
        raise NotImplementedError("this path sends text only")

    def close(self, code: int, reason: str) -> None:
        if self.ending is None:
            self.ending = (code, reason)
            self.done.set()


async def bridge(socket: WebSocket, endpoint: Endpoint, limit: int) -> None:
    """Serve one connection until it ends."""
    await socket.accept()
    session = BridgeSession(socket, limit)
    endpoint.opened(session)
    talking = asyncio.create_task(converse(socket, session.client, lambda text: _take(endpoint, session, text)))
    ending = asyncio.create_task(session.done.wait())
    try:
        await asyncio.wait({talking, ending}, return_when=asyncio.FIRST_COMPLETED)
        if session.ending is not None:
            await _finish(socket, session, talking)
    finally:
        for task in (talking, ending):
            task.cancel()
        await asyncio.gather(talking, ending, return_exceptions=True)
        endpoint.closed(session)


async def _take(endpoint: Endpoint, session: BridgeSession, text: str) -> None:
    endpoint.on_frame(session, text.encode())


async def _finish(socket: WebSocket, session: BridgeSession, talking: asyncio.Task[None]) -> None:
    """Send what was sent before `close`, then close."""
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    frames = session.client.frames
    while frames:
        await socket.send_text(frames.popleft())
    code, reason = session.ending or (1000, "")
    await socket.close(code, reason)
