"""The stream endpoints: `/ws`, `/stream` in JSON, `/sbe/ws`, `/sbe/stream` in SBE with JSON control messages.

    SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS, SET_PROPERTY, GET_PROPERTY

Errors are those of web-socket-streams.md. A name in the path that is no stream (`/ws/0`) subscribes to nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

import msgspec

from ..core.binance.errors import ApiError, Code
from .fanout import MAX_STREAMS, Client, Hub
from .sockets import Session
from .ws_call import read_json

POLICY = 1008
METHODS = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")
_TEXT_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
Refusal = Callable[[str], str | None]
Body = dict[str, object]


class BadControl(ValueError):
    """A control message that cannot be followed; `code` is the stream protocol's own."""

    def __init__(self, code: int, msg: str) -> None:
        super().__init__(msg)
        self.code = code


class StreamsSocket:
    """An `Endpoint`. `refusal` says why a stream cannot be had; with `binary` events go out as binary frames."""

    def __init__(self, hub: Hub, refusal: Refusal, *, binary: bool = False) -> None:
        self._hub = hub
        self._refusal = refusal
        self._binary = binary
        self._clients: dict[Session, Client] = {}

    # ---- Endpoint

    def opened(self, session: Session) -> None:
        # A plus is a plus here: `@kline_1d@+08:00`.
        query = dict(part.partition("=")[::2] for part in session.query.split("&"))
        combined = session.path.removeprefix("/sbe").startswith("/stream")
        micro = query.get("timeUnit", "").upper() == "MICROSECOND"
        send = session.send_binary if self._binary else session.send
        client = self._clients[session] = Client(send, combined=combined and not self._binary, micro=micro)
        self._hub.add(client)
        names = names_in(query.get("streams", "") if combined else session.path.partition("/ws/")[2])
        refusal = self._why_not(client, names)
        if refusal:
            session.close(POLICY, refusal)
        else:
            self._hub.subscribe(client, names)

    def on_frame(self, session: Session, message: bytes) -> None:
        client = self._clients[session]
        identity: object = None
        try:
            body = decoded(message)
            identity = checked_id(body)
            # Answered before the first event, so that a client may wait for the answer.
            result, then = self._follow(client, body)
            session.send(msgspec.json.encode({"result": result, "id": identity}))
            then()
        except BadControl as error:
            answer = {"error": {"code": error.code, "msg": str(error)}}
            session.send(msgspec.json.encode(answer | {"id": identity} if identity is not None else answer))

    def closed(self, session: Session) -> None:
        client = self._clients.pop(session, None)
        if client is not None:
            self._hub.remove(client)

    # ---- control

    def _follow(self, client: Client, body: Body) -> tuple[object, Callable[[], None]]:
        method, params = method_of(body), body.get("params") or []
        if not isinstance(params, list):
            raise BadControl(2, "Invalid request: params must be an array")
        if method == "SUBSCRIBE":
            return None, self._subscription(client, streams_of(params))
        if method == "UNSUBSCRIBE":
            self._hub.unsubscribe(client, streams_of(params))
            return None, _nothing
        if params and method == "LIST_SUBSCRIPTIONS":
            raise BadControl(2, "Invalid request: too many parameters")
        if method == "LIST_SUBSCRIPTIONS":
            return list(client.streams), _nothing
        return self._property(client, method, params), _nothing

    def _subscription(self, client: Client, names: list[str]) -> Callable[[], None]:
        refusal = self._why_not(client, names)
        if refusal:
            raise BadControl(2, f"Invalid request: {refusal}")
        return lambda: self._hub.subscribe(client, names)

    def _property(self, client: Client, method: str, params: list[object]) -> object:
        """GET_PROPERTY [name]; SET_PROPERTY [name, value]."""
        if not params or not isinstance(params[0], str):
            raise BadControl(2, "Invalid request: property name must be a string")
        if len(params) > (2 if method == "SET_PROPERTY" else 1):
            raise BadControl(2, "Invalid request: too many parameters")
        if params[0] != "combined":
            raise BadControl(0, "Unknown property")
        if method == "GET_PROPERTY":
            return client.combined
        if len(params) < 2 or not isinstance(params[1], bool):
            raise BadControl(1, "Invalid value type: expected Boolean")
        if not self._binary:
            client.set_combined(params[1])
        return None

    def _why_not(self, client: Client, names: list[str]) -> str | None:
        if len(client.streams.keys() | set(names)) > MAX_STREAMS:
            return f"a connection can listen to at most {MAX_STREAMS} streams"
        return next((why for why in map(self._refusal, names) if why), None)


def _nothing() -> None:
    return None


def names_in(text: str) -> list[str]:
    """Streams in a path or query; what has neither @ nor ! is no stream."""
    parts = [unquote(part) for part in text.split("/")]
    return [part for part in parts if "@" in part or part.startswith("!")]


def decoded(message: bytes) -> Body:
    try:
        body = read_json(message)
    except ValueError:
        raise BadControl(3, f"Invalid JSON: expected value at {_where(message)}") from None
    if not isinstance(body, dict):
        raise BadControl(2, "Invalid request: expected an object")
    return body


def _where(message: bytes) -> str:
    """Line and column of what is wrong, the beginning if that cannot be said."""
    try:
        json.loads(message)
    except json.JSONDecodeError as error:
        return f"line {error.lineno} column {error.colno}"
    except (ValueError, RecursionError):
        return "line 1 column 1"
    return "line 1 column 1"


def checked_id(body: Body) -> int | str | None:
    """The id of a request: a 64-bit integer, up to 36 letters and digits, or null."""
    identity = body.get("id")
    if identity is None and "id" in body:
        return None
    if isinstance(identity, int) and not isinstance(identity, bool) and -(2**63) <= identity < 2**63:
        return identity
    if isinstance(identity, str) and _TEXT_ID.fullmatch(identity):
        return identity
    raise BadControl(2, "Invalid request: request ID must be an unsigned integer")


def method_of(body: Body) -> str:
    method = body.get("method")
    if method is None:
        raise BadControl(2, "Invalid request: missing field `method` at line 1 column 73")
    if method not in METHODS:
        known = ", ".join(f"`{name}`" for name in METHODS)
        text = f"Invalid request: unknown variant `{str(method)[:60]}`, expected one of {known} at line 1 column 28"
        raise BadControl(2, text)
    return str(method)


def streams_of(params: list[object]) -> list[str]:
    names = [name for name in params if isinstance(name, str)]
    if len(names) != len(params):
        raise BadControl(2, "Invalid request: stream names must be strings")
    return names


def need_key(headers: Mapping[str, str], known: Callable[[str], bool]) -> None:
    """SBE streams want an API key at the handshake. Raises ApiError -2014 or -2015."""
    key = headers.get("x-mbx-apikey", "")
    if not key:
        raise ApiError(Code.BAD_API_KEY_FORMAT, "No X-MBX-APIKEY header", status=400)
    if not known(key):
        raise ApiError(Code.REJECTED_KEY)
