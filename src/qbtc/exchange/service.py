"""The venue as a process: settings, journal recovery, market choice, server, drain. `run` is what `qbtc run` calls.

It needs no database, bus or cache: its journal under QBTC_HOME/exchange is the truth.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

import msgspec
import uvicorn
from starlette.routing import Route

from .. import __version__
from ..contracts.common import MarketMode
from ..core.market.instrument import KNOWN
from ..core.market.replay import BadRecording
from ..core.market.simulator import default_instruments
from ..kit import logs
from ..kit.errors import BadInput, QbtcError
from ..kit.health import Health
from ..kit.ids import uuid7
from ..kit.metrics import gauge
from ..kit.settings import Platform, load, platform
from . import app
from .bookkeeper import Bookkeeper
from .desk import Desk
from .fanout import MARKET_STREAM
from .faults import Faults
from .faults_gate import Gate
from .faults_http import FaultyApp
from .feeds import Feed, ReplayFeed, SimulatedFeed
from .futures import adapter as futures
from .futures.journal import FuturesJournalError
from .futures.service import Futures
from .journal_folder import strangers
from .keys import PAPER, KeyStore, NoSuchKey, PaperKeys, open_store
from .later import Later
from .limits import Limits
from .operation import Api
from .operations import OPERATIONS
from .recordings import open_recording
from .recovery import compact, recover
from .segments import Journal, JournalError, lock
from .server import HttpWithSockets, Sockets
from .session import Session
from .settings import ExchangeSettings, PaperSettings
from .streams import Streams
from .terms import terms
from .warming import warm
from .ws_api import WsApi

log = logs.get_logger(__name__)
PULSE, IDLE_PULSE = 0.02, 0.5
MOST_CLIENTS = 4096
FILES = 2 * MOST_CLIENTS
"""Open files that the venue asks for: clients over HTTP, over WebSockets, and its own."""
"""REST connections at a time; the next request gets 503."""
BROKEN = os.EX_SOFTWARE
"""Exit code 70: the books contradicted themselves."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one venue needs to start."""

    platform: Platform
    exchange: ExchangeSettings
    paper: PaperSettings
    port: int
    announce: TextIO | None = None

    @property
    def folder(self) -> Path:
        return self.platform.home / "exchange"


async def choose_feed(options: Options) -> Feed:
    """The feed that the settings name. Raises BadInput or BadRecording."""
    market, symbols = options.platform.market, tuple(options.platform.symbols)
    if market.startswith("replay:"):
        recording = await asyncio.to_thread(open_recording, market.removeprefix("replay:"), symbols)
        return ReplayFeed(recording, options.platform.speed, loop=options.platform.loop)
    if market not in ("auto", "binance", "sim"):
        raise BadInput(f"market {market!r} is not known", field="market", allowed="auto, binance, replay:PATH, sim")
    if market == "sim":
        return _simulated(options, None)
    return await _live_or_simulated(options)


async def _live_or_simulated(options: Options) -> Feed:
    """`auto`: Binance if it answers within two seconds, else the simulator; the reason goes to the feed's notes."""
    from .adapters.upstream import LiveFeed, reachable  # its drivers cost memory that other markets do not need

    rest, stream = options.exchange.upstream_rest, options.exchange.upstream_ws
    reason = await reachable(rest) if options.platform.market == "auto" else None
    if reason is not None:
        return _simulated(options, reason)
    return LiveFeed(list(options.platform.symbols) or ["BTCUSDT", "ETHUSDT"], rest, stream)


def _simulated(options: Options, reason: str | None) -> SimulatedFeed:
    unknown = [symbol for symbol in options.platform.symbols if symbol not in KNOWN]
    if unknown:
        raise BadInput(
            f"symbol {unknown[0]} cannot be simulated; allowed: {', '.join(sorted(KNOWN))}", field="symbols",
            allowed=[*sorted(KNOWN)],
        )  # fmt: skip
    instruments = default_instruments(tuple(options.platform.symbols))
    feed = SimulatedFeed(instruments, options.exchange.seed, options.platform.speed)
    feed.notes.append(f"simulated because {reason}" if reason else "simulated as asked")
    return feed


