"""WebSocket endpoints: public streams (`/ws`, `/stream`), and what a connection is to an endpoint.

Each connection has one bounded queue, one reader and one writer. A client that does not read is closed with 1008.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..core.binance.messages import encode
from ..kit.logs import get_logger
from .hub import MAX_STREAMS, Client, Hub

log = get_logger(__name__)
TOO_SLOW = 1008
OnText = Callable[[str], Awaitable[None]]


class Session(Protocol):
    """One WebSocket connection as an endpoint sees it; who owns the socket gives it. All calls on the event loop.

    Each `send` is one whole message; nothing is sent after `close`. A connection that does not read is closed by its
    owner, so `send` never waits and never fails. `headers` have lower-case names; `query` is the raw query string.
    """

    address: str
    path: str
    query: str
    headers: Mapping[str, str]

    def send(self, message: bytes) -> None:
        """As a text frame."""

    def send_binary(self, message: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


class Endpoint(Protocol):
    """What serves the connections of one path: messages in, `session.send` out. It must not block nor raise."""

    def opened(self, session: Session) -> None: ...

    def on_frame(self, session: Session, message: bytes) -> None:
        """A whole message, at most 1 MiB, that is UTF-8 text."""

    def closed(self, session: Session) -> None:
        """The connection is gone, whoever closed it. Called once for each `opened`."""


class _Control(msgspec.Struct):
    method: str
    params: list[str] = []
    id: int | str | None = None


async def converse(socket: WebSocket, client: Client, on_text: OnText) -> None:
    """Run one connection until it ends, from either side."""
    reader = asyncio.create_task(_read(socket, on_text))
    writer = asyncio.create_task(_write(socket, client))
    lagging = asyncio.create_task(client.lagged.wait())
    tasks = {reader, writer, lagging}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if client.overflow:
        await _drop(socket)


async def _drop(socket: WebSocket) -> None:
    log.warning("slow client dropped", client=str(socket.client))
    try:
        async with asyncio.timeout(1):
            await socket.close(TOO_SLOW, "too slow: frames were not read in time")
    except (TimeoutError, RuntimeError, OSError):
        log.info("slow client did not take its close frame", client=str(socket.client))


async def _read(socket: WebSocket, on_text: OnText) -> None:
    try:
        while True:
            message = await socket.receive()
            if message["type"] != "websocket.receive":
                return
            await on_text(message.get("text") or (message.get("bytes") or b"").decode(errors="replace"))
    except WebSocketDisconnect:
        return


async def _write(socket: WebSocket, client: Client) -> None:
    while True:
        await client.ready.wait()
        client.ready.clear()
        while client.frames:
            await socket.send_text(client.frames.popleft())


class Streams:
    """Public market data."""

    def __init__(self, hub: Hub, max_queue: int) -> None:
        self._hub = hub
        self._max_queue = max_queue

    async def raw(self, socket: WebSocket) -> None:
        name = socket.path_params.get("stream", "")
        await self._serve(socket, [part for part in name.split("/") if part], combined=False)

    async def combined(self, socket: WebSocket) -> None:
        names = socket.query_params.get("streams", "")
        await self._serve(socket, [part for part in names.split("/") if part], combined=True)

    async def _serve(self, socket: WebSocket, names: list[str], *, combined: bool) -> None:
        await socket.accept()
        refusal = self._refusal(names)
        if refusal:
            await socket.close(1008, refusal[:120])
            return
        client = Client(self._max_queue, combined=combined)
        self._hub.subscribe(client, names)

        async def on_text(text: str) -> None:
            client.push(self._control(client, text))

        try:
            await converse(socket, client, on_text)
        finally:
            self._hub.remove(client)

    def _refusal(self, names: list[str]) -> str | None:
        if len(names) > MAX_STREAMS:
            return f"at most {MAX_STREAMS} streams a connection"
        return next((why for why in map(self._hub.refusal, names) if why), None)

    def _control(self, client: Client, text: str) -> str:
        try:
            request = msgspec.json.decode(text, type=_Control)
        except msgspec.DecodeError as error:
            return encode({"error": {"code": 3, "msg": f"Invalid JSON: {error}"}})
        refusal = self._refusal(request.params)
        if request.method == "SUBSCRIBE" and not refusal:
            self._hub.subscribe(client, request.params)
        elif request.method == "UNSUBSCRIBE":
            self._hub.unsubscribe(client, request.params)
        elif request.method == "LIST_SUBSCRIPTIONS":
            return encode({"result": sorted(client.streams), "id": request.id})
        else:
            known = "SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS"
            text = refusal or f"unknown method {request.method!r}; methods are {known}"
            return encode({"error": {"code": 2, "msg": f"Invalid request: {text}"}, "id": request.id})
        return encode({"result": None, "id": request.id})
