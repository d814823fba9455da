"""Runs a handler over delivered jobs: keys one after the other, the rest concurrently, outcome to the broker.

Shared by both adapters and free of drivers: a `Job` knows how to settle itself with its broker. Lanes keep the order
of a key also across a retry, because the failed job keeps its place (`hold`) until it is settled.
"""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Coroutine

from qbtc.contracts import Envelope, Queue
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter

from .policy import backoff, reason_of
from .types import Delivery, Handler, Reject

log = get_logger(__name__)

HANDLED = counter("qbtc_bus_handled_total", "Handled messages by outcome", ("queue", "outcome"))
DIED = "ConsumerDied: the consumer went away during the last attempt"


class Job(ABC):
    """One message in this consumer's hands. `attempt` counts from 1."""

    __slots__ = ("attempt", "envelope")

    def __init__(self, envelope: Envelope, attempt: int) -> None:
        self.envelope = envelope
        self.attempt = attempt

    def alive(self) -> bool:
        """False when the broker has taken it back: then it is not worth beginning."""
        return True

    @abstractmethod
    def ack(self) -> None: ...

    @abstractmethod
    async def defer(self, delay: float, reason: str) -> None:
        """Give it back to the broker; anybody may take it after `delay` seconds."""

    @abstractmethod
    async def hold(self, delay: float, reason: str) -> bool:
        """Note the failure and keep it; False when it is no longer ours. Counts `attempt` up."""

    @abstractmethod
    async def bury(self, reason: str) -> None: ...


class Worker:
    """`on_free` is called whenever a job left (its slot is free, an ack may be waiting)."""

    def __init__(self, queue: Queue, handler: Handler, on_free: Callable[[], None]) -> None:
        self.jobs: set[Job] = set()
        self._queue, self._handler, self._on_free = queue, handler, on_free
        self._lanes: dict[str, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._open = asyncio.Event()
        self._open.set()

    @property
    def paused(self) -> bool:
        return not self._open.is_set()

    def pause(self) -> None:
        self._open.clear()

    def resume(self) -> None:
        self._open.set()

    def submit(self, job: Job) -> None:
        self.jobs.add(job)
        key = job.envelope.orderkey if self._queue.ordered else None
        if key is None:
            self._spawn(self._run(job, keyed=False))
        elif key in self._lanes:
            self._lanes[key].append(job)
        else:
            self._lanes[key] = deque([job])
            self._spawn(self._run_lane(key))

    def quit(self) -> None:
        """Begin no further handler."""
        self._stop.set()
        self._open.set()

    async def drain(self) -> None:
        """Quit and let running handlers finish. What was not settled stays in `jobs`."""
        self.quit()
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, key: str) -> None:
        lane = self._lanes[key]
        while lane and not self._stop.is_set():
            await self._run(lane.popleft(), keyed=True)
        del self._lanes[key]

    async def _run(self, job: Job, *, keyed: bool) -> None:
        try:
            while not await self._settled(job, keyed):
                pass
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("a message could not be settled", queue=self._queue.name, reason=reason_of(error))
            self._left(job, "unsettled")

    async def _settled(self, job: Job, keyed: bool) -> bool:
        """One attempt; True when this job is no longer ours to handle."""
        await self._open.wait()
        if self._stop.is_set():
            return True
        if not job.alive():
            return self._left(job, "lost")
        if job.envelope.expired():
            return self._acked(job, "expired")
        if job.attempt > self._queue.max_attempts:
            return await self._buried(job, DIED)
        try:
            await self._handler(Delivery(job.envelope, job.attempt, self._queue.name))
        except Reject as verdict:
            return await self._buried(job, reason_of(verdict))
        except Exception as error:
            return await self._failed(job, keyed, reason_of(error))
        return self._acked(job, "done")

    async def _failed(self, job: Job, keyed: bool, reason: str) -> bool:
        if job.attempt >= self._queue.max_attempts:
            return await self._buried(job, reason)
        delay = backoff(job.attempt, random.random())
        log.warning(
            "a handler failed",
            queue=self._queue.name,
            attempt=job.attempt,
            again_in=delay,
            reason=reason,
            routing_key=job.envelope.type,
            message_id=job.envelope.id,
        )
        if not keyed:
            await job.defer(delay, reason)
            return self._left(job, "deferred")
        if not await job.hold(delay, reason):
            return self._left(job, "lost")
        try:
            await asyncio.wait_for(self._stop.wait(), delay)
        except TimeoutError:
            return False
        return True

    def _acked(self, job: Job, outcome: str) -> bool:
        job.ack()
        return self._left(job, outcome)

    async def _buried(self, job: Job, reason: str) -> bool:
        log.error(
            "dead letter",
            queue=self._queue.name,
            reason=reason,
            routing_key=job.envelope.type,
            message_id=job.envelope.id,
            attempts=job.attempt,
        )
        await job.bury(reason)
        return self._left(job, "dead")

    def _left(self, job: Job, outcome: str) -> bool:
        self.jobs.discard(job)
        HANDLED.labels(self._queue.name, outcome).inc()
        self._on_free()
        return True