class Exchange:
    """One running venue, from recovery to drain."""

    def __init__(self, options: Options, feed: Feed, keys: tuple[KeyStore, PaperKeys]) -> None:
        self.options = options
        self.feed = feed
        self.keys, self.paper = keys
        self.journal: Journal
        self.health = Health("exchange", __version__)
        self.futures: Futures | None = None
        self.faults = Faults(on=self.options.exchange.faults)
        self._compacting: set[asyncio.Task[Path]] = set()

    def recover(self) -> None:
        """Fold the journal, and open the funded paper account on the first start. Raises JournalError."""
        warm()
        folder, started = self.options.folder, time.perf_counter()
        held = lock(folder)
        found = recover(folder)
        self.journal = Journal(folder, found.segment, found.number, lock_descriptor=held)
        self.journal.on_closed = self._compact
        self.desk = Desk(Bookkeeper(found.state, self.journal), terms(self.options.exchange))
        self.desk.keeper.on_fault = give_up
        if not self.desk.keeper.opened(PAPER):
            self.desk.open_account(PAPER, self.options.paper.units, time.time_ns())
        for note in found.notes:
            log.warning("journal mended", note=note)
        for name in strangers(folder):
            log.warning("a file in the journal's folder is none of the venue's and was passed over", file=name)
        seconds = round(time.perf_counter() - started, 3)
        log.info("journal read", frames=found.number - 1, orders=len(self.desk.books.open_rows()), seconds=seconds)

    def _compact(self, segment: int) -> None:
        """A segment is full: make a checkpoint of it beside the running venue."""
        task = asyncio.create_task(asyncio.to_thread(compact, self.options.folder, segment))
        self._compacting.add(task)
        task.add_done_callback(self._compacted)

    def _compacted(self, task: asyncio.Task[Path]) -> None:
        self._compacting.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("no checkpoint could be made; the journal stays whole", error=repr(task.exception()))

    async def build(self) -> None:
        """Markets, session and application. The market is prepared before the first request."""
        settings = self.options.exchange
        self.streams = Streams(self.desk.markets, self._market_time, asyncio.get_running_loop().call_soon)
        await self.feed.prepare(self.desk, self.streams.publish)
        symbols = sorted(self.desk.markets)
        self.session = Session(self.feed.mode, uuid7(), self.feed.clock, symbols, self.feed.notes)
        markets, limits = self.desk.markets, Limits(settings.allowance)
        api = Api(
            self.desk,
            markets,
            self.session,
            self.keys,
            limits,
            self.streams,
            self.faults.wall,
            paper=self.options.paper.units,
        )
        self.ws_api = WsApi(api, OPERATIONS)
        self.desk.on_report = self.ws_api.events.hear
        self.desk.heard = self.ws_api.events.listens
        self.desk.publish = Later(asyncio.get_running_loop().call_soon)
        choose = app.endpoints(api, self.ws_api, settings.stream_messages)
        routes = self._add_futures(api)
        self.app = app.create(api, self.health, routes)
        if self.futures is not None:
            choose = futures.choose(choose, self.futures)
        if self.faults.on:
            choose = Gate(self.faults, choose)
        self.sockets = Sockets(choose, settings.socket_rules, lambda: time.time_ns() // 1_000_000)
        self.desk.restore(self.session.clock.now(time.time_ns()))
        self._observe()

    def _add_futures(self, api: Api) -> list[Route]:
        """Futures beside spot, if they are wanted; nothing of them is at work until somebody asks."""
        settings = self.options.exchange
        if settings.futures:
            self.futures = futures.build(self.options.folder, api, settings, self.options.paper)
            self.futures.venue.on_fault = give_up
            api.reset_futures = self.futures.reset
            return futures.routes(self.futures.gate)
        return []

    def _feign(self, seconds: float) -> None:
        """Say that the venue is going, close everybody, and stay."""
        self._say_shutdown()
        asyncio.get_running_loop().call_later(seconds, self.sockets.close_all)

    def _say_shutdown(self) -> None:
        self.streams.shutdown()
        self.ws_api.shutdown()

    def _market_time(self) -> int:
        return self.feed.clock.now(time.time_ns())

    async def _pulse(self) -> None:
        """Let time pass for the streams; less often while nobody listens."""
        while True:
            await asyncio.sleep(PULSE if self.streams.heard else IDLE_PULSE)
            self.streams.pulse(self._market_time())
            self.desk.reserve_ids()

    def changed(self) -> None:
        """The market's mode or state changed: close or open order entry and tell who listens."""
        self.session.connected = self.feed.connected
        self.desk.closed = self.session.clock.ended
        if self.session.clock.ended and "the recording has ended" not in self.session.notes:
            self.session.notes.append("the recording has ended")
        self.streams.publish(MARKET_STREAM, self.session.describe(time.time_ns()))
        log.info("market", **self.session.describe(time.time_ns()))

    async def run(self, listener: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT. A failing part ends the venue with its error."""
        config = uvicorn.Config(
            FaultyApp(self.app, self.faults, self.sockets.drop_all, self._feign) if self.faults.on else self.app,
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            http=functools.partial(HttpWithSockets, self.sockets),  # type: ignore[arg-type]
            timeout_graceful_shutdown=2,
            limit_concurrency=MOST_CLIENTS,
        )
        server = _Server(config)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._drain, server)
        self.changed()
        parts: list[Coroutine[None, None, None]] = [self.journal.run(), self.feed.run(self.changed), self._pulse()]
        if self.futures is not None:
            parts.append(self.futures.run())
        tasks = [asyncio.create_task(part) for part in parts]
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        for part in tasks:
            part.add_done_callback(lambda task: self._failed(task, server))
        self._announce()
        await serving
        await self._stop(tasks)

    def _failed(self, task: asyncio.Task[None], server: uvicorn.Server) -> None:
        if not task.cancelled() and task.exception() is not None:
            log.error("a part of the venue failed", error=repr(task.exception()))
            server.should_exit = True

    async def _stop(self, tasks: list[asyncio.Task[None]]) -> None:
        failures = [task.exception() for task in tasks if task.done() and not task.cancelled()]
        for task in reversed(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.journal.written()
        if not any(failures):
            self.desk.keep_ids()
        self.journal.close()
        if self.futures is not None:
            await self.futures.close()
        for failure in failures:
            if failure is not None:
                raise failure

    def _drain(self, server: uvicorn.Server) -> None:
        """Say it to everybody who is connected, then go."""
        self.health.draining = True
        self._say_shutdown()
        self.sockets.close_all()
        server.should_exit = True

    def _announce(self) -> None:
        if self.options.announce is None:
            return
        base = f"127.0.0.1:{self.options.port}"
        line = {
            "rest": f"http://{base}",
            "ws": f"ws://{base}",
            "ws_api": f"ws://{base}/ws-api/v3",
            "api_key": self.paper.api_key,
            "secret": self.paper.secret,
        }
        print(msgspec.json.encode(line).decode(), file=self.options.announce, flush=True)

    def _observe(self) -> None:
        gauge("qbtc_exchange_orders_open", "Open orders").set_function(lambda: len(self.desk.books.open_rows()))
        gauge("qbtc_exchange_frames_published", "Public frames since start").set_function(
            lambda: self.streams.json.published
        )
        gauge("qbtc_exchange_journal_bytes", "Size of the journal").set_function(lambda: self.journal.size)
        gauge("qbtc_exchange_stream_clients", "Connections on public streams").set_function(
            lambda: self.streams.clients
        )
        self.health.check("market", self._market_check)

    async def _market_check(self) -> None:
        if self.session.mode is MarketMode.LIVE and not self.feed.connected:
            raise ConnectionError("not connected to the live market")


def give_up(error: Exception) -> NoReturn:
    """End at once, as kill -9 would: books that contradict themselves answer nobody and write nothing more."""
    log.critical("the books contradict themselves; the venue ends and may start again from its journal", error=str(error))
    sys.stderr.write(f"qbtc exchange: the books contradict themselves: {error}; start it again from its journal\n")
    sys.stderr.flush()
    logging.shutdown()
    os._exit(BROKEN)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled by the venue, so that a drain ends with exit code 0."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on loopback. Raises BadInput if the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise BadInput(
            f"port {port} on {host} cannot be used: {error.strerror}; choose another or stop its user"
        ) from None
    listener.listen(512)
    return listener


def allow_files(wanted: int = FILES) -> None:
    """Raise this process's limit of open files towards `wanted`; say so where the machine allows fewer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    given = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < given:
        resource.setrlimit(resource.RLIMIT_NOFILE, (given, hard))
    if given < wanted:
        log.warning("this machine allows few open files: more clients are refused", allowed=given, wanted=wanted)


async def serve(options: Options) -> None:
    """Run one venue. Raises QbtcError, BadRecording or JournalError for what a person can mend."""
    allow_files()
    listener = listen(options.platform.host, options.port)
    with contextlib.closing(listener):
        exchange = Exchange(options, await choose_feed(options), open_store(options.platform.home / "secrets"))
        exchange.recover()
        await exchange.build()
        await exchange.run(listener)


def run(chosen: Platform | None = None, *, port: int | None = None, announce: TextIO | None = None) -> int:
    """Entry of `qbtc run exchange` and `qbtc exchange`. Returns the exit code."""
    try:
        settings = chosen or platform()
        logs.configure("exchange", settings.log_level)
        if announce is not None:
            _logs_to_stderr()
        options = Options(
            platform=settings,
            exchange=load(ExchangeSettings, "exchange", home=settings.home),
            paper=load(PaperSettings, "paper", home=settings.home),
            port=port if port is not None else settings.port("exchange"),
            announce=announce,
        )
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve(options))
    except (QbtcError, BadRecording, JournalError, FuturesJournalError, NoSuchKey) as error:
        if announce is None:  # standard output belongs to the announcement, also before logs are set up
            log.error("the venue cannot run", error=str(error))
        sys.stderr.write(f"qbtc exchange: {error}\n")
        return 1
    return 0


def _logs_to_stderr() -> None:
    """Keep standard output for the announcement."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop
