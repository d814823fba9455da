"""The ASGI application of the venue: REST, WebSockets, health and metrics on one port."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from .. import __version__
from ..core.binance.errors import ApiError, Code
from ..kit.health import Health
from ..kit.metrics import exposition
from .api import OPERATIONS, Api
from .rest import Weights, openapi, respond, routes
from .sockets import Streams, WsApi


def create(api: Api, health: Health, streams: Streams, ws_api: WsApi) -> Starlette:
    weights = Weights(api.weight_limit)
    all_routes: list[BaseRoute] = [
        *routes(api, weights),
        *_operational(health),
        WebSocketRoute("/ws-api/v3", ws_api.serve),
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
        return respond(openapi(__version__))

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
        Route("/openapi.json", document),
    ]


async def _not_served(request: Request, error: Exception) -> Response:
    """Unknown path or method, in Binance's shape, with what is served."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    served = ", ".join(sorted({op.path for op in OPERATIONS}))
    text = f"{request.method} {request.url.path} is not served here; paths are {served}"
    return respond(ApiError(Code.UNSUPPORTED_OPERATION, text).body(), status)
