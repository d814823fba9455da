"""The shell around the hub: accepts sockets, feeds it, ticks it, sends without ever waiting for a slow client.

A send runs synchronously as long as the server takes it at once (uvicorn buffers up to its high-water mark). When it
would wait, that one frame becomes a task and the client is busy until it is through: at most one frame and one
transport buffer a client, whatever happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from qbtc.kit.clock import Clock
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter, gauge, histogram
from qbtc.web.domain.clients import Client, Close
from qbtc.web.domain.hub import Hub
from qbtc.web.domain.people import Ticket

log = get_logger(__name__)

CLOSE_SECONDS = 2.0
Send = Callable[[dict[str, object]], Awaitable[None]]


@dataclass(slots=True)
class Connection:
    """One accepted socket. `sending` is the frame that the transport has not taken yet."""

    socket: WebSocket
    client: Client
    session: str | None
    sending: asyncio.Task[None] | None = None


class SocketServer:
    def __init__(self, hub: Hub, clock: Clock, *, max_sockets: int) -> None:
        self.hub, self._clock, self._max = hub, clock, max_sockets
        self._connections: dict[int, Connection] = {}
        self._next_id = 0
        self._someone = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()
        self._open = gauge("qbtc_web_sockets", "Open WebSocket connections")
        self._frames = counter("qbtc_web_frames_total", "Frames sent to browsers")
        self._stalls = counter("qbtc_web_stalls_total", "Frames that a slow browser did not take at once")
        self._closes = counter("qbtc_web_socket_closes_total", "Connections that the hub closed", ("code",))
        self._seconds = histogram("qbtc_web_tick_seconds", "Time of one hub tick with its sends")

    @property
    def full(self) -> bool:
        return len(self._connections) >= self._max

    def now_ms(self) -> int:
        return self._clock.now_ns() // 1_000_000

    async def serve(self, socket: WebSocket, ticket: Ticket) -> None:
        """Own an accepted socket until either side ends it."""
        self._next_id += 1
        client = self.hub.connect(self._next_id, ticket.user, self.now_ms(), expires=ticket.expires_ms)
        connection = self._connections[client.id] = Connection(socket, client, ticket.session)
        self._open.set(len(self._connections))
        self._someone.set()
        try:
            while True:
                self.hub.receive(client, await socket.receive_text(), self.now_ms())
        except (WebSocketDisconnect, KeyError):
            pass  # KeyError: Starlette's answer to a binary message, which nobody may send
        finally:
            self._forget(connection)
            if socket.client_state is WebSocketState.CONNECTED and socket.application_state is WebSocketState.CONNECTED:
                await socket.close(1003, "text messages only")

    def _forget(self, connection: Connection) -> None:
        self.hub.disconnect(connection.client)
        self._connections.pop(connection.client.id, None)
        if connection.sending is not None:
            connection.sending.cancel()
        self._open.set(len(self._connections))
        if not self._connections:
            self._someone.clear()

    def end_session(self, session: str) -> None:
        """Close the sockets of a session that was signed out."""
        for connection in self._connections.values():
            if connection.session == session:
                connection.client.expires = 0

    async def tick_forever(self) -> None:
        """Tick as fast as the clients asked, not at all while nobody is there."""
        while True:
            await self._someone.wait()
            started = asyncio.get_running_loop().time()
            with self._seconds.time():
                self._tick()
            spent = asyncio.get_running_loop().time() - started
            await asyncio.sleep(max(1 / self.hub.fastest - spent, 0.001))

    def _tick(self) -> None:
        tick = self.hub.tick(self.now_ms())
        text: dict[int, str] = {}
        for client, frame in tick.frames:
            connection = self._connections.get(client.id)
            if connection is None:
                continue
            shared = text.get(id(frame))
            if shared is None:
                shared = text[id(frame)] = frame.decode()
            self._send(connection, shared)
        self._frames.inc(len(tick.frames))
        for close in tick.closes:
            self._close(close)

    def _send(self, connection: Connection, text: str) -> None:
        message: dict[str, object] = {"type": "websocket.send", "text": text}
        send: Send = connection.socket.send  # type: ignore[assignment]
        coroutine = send(message)
        try:
            coroutine.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            return
        except (WebSocketDisconnect, RuntimeError, OSError):
            self.hub.disconnect(connection.client)
            return
        # It waits for the transport and has written nothing yet: start over as a task and pass the client over.
        coroutine.close()  # type: ignore[attr-defined]
        self._stalls.inc()
        connection.client.busy = True
        connection.sending = asyncio.create_task(self._finish(connection, send, message))

    async def _finish(self, connection: Connection, send: Send, message: dict[str, object]) -> None:
        try:
            await send(message)
        except (WebSocketDisconnect, RuntimeError, OSError):
            self.hub.disconnect(connection.client)
        connection.client.busy = False

    def _close(self, close: Close) -> None:
        connection = self._connections.get(close.client.id)
        if connection is None:
            return
        self._closes.labels(str(close.code)).inc()
        task = asyncio.create_task(self._shut(connection, close))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _shut(self, connection: Connection, close: Close) -> None:
        """Say why, if the browser still reads; a socket that takes nothing is dropped by its keep-alive."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await connection.socket.close(close.code, close.reason)
        except TimeoutError:
            log.info("a stalled browser did not take its close frame", client=close.client.id, code=close.code)
        except (RuntimeError, OSError, WebSocketDisconnect) as error:
            log.debug("socket was gone before its close frame", error=str(error))
