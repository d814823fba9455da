"""Research beside trading: a queue of runs, one at a time, in a process of its own at low priority.

The queue is the folders on disk (`adapters.research.store`), so that it survives a restart: what was running goes on,
a proposal's sweep from the trials that it has. Nothing here waits for a run or computes anything.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from qbtc.kit.logs import get_logger

from .adapters.research.process import Worker
from .adapters.research.store import ResearchStore
from .domain.strategy import Strategy
from .errors import BadParameter, NoSuchRun, NotWaiting, QueueFull

log = get_logger(__name__)

LOOK_SECONDS = 0.25
PRUNE_SECONDS = 3600.0
MOST_WAITING = 20
Done = Callable[[str, Mapping[str, Any]], Awaitable[None]]


def takes_one_tape(strategy: Strategy) -> None:
    """Raises BadParameter for a strategy of several markets: a run of research has one."""
    if strategy.legs:
        why = f"{strategy.name} trades {len(strategy.legs)} markets at once ({', '.join(strategy.legs)}), and a run from here has one tape"
        raise BadParameter(why, field="strategy", allowed="a strategy of one market; for others qbtc backtest and qbtc sweep, a tape a leg")


async def _nothing(_run: str, _job: Mapping[str, Any]) -> None:
    return


class Research:
    """`on_done` is told of every run that ended well; it may be told twice of the same."""

    def __init__(self, home: Path, *, minutes: float, megabytes: int = 4096, nice: int = 15) -> None:
        """A run takes so many minutes at most, over a tape of so many megabytes."""
        self.store, self._megabytes = ResearchStore(home), megabytes
        self.worker = Worker(home, nice)
        self.on_done: Done = _nothing
        self._seconds = 60.0 * minutes
        self._queue: deque[str] = deque()
        self._current: str | None = None
        self._cancelled = False

    @property
    def current(self) -> str | None:
        """The run that is worked on."""
        return self._current

    def waits_for(self, kind: str, strategy: str) -> bool:
        """Whether such a run is queued or running."""
        for run in (*self._queue, *([self._current] if self._current else [])):
            job = self.store.job(run)
            if job["kind"] == kind and job["asked"]["strategy"] == strategy:
                return True
        return False

    def submit(self, kind: str, asked: Mapping[str, Any], by: str) -> str:
        """The id of the new run. Raises QueueFull."""
        if len(self._queue) >= MOST_WAITING:
            raise QueueFull(f"{len(self._queue)} runs wait already", field="queue", allowed=f"{MOST_WAITING} waiting runs; cancel some")
        run = self.store.add(kind, {**asked, "megabytes": self._megabytes}, by)
        self._queue.append(run)
        log.info("a run of research waits", run=run, kind=kind, user=by)
        return run

    def cancel(self, run: str) -> None:
        """Raises NoSuchRun; NotWaiting for one that has ended."""
        if run in self._queue:
            self._queue.remove(run)
            self.store.end(run, "cancelled")
        elif run == self._current:
            self._cancelled = True
            self.worker.ask_to_end()
        else:
            raise NotWaiting(f"the run is {self.store.state(run)}", field="state", allowed=["queued", "running"])

    def remove(self, run: str) -> None:
        """Raises NoSuchRun; NotWaiting for one that has not ended."""
        state = self.store.state(run)
        if run in self._queue or run == self._current:
            raise NotWaiting(f"the run is {state}: cancel it first", field="state", allowed=["done", "failed", "cancelled"])
        self.store.remove(run)

    async def run(self) -> None:
        """Work on the queue, for ever."""
        self._queue.extend(run for run in await asyncio.to_thread(self.store.waiting) if run not in self._queue)
        pruned = -PRUNE_SECONDS
        while True:
            now = asyncio.get_running_loop().time()
            if now - pruned > PRUNE_SECONDS:
                pruned = now
                await asyncio.to_thread(self.store.prune)
            await self.step()
            await asyncio.sleep(LOOK_SECONDS)

    async def step(self) -> None:
        """One look at the process, or the next run."""
        if self._current is not None:
            await self._watch(self._current)
        elif self._queue:
            await self._begin(self._queue.popleft())

    async def _begin(self, run: str) -> None:
        try:
            if self.store.outcome(run) is not None:  # it ended while nobody looked
                await self._close(run, 0)
                return
            self.store.begin(run)
            self.worker.start(self.store.path(run))
        except OSError as error:
            self._fail(run, f"no process can be started: {error}")
            return
        self._current, self._cancelled = run, False
        log.info("a run of research begins", run=run, pid=self.worker.pid)

    async def _watch(self, run: str) -> None:
        late = self.worker.seconds > self._seconds
        if self._cancelled or late:
            self.worker.ask_to_end()
        code = self.worker.ended()
        if code is None:
            return
        if self._cancelled:
            self._current = None
            self.store.end(run, "cancelled")
        elif late and self.store.outcome(run) is None:
            self._current = None
            self._fail(run, f"it took longer than {self._seconds / 60:g} minutes")
        else:
            await self._close(run, code)

    async def _close(self, run: str, code: int) -> None:
        """It is the current one until its end is stored, so that nobody removes it meanwhile."""
        self._current = run
        try:
            await self._ended(run, code)
        finally:
            self._current = None

    async def _ended(self, run: str, code: int) -> None:
        outcome = self.store.outcome(run)
        if outcome is None:
            self._fail(run, f"its process ended with code {code}; {_last_line(self.store.path(run) / 'worker.log')}")
        elif outcome.get("error"):
            self.store.end(run, "failed", outcome["error"])
        else:
            await self._tell(run)
            self.store.end(run, "done")

    async def _tell(self, run: str) -> None:
        try:
            await self.on_done(run, self.store.job(run))
        except NoSuchRun:
            return

    def _fail(self, run: str, why: str) -> None:
        log.warning("a run of research failed", run=run, error=why)
        self.store.end(run, "failed", {"title": "not-possible", "detail": why})

    async def close(self) -> None:
        """What runs goes on at the next start."""
        await asyncio.to_thread(self.worker.end)


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1][:300] if lines else "it said nothing"
