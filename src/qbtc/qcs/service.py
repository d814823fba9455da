"""The wiring of QCS: settings -> adapters -> domain -> api."""

from __future__ import annotations

import asyncio

from qbtc.kit.http import create_app
from qbtc.kit.logs import get_logger
from qbtc.kit.runtime import Built, Runtime, ServiceSpec

from .adapters.repository import PostgresStates
from .adapters.screen import RedisScreen
from .api import bus, drawing, http
from .api import circuits as circuits_api
from .circuits import Circuits
from .market import MarketFold
from .queries import Queries
from .settings import QcsSettings

log = get_logger(__name__)

MAX_BODY = 2_500_000


async def build(rt: Runtime[QcsSettings]) -> Built:
    states = PostgresStates(rt.store)
    screen = RedisScreen(rt.cache.redis, seconds=rt.settings.cache_seconds)
    circuits, queries = Circuits(rt.settings), Queries(states, screen)
    app = create_app("QBTC QCS", health=rt.health, tokens=rt.tokens, prefix="/api/qcs")
    app.include_router(http.router(queries))
    app.include_router(circuits_api.router(circuits))
    app.include_router(drawing.router())

    async def janitor() -> None:
        """Delete what is past its retention, at start and then at intervals."""
        while True:
            kept = rt.settings
            gone = await states.purge(pure_hours=kept.pure_hours, sampled_days=kept.sampled_days)
            if gone:
                log.info("states past their retention deleted", rows=gone)
            await asyncio.sleep(kept.janitor_seconds)

    async def close() -> None:
        circuits.close()

    return Built(
        app=app,
        handlers=bus.handlers(rt, MarketFold(states, screen), queries, circuits),
        tasks=[janitor],
        on_close=close,
        max_body=MAX_BODY,
    )


SPEC = ServiceSpec(name="qcs", settings=QcsSettings, build=build)
