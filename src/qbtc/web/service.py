"""The wiring of Web: settings -> adapters -> domain -> api."""

from __future__ import annotations

import asyncio
import logging
import secrets
from pathlib import Path

import httpx
from fastapi import FastAPI, Request, Response

from qbtc.kit.hearing import hearing
from qbtc.kit.http import create_app
from qbtc.kit.ids import uuid7
from qbtc.kit.runtime import Built, Runtime, ServiceSpec, Task
from qbtc.kit.telemetry import MetricStore
from qbtc.web.adapters.accounts import PostgresAccounts, PostgresThrottle
from qbtc.web.adapters.files import PagesFirst, StaticApp
from qbtc.web.adapters.operations import PostgresOperations
from qbtc.web.adapters.sockets import SocketServer
from qbtc.web.adapters.streams import Streams
from qbtc.web.adapters.tickets import RedisTickets
from qbtc.web.adapters.watch import Watch, every
from qbtc.web.api import auth, commands, socket, views
from qbtc.web.api.bus import BusEdge
from qbtc.web.api.context import Context
from qbtc.web.domain.hub import Hub
from qbtc.web.settings import WebSettings

STATIC = Path(__file__).parent / "static"
PARALLEL_HASHES = 2
CLEAN_SECONDS = 3600.0
GIVE_UP_SECONDS = 5.0


async def build(rt: Runtime[WebSettings]) -> Built:
    # The server's own lines about sockets carry their address, and that a ticket.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    operations = PostgresOperations(rt.store)
    hub = Hub(epoch=uuid7(), new_token=lambda: secrets.token_urlsafe(18))
    http = httpx.AsyncClient()
    metrics = MetricStore(rt.platform.home / "telemetry")
    ctx = Context(
        rt=rt,
        accounts=PostgresAccounts(rt.store, rt.clock, session_days=rt.settings.session_days),
        throttle=PostgresThrottle(rt.store),
        tickets=RedisTickets(rt.cache.redis, seconds=rt.settings.ticket_seconds),
        operations=operations,
        sockets=SocketServer(hub, rt.clock, max_sockets=rt.settings.max_sockets),
        watch=Watch(hub, rt.platform, rt.bus, metrics, http, rt.tokens.as_service),
        hashing=asyncio.Semaphore(PARALLEL_HASHES),
    )

    async def close() -> None:
        await http.aclose()
        metrics.close()

    edge = BusEdge(hub, operations, rt.tokens)
    handlers = {"web.updates": edge.updates, "web.turns": edge.turns, "web.events": edge.events, "web.workspace": hearing(rt)}
    return Built(application(ctx), handlers, [*tasks(ctx, hub), every(GIVE_UP_SECONDS, edge.give_up, "open operations")], close)


def application(ctx: Context) -> FastAPI:
    app = create_app("QBTC Web", health=ctx.rt.health, tokens=ctx.rt.tokens, prefix="/api/web")
    app.state.context = ctx
    for module in (auth, commands, views, socket):
        app.include_router(module.router)
    static = StaticApp(STATIC)
    app.add_middleware(PagesFirst, static=static)

    @app.get("/{path:path}", include_in_schema=False)
    async def page(request: Request, path: str) -> Response:
        return await static(request, path)

    return app


def tasks(ctx: Context, hub: Hub) -> list[Task]:
    settings, watch = ctx.rt.settings, ctx.watch
    streams = Streams(ctx.rt.cache.redis, hub)

    async def clean() -> None:
        await ctx.operations.forget(settings.keep_operations_days)

    return [
        ctx.sockets.tick_forever,
        streams.run,
        every(settings.health_seconds, watch.health_round, "health"),
        every(settings.health_seconds, watch.queue_round, "queues"),
        every(settings.scrape_seconds, watch.metrics_round, "metrics"),
        every(1.0, watch.log_round, "logs"),
        every(CLEAN_SECONDS, clean, "operations"),
    ]


SPEC = ServiceSpec(name="web", settings=WebSettings, build=build)
