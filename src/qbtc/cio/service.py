"""CIO's wiring: settings, adapters, rules, API."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from qbtc.contracts.trading import TradingAnswer, TradingQuery
from qbtc.kit.embedding import LocalEmbedder
from qbtc.kit.http import create_app
from qbtc.kit.logs import get_logger
from qbtc.kit.runtime import Built, Runtime, ServiceSpec
from qbtc.kit.store import Store

from .adapters import memories, vectors
from .adapters.evolution_rows import champion
from .adapters.lexicon import Lexicon
from .adapters.prices import HftPrices
from .adapters.state_cache import StateCache
from .api.bus import BusApi
from .api.http import HttpApi, mount
from .api.market import mount as mount_market
from .api.mcp_endpoint import mount_mcp
from .deriving import Deriving
from .describing import Describing
from .domain.claims import TriggerRule
from .domain.moments import KeepRule
from .domain.reflection import ReflectRule
from .keeping import Embedding, Eraser, Keeper
from .market_recall import MarketMemory
from .mind import mind_of
from .observing import Observer, Outside, Rules
from .recalling import Parts, Recaller
from .reflecting import Reflecting, ReflectingRules, Reflector
from .reindexing import Reindexer
from .settings import CioSettings
from .status import Status, watch

log = get_logger(__name__)

RETENTION_SECONDS = 3600


def rules_of(settings: CioSettings) -> Rules:
    return Rules(
        keep=KeepRule(every=settings.moment_every, min_gap=settings.moment_min_gap),
        reflect=ReflectRule(horizon=settings.horizon, k=settings.neighbours),
        signal_confidence=settings.signal_confidence,
        signal_sample=settings.signal_sample,
        horizons=settings.market_horizons,
    )


def reflecting_rules(settings: CioSettings) -> ReflectingRules:
    return ReflectingRules(
        TriggerRule(
            importance=settings.reflect_importance,
            surprise=settings.reflect_surprise,
            every=settings.reflect_every,
            min_gap=settings.reflect_min_gap,
        ),
        claim_days=settings.claim_days,
        nightly_hour=settings.nightly_hour,
        echo_hours=settings.echo_hours,
    )


def prices_of(rt: Runtime[CioSettings]) -> HftPrices:
    async def ask(query: TradingQuery) -> TradingAnswer:
        return await rt.request(
            "hft.trading.query",
            query,
            reply=TradingAnswer,
            timeout=rt.settings.price_timeout,
        )

    return HftPrices(ask)


@dataclass(frozen=True, slots=True)
class Retention:
    store: Store
    days: int

    async def run(self) -> None:
        """Drop market moments past their time, once an hour."""
        while True:
            async with self.store.transaction() as conn:
                dropped = await memories.drop_market_before(conn, self.days)
            if dropped:
                log.info(
                    "market moments past their retention were dropped",
                    dropped=dropped,
                    days=self.days,
                )
            await asyncio.sleep(RETENTION_SECONDS)


async def build(rt: Runtime[CioSettings]) -> Built:
    settings = rt.settings
    embedder = LocalEmbedder(threads=settings.embed_threads)
    search = await vectors.choose(rt.store)
    lexicon = Lexicon(search, embedder.identity)
    states = StateCache(rt.cache.redis, ttl_seconds=settings.state_ttl_seconds)
    keeper = Keeper(rt.store)
    recaller = Recaller(
        Parts(
            rt.store,
            embedder,
            lexicon,
            search,
            states,
            settings.cosine_floor,
            settings.answer_threshold,
            champion=champion,
        )
    )
    mind = mind_of(rt, states, recaller, embedder, settings)
    observer = Observer(rules_of(settings), Outside(keeper, states, prices_of(rt), mind.telling(rt.emit)))
    bus = BusApi(keeper, recaller, observer, rt.clock)
    reflector = Reflector(rt.store, rt.clock, rt.emit, reflecting_rules(settings))
    status = Status(rt.store, embedder, lexicon, states, search.name)
    app = create_app("QBTC CIO", health=rt.health, tokens=rt.tokens, prefix="/api/cio")
    eraser = Eraser(rt.store, states, lexicon)
    api = HttpApi(rt.store, keeper, eraser, recaller, embedder, rt.clock, status, reflector)
    mount(app, api)
    mcp = mount_mcp(app, api)
    mount_market(app, MarketMemory(rt.store, states, observer.present, settings.market_horizons))
    for router in mind.routers:
        app.include_router(router)
    app.state.reindexer = Reindexer(rt.store, embedder.identity, keeper.wake)
    watch(embedder)

    async def warm() -> None:
        """Read the desk's index before anybody asks: at a million memories that takes a minute of a processor."""
        async with rt.store.transaction() as conn:
            await lexicon.segments(conn, None)

    async def close() -> None:
        await mind.syncing.close()
        embedder.close()

    return Built(
        app=app,
        handlers={
            "cio.queries": mind.beside(bus.queries),
            "cio.memories": bus.memories,
            "cio.states": mind.beside(bus.states),
            "cio.orders": mind.beside(bus.orders),
            "cio.tools": mind.beside(bus.tools),
            "cio.workspace": mind.heard,
        },
        tasks=[
            Embedding(rt.store, embedder, search, keeper.wake).run,
            Describing(rt.store, keeper.undescribed).run,
            Deriving(rt.store, keeper.unread, echo_hours=settings.echo_hours).run,
            Reflecting(rt.store, reflector).run,
            Retention(rt.store, settings.moment_days).run,
            *mind.tasks,
            mcp.run,
            warm,
        ],
        on_close=close,
    )


SPEC = ServiceSpec(name="cio", settings=CioSettings, build=build)
