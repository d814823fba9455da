"""WebSocket endpoints: public streams (`/ws`, `/stream`) and the WebSocket API with user data (`/ws-api/v3`).

Each connection has one bounded queue, one reader and one writer. A client that does not read is closed with 1008.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..core.binance.errors import ApiError, Code
from ..core.binance.messages import encode
from ..core.binance.signing import ws_payload
from ..kit.logs import get_logger
from .api import OPERATIONS, Api
from .auth import account_of, check_signed
from .hub import MAX_STREAMS, Client, Hub
from .reports import Report
from .requests import required
from .rest import guarded

log = get_logger(__name__)
TOO_SLOW = 1008
OnText = Callable[[str], Awaitable[None]]
BY_METHOD = {op.ws: op for op in OPERATIONS if op.ws}


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


class _Call(msgspec.Struct):
    method: str
    id: int | str | None = None
    params: dict[str, str | int | float | bool] = {}


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


class WsApi:
    """Requests as on REST, and user data events for whoever subscribed."""

    def __init__(self, api: Api, max_queue: int) -> None:
        self._api = api
        self._max_queue = max_queue
        self._subscribers: dict[Client, dict[int, int]] = {}

    def dispatch(self, report: Report) -> None:
        """Send a report to all subscriptions of its account."""
        if not self._subscribers:
            return
        order, position = encode(report.order), encode(report.position)
        for client, subscriptions in self._subscribers.items():
            for identity, account in subscriptions.items():
                if account == report.account:
                    client.push(f'{{"subscriptionId":{identity},"event":{order}}}')
                    client.push(f'{{"subscriptionId":{identity},"event":{position}}}')

    async def serve(self, socket: WebSocket) -> None:
        await socket.accept()
        client = Client(self._max_queue, combined=False)
        pending: set[asyncio.Task[None]] = set()

        async def on_text(text: str) -> None:
            # Requests overlap, so that a pipelining client shares one group commit.
            task = asyncio.create_task(self._request(client, text))
            pending.add(task)
            task.add_done_callback(pending.discard)

        try:
            await converse(socket, client, on_text)
        finally:
            self._subscribers.pop(client, None)

    async def _request(self, client: Client, text: str) -> None:
        identity: int | str | None = None
        try:
            call = msgspec.json.decode(text, type=_Call)
            identity = call.id
            result = await self._result(client, call)
            client.push(encode({"id": identity, "status": 200, "result": result, "rateLimits": []}))
        except msgspec.DecodeError:
            client.push(encode({"id": None, "status": 400, "error": ApiError(Code.INVALID_JSON).body()}))
        except ApiError as error:
            client.push(encode({"id": identity, "status": error.http_status, "error": error.body()}))

    async def _result(self, client: Client, call: _Call) -> object:
        if call.method == "userDataStream.subscribe.signature":
            return self._subscribe(client, self._authenticate(call))
        if call.method == "userDataStream.unsubscribe":
            self._subscribers.pop(client, None)
            return {}
        operation = BY_METHOD.get(call.method)
        if operation is None:
            raise ApiError(Code.UNKNOWN_PARAM, f"Unknown method {call.method!r}.")
        account = self._authenticate(call) if operation.signed else 0
        return await guarded(self._api, operation, _texts(call), account)

    def _subscribe(self, client: Client, account: int) -> dict[str, int]:
        mine = self._subscribers.setdefault(client, {})
        if account not in mine.values():
            mine[len(mine)] = account
        return {"subscriptionId": next(i for i, a in mine.items() if a == account)}

    def _authenticate(self, call: _Call) -> int:
        params = _texts(call)
        account = account_of(self._api.keys, required(params, "apiKey"))
        check_signed(self._api.keys, params, ws_payload(call.params), time.time_ns() // 1_000_000)
        return account


def _texts(call: _Call) -> dict[str, str]:
    return {name: str(value) for name, value in call.params.items()}
