"""Faults over HTTP: their control at `/qbtc/v1/faults`, and what they do to REST. An ASGI layer around the application.

    GET, PUT, DELETE /qbtc/v1/faults            the plan in force and what it did; a new plan; no plan
    POST /qbtc/v1/faults/disconnect             cut every WebSocket without a word
    POST /qbtc/v1/faults/shutdown?seconds=1     `serverShutdown` to everybody, then close them; the venue stays

Loopback only.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from .faults import OVERLOADED, UNKNOWN_OUTCOME, Faults, Plan
from .ws_call import UNREADABLE

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
CONTROL = "/qbtc/v1/faults"
DEPTHS = ("/api/v3/depth", "/fapi/v1/depth")
_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
LOOPBACK = ("127.0.0.1", "::1")


class FaultyApp:
    """`disconnect` and `shutdown` act on the venue's sockets; `shutdown` gets the seconds until they are closed."""

    def __init__(
        self, app: Asgi, faults: Faults, disconnect: Callable[[], None], shutdown: Callable[[float], None]
    ) -> None:
        self._app = app
        self._faults = faults
        self._disconnect = disconnect
        self._shutdown = shutdown
        self._depth: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(CONTROL):
            await self._control(scope, receive, send)
        elif scope["path"] in DEPTHS and self._faults.plan.stale_depth:
            await self._stale(scope, receive, send)
        else:
            await self._fated(scope, receive, send)

    # ---- what becomes of a request

    async def _fated(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        fate = self._faults.fate(path)
        if fate == "refuse":
            await respond(send, 503, OVERLOADED)
            return
        answers = self._faults.plan.answers
        delay = self._faults.dice.random() * answers.delay_ms / 1000 if answers.concerns(path) else 0
        if not fate and not delay:
            await self._app(scope, receive, send)
            return
        kept = await self._recorded(scope, receive)
        await asyncio.sleep(delay)
        if fate == "fail":
            await respond(send, 503, UNKNOWN_OUTCOME)
        elif fate == "lose":
            await _cut_off(send)
        else:
            await _replay(kept, send)

    async def _recorded(self, scope: Scope, receive: Receive) -> list[Message]:
        """Let the application do it, and keep its answer."""
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        await self._app(scope, receive, keep)
        return kept

    async def _stale(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        if asked not in self._depth:
            self._depth[asked] = await self._recorded(scope, receive)
        self._faults.done["stale_depth"] += 1
        await _replay(self._depth[asked], send)

    # ---- control

    async def _control(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        action = scope["path"].removeprefix(CONTROL).strip("/")
        if client is not None and client[0] not in LOOPBACK:
            await respond(send, 403, {"code": -1002, "msg": "Faults are controlled from this machine only."})
        elif scope["method"] == "POST":
            await self._act(action, scope, send)
        elif scope["method"] in ("PUT", "DELETE"):
            await self._plan(scope["method"], receive, send)
        else:
            await respond(send, 200, {"plan": self._faults.plan, "done": dict(self._faults.done)})

    async def _plan(self, method: str, receive: Receive, send: Send) -> None:
        try:
            plan = msgspec.json.decode(await _body(receive), type=Plan) if method == "PUT" else Plan()
        except UNREADABLE as error:
            await respond(send, 400, {"code": -1135, "msg": f"not a plan of faults: {error}"})
            return
        self._depth.clear()
        self._faults.set(plan)
        await respond(send, 200, {"plan": plan, "done": {}})

    async def _act(self, action: str, scope: Scope, send: Send) -> None:
        if action == "disconnect":
            self._disconnect()
        elif action == "shutdown":
            text = parse_qs(scope["query_string"].decode("latin-1")).get("seconds", ["1"])[0]
            self._shutdown(float(text) if _SECONDS.fullmatch(text) else 1)
        else:
            await respond(send, 404, {"code": -1020, "msg": "actions are disconnect and shutdown"})
            return
        self._faults.done[action] += 1
        await respond(send, 200, {"done": dict(self._faults.done)})


async def respond(send: Send, status: int, body: object) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(body)})


async def _replay(kept: list[Message], send: Send) -> None:
    for message in kept:
        await send(message)


async def _cut_off(send: Send) -> None:
    """Promise a byte and end: the server closes the connection, and the client has no answer."""
    await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"1")]})


async def _body(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
