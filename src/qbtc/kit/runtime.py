"""How a service lives: one runtime that wires settings, logs, tracing, store, cache, bus and HTTP, and drains cleanly.

A service gives a `ServiceSpec`; `run` does the rest. Handlers get `(conn, envelope, body)` inside a transaction in
which the inbox row is already written, so that a message has its effect once.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

import uvicorn

from qbtc import __version__
from qbtc.contracts import Envelope, Message
from qbtc.contracts.bodies import service_limit

from . import logs, tracing
from .bus import Bus, open_bus
from .cache import Cache
from .clock import Clock, SystemClock
from .errors import Unavailable
from .health import Health
from .http.observe import Asgi, Observed
from .messaging import Messenger
from .security import KeyRing, Tokens
from .settings import Platform, ServiceSettings, credentials, load, platform
from .store import Outbox, Store, inbox

if TYPE_CHECKING:
    from .bus import Consumer
    from .store.pool import Connection

log = logs.get_logger(__name__)

S = TypeVar("S", bound=ServiceSettings)
Handler = Callable[["Connection", Envelope, Message], Awaitable[Message | None]]
Task = Callable[[], Coroutine[object, object, None]]
OnControl = Callable[[str, Message, Envelope], Awaitable[None]]

DRAIN_SECONDS = 8
BUS_SECONDS = 30
JANITOR_SECONDS = 3600
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60.0
"""A task that ran for so long begins again with the first pause."""


@dataclass(slots=True)
class Runtime(Messenger, Generic[S]):
    """What a service is given. `emit`, `publish`, `request` and `ui` come from Messenger."""

    settings: S
    platform: Platform
    clock: Clock
    cache: Cache
    health: Health
    stop: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Built:
    """What a service gives back: its HTTP app, its handlers by queue, its background tasks."""

    app: Asgi
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    tasks: Sequence[Task] = ()
    on_close: Callable[[], Awaitable[None]] | None = None
    on_control: OnControl | None = None


@dataclass(frozen=True, slots=True)
class ServiceSpec(Generic[S]):
    name: str
    settings: type[S]
    build: Callable[[Runtime[S]], Awaitable[Built]]


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the runtime decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(spec: ServiceSpec[S]) -> int:
    """Run a service until SIGTERM, SIGINT or a signed restart; returns the exit code."""
    shared = platform()
    logs.configure(spec.name, shared.log_level)
    settings = load(spec.settings, spec.name)
    with asyncio.Runner(loop_factory=_loop) as runner:
        return runner.run(_main(spec, shared, settings))


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop

    return uvloop.new_event_loop()


async def _main(spec: ServiceSpec[S], shared: Platform, settings: S) -> int:
    tracing.configure(spec.name, shared.home / "telemetry")
    try:
        listener = _listen(shared.host, shared.port(spec.name))
        rt = await _open(spec, shared, settings)
    except Unavailable as error:
        log.error("cannot start", error=str(error))
        return 1
    try:
        await _live(spec, rt, listener)
    finally:
        listener.close()
        await rt.bus.close()
        await rt.cache.close()
        await rt.store.close()
        tracing.shutdown()
    log.info("stopped")
    return 0


async def _open(spec: ServiceSpec[S], shared: Platform, settings: S) -> Runtime[S]:
    """Connect everything; raises Unavailable when the database or the bus cannot be reached."""
    mine = credentials(shared, spec.name)
    if mine.database_url is None or mine.redis_url is None:
        raise Unavailable(f"no credentials for {spec.name!r}: run `qbtc up`, or set QBTC_DATABASE_URL and QBTC_REDIS_URL")
    store = Store(mine.database_url.get_secret_value(), name=spec.name)
    await store.open()
    try:
        bus = await _open_bus(spec.name, (mine.bus_url or mine.database_url).get_secret_value())
    except BaseException:
        await store.close()
        raise
    cache = Cache(mine.redis_url, service=spec.name)
    health = Health(spec.name, __version__)
    health.check("database", store.ping)
    health.check("bus", bus.ping)
    health.check("cache", cache.ping)
    return Runtime(
        name=spec.name, store=store, bus=bus, outbox=Outbox(store), tokens=Tokens(KeyRing(shared.home), spec.name, shared.instance),
        settings=settings, platform=shared, clock=SystemClock(), cache=cache, health=health,
    )


async def _open_bus(service: str, url: str) -> Bus:
    bus = open_bus(url, service=service)
    try:
        async with asyncio.timeout(BUS_SECONDS):
            await bus.start()
    except TimeoutError:
        raise Unavailable(f"the bus does not answer within {BUS_SECONDS} seconds") from None
    return bus


def _listen(host: str, port: int) -> socket.socket:
    """The bound port, taken before anything else is done; raises Unavailable when somebody else has it."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Unavailable(f"port {port} cannot be used: {error.strerror}") from None
    return listener


