"""HFT's wiring: settings -> adapters -> domain -> api."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from functools import partial

import psycopg
from fastapi import APIRouter

from qbtc.contracts import Envelope, Role
from qbtc.contracts.trading import DecideParameters
from qbtc.kit.errors import Unavailable
from qbtc.kit.hearing import hearing, held_states
from qbtc.kit.http import create_app
from qbtc.kit.http.auth import check_person
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import gauge
from qbtc.kit.runtime import Built, Runtime, ServiceSpec, Task
from qbtc.kit.store.pool import Connection

from . import hot_metrics
from .actions import Actions
from .adapters import repository
from .adapters.hot_engine import HotEngine
from .adapters.journal import FileJournal
from .adapters.mirror import Mirror
from .adapters.strategy_files import load_all, name_of
from .adapters.strategy_shelf import Shelf
from .adapters.venue_filters import allowed
from .adapters.venues import Place, journal_folder, open_venue
from .adapters.writer import Writer
from .alerts import Alerts
from .api.alerts import alerts_router
from .api.bus import BusApi
from .api.exports import exports_router
from .api.http import mount
from .api.live import live_router
from .api.parameters import parameters_router
from .api.proposals import proposals_router
from .api.research import research_router
from .api.strategies import strategies_router
from .dead_man import DeadMan
from .domain.desk import Desk
from .domain.feed import Feed
from .domain.orders import hot_word, installation_mark
from .domain.strategy import StrategyFault
from .domain.venues import Product
from .engine import Engine
from .hot import HotTier
from .live import Live, Start
from .parameters import Parameters
from .perpetuals import Listener
from .ports import MarketInfo, StrategyChoice
from .research import Research
from .sessions.recorder import Recorder
from .settings import HftSettings, live_at_start
from .trader import Trader
from .views import Views

log = get_logger(__name__)

SHOWN_FILLS = 1000
COMPACT_SECONDS = 2.0
MB = 1_000_000
BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


async def build(rt: Runtime[HftSettings]) -> Built:
    place = open_venue(rt.settings, rt.platform.home, here=rt.platform.url("exchange"), symbols=rt.platform.symbols)
    journal = FileJournal(journal_folder(rt.platform.home, place.site.name), epoch=_epoch(time.time_ns() // 1_000_000_000))
    desk = _desk(rt.settings, journal, futures=place.site.product is Product.USDM)
    engine = _engine(rt, desk, place, journal)
    live = _live(rt.settings, place, engine)
    hot = _hot(rt, place, engine)
    chosen = await _restore_strategies(rt, engine, hot, place.site.name)
    engine.trader.recover()
    recorder = _recorder(rt, place, engine, chosen)
    views = Views(engine, live, hot=hot)
    shelf = Shelf(engine.strategist, rt.platform.home, rt.settings.strategies)
    actions = Actions(engine, engine.trader, hot=hot, shelf=shelf, allowed=partial(allowed, place.venue), recorder=recorder)
    bus = BusApi(engine, actions, views, venue=place.site.name)
    bus.settle = lambda name: _settle(rt, name, place.site.name)
    app = create_app("QBTC HFT", health=rt.health, tokens=rt.tokens, prefix="/api/hft")
    mount(app, views, actions)
    alerts = Alerts(rt, engine)
    research, parameters, routers = _research(rt, engine, actions, place.site.name)
    bus.decide = partial(_decide, rt, parameters)
    for router in (*_stored(rt, actions, views, place.site.name), alerts_router(alerts), live_router(live), *routers):
        app.include_router(router)
    rt.health.check("venue", engine.check_venue)
    _metrics(engine, hot)

    async def close() -> None:
        await _end_children(hot, research, recorder)
        await engine.strategist.close()
        await place.venue.close()
        await place.perpetuals.close()
        await writer.last()
        if not engine.trader.out.orders:
            engine.trader.compact()
        journal.close()

    async def compact() -> None:
        await _compact_when_stored(engine.trader, journal)

    dead_man = DeadMan(actions.kill, rt.settings.dead_man_seconds)
    writer = Writer(rt, engine.trader.out, venue=place.site.name)
    mirror = Mirror(rt.cache.redis, engine, views, hz=rt.settings.screen_hz)
    tasks: list[Task] = [
        engine.run_market,
        *([engine.run_user] if place.keyed else []),
        engine.run_watch,
        live.run,
        *([hot.run] if hot is not None else []),
        *([Listener(place.perpetuals, lambda: engine.feed).run] if rt.settings.perpetuals else []),
        writer.run,
        writer.purge_hourly,
        mirror.run,
        alerts.run,
        shelf.run,
        research.run,
        parameters.run,
        dead_man.run,
        compact,
        *([recorder.run] if recorder is not None else []),
    ]
    return Built(dead_man.hearing(app, rt.tokens), {**bus.handlers(), "hft.workspace": hearing(rt, lambda: held_states(bus.states.values()))}, tasks=tasks, on_close=close, on_control=bus.on_control)


async def _end_children(hot: HotTier | None, research: Research, recorder: Recorder | None) -> None:
    """What works beside the desk ends before it does; a recording is whole."""
    if hot is not None:
        await hot.close()
    await research.close()
    if recorder is not None:
        recorder.end("the process ends")
        await asyncio.to_thread(recorder.wait)


async def _settle(rt: Runtime[HftSettings], client_order_id: str, venue: str) -> None:
    """A proposal that cannot be placed as it is waits for nobody any more."""
    async with rt.store.transaction() as conn:
        await repository.refuse_proposal(conn, client_order_id, venue=venue)


async def _decide(
    rt: Runtime[HftSettings], parameters: Parameters, conn: Connection, envelope: Envelope, body: DecideParameters
) -> None:
    """Only a person decides. Raises Forbidden."""
    actor = check_person(rt.tokens.verify(envelope.actor or "", at=envelope.time), Role.TRADER)
    await parameters.decide(conn, body, actor.user)


def _research(
    rt: Runtime[HftSettings], engine: Engine, actions: Actions, venue: str
) -> tuple[Research, Parameters, tuple[APIRouter, ...]]:
    """What runs beside trading, and what may come of it."""
    s, home = rt.settings, rt.platform.home
    research = Research(home, minutes=s.research_minutes, megabytes=s.research_megabytes, nice=s.research_nice)
    parameters = Parameters(rt, engine, actions, research, home=home, settings=s, venue=venue)
    return research, parameters, (research_router(engine, research, home), parameters_router(parameters))


def _desk(settings: HftSettings, journal: FileJournal, *, futures: bool) -> Desk:
    """The desk as the journal left it."""
    desk = Desk({}, settings.limits(), futures=futures)
    desk.restore(journal.records())
    return desk


def _stored(rt: Runtime[HftSettings], actions: Actions, views: Views, venue: str) -> tuple[APIRouter, ...]:
    """What shows or changes rows of the database, each for the venue's own."""
    return (
        strategies_router(rt.store, actions, views, venue=venue), proposals_router(rt.store, venue=venue),
        exports_router(rt.store, venue=venue),
    )  # fmt: skip


