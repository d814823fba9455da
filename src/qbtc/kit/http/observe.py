"""ASGI middleware: one server span, one latency observation and a size limit for every request.

Works in front of any ASGI application (FastAPI, or Flask behind a WSGI bridge). Health and metrics are not traced.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, MutableMapping

from opentelemetry.trace import Status, StatusCode
from pydantic import JsonValue

from qbtc.kit.errors import QbtcError, TooLarge
from qbtc.kit.metrics import counter, histogram
from qbtc.kit.tracing import current_trace_id, span

Scope = MutableMapping[str, object]
Message = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

QUIET = ("/health/", "/metrics")
MAX_BODY = 1_000_000


class Observed:
    """Wraps an ASGI app. Bodies over `max_body` bytes are refused with 413 before they are read."""

    def __init__(self, app: Asgi, service: str, *, max_body: int = MAX_BODY) -> None:
        self._app, self._service, self._max_body = app, service, max_body
        self._seconds = histogram("qbtc_http_seconds", "Time to answer a request", ("service", "method"))
        self._answers = counter("qbtc_http_requests_total", "Requests answered", ("service", "method", "status"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or path.startswith(QUIET):
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        method = str(scope["method"])
        started = time.perf_counter()
        with span(f"{method} {path}", parent=headers.get("traceparent"), kind="server", method=method) as current:
            exchange = _Exchange(receive, send, self._max_body, current_trace_id())
            try:
                await self._answer(scope, exchange, headers)
            finally:
                current.set_attribute("http.status", exchange.status)
                if exchange.status >= 500:
                    current.set_status(Status(StatusCode.ERROR, f"HTTP {exchange.status}"))
                self._seconds.labels(self._service, method).observe(time.perf_counter() - started)
                self._answers.labels(self._service, method, str(exchange.status)).inc()

    async def _answer(self, scope: Scope, exchange: _Exchange, headers: dict[str, str]) -> None:
        if int(headers.get("content-length") or 0) > self._max_body:
            await exchange.refuse()
            return
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception:
            # Whatever the application makes of a body that breaks off, the caller hears why it did.
            if not exchange.overflow:
                raise
        if exchange.overflow and not exchange.started:
            await exchange.refuse()


class _Exchange:
    """One request and its answer: counts the body, remembers the status, adds the trace id."""

    def __init__(self, receive: Receive, send: Send, max_body: int, trace_id: str | None) -> None:
        self._receive, self._send, self._max_body = receive, send, max_body
        self._trace_id = (trace_id or "").encode()
        self._seen = 0
        self.status = 500
        self.started = self.overflow = False

    async def receive(self) -> Message:
        message = await self._receive()
        body = message.get("body", b"")
        self._seen += len(body) if isinstance(body, bytes) else 0
        if self._seen > self._max_body:
            self.overflow = True
            raise TooLarge(f"at most {self._max_body} bytes", allowed=self._max_body)
        return message

    async def send(self, message: Message) -> None:
        if self.overflow and not self.started:
            return
        await self._start(message)

    async def refuse(self) -> None:
        await send_problem(self._start, TooLarge(f"at most {self._max_body} bytes", allowed=self._max_body))

    async def _start(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = int(str(message["status"]))
            headers = list(message.get("headers", []))  # type: ignore[call-overload]
            message["headers"] = [*headers, (b"x-trace-id", self._trace_id)]
        await self._send(message)


def _headers(scope: Scope) -> dict[str, str]:
    raw: list[tuple[bytes, bytes]] = scope.get("headers", [])  # type: ignore[assignment]
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


async def send_problem(send: Send, error: QbtcError) -> None:
    body: dict[str, JsonValue] = error.problem(current_trace_id())
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
