"""What the venue serves on its port: the ASGI application (REST, health, metrics) and the WebSocket endpoints."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .. import __version__
from ..core.binance.errors import ApiError, Code
from ..kit.health import Health
from ..kit.metrics import exposition
from .operation import Api
from .operations import OPERATIONS
from .rest import openapi, respond, routes
from .server import Choose, Served
from .sockets import Endpoint, Handshake
from .stream_names import refusal, sbe_refusal
from .streams_socket import StreamsSocket, need_key


def create(api: Api, health: Health, extra: Sequence[BaseRoute] = ()) -> Starlette:
    """REST, health and metrics; `extra` goes first. WebSockets do not pass through here: see `endpoints`."""
    all_routes: list[BaseRoute] = [*extra, *routes(api, OPERATIONS), *_operational(health)]
    return Starlette(routes=all_routes, exception_handlers={HTTPException: _not_served})


def endpoints(api: Api, ws_api: Endpoint, messages_a_second: int) -> Choose:
    """Who serves which WebSocket. SBE is on its own host at Binance (`stream-sbe.`), and below `/sbe` here too."""
    streams = api.streams
    json = StreamsSocket(streams.json, lambda name: refusal(name, streams.names))
    sbe = StreamsSocket(streams.sbe, lambda name: sbe_refusal(name, streams.names), binary=True)

    def choose(handshake: Handshake) -> Served:
        path = handshake.path
        if path.rstrip("/") == "/ws-api/v3":
            return Served(ws_api)
        for_sbe = path.startswith("/sbe/") or handshake.headers.get("host", "").startswith("stream-sbe.")
        if not _STREAM_PATH.fullmatch(path.removeprefix("/sbe")):
            raise ApiError(Code.UNSUPPORTED_OPERATION, f"no WebSocket at {path}; there are {_SOCKETS}", status=404)
        api.limits.address(handshake.address).connect(time.time_ns())
        if for_sbe:
            need_key(handshake.headers, lambda key: api.keys.find(key) is not None)
        return Served(sbe if for_sbe else json, messages_a_second)

    return choose


_STREAM_PATH = re.compile(r"/stream/?|/ws(?:/.*)?")
_SOCKETS = "/ws, /ws/<stream>, /stream?streams=, the same below /sbe, and /ws-api/v3"


def _operational(health: Health) -> list[Route]:
    async def live(request: Request) -> Response:
        return respond({"service": health.service, "state": "live"})

    async def ready(request: Request) -> Response:
        good, body = await health.report()
        return respond(body, 200 if good else 503)

    async def metrics(request: Request) -> Response:
        return Response(exposition(), media_type="text/plain; version=0.0.4")

    async def document(request: Request) -> Response:
        return respond(openapi(__version__, OPERATIONS))

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
        Route("/openapi.json", document),
    ]


async def _not_served(request: Request, error: Exception) -> Response:
    """Unknown path or method, in Binance's shape."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    text = f"{request.method} {request.url.path} is not served here; /openapi.json has what is."
    return respond(ApiError(Code.UNSUPPORTED_OPERATION, text).body(), status)