def _hot(rt: Runtime[HftSettings], place: Place, engine: Engine) -> HotTier | None:
    """Only at the local venue: the engine's keys and its permission are made for that."""
    if not place.site.local:
        return None
    engine.trader.hot_names |= {hot_word(name): name for name in engine.strategies}
    return HotTier(engine, HotEngine(rt.platform.home, place.site.rest), record=rt.settings.record)


def _recorder(
    rt: Runtime[HftSettings], place: Place, engine: Engine, chosen: Mapping[str, StrategyChoice]
) -> Recorder | None:
    """Only at the local venue: what live trading is permitted is not recorded. It begins with what runs already."""
    if not place.site.local:
        return None
    s = rt.settings
    recorder = Recorder(
        engine, rt.platform.home / "hft" / "sessions", on=s.record, part_bytes=s.record_file_mb * MB,
        keep_bytes=s.record_keep_mb * MB,
    )  # fmt: skip
    recorder.resume({name: choice.record for name, choice in chosen.items()})
    return recorder


def _live(settings: HftSettings, place: Place, engine: Engine) -> Live:
    """Every order asks it first."""
    start = Start(keys=place.keyed, live=live_at_start(settings, os.environ), rights_seconds=settings.rights_seconds)
    live = Live(place.site, place.venue, start)
    engine.trader.permission = lambda: live.permission
    return live


