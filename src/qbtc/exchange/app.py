"""The ASGI application of the venue: REST, WebSockets, health and metrics on one port."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from .. import __version__
from ..core.binance.errors import ApiError, Code
from ..kit.health import Health
from ..kit.metrics import exposition
from .operation import Api
from .operations import OPERATIONS
from .rest import openapi, respond, routes
from .sockets import Streams
from .ws_api import WsApi
from .ws_bridge import bridge


def create(api: Api, health: Health, streams: Streams, ws_api: WsApi, max_queue: int) -> Starlette:
    async def serve_ws_api(socket: WebSocket) -> None:
        await bridge(socket, ws_api, max_queue)

    all_routes: list[BaseRoute] = [
        *routes(api, OPERATIONS),
        *_operational(health),
        WebSocketRoute("/ws-api/v3", serve_ws_api),
        WebSocketRoute("/stream", streams.combined),
        WebSocketRoute("/ws", streams.raw),
        WebSocketRoute("/ws/{stream:path}", streams.raw),
    ]
    return Starlette(routes=all_routes, exception_handlers={HTTPException: _not_served})


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
    """Unknown path or method, in Binance's shape, with what is served."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    served = ", ".join(sorted({op.path for op in OPERATIONS if op.path}))
    text = f"{request.method} {request.url.path} is not served here; paths are {served}"
    return respond(ApiError(Code.UNSUPPORTED_OPERATION, text).body(), status)
