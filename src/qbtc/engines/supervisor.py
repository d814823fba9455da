"""The supervisor: starts engines and services in order, keeps them alive, stops them in order. One a QBTC_HOME.

It holds no driver and no service code, so that it stays small and nothing in it can crash because of them: whatever
needs a driver (`external`, `bootstrap`) runs as a short-lived process. Above it: `daemon`, the process around it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from . import control, prepared, processes
from .base import Engine, EngineError, EngineStatus
from .home import Home, drop_alias, merge_secrets
from .keeper import Keeper
from .logfile import Context, LogFile, record
from .nginx import Nginx
from .plan import CACHE_USERS, STOP_ORDER, Plan
from .ports import require_free
from .postgres import Postgres
from .service import Service
from .state import Lock, clean_up, read_state, recorded, write_state
from .steps import run_external, run_step
from .valkey import Valkey

Event = dict[str, Any]
Emit = Callable[[Event], None]
MONITOR_SECONDS = 5.0
STALE_SECONDS = 5.0


class Supervisor:
    """`run` is everything: it returns an exit code when the system has stopped."""

    def __init__(self, home: Home, plan: Plan, emit: Emit) -> None:
        self._home = home
        self._plan = plan
        self._emit = emit
        self._logs: dict[str, LogFile] = {}
        self._keepers: dict[str, Keeper] = {}
        self._engines: dict[str, Engine] = {}
        self._status: dict[str, EngineStatus] = {}
        self._stop = asyncio.Event()
        self._prepared: Path | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self.phase = "starting"

    # --- life

    async def run(self) -> int:
        """Start, serve, stop. Raises EngineError for what is wrong before anything was started."""
        lock = Lock(self._home)
        try:
            self._clean_up_after_the_last()
            require_free(self._plan.ports(), self._plan.port_offset)
            self._start_guard()
            server = await control.serve(self._home.control_socket, self.handle)
            try:
                return await self._live()
            finally:
                server.close()
                (self._home / "run/supervisor.sock").unlink(missing_ok=True)
        finally:
            self._finish()
            lock.release()

    async def _live(self) -> int:
        starting = asyncio.create_task(self._start_all())
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        code = 0
        try:
            if starting.done():
                await starting
                await self._while_running()
        except EngineError as error:
            self._report("error", error.message, {"event": "failed", "advice": error.advice})
            self._emit({"event": "failed", "error": error.message, "advice": error.advice})
            if self._prepared is not None:
                prepared.forget(self._prepared)
            code = 1
        finally:
            stopping.cancel()
            starting.cancel()
            await asyncio.wait({starting})
            await self._stop_all()
        return code

    async def _while_running(self) -> None:
        self.phase = "ready"
        self._save()
        self._report("info", "everything is ready", {"event": "up", "url": self._plan.url})
        self._emit({"event": "ready", "url": self._plan.url})
        monitor = asyncio.create_task(self._monitor())
        await self._stop.wait()
        monitor.cancel()

    def request_stop(self) -> None:
        self._stop.set()

    def kill_all(self) -> None:
        """The second Ctrl+C."""
        for keeper in self._keepers.values():
            keeper.kill()

    # --- start

    def _clean_up_after_the_last(self) -> None:
        groups = recorded(read_state(self._home.root))
        found = clean_up(groups, seconds=STALE_SECONDS)
        if found:
            self._report("warning", f"ended {found} processes that a killed supervisor left", {"event": "cleaned"})

    def _start_guard(self) -> None:
        me = processes.read_stat(os.getpid())
        assert me is not None
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "qbtc.engines.guard", str(self._home.root), str(me.pid), str(me.started)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env=self._plan.tool_env(
                {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
            ),
        )

    async def _start_all(self) -> None:
        try:
            async with asyncio.timeout(self._plan.ready_seconds):
                await _together(self._database(), self._cache(), self._gateway(), self._bus())
                await self._services()
        except TimeoutError:
            late = [await _unready(keeper) for keeper in self._keepers.values() if keeper.state != "ready"]
            words = "; ".join(late)
            raise EngineError(f"Not ready within {self._plan.ready_seconds:g} s: {words}.", "See `qbtc logs`.") from None

    async def _database(self) -> None:
        if self._plan.database_url:
            self._external(await run_external("database", self._plan, self._log("bootstrap")))
            await self._store_step({"QBTC_ADMIN_DSN": self._plan.database_url})
            return
        postgres = Postgres(self._home, self._log("postgres"))
        await self._engine(postgres)
        folder = self._prepared = postgres.place.outside
        wanted = prepared.digest(folder, postgres.admin_dsn, str(bool(self._plan.bus_url)))
        if prepared.is_prepared(self._home, folder, wanted, CACHE_USERS):
            return
        self._emit({"event": "step", "text": "preparing the database"})
        await self._store_step({"QBTC_ADMIN_DSN": postgres.admin_dsn, "QBTC_MAINTENANCE_DSN": postgres.dsn("postgres")})
        prepared.remember(folder, wanted)

    async def _store_step(self, secrets: dict[str, str]) -> None:
        if self._plan.store_step:
            await run_step(self._plan.store_step, self._plan, self._log("bootstrap"), secrets)

    async def _cache(self) -> None:
        if self._plan.redis_url:
            for service in CACHE_USERS:  # an embedded cache of earlier must not win over the given one
                merge_secrets(self._home, service, {"redis_url": None})
            self._external(await run_external("cache", self._plan, self._log("bootstrap")))
            return
        await self._engine(Valkey(self._home, self._log("valkey"), services=CACHE_USERS))

    async def _gateway(self) -> None:
        await run_step(self._plan.instance_step, self._plan, self._log("bootstrap"), {})
        if self._plan.gateway:
            await self._engine(Nginx(self._home, self._log("nginx"), port=self._plan.gateway_port))

    async def _bus(self) -> None:
        if self._plan.bus_url:
            self._external(await run_external("bus", self._plan, self._log("bootstrap")))

    async def _engine(self, engine: Engine) -> None:
        self._engines[engine.name] = engine
        keeper = self._keep(engine)
        await keeper.first_ready()
        self._external(await engine.check())

    def _external(self, status: EngineStatus) -> None:
        self._status[status.name] = status
        self._emit({"event": "engine", **status.as_dict()})

    async def _services(self) -> None:
        env = self._plan.service_env(os.environ)
        cwd = str(self._home.root)
        units = [Service(row, env, self._log(row.name), cwd=cwd) for row in self._plan.rows]
        await _together(*(self._service(unit) for unit in units))

    async def _service(self, unit: Service) -> None:
        keeper = self._keep(unit)
        await keeper.first_ready()
        self._emit({"event": "service", "name": unit.name, "state": "ready", "port": unit.port})

    def _keep(self, unit: Engine | Service) -> Keeper:
        keeper = self._keepers[unit.name] = Keeper(unit, self._report, self._save)
        keeper.launch()
        return keeper

    # --- while running

    async def _monitor(self) -> None:
        while True:
            await asyncio.sleep(MONITOR_SECONDS)
            await self.refresh()

    async def refresh(self) -> None:
        """Ask every running service whether it is still ready."""
        await asyncio.gather(*(self._look_at(keeper) for keeper in self._keepers.values()))

    async def _look_at(self, keeper: Keeper) -> None:
        if keeper.state not in {"ready", "unready"}:
            return
        problem = await self._problem(keeper)
        before = keeper.state
        if before not in {"ready", "unready"} or bool(problem) == (before == "unready"):
            return
        keeper.mark("unready" if problem else "ready")
        words = f"{keeper.name} is not ready: {problem}" if problem else f"{keeper.name} is ready again"
        self._report("warning" if problem else "info", words, {"event": keeper.state, "name": keeper.name})

    async def _problem(self, keeper: Keeper) -> str:
        if isinstance(keeper.unit, Service):
            return await keeper.unit.problem()
        try:
            await self._engines[keeper.name].check()
        except EngineError as error:
            return error.message
        return ""

    async def handle(self, message: control.Message) -> control.Message:
        """One message of the control socket."""
        if message["op"] == "status":
            await self.refresh()
            return {"ok": True, **self.snapshot()}
        if message["op"] == "stop":
            self.request_stop()
            return {"ok": True, "stopping": True, "pid": os.getpid()}
        keeper = self._keepers.get(str(message.get("name")))
        if keeper is None:
            return {"ok": False, "error": f"no such process {message.get('name')!r}", "allowed": sorted(self._keepers)}
        self._report("warning", f"{message['op']} {keeper.name} was asked for", {"event": "asked", "name": keeper.name})
        if message["op"] == "kill":
            keeper.kill()
        else:
            await keeper.restart()
        return {"ok": True}

    def snapshot(self) -> Event:
        """The answer to `status`."""
        services = {name: self._row(keeper) for name, keeper in self._keepers.items() if name not in self._engines}
        ports = {row.name: row.port for row in self._plan.rows}
        engines = {status.name: status.as_dict() for status in self._status.values()}
        for name in self._engines:
            engines[name] = engines.get(name, {"name": name, "embedded": True}) | self._row(self._keepers[name])
        return {
            "phase": self.phase,
            "pid": os.getpid(),
            "url": self._plan.url,
            "services": {name: row | {"port": ports[name]} for name, row in services.items()},
            "engines": engines,
        }

    def _row(self, keeper: Keeper) -> Event:
        child = keeper.unit.child
        pid = child.pid if child is not None and child.running else None
        return {"state": keeper.state, "pid": pid, "restarts": keeper.restarts, "last_end": keeper.last_end}

    # --- stop

    async def _stop_all(self) -> None:
        self.phase = "stopping"
        self._emit({"event": "stopping"})
        known = {name for group in STOP_ORDER for name in group}
        for group in (set(self._keepers) - known, *STOP_ORDER):
            await asyncio.gather(*(self._stop_one(name) for name in group if name in self._keepers))
        self._report("info", "everything has stopped", {"event": "down"})

    async def _stop_one(self, name: str) -> None:
        await self._keepers[name].stop()
        self._emit({"event": "stopped", "name": name})

    def _finish(self) -> None:
        self.phase = "stopped"
        if self._guard is not None and self._guard.stdin is not None:
            self._save()
            self._guard.stdin.close()
            self._guard.wait()
            with contextlib.suppress(OSError):
                drop_alias(self._home)
        for log in self._logs.values():
            log.close()

    # --- what is kept

    def _log(self, name: str) -> LogFile:
        if name not in self._logs:
            self._logs[name] = LogFile(self._home / "logs", name)
        return self._logs[name]

    def _report(self, level: str, message: str, context: Context) -> None:
        self._log("supervisor").write(record("supervisor", level, message, context))

    def _save(self) -> None:
        me = processes.read_stat(os.getpid())
        rows = {name: child for name, keeper in self._keepers.items() if (child := keeper.unit.child) and child.running}
        state = self.snapshot() | {
            "boot": processes.boot_id(),
            "supervisor": {"pid": os.getpid(), "started": me.started if me else 0},
            "market": dict(self._plan.market),
            "processes": {
                name: {
                    "pid": child.pid,
                    "started": child.started,
                    "executable": child.executable,
                    "stop_signal": child.stop_signal,
                }
                for name, child in rows.items()
            },
        }
        try:
            write_state(self._home, state)
        except OSError as error:  # a full disk must not end the process that keeps all others alive
            self._report("error", f"run/state.json could not be written: {error}", {"event": "disk"})


async def _together(*parts: Awaitable[None]) -> None:
    """Run all; at the first error cancel the others and raise it."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _unready(keeper: Keeper) -> str:
    """The name of what is late, and for a service why."""
    if not isinstance(keeper.unit, Service):
        return keeper.name
    return f"{keeper.name} ({await keeper.unit.problem() or 'ready now'})"
