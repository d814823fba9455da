"""One consumer of one queue in PostgreSQL: leases messages, hands them to the worker, settles in batches.

Acks travel with the next take, so a message costs one round trip when it comes alone and a fraction under load. Takes
and acks are committed asynchronously: what a crash of the database forgets is delivered again, never lost.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence

import psycopg
from pydantic import ValidationError

from qbtc.contracts import Envelope, Queue
from qbtc.kit.errors import QbtcError
from qbtc.kit.logs import get_logger

from .policy import reason_of
from .postgres_link import Link, Row
from .types import Handler
from .worker import Job, Worker

log = get_logger(__name__)

TAKE = "SELECT id, attempt, body FROM qbtc_bus.take(%s, %s::bigint[], %s::int, %s * interval '1 second')"
RETRY = "SELECT qbtc_bus.retry(%s, %s::bigint, %s::int, %s * interval '1 second', %s, %s * interval '1 second')"
BURY = "SELECT qbtc_bus.bury(%s, %s::bigint, %s::int, %s)"
RELEASE = "SELECT qbtc_bus.release(%s, %s::bigint[])"
EXTEND = "SELECT qbtc_bus.extend(%s, %s::bigint[], %s::int[], %s * interval '1 second')"
RECLAIM = "SELECT qbtc_bus.reclaim(%s)"

POLL = 2.0
REMEMBERED = 4096
PATIENCE = 3600.0


class _Leased(Job):
    __slots__ = ("consumer", "row_id")

    def __init__(self, envelope: Envelope, attempt: int, row_id: int, consumer: PostgresConsumer) -> None:
        super().__init__(envelope, attempt)
        self.row_id, self.consumer = row_id, consumer

    def ack(self) -> None:
        self.consumer.done(self.row_id)

    async def defer(self, delay: float, reason: str) -> None:
        await self.consumer.retry(self, delay, hold=False)

    async def hold(self, delay: float, reason: str) -> bool:
        ours = await self.consumer.retry(self, delay, hold=True)
        self.attempt += 1
        return ours

    async def bury(self, reason: str) -> None:
        await self.consumer.bury(self.row_id, self.attempt, reason)


class PostgresConsumer:
    """See `Consumer`. `lease` is how long a message stays ours if this process hangs without losing its connection."""

    def __init__(self, link: Link, queue: Queue, handler: Handler, *, prefetch: int, lease: float) -> None:
        self.queue_name = queue.name
        self._link, self._queue, self._prefetch, self._lease = link, queue, prefetch, lease
        self._worker = Worker(queue, handler, self.wake)
        self._leased: dict[int, _Leased] = {}
        self._done: list[int] = []
        self._recent: OrderedDict[int, None] = OrderedDict()
        self._wake = asyncio.Event()
        self._stopping = False
        self._generation, self._extended = 0, time.monotonic()
        self._task = asyncio.get_running_loop().create_task(self._pump())

    def wake(self) -> None:
        self._wake.set()

    def pause(self) -> None:
        self._worker.pause()

    def resume(self) -> None:
        self._worker.resume()
        self.wake()

    async def stop(self) -> None:
        if self._stopping:
            return
        self._stopping = True
        self._worker.quit()
        self.wake()
        await self._task
        await self._worker.drain()
        await self._call(TAKE, [self._queue.name, self._done, 0, self._lease])
        if self._leased:
            await self._call(RELEASE, [self._queue.name, list(self._leased)])

    def done(self, row_id: int) -> None:
        self._done.append(row_id)
        self._forget(row_id)
        self._recent[row_id] = None
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)

    async def retry(self, job: _Leased, delay: float, *, hold: bool) -> bool:
        params = [self._queue.name, job.row_id, job.attempt, delay, hold, self._lease]
        rows = await self._call(RETRY, params)
        ours = bool(rows[0][0])
        if not hold or not ours:
            self._forget(job.row_id)
            asyncio.get_running_loop().call_later(delay, self.wake)
        return ours

    async def bury(self, row_id: int, attempt: int, reason: str) -> None:
        await self._call(BURY, [self._queue.name, row_id, attempt, reason])
        self._forget(row_id)

    def _forget(self, row_id: int) -> None:
        self._leased.pop(row_id, None)

    async def _call(self, statement: str, params: Sequence[object]) -> list[Row]:
        return await self._link.call(statement, params, patience=5.0 if self._stopping else PATIENCE)

    async def _pump(self) -> None:
        idle = True
        while not self._stopping:
            try:
                if idle:
                    await self._call(RECLAIM, [self._queue.name])
                await self._keep_leases()
                self._wake.clear()
                while await self._step() and not self._stopping:
                    await self._keep_leases()
            except (QbtcError, psycopg.Error) as error:
                log.error("cannot read the queue", queue=self._queue.name, reason=str(error))
            idle = not self._stopping and not await self._woken()

    async def _woken(self) -> bool:
        try:
            async with asyncio.timeout(min(POLL, self._lease / 4)):
                await self._wake.wait()
        except TimeoutError:
            return False
        return True

    async def _step(self) -> bool:
        """Settle and take; True when there was something, so that there may be more."""
        want = 0 if self._worker.paused else self._prefetch - len(self._leased)
        done, self._done = self._done, []
        if not done and want < 1:
            return False
        try:
            rows = await self._call(TAKE, [self._queue.name, done, want, self._lease])
        except (QbtcError, psycopg.Error):
            self._done = done + self._done
            raise
        for row_id, attempt, body in sorted(rows):
            await self._accept(int(row_id), int(attempt), bytes(body))  # type: ignore[call-overload]
        return bool(rows)

    async def _accept(self, row_id: int, attempt: int, body: bytes) -> None:
        if row_id in self._recent:
            self._done.append(row_id)
        elif row_id in self._leased:
            self._leased[row_id].attempt = attempt
        else:
            try:
                job = _Leased(Envelope.decode(body), attempt, row_id, self)
            except ValidationError as error:
                await self.bury(row_id, attempt, reason_of(error))
                return
            self._leased[row_id] = job
            self._worker.submit(job)

    async def _keep_leases(self) -> None:
        """Extend before a third of the lease is over, and at once on a new connection, which others take for dead."""
        now = time.monotonic()
        fresh = self._link.generation != self._generation
        if not fresh and now - self._extended < self._lease / 3:
            return
        self._generation, self._extended = self._link.generation, now
        if self._leased:
            attempts = [job.attempt for job in self._leased.values()]
            await self._call(EXTEND, [self._queue.name, list(self._leased), attempts, self._lease])
