"""The futures WebSocket API, `/ws-fapi/v1`: requests as on REST, one signature each or `session.logon` once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import msgspec

from ...core.binance.errors import ApiError, Code
from ...core.binance.signing import KeyKind
from ...core.market.futures.wire import MS, Json
from ..keys import Key
from ..operation import Security
from ..sockets import Session
from ..ws_call import Call, read_call, read_identity, read_params
from .gate import Gate
from .operations import BY_WS, Operation


@dataclass(slots=True)
class Line:
    """One connection: since when (ms), who is logged on and since when."""

    connected: int
    key: Key | None = None
    authorized: int = 0


class WsApiEndpoint:
    """An `Endpoint`. Requests of a connection are handled in the order they came, and answered after their commit."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._lines: dict[Session, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def opened(self, session: Session) -> None:
        self._lines[session] = Line(self._gate.wall() // MS)

    def closed(self, session: Session) -> None:
        self._lines.pop(session, None)

    def on_frame(self, session: Session, message: bytes) -> None:
        task = asyncio.ensure_future(self._serve(session, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, session: Session, message: bytes) -> None:
        identity, status = b"null", 200
        try:
            call = read_call(message)
            identity = read_identity(call.id)
            line = self._lines.get(session) or Line(0)  # who is gone already is served, and hears nothing
            reply: Json = {"result": await self._result(session.address, line, call, self._gate.wall())}
        except ApiError as refused:
            status, reply = refused.http_status, {"error": refused.body()}
        reply["rateLimits"] = [self._gate.limits.address(session.address).row()]
        if session in self._lines:
            session.send(b'{"id":%b,"status":%d,%b' % (identity, status, msgspec.json.encode(reply)[1:]))

    async def _result(self, address: str, line: Line, call: Call, now: int) -> object:
        method, params = call.method, read_params(call.params) if call.params != b"null" else {}
        if method in ("session.logon", "session.status", "session.logout"):
            self._gate.spend(address, 2, now)
            return self._session(line, method, params, now)
        operation = BY_WS.get(method)
        if operation is None:
            raise ApiError(Code.UNKNOWN_PARAM, f"Unknown method {method!r}.")
        self._gate.spend(address, operation.cost(params), now)
        account = self._gate.socket(operation, params, self._key(line, operation, params, now), now)
        return await self._gate.run(operation, params, account, now)

    def _key(self, line: Line, operation: Operation, params: dict[str, str], now: int) -> Key | None:
        """The session's key where the request needs it. Raises ApiError -2015, and logs the session out, if the key is
        registered no more."""
        if line.key is None or operation.security == "NONE" or "apiKey" in params:
            return None
        line.key = self._gate.current(line.key, now)
        if line.key is None:
            raise ApiError(Code.REJECTED_KEY)
        return line.key

    def _session(self, line: Line, method: str, params: dict[str, str], now: int) -> Json:
        if method == "session.logon":
            key = self._gate.signer(params, Security.NONE, now)
            if key.kind is not KeyKind.ED25519:
                text = "Only Ed25519 keys are supported for session.logon."
                raise ApiError(Code.UNSUPPORTED_OPERATION, text)
            line.key, line.authorized = key, now // MS
        elif method == "session.logout":
            line.key = None
        return {
            "apiKey": line.key.api_key if line.key else None,
            "authorizedSince": line.authorized if line.key else None,
            "connectedSince": line.connected,
            "returnRateLimits": True,
            "serverTime": now // MS,
        }
