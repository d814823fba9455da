"""The futures WebSocket API, `/ws-fapi/v1`: requests as on REST, one signature each or `session.logon` once."""

from __future__ import annotations

import asyncio
import json
import time

import msgspec

from ...core.binance.errors import ApiError, Code
from ...core.binance.signing import KeyKind
from ..keys import Key
from ..sockets import Session
from .gate import Gate
from .operations import BY_WS
from .wire import MS, Json


class WsApiEndpoint:
    """An `Endpoint`. Requests of a connection are handled in the order they came, and answered after their commit."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._keys: dict[Session, Key | None] = {}
        self._since: dict[Session, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def opened(self, session: Session) -> None:
        self._keys[session] = None
        self._since[session] = time.time_ns() // MS

    def closed(self, session: Session) -> None:
        self._keys.pop(session, None)
        self._since.pop(session, None)

    def on_frame(self, session: Session, message: bytes) -> None:
        task = asyncio.ensure_future(self._serve(session, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, session: Session, message: bytes) -> None:
        identity: object = None
        now = time.time_ns()
        try:
            body = _decoded(message)
            identity = body.get("id")
            result = await self._result(session, body, now)
            reply: Json = {"id": identity, "status": 200, "result": result}
        except ApiError as refused:
            reply = {"id": identity, "status": refused.http_status, "error": refused.body()}
        reply["rateLimits"] = [self._gate.limits.address(session.address).row()]
        if session in self._keys:
            session.send(msgspec.json.encode(reply))

    async def _result(self, session: Session, body: dict[str, object], now: int) -> object:
        method, params = body.get("method"), _texts(body.get("params"))
        if method in ("session.logon", "session.status", "session.logout"):
            self._gate.spend(session.address, 2, now)
            return self._session(session, str(method), params, now)
        operation = BY_WS.get(str(method))
        if operation is None:
            raise ApiError(Code.UNKNOWN_PARAM, f"Unknown method {method!r}.")
        self._gate.spend(session.address, operation.weight, now)
        account = self._gate.socket(operation, params, self._keys.get(session), now)
        return await self._gate.run(operation, params, account, now)

    def _session(self, session: Session, method: str, params: dict[str, str], now: int) -> Json:
        if method == "session.logon":
            key = self._gate.signer(params, now)
            if key.kind is not KeyKind.ED25519:
                text = "Only Ed25519 keys are supported for session.logon."
                raise ApiError(Code.UNSUPPORTED_OPERATION, text)
            self._keys[session] = key
        elif method == "session.logout":
            self._keys[session] = None
        found = self._keys.get(session)
        return {
            "apiKey": found.api_key if found else None,
            "authorizedSince": now // MS if found else None,
            "connectedSince": self._since.get(session, 0),
            "returnRateLimits": True,
            "serverTime": now // MS,
        }


def _decoded(message: bytes) -> dict[str, object]:
    try:
        body = json.loads(message)
    except (json.JSONDecodeError, RecursionError):
        raise ApiError(Code.INVALID_JSON) from None
    if not isinstance(body, dict):
        raise ApiError(Code.INVALID_JSON)
    return body


def _texts(params: object) -> dict[str, str]:
    if params is None:
        return {}
    if not isinstance(params, dict):
        raise ApiError(Code.INVALID_PARAMETER, "Data sent for parameter 'params' is not valid.")
    return {name: _text(value) for name, value in params.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value)
    return f"{value:.8f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
