"""The use case of long computations: take them in while there is room, work on them in order, say how each ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from pydantic import JsonValue, ValidationError

from qbtc.kit.errors import BadInput, QbtcError, Unavailable, from_validation
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter
from qbtc.qcs.errors import JobEnded, JobsBusy, JobTooLarge
from qbtc.qcs.settings import QcsSettings

from . import parts
from .ports import Job, JobStore, Parameters, Runner, State
from .request import Request

log = get_logger(__name__)

LOOK_SECONDS = 5.0
TELL_SECONDS = 0.5
PAUSE_SECONDS = 1.0
Announce = Callable[[Job], Awaitable[None]]
"""Called with a job whenever it is another: queued, running, further, over. It may raise Unavailable."""
Bring = Callable[[Parameters], Awaitable[Parameters]]


async def _silent(_job: Job) -> None:
    return


class Jobs:
    """`run` is the background task that works on the queue, `job_workers` at a time; `bring` adds to the parameters of a kind
    what the service has stored, when the job starts."""

    def __init__(
        self,
        store: JobStore,
        runner: Runner,
        settings: QcsSettings,
        kinds: Mapping[str, type[Request]],
        bring: Mapping[str, Bring] = MappingProxyType({}),
        announce: Announce = _silent,
    ) -> None:
        self._store, self._runner, self._settings, self._kinds = store, runner, settings, kinds
        self._bring, self._announce = bring, announce
        self._wake, self._door = asyncio.Event(), asyncio.Lock()
        self._running: dict[str, asyncio.Task[JsonValue]] = {}
        self._cancelled: set[str] = set()
        self._ends: dict[str, asyncio.Event] = {}
        self._outcomes = counter("qbtc_qcs_jobs_total", "Jobs by kind and outcome", ("kind", "outcome"))

    async def submit(self, kind: str, parameters: Mapping[str, JsonValue], owner: str) -> Job:
        """The new job. Raises BadInput for an unknown kind or parameters over a limit, JobsBusy when the queue is full."""
        checked = self._checked(kind, parameters)
        async with self._door:
            waiting = await self._store.waiting()
            if waiting >= self._settings.job_queue:
                most = self._settings.job_queue
                raise JobsBusy(
                    f"{waiting} jobs wait already; try again in a moment", field="queue", allowed=f"{most} waiting jobs"
                )
            job = await self._store.add(kind, owner, checked)
        self._ends[job.id] = asyncio.Event()
        self._wake.set()
        await self._say(job)
        return job

    async def computed(self, kind: str, parameters: Mapping[str, JsonValue], owner: str, seconds: float) -> Job:
        """Submit and wait for the end; after `seconds` the job as it stands, which goes on."""
        job = await self.submit(kind, parameters, owner)
        end = self._ends.get(job.id)  # none where it is over already
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if end is not None:
                    await end.wait()
        return await self._store.one(job.id, owner)

    async def one(self, job: str, owner: str) -> Job:
        """Raises UnknownJob."""
        return await self._store.one(job, owner)

    async def newest(self, owner: str, limit: int) -> list[Job]:
        return await self._store.newest(owner, limit)

    async def cancel(self, job: str, owner: str) -> Job:
        """Raises UnknownJob; JobEnded for one that is over."""
        found = await self._store.one(job, owner)
        if await self._store.drop(found.id):
            await self._over(found, "cancelled")
        else:
            await self._stop(found.id, owner)
        log.info("a job is cancelled", job=found.id, kind=found.kind, user=owner)
        return await self._store.one(found.id, owner)

    async def run(self) -> None:
        """Work on the queue, for ever. What ran when the service ended is interrupted, what waited runs now."""
        lost = await self._store.interrupt()
        _leave_if_cancelled()
        if lost:
            log.warning("jobs were interrupted by the end of the service", jobs=lost)
        async with asyncio.TaskGroup() as group:
            for _ in range(self._settings.job_workers):
                group.create_task(self._serve())

    async def purge(self) -> int:
        return await self._store.purge(self._settings.job_days)

    async def close(self) -> None:
        await self._runner.close()

    async def _stop(self, job: str, owner: str) -> None:
        state = (await self._store.one(job, owner)).state
        if state != "running":
            raise JobEnded(f"the job is {state}", field="state", allowed=["queued", "running"])
        self._cancelled.add(job)
        if job in self._running:
            self._running[job].cancel()

    def _checked(self, kind: str, parameters: Mapping[str, JsonValue]) -> Parameters:
        known = self._kinds.get(kind)
        if known is None:
            raise BadInput(
                f"there is no kind of job {kind!r}", field="kind", allowed=list[JsonValue](sorted(self._kinds))
            )
        try:
            return known.model_validate(dict(parameters)).model_dump(mode="json")
        except ValidationError as error:
            raise from_validation(error) from None

    async def _serve(self) -> None:
        while True:
            self._wake.clear()
            try:
                job = await self._store.claim()
            except Unavailable as error:
                log.warning("the queue of jobs cannot be read", error=str(error))
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            _leave_if_cancelled()
            if job is not None:
                await self._one(job)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()

    async def _one(self, job: Job) -> None:
        task = asyncio.create_task(self._computed(job), name=f"job {job.id}")
        self._running[job.id] = task
        await self._say(job)
        if job.id in self._cancelled:  # between the claim and this line
            task.cancel()
        try:
            await self._end(job, "done", result=await task)
        except asyncio.CancelledError:
            if job.id not in self._cancelled:
                raise
            await self._end(job, "cancelled")
        except QbtcError as error:
            await self._end(job, "failed", error=error)
        finally:
            self._running.pop(job.id, None)
            self._cancelled.discard(job.id)

    async def _computed(self, job: Job) -> JsonValue:
        """Raises what the runner raises; JobTooLarge past the limit of time."""
        loop, last = asyncio.get_running_loop(), float("-inf")
        seconds = self._settings.job_seconds

        async def told(share: float, step: str) -> None:
            nonlocal last
            if loop.time() - last >= TELL_SECONDS:
                last = loop.time()
                await self._further(job, min(max(share, 0.0), 1.0), step)

        try:
            async with asyncio.timeout(seconds):
                request = self._kinds[job.kind].model_validate(job.parameters)
                bring = self._bring.get(job.kind)
                given = [await bring(job.parameters)] if bring else request.parts(self._settings.job_processes)
                return await parts.computed(self._runner, request, given, told)
        except KeyError:
            raise BadInput(f"this version has no kind of job {job.kind!r}", field="kind") from None
        except ValidationError as error:  # of an older version
            raise from_validation(error) from None
        except TimeoutError:
            raise JobTooLarge(
                f"stopped after {seconds:g} s; ask for less", field="time", allowed=f"{seconds:g} s"
            ) from None

    async def _end(self, job: Job, state: State, *, result: JsonValue = None, error: QbtcError | None = None) -> None:
        """An end is stored whatever the database does meanwhile."""
        while True:
            try:
                await self._store.end(job.id, state, result=result, error=error)
                break
            except Unavailable as away:
                log.warning("the end of a job waits for the database", job=job.id, error=str(away))
                await asyncio.sleep(PAUSE_SECONDS)
        if error is not None:
            log.warning("a job failed", job=job.id, kind=job.kind, error=str(error))
        await self._over(job, state)

    async def _further(self, job: Job, share: float, step: str) -> None:
        with contextlib.suppress(Unavailable):
            await self._store.tell(job.id, share, step)
        await self._say(replace(job, share=share, step=step))

    async def _say(self, job: Job) -> None:
        with contextlib.suppress(Unavailable):
            await self._announce(job)

    async def _over(self, job: Job, state: State) -> None:
        self._outcomes.labels(job.kind, state).inc()
        event = self._ends.pop(job.id, None)
        if event is not None:
            event.set()
        share, step = (1.0, "done") if state == "done" else (job.share, job.step)
        await self._say(replace(job, state=state, share=share, step=step, ended_at=datetime.now(UTC)))


def _leave_if_cancelled() -> None:
    """Raises CancelledError where somebody has asked for it: before Python 3.12 `asyncio.wait_for`, in which the pool of
    connections waits, may swallow the request, and then this loop would never end."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
