"""A scripted model server: answers HTTP with exactly the bytes it is told, and keeps what it was sent.

    with ModelServer() as server:
        server.script(Reply(stream_bytes, content_type="text/event-stream"))
        ... point a provider at server.url ...
        assert server.requests[0].body["model"] == "m"

It knows no model's protocol. `cut` closes the connection in the middle of the body, `hang` keeps it open after the
body until the server is closed.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Reply:
    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hang: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    path: str
    headers: dict[str, str]
    body: dict[str, JsonValue]


class ModelServer:
    """Replies in the order of the script; the last one is repeated."""

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Received] = []
        self.arrived = threading.Event()
        self._script: deque[Reply] = deque()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def script(self, *replies: Reply) -> None:
        self._script = deque(replies)

    def next_reply(self, received: Received) -> Reply:
        self.requests.append(received)
        self.arrived.set()
        if not self._script:
            return Reply(b'{"error":"nothing is scripted"}', status=500)
        return self._script.popleft() if len(self._script) > 1 else self._script[0]

    def wait_until_closing(self) -> None:
        self._closing.wait()

    def __enter__(self) -> ModelServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: ModelServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", "0")))
        received = Received(self.path, {k.lower(): v for k, v in self.headers.items()}, json.loads(raw))
        reply = self.server.owner.next_reply(received)
        self.send_response(reply.status)
        self.send_header("content-type", reply.content_type)
        self.send_header("transfer-encoding", "chunked")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._chunks(reply)

    def _chunks(self, reply: Reply) -> None:
        """The body in small pieces, as a stream arrives; cut or left hanging when told so."""
        for start in range(0, len(reply.body), 97):
            piece = reply.body[start : start + 97]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.flush()
        if reply.hang:
            self.server.owner.wait_until_closing()
        if reply.cut or reply.hang:
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """A test server has nothing to say."""
