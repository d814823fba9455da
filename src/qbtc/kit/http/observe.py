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
            status = await self._answer(scope, receive, send, headers)
            current.set_attribute("http.status", status)
            if status >= 500:
                current.set_status(Status(StatusCode.ERROR, f"HTTP {status}"))
        self._seconds.labels(self._service, method).observe(time.perf_counter() - started)
        self._answers.labels(self._service, method, str(status)).inc()

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> int:
        status = 500
        trace_id = (current_trace_id() or "").encode()

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(str(message["status"]))
                start_headers = list(message.get("headers", []))  # type: ignore[call-overload]
                message["headers"] = [*start_headers, (b"x-trace-id", trace_id)]
            await send(message)

        if int(headers.get("content-length") or 0) > self._max_body:
            await send_problem(observed_send, TooLarge(f"at most {self._max_body} bytes", allowed=self._max_body))
        else:
            await self._app(scope, self._limited(receive), observed_send)
        return status

    def _limited(self, receive: Receive) -> Receive:
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            body = message.get("body", b"")
            seen += len(body) if isinstance(body, bytes) else 0
            if seen > self._max_body:
                raise TooLarge(f"at most {self._max_body} bytes", allowed=self._max_body)
            return message

        return limited


def _headers(scope: Scope) -> dict[str, str]:
    raw: list[tuple[bytes, bytes]] = scope.get("headers", [])  # type: ignore[assignment]
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


async def send_problem(send: Send, error: QbtcError) -> None:
    body: dict[str, JsonValue] = error.problem(current_trace_id())
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
