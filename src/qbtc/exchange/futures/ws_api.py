"""The futures WebSocket API, `/ws-fapi/v1`: requests as on REST, one signature each or `session.logon` once."""

from __future__ import annotations

import asyncio

import msgspec

from ...core.binance.errors import ApiError, Code
from ...core.binance.signing import KeyKind
from ..keys import Key
from ..sockets import Session
from ..ws_call import Call, read_call, read_identity, read_params
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
        self._since[session] = self._gate.wall() // MS

    def closed(self, session: Session) -> None:
        self._keys.pop(session, None)
        self._since.pop(session, None)

    def on_frame(self, session: Session, message: bytes) -> None:
        task = asyncio.ensure_future(self._serve(session, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, session: Session, message: bytes) -> None:
        identity, status = b"null", 200
        try:
            call = read_call(message)
            identity = read_identity(call.id)
            reply: Json = {"result": await self._result(session, call, self._gate.wall())}
        except ApiError as refused:
            status, reply = refused.http_status, {"error": refused.body()}
        reply["rateLimits"] = [self._gate.limits.address(session.address).row()]
        if session in self._keys:
            session.send(b'{"id":%b,"status":%d,%b' % (identity, status, msgspec.json.encode(reply)[1:]))

    async def _result(self, session: Session, call: Call, now: int) -> object:
        method, params = call.method, read_params(call.params) if call.params != b"null" else {}
        if method in ("session.logon", "session.status", "session.logout"):
            self._gate.spend(session.address, 2, now)
            return self._session(session, method, params, now)
        operation = BY_WS.get(method)
        if operation is None:
            raise ApiError(Code.UNKNOWN_PARAM, f"Unknown method {method!r}.")
        self._gate.spend(session.address, operation.cost(params), now)
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