def _engine(rt: Runtime[HftSettings], desk: Desk, place: Place, journal: FileJournal) -> Engine:
    """On a live venue no strategy runs that was not started there, nowhere one that failed and was not started again;
    wrong keys do not hide the market."""
    mark = installation_mark(rt.platform.instance)
    trader = Trader(desk, place.venue, journal, epoch=journal.epoch, mark=mark, clock=rt.clock.now_ns)
    found, chosen, faults = load_all(rt.settings.strategies, rt.platform.home)
    for name, why in faults.items():
        log.error("a strategy cannot be used", strategy=name, error=why)
    for name, why in desk.failed.items():
        log.warning("a strategy that failed stays stopped until it is started", strategy=name, error=why)
    legless = {s.name for s in found if not s.legs}
    wanted = [name for name in chosen if name in legless - desk.failed.keys()] if place.site.local else []
    engine = Engine(
        desk, trader, place.venue, found, symbols=rt.platform.symbols, running=wanted,
        unknown_seconds=rt.settings.unknown_order_seconds, audit_seconds=rt.settings.reconcile_seconds,
        keyed=place.site.local, blind_seconds=rt.settings.blind_seconds,
    )  # fmt: skip
    engine.strategist.broken |= {name_of(text): why for text, why in faults.items()}
    engine.on_session = lambda feed, info: asyncio.ensure_future(_recall(rt, desk, feed, info, place.site.name))
    return engine


async def _compact_when_stored(trader: Trader, journal: FileJournal) -> None:
    """Once what the journal holds is in the database, start it again from a checkpoint; then when it grows."""
    first = True
    while True:
        await asyncio.sleep(COMPACT_SECONDS)
        if (first or journal.outworn) and not trader.out.orders:
            first = not trader.compact()


async def _recall(rt: Runtime[HftSettings], desk: Desk, feed: Feed, info: MarketInfo, venue: str) -> None:
    """What the database remembers: the reference of the z-scores, this session's candles, the newest fills."""
    try:
        for minute in await repository.load_reference(rt.store, feed.symbols, info.mode.value):
            feed.reference.add_minute(minute)
        for symbol, bars in (await repository.load_bars(rt.store, feed.symbols, info.session)).items():
            feed.history[symbol].extend(bars)
        desk.recall(await repository.load_fills(rt.store, SHOWN_FILLS, venue=venue))
    except (psycopg.Error, Unavailable) as error:
        log.warning("history was not loaded", error=str(error)[:200])


async def _restore_strategies(
    rt: Runtime[HftSettings], engine: Engine, hot: HotTier | None, venue: str
) -> dict[str, StrategyChoice]:
    """What was chosen for each before."""
    stored = await repository.load_strategies(rt.store, venue=venue)
    for name, chosen in stored.items():
        if name not in engine.strategies:
            continue
        in_hot = chosen.running and chosen.tier == "hot" and hot is not None
        start = chosen.running and not in_hot and name not in engine.desk.failed
        try:
            strategy = engine.set_strategy(name, start=start, parameters={**chosen.parameters}, legs=chosen.legs)
            if in_hot and hot is not None:
                hot.start(strategy, spin=chosen.spin, record=chosen.record)
        except ValueError as error:
            stopped = engine.set_strategy(name, start=False, parameters={})
            stopped.fault = StrategyFault(f"stopped, because its stored parameters or legs do not fit: {error}")
            log.error("a strategy is stopped: its stored parameters or legs do not fit", strategy=name, error=str(error))
    return stored


def _metrics(engine: Engine, hot: HotTier | None) -> None:
    if hot is not None:
        hot_metrics.export(hot)
    halted = gauge("qbtc_hft_halted", "1 while trading is halted")
    halted.set_function(lambda: float(engine.desk.state.value == "HALTED"))
    opened = gauge("qbtc_hft_open_orders", "Open orders")
    opened.set_function(lambda: float(len(engine.desk.open_orders())))
    equity = gauge("qbtc_hft_day_pnl", "Profit of the day in the quote asset")
    equity.set_function(lambda: engine.desk.day_pnl / 1e16)


def _epoch(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = BASE36[digit] + text
    return text


SPEC = ServiceSpec(name="hft", settings=HftSettings, build=build)
