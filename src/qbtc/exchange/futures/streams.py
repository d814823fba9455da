"""The futures stream endpoints, one `Endpoint` for all paths under the prefix:

    /fstream/public|market|private/ws[/<stream>...]      plain frames
    /fstream/public|market|private/stream?streams=...    frames in {"stream", "data"}
    /fstream/ws, /fstream/stream                         the old form: every stream

The prefix may be left out before public, market and private: spot has no such paths, and clients that are given
another host keep the path.
A private connection names its listen key as `?listenKey=`, as the last part of the path, or by SUBSCRIBE.
"""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

import msgspec

from ...core.market.futures.events import listen_key_expired
from ...core.market.futures.wire import Json
from ..sockets import Session
from ..ws_call import read_json
from .desk import Desk
from .hub import ANY, MARKET, MAX_STREAMS, PRIVATE, PUBLIC, Client, Hub

PREFIX = "/fstream"
POLICY = 1008


class StreamsEndpoint:
    def __init__(self, hub: Hub, desk: Desk) -> None:
        self._hub = hub
        self._desk = desk
        self._clients: dict[Session, Client] = {}

    # ---- Endpoint

    def opened(self, session: Session) -> None:
        kind, combined, names = route(session.path, session.query)
        client = self._clients[session] = Client(session, kind, combined=combined)
        self._desk.ensure()
        refusal = self._refusal(client, names)
        if refusal:
            session.close(POLICY, refusal)
        elif names:
            self._hub.subscribe(client, names)

    def on_frame(self, session: Session, message: bytes) -> None:
        client = self._clients.get(session)
        if client is None:
            return
        try:
            body = read_json(message)
        except ValueError:
            session.send(b'{"error":{"code":3,"msg":"Invalid JSON"}}')
            return
        reply, names = self._answer(client, body if isinstance(body, dict) else {})
        session.send(msgspec.json.encode(reply))
        if names:
            self._hub.subscribe(client, names)

    def closed(self, session: Session) -> None:
        client = self._clients.pop(session, None)
        if client is not None:
            self._hub.remove(client)

    # ---- inside

    def _answer(self, client: Client, body: dict[str, object]) -> tuple[Json, list[str]]:
        """The reply, and the streams to subscribe to after it."""
        method, params, identity = body.get("method"), body.get("params") or [], body.get("id")
        if not (identity is None or isinstance(identity, str) or _small(identity)):
            return _refused("request ID must be an integer or a string", None), []
        if not isinstance(params, list):
            return _refused("params must be an array", identity), []
        if method == "LIST_SUBSCRIPTIONS":
            return {"result": list(client.streams), "id": identity}, []
        if method == "SET_PROPERTY" and len(params) == 2 and params[0] == "combined" and isinstance(params[1], bool):
            client.combined = params[1]
            return {"result": None, "id": identity}, []
        if method == "GET_PROPERTY" and params == ["combined"]:
            return {"result": client.combined, "id": identity}, []
        if method not in ("SUBSCRIBE", "UNSUBSCRIBE") or not all(isinstance(one, str) for one in params):
            return _refused(f"method {method!r} with these params is not known", identity), []
        names = [str(one) for one in params]
        if method == "UNSUBSCRIBE":
            self._hub.unsubscribe(client, names)
            return {"result": None, "id": identity}, []
        refusal = self._refusal(client, names)
        return (_refused(refusal, identity), []) if refusal else ({"result": None, "id": identity}, names)

    def _refusal(self, client: Client, names: list[str]) -> str | None:
        if len(client.streams.keys() | set(names)) > MAX_STREAMS:
            return f"a connection can listen to at most {MAX_STREAMS} streams"
        found = next((why for why in (self._hub.refusal(client, name) for name in names) if why), None)
        if found:
            return found
        dead = [n for n in names if "@" not in n and n[0] != "!" and self._desk.listen_keys.account(n) is None]
        return "This listenKey does not exist." if dead else None

    # ---- user data

    def notify(self, account: int, event: Json) -> None:
        """Give an event to who listens to the account."""
        key = self._desk.listen_keys.of(account)
        if key is not None:
            self._hub.publish(key, event)

    def expire_keys(self) -> None:
        """Tell of listen keys that died, and end their subscriptions."""
        for key, _ in self._desk.listen_keys.expired(self._desk.wall()):
            self._hub.publish(key, listen_key_expired(key, self._desk.now()))
            for client in list(self._clients.values()):
                if key in client.streams:
                    self._hub.unsubscribe(client, [key])


def is_futures(path: str) -> bool:
    return path.startswith(tuple(f"/{start}/" for start in (PREFIX[1:], PUBLIC, MARKET, PRIVATE)))


def route(path: str, query: str) -> tuple[str, bool, list[str]]:
    """(kind, whether combined, streams) that a URL asks for."""
    rest = path.removeprefix(PREFIX).strip("/").split("/")
    kind = rest.pop(0) if rest[0] in (PUBLIC, MARKET, PRIVATE) else ANY
    form = rest.pop(0) if rest else "ws"
    asked = parse_qs(query)
    names = [unquote(part) for part in rest if part]
    if form == "stream":
        names = [unquote(part) for part in asked.get("streams", [""])[-1].split("/") if part]
    names += asked.get("listenKey", [])
    return kind, form == "stream", [name for name in names if "@" in name or name.startswith("!") or len(name) == 64]


def _small(identity: object) -> bool:
    return isinstance(identity, int) and -(2**63) <= identity < 2**63


def _refused(text: str, identity: object) -> Json:
    return {"error": {"code": 2, "msg": f"Invalid request: {text}"}, "id": identity}
