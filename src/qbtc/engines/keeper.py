"""Keeps one process alive: start, wait for its end, back off, start again; until told to stop.

An engine or a service that dies `GIVE_UP` times before it was ever ready fails the whole start; one that says that
its settings are wrong, at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Literal, Protocol

from .backoff import BackOff
from .base import EngineError
from .child import Child
from .logfile import Context
from .service import ending

GIVE_UP = 3
State = Literal["stopped", "starting", "ready", "unready", "restarting", "stopping"]
Report = Callable[[str, str, Context], None]  # level, message, context


class Managed(Protocol):
    """An engine or a service."""

    name: str

    @property
    def child(self) -> Child | None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Keeper:
    """One managed process and its state; `report` gets every event, `changed` is called after every change of state."""

    def __init__(self, unit: Managed, report: Report, changed: Callable[[], None]) -> None:
        self.unit = unit
        self.name = unit.name
        self.state: State = "stopped"
        self.restarts = 0
        self.last_end = ""
        self._report = report
        self._changed = changed
        self._backoff = BackOff()
        self._ready_once: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._failures = 0
        self._restart_wanted = False
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def launch(self) -> None:
        self._task = asyncio.create_task(self._keep(), name=f"keep {self.name}")
        self._task.add_done_callback(self._kept)

    def _kept(self, task: asyncio.Task[None]) -> None:
        """A defect of ours must not look like a process that is fine."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._report("critical", f"keeping {self.name} failed: {error!r}", {"event": "defect", "name": self.name})
        if not self._ready_once.done():
            self._ready_once.set_exception(EngineError(f"{self.name} is not running: {error!r}"))
            self._ready_once.exception()

    async def first_ready(self) -> None:
        """Returns at the first readiness. Raises EngineError when it will not come."""
        await asyncio.shield(self._ready_once)

    def mark(self, state: State) -> None:
        if self.state != state:
            self.state = state
            self._changed()

    async def _keep(self) -> None:
        while not self._stopping:
            self.mark("starting")
            born, was_ready, problem = time.monotonic(), False, ""
            try:
                await self.unit.start()
                was_ready = True
                self._became_ready(time.monotonic() - born)
            except (EngineError, OSError) as error:
                problem = str(error)
                self._failed(error)
            if self._stopping:  # asked while it had no process yet
                await self.unit.stop()
            code = await self._end()
            if not self._stopping:
                await self._pause(code, problem, wanted=was_ready and code == 0, uptime=time.monotonic() - born)

    def _became_ready(self, seconds: float) -> None:
        if self._stopping:
            return
        self.mark("ready")
        self._report(
            "info", f"{self.name} is ready", {"event": "ready", "name": self.name, "seconds": round(seconds, 3)}
        )
        if not self._ready_once.done():
            self._ready_once.set_result(None)

    def _failed(self, error: EngineError | OSError) -> None:
        self._failures += 1
        known = error if isinstance(error, EngineError) else EngineError(f"{self.name} cannot be started: {error}")
        hopeless = known.final or self._failures >= GIVE_UP
        if hopeless and not self._ready_once.done() and not self._stopping:
            self._ready_once.set_exception(known)
            self._ready_once.exception()  # whoever waits gets it; nobody waiting is no leak

    async def _end(self) -> int:
        child = self.unit.child
        if child is None:
            return 1
        if child.running and self.state == "starting":  # it runs, but it did not become ready in its time
            child.kill()
        return await child.wait()

    async def _pause(self, code: int, problem: str, *, wanted: bool, uptime: float) -> None:
        wanted, self._restart_wanted = wanted or self._restart_wanted, False
        delay = self._backoff.delay(uptime=uptime, wanted=wanted)
        self.restarts += 1
        self.last_end = ending(code)
        self.mark("restarting")
        context: Context = {"event": "ended", "name": self.name, "exit_code": code, "restart_in_seconds": delay}
        context |= {"signal": -code} if code < 0 else {}
        context |= {"problem": problem} if problem else {}
        self._report("info" if wanted else "error", f"{self.name} ended with {self.last_end}", context)
        await asyncio.sleep(delay)

    async def restart(self) -> None:
        """Stop it gracefully; the loop starts it again at once."""
        self._restart_wanted = True
        await self.unit.stop()

    def kill(self) -> None:
        """Kill its group, as for a hung one; the loop starts it again."""
        if self.unit.child is not None:
            self.unit.child.kill()

    async def stop(self) -> None:
        """Stop it for good."""
        waiting, self._stopping = self.state == "restarting", True
        self.mark("stopping")
        if waiting and self._task is not None:
            self._task.cancel()
        await self.unit.stop()
        if self._task is not None:
            await asyncio.wait([self._task])
        self.mark("stopped")
