"""The wiring of QCS: settings -> adapters -> domain -> api."""

from __future__ import annotations

import asyncio

from qbtc.kit.hearing import hearing
from qbtc.kit.http import create_app
from qbtc.kit.logs import get_logger
from qbtc.kit.runtime import Built, Runtime, ServiceSpec

from .adapters.damage import Damage
from .adapters.jobs.process import ProcessRunner
from .adapters.jobs.store import PostgresJobs
from .adapters.repository import PostgresStates
from .adapters.saved import SavedStates
from .adapters.screen import RedisScreen
from .adapters.sources import Moments, SavedOf
from .api import bus, drawing, http, resonance
from .api import circuits as circuits_api
from .api import states as state_routes
from .api import statistics as statistics_api
from .api.finance import finance_router
from .api.inference import inference_router
from .api.jobs import announced, jobs_router
from .asking import Asking
from .circuits import Circuits
from .inference import Infer, RowsOf
from .jobs import Jobs, Runner
from .kinds import KINDS
from .market import MarketFold
from .queries import Queries
from .searching import StateSearch
from .settings import QcsSettings
from .statistics.desk import Statistics

log = get_logger(__name__)


async def build(rt: Runtime[QcsSettings]) -> Built:
    damage = Damage(lambda count: rt.health.note.update(damaged_states=count))
    states, saved = PostgresStates(rt.store, damage), SavedStates(rt.store, damage, most=rt.settings.saved_states)
    screen = RedisScreen(rt.cache.redis, seconds=rt.settings.cache_seconds)
    circuits, queries = Circuits(rt.settings), Queries(states, screen)
    app = create_app("QBTC QCS", health=rt.health, tokens=rt.tokens, prefix="/api/qcs")
    search = StateSearch(Moments(rt.store, damage), lambda person: SavedOf(rt.store, damage, person), rt.settings)
    asking = Asking(states, saved)
    app.include_router(state_routes.router(search, asking, saved))
    statistics = Statistics(seconds=rt.settings.statistic_seconds, idle=rt.settings.statistic_idle_seconds)
    app.include_router(http.router(queries))
    app.include_router(statistics_api.router(statistics))
    jobs = Jobs(PostgresJobs(rt.store), _runner(rt), rt.settings, KINDS, {Infer.kind: RowsOf(states)}, announced(rt))
    app.include_router(jobs_router(jobs))
    app.include_router(finance_router(jobs))
    app.include_router(inference_router(jobs))
    app.include_router(circuits_api.router(circuits, jobs))
    app.include_router(drawing.router())
    app.include_router(resonance.router())

    async def janitor() -> None:
        """Delete what is past its retention, at start and then at intervals."""
        while True:
            kept = rt.settings
            gone = await states.purge(pure_hours=kept.pure_hours, sampled_days=kept.sampled_days)
            search.moments.deleted(gone)
            if gone:
                log.info("states past their retention deleted", rows=gone)
            await jobs.purge()
            await asyncio.sleep(kept.janitor_seconds)

    async def close() -> None:
        circuits.close()
        await statistics.close()
        await jobs.close()

    return Built(
        app=app,
        handlers={
            **bus.handlers(rt, MarketFold(states, screen), bus.Answers(queries, circuits, search, asking, statistics, jobs)),
            "qcs.workspace": hearing(rt),
        },
        tasks=[janitor, jobs.run],
        on_close=close,
    )


def _runner(rt: Runtime[QcsSettings]) -> Runner:
    """Where jobs run: on the cluster that is named, else here."""
    kept, address = rt.settings, rt.platform.ray_address
    if address is None:
        return ProcessRunner(nice=kept.job_nice, megabytes=kept.job_megabytes)
    from .adapters.jobs.cluster import RayRunner

    return RayRunner(address, megabytes=kept.job_megabytes)


SPEC = ServiceSpec(name="qcs", settings=QcsSettings, build=build)