async def _live(spec: ServiceSpec[S], rt: Runtime[S], listener: socket.socket) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, rt.stop.set)
    built = await spec.build(rt)
    server = _server(spec.name, rt, built)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    tasks = [asyncio.create_task(_guard(rt, t), name=getattr(t, "__name__", "task")) for t in _tasks(rt, built)]
    consumers: dict[str, Consumer] = {}
    control = Control(spec.name, rt, built.on_control, consumers)
    handlers = dict(built.handlers) | {f"{spec.name}.control": control.handle}
    for queue, handler in handlers.items():
        consumers[queue] = await rt.bus.consume(queue, rt.deliverer(queue, handler))
    log.info("ready", port=rt.platform.port(spec.name))
    stopping = asyncio.create_task(rt.stop.wait())
    await asyncio.wait({stopping, serving}, return_when=asyncio.FIRST_COMPLETED)
    await _drain(rt, built, server, serving, tasks, list(consumers.values()))


def _tasks(rt: Runtime[S], built: Built) -> list[Task]:
    async def relay() -> None:
        await rt.outbox.relay(rt.bus)

    async def janitor() -> None:
        while True:
            await asyncio.sleep(JANITOR_SECONDS)
            await inbox.purge(rt.store)

    return [relay, janitor, *built.tasks]


async def _guard(rt: Runtime[S], task: Task) -> None:
    """Run a background task for ever: a crash is logged and the task starts again with a pause, which grows with
    every crash until one run has been long."""
    pause = FIRST_PAUSE
    while not rt.stop.is_set():
        began = monotonic()
        try:
            await task()
            return
        except asyncio.CancelledError:
            raise
        except Exception:
            pause = FIRST_PAUSE if monotonic() - began > STEADY_SECONDS else pause
            log.exception("background task crashed and is started again", task=task.__name__, pause=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _server(name: str, rt: Runtime[S], built: Built) -> _Server:
    config = uvicorn.Config(
        Observed(built.app, name, max_body=service_limit(name)),
        host=rt.platform.host,
        port=rt.platform.port(name),
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=3,
        server_header=False,
        lifespan="off",
    )
    return _Server(config)


async def _drain(
    rt: Runtime[S], built: Built, server: _Server, serving: asyncio.Task[None], tasks: list[asyncio.Task[None]],
    consumers: list[Consumer],
) -> None:
    """Stop taking messages, let what is in flight finish, then stop the rest."""
    log.info("draining")
    rt.health.draining = True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            await asyncio.gather(*(c.stop() for c in consumers), return_exceptions=True)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if built.on_close is not None:
        await built.on_close()
    server.should_exit = True
    await asyncio.gather(serving, return_exceptions=True)


class Control:
    """The service's ear on the fan-out exchange: restart, pause and resume of itself, and whatever it wants to hear."""

    def __init__(
        self, name: str, rt: Runtime[S], on_control: OnControl | None, consumers: dict[str, Consumer]
    ) -> None:
        self._name, self._rt, self._on_control, self._consumers = name, rt, on_control, consumers

    async def handle(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        if envelope.type == "web.service.control":
            if getattr(body, "service", None) == self._name:
                await self._obey(str(getattr(body, "action", "")))
                if envelope.idempotencykey:
                    await self._rt.ui(
                        conn=conn, operation_id=envelope.idempotencykey, status="done", data={"service": self._name}
                    )
            return None
        if self._on_control is not None:
            await self._on_control(envelope.type, body, envelope)
        if envelope.idempotencykey and envelope.type.startswith(f"{self._name}."):
            await self._rt.ui(conn=conn, operation_id=envelope.idempotencykey, status="done", data={"service": self._name})
        return None

    async def _obey(self, action: str) -> None:
        log.warning("control", action=action)
        if action == "restart":
            # After the present message is acknowledged: its inbox row must be committed first.
            asyncio.get_running_loop().call_later(0.3, self._rt.stop.set)
            return
        self._rt.health.paused = action == "pause"
        for queue, consumer in self._consumers.items():
            if queue != f"{self._name}.control":
                (consumer.pause if action == "pause" else consumer.resume)()
