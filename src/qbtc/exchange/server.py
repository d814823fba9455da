"""The venue's sockets: picows connections on the port of REST, handed over by uvicorn's HTTP protocol at the upgrade.

    HttpWithSockets   uvicorn's protocol, whose upgrade gives the transport and what was received to picows
    Sockets           the open connections: who may connect, shutdown
    Connection        one of them: whole messages, keep-alive, life, bounds; a `Session` to its endpoint

What a message means is the endpoints' business (`streams_socket`, the WebSocket API). A client that does not read is closed
with 1008 as soon as more than `backlog` bytes wait for it; one with too many messages too; fragments are put together up
to `message` bytes, above it is 1009; what is no WebSocket is 1002, no UTF-8 1007, binary that is no text 1003.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
import picows
from picows.picows import WSProtocol  # type: ignore[attr-defined]
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..core.binance.errors import ApiError
from ..kit.logs import get_logger
from .sockets import Endpoint, Handshake, SocketRules

log = get_logger(__name__)
NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED = 1000, 1001, 1002, 1003
NO_TEXT, POLICY, TOO_BIG = 1007, 1008, 1009
CLOSE_WAIT = 1.0
MOST_HEAD = 1 << 16
_TEXT, _BINARY, _CONTINUATION = picows.WSMsgType.TEXT, picows.WSMsgType.BINARY, picows.WSMsgType.CONTINUATION
_PING, _PONG = picows.WSMsgType.PING, picows.WSMsgType.PONG


class Served(NamedTuple):
    """Who serves a connection, and how many messages, pings and pongs a second it may send (0: any number)."""

    endpoint: Endpoint
    messages_a_second: int = 0


Choose = Callable[[Handshake], Served]
"""Raises ApiError, which is answered instead of the upgrade."""


def close_answer(payload: bytes) -> int:
    """With what a close frame is answered: its own code, if that may be sent (RFC 6455, 7.4)."""
    code = int.from_bytes(payload[:2], "big") if payload else NORMAL
    legal = 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999
    return code if legal else PROTOCOL_ERROR


def text_header(size: int) -> bytes:
    """What stands before an unmasked text message of so many bytes (RFC 6455, 5.2)."""
    if size < 126:
        return bytes((0x81, size))
    return b"\x81\x7e" + size.to_bytes(2, "big") if size < 1 << 16 else b"\x81\x7f" + size.to_bytes(8, "big")


class Connection(picows.WSListener):
    """One client. Implements `Session`; everything runs on the event loop."""

    def __init__(self, owner: Sockets, handshake: Handshake, served: Served) -> None:
        self.address = handshake.address
        self.path = handshake.path
        self.query = handshake.query
        self.headers = handshake.headers
        self._owner = owner
        self._endpoint = served.endpoint
        self._arrivals: deque[float] = deque(maxlen=served.messages_a_second or None)
        self._counted = bool(served.messages_a_second)
        self._loop = asyncio.get_running_loop()
        self._transport: picows.WSTransport
        self._parts: list[bytes] | None = None
        self._first = _TEXT
        self._pings: deque[tuple[bytes, float]] = deque()
        self._timers: list[asyncio.TimerHandle] = []
        self._closing = False

    # ---- Session

    def send(self, message: bytes) -> None:
        if not self._closing:
            self._transport.send(_TEXT, message)

    def send_all(self, messages: Sequence[bytes]) -> None:
        if not self._closing:
            frames = [part for message in messages for part in (text_header(len(message)), message)]
            self._transport.underlying_transport.write(b"".join(frames))

    def send_binary(self, message: bytes) -> None:
        if not self._closing:
            self._transport.send(_BINARY, message)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye; who does not answer within a second is cut off."""
        if self._closing:
            return
        self._closing = True
        cut = reason.encode()[:120].decode(errors="ignore")
        self._transport.send_close(code, cut.encode())  # type: ignore[arg-type]
        self._timers.append(self._loop.call_later(CLOSE_WAIT, self.drop))

    def drop(self) -> None:
        """Cut the connection without a word."""
        self._closing = True
        self._transport.disconnect(False)

    # ---- picows

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        rules = self._owner.rules
        self._transport = transport
        transport.underlying_transport.set_write_buffer_limits(high=rules.backlog)
        self._owner.connections.add(self)
        self._timers.append(self._loop.call_later(rules.ping, self._keep_alive))
        self._timers.append(self._loop.call_later(rules.life, self.close, POLICY, "the connection has lived its time"))
        self._guarded(self._endpoint.opened, self)

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        self._closing = True
        for timer in self._timers:
            timer.cancel()
        self._owner.connections.discard(self)
        self._guarded(self._endpoint.closed, self)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        kind = frame.msg_type
        if self._closing and kind is not picows.WSMsgType.CLOSE:
            return
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self.close(PROTOCOL_ERROR, "reserved bits are set, and no extension was agreed on")
        elif kind in (_TEXT, _BINARY):
            self._begin(kind, frame)
        elif kind == _CONTINUATION:
            self._continue(frame)
        elif kind == _PING:
            if self._allowed():
                transport.send_pong(frame.get_payload_as_bytes())
        elif kind == _PONG:
            if self._allowed():
                self._answered(frame.get_payload_as_bytes())
        else:
            self._say_goodbye(transport, frame)

    def pause_writing(self) -> None:
        """The transport holds more than the backlog."""
        log.warning("slow client dropped", client=self.address, path=self.path)
        self._loop.call_soon(self.close, POLICY, "too slow: frames were not read in time")

    def resume_writing(self) -> None:
        """Too late: whoever was too slow is being closed."""

    # ---- messages

    def _begin(self, kind: picows.WSMsgType, frame: picows.WSFrame) -> None:
        if self._parts is not None:
            self.close(PROTOCOL_ERROR, "a new message within a fragmented one")
        elif frame.fin:
            self._deliver(kind, frame.get_payload_as_bytes())
        else:
            self._first, self._parts = kind, [frame.get_payload_as_bytes()]

    def _continue(self, frame: picows.WSFrame) -> None:
        if self._parts is None:
            self.close(PROTOCOL_ERROR, "a continuation of nothing")
            return
        self._parts.append(frame.get_payload_as_bytes())
        if sum(map(len, self._parts)) > self._owner.rules.message or len(self._parts) > 1024:
            self._parts = None
            self.close(TOO_BIG, f"a message may have {self._owner.rules.message} bytes in 1024 fragments")
        elif frame.fin:
            message, self._parts = b"".join(self._parts), None
            self._deliver(self._first, message)

    def _deliver(self, kind: picows.WSMsgType, message: bytes) -> None:
        if not self._allowed():
            return
        if not message.isascii():
            try:
                message.decode()
            except UnicodeDecodeError:
                code = NO_TEXT if kind == _TEXT else UNSUPPORTED
                self.close(code, "messages are JSON in UTF-8")
                return
        self._guarded(self._endpoint.on_frame, self, message)

    def _allowed(self) -> bool:
        if not self._counted:
            return True
        now, arrivals = self._loop.time(), self._arrivals
        if len(arrivals) == arrivals.maxlen and now - arrivals[0] < 1:
            self.close(POLICY, "Too many requests")
            return False
        arrivals.append(now)
        return True

    def _guarded(self, call: Callable[..., None], *arguments: object) -> None:
        """An endpoint's fault ends this connection, never the server."""
        try:
            call(*arguments)
        except Exception as error:
            log.error("a connection's endpoint failed", path=self.path, error=repr(error), exc_info=True)
            self.drop()

    # ---- keep-alive and end

    def _keep_alive(self) -> None:
        now, rules = self._loop.time(), self._owner.rules
        if self._pings and now - self._pings[0][1] >= rules.pong:
            self.close(POLICY, f"no pong within {rules.pong:g} seconds")
            return
        payload = str(self._owner.wall_ms()).encode()
        self._pings.append((payload, now))
        self._transport.send_ping(payload)
        wait = min(rules.ping, self._pings[0][1] + rules.pong - now)
        self._timers[0] = self._loop.call_later(wait, self._keep_alive)

    def _answered(self, payload: bytes) -> None:
        """A pong answers the ping of its payload and those before; any other says nothing."""
        if any(sent == payload for sent, _ in self._pings):
            while self._pings.popleft()[0] != payload:
                continue

    def _say_goodbye(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if not self._closing:
            self._closing = True
            transport.send_close(close_answer(frame.get_payload_as_bytes()))  # type: ignore[arg-type]
        transport.disconnect()


class Sockets:
    """All connections of the venue. `choose` says who serves a handshake; `wall_ms` stamps the pings."""

    def __init__(self, choose: Choose, rules: SocketRules, wall_ms: Callable[[], int]) -> None:
        self.choose = choose
        self.rules = rules
        self.wall_ms = wall_ms
        self.connections: set[Connection] = set()

    def close_all(self, code: int = GOING_AWAY, reason: str = "the venue is shutting down") -> None:
        for connection in tuple(self.connections):
            connection.close(code, reason)

    def drop_all(self) -> None:
        """Cut everybody without a word."""
        for connection in tuple(self.connections):
            connection.drop()

    def protocol(self, address: str) -> Any:
        """A picows protocol for a transport that is about to be handed over."""

        def listener(request: picows.WSUpgradeRequest) -> Any:
            path, _, query = request.path.decode("latin-1").partition("?")
            headers = {name.lower(): value for name, value in request.headers.items()}
            handshake = Handshake(address, path, query, headers)
            try:
                return Connection(self, handshake, self.choose(handshake))
            except ApiError as error:
                body = msgspec.json.encode(error.body())
                extra = {"Content-Type": "application/json"}
                response = picows.WSUpgradeResponse.create_error_response(error.http_status, body, extra)
                return picows.WSUpgradeResponseWithListener(response, None)

        # As picows.ws_create_server makes it, which can only listen on a port of its own.
        return WSProtocol(
            None, None, False, listener, _quiet, True, 5, False, 20, 20,
            picows.WSAutoPingStrategy.PING_PERIODICALLY, False, self.rules.message, None, 4096,
        )  # fmt: skip


class HttpWithSockets(HttpToolsProtocol):
    """Give it to uvicorn as `http=functools.partial(HttpWithSockets, sockets)`."""

    def __init__(self, sockets: Sockets, **given: Any) -> None:
        super().__init__(**given)
        self._sockets = sockets
        self._received = b""
        self._unfinished = 0
        """Bytes of a head that has begun and not ended."""
        self._in_head = False
        self._owed = False
        self._finishing = False
        """Answers what was asked, takes nothing more, and closes."""
        self._deadline: asyncio.TimerHandle | None = None
        """Runs while the connection owes us the rest of a request, the first one included."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_is_whole()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self._sockets.rules.request, self.transport.close)

    def _request_is_whole(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _should_upgrade_to_ws(self) -> bool:
        return True

    def data_received(self, data: bytes) -> None:
        if self._finishing:
            return
        self._unfinished += len(data) * self._in_head
        if self._unfinished > MOST_HEAD:
            self.send_400_response(f"The head of a request is more than {MOST_HEAD} bytes long.")
            return
        self._received = data
        super().data_received(data)
        if self._owed and not self.transport.is_closing():
            self._await_request()

    def on_message_begin(self) -> None:
        self._in_head, self._unfinished, self._owed = True, 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._owed = False
        self._request_is_whole()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Called while httptools' exception is handled, whose argument is where the request ends in the data."""
        found = sys.exception()
        rest = self._received[found.args[0] :] if found is not None and found.args else b""
        self._request_is_whole()
        self._owed = False
        if self.cycle is not None and not self.cycle.response_complete:
            self._finish()
            return
        self.connections.discard(self)
        head = [self.scope["method"].encode(), b" ", self.url, b" HTTP/1.1\r\n"]
        for name, value in self.scope["headers"]:
            head += [name, b": ", value, b"\r\n"]
        protocol = self._sockets.protocol(self.client[0] if self.client else "local")
        protocol.connection_made(self.transport)
        self.transport.set_protocol(protocol)
        _feed(protocol, b"".join([*head, b"\r\n", rest]))


    def _finish(self) -> None:
        """An upgrade behind a request without an answer yet, which would be written into the WebSocket stream: a client
        must wait for it (RFC 6455, 4.1). It gets its answers, and then the connection ends."""
        self._finishing = True
        self.cycle.keep_alive = False


def _feed(protocol: Any, data: bytes) -> None:
    """What was received before the protocol was there, in the pieces that its buffer takes."""
    while data:
        room = protocol.get_buffer(len(data))
        taken = min(len(room), len(data))
        room[:taken] = data[:taken]
        protocol.buffer_updated(taken)
        data = data[taken:]


_quiet = logging.getLogger("picows.venue")
_quiet.setLevel(logging.CRITICAL)
"""picows logs each broken frame as an error and each connection as news; the endpoints know better what matters."""
