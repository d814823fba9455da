"""The bus on PostgreSQL: durable queues, SKIP LOCKED, LISTEN/NOTIFY. The embedded default.

Four connections a service: publish (synchronous commit: that is the confirm), consume (asynchronous commit), request
and reply (transient), listen. The tables are reached only through the functions of migrations/0001_bus.sql.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from pydantic import ValidationError

from qbtc.contracts import QUEUES, Envelope, Exchange, Queue
from qbtc.kit.errors import BadInput, Forbidden, QbtcError
from qbtc.kit.logs import get_logger

from .postgres_consumer import PostgresConsumer
from .postgres_link import Link, Listener, Row
from .requests import Waiting, addressed, answering, exchange_of
from .types import Consumer, DeadLetter, Handler, QueueDepth, Unroutable

log = get_logger(__name__)

PUBLISH = "SELECT qbtc_bus.publish(%s::text[], %s::text[], %s::text[], %s::bytea[], %s)"
REPLY = "SELECT qbtc_bus.reply(%s, %s)"
FETCH_REPLY = "SELECT qbtc_bus.fetch_reply(%s, %s::bigint)"
LIST_DEAD = """SELECT id, queue, key, reason, attempts, first_at, last_at, body FROM qbtc_bus.list_dead(%s, %s::int)"""
REPLAY = "SELECT qbtc_bus.replay(%s::bigint[])"
DEPTHS = "SELECT queue, ready, in_flight, dead, oldest_seconds FROM qbtc_bus.depths()"
BATCH = 1000
SWEEP_SECONDS = 30.0
RELAXED = "-c synchronous_commit=off"

Outgoing = tuple[str, str, str | None, bytes]


@dataclass(slots=True)
class _Batch:
    rows: list[Outgoing]
    outcome: asyncio.Future[list[int]]


class PostgresBus:
    """See `Bus`. `patience` is how long publish waits for a database that went away; `lease` see PostgresConsumer."""

    def __init__(
        self,
        dsn: str,
        *,
        service: str,
        topology: Mapping[str, Queue] = QUEUES,
        patience: float = 60.0,
        lease: float = 30.0,
    ) -> None:
        self._topology, self._patience, self._lease = topology, patience, lease
        name = f"qbtc-bus-{service}"
        self._publisher = Link(dsn, f"{name}-publish")
        self._reader = Link(dsn, f"{name}-consume", RELAXED)
        self._caller = Link(dsn, f"{name}-request", RELAXED)
        self._listener = Listener(dsn, f"{name}-listen", self._wake_all)
        self._inbox = f"qbtc_reply.{uuid.uuid4().hex}"
        self._waiting = Waiting()
        self._consumers: list[PostgresConsumer] = []
        self._pending: deque[_Batch] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flushing = False

    async def start(self) -> None:
        await self.ping()
        await self._listener.start()
        await self._listener.listen(self._inbox, self._replied)
        self._spawn(self._sweep())

    async def close(self) -> None:
        await asyncio.gather(*(consumer.stop() for consumer in self._consumers))
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._listener.close()
        await asyncio.gather(self._publisher.close(), self._reader.close(), self._caller.close())

    async def ping(self) -> None:
        await self._publisher.call("SELECT qbtc_bus.caller()", [], patience=5.0)

    async def publish(self, *envelopes: Envelope, exchange: Exchange | None = None) -> None:
        if not envelopes:
            return
        rows = [_outgoing(e, exchange or exchange_of(e.type)) for e in envelopes]
        batch = _Batch(rows, asyncio.get_running_loop().create_future())
        self._pending.append(batch)
        if not self._flushing:
            self._flushing = True
            self._spawn(self._flush())
        _check(rows, await batch.outcome)

    async def consume(self, queue: str, handler: Handler, *, prefetch: int = 100) -> Consumer:
        declared = self._topology.get(queue)
        if declared is None:
            raise BadInput(f"unknown queue {queue!r}", field="queue", allowed=[*sorted(self._topology)])
        consumer = PostgresConsumer(self._reader, declared, handler, prefetch=prefetch, lease=self._lease)
        self._consumers.append(consumer)
        await self._listener.listen(f"qbtc_bus.{queue}", lambda _: self._wake(queue))
        return consumer

    async def request(self, envelope: Envelope, timeout: float) -> Envelope:
        sent = addressed(envelope, self._inbox, timeout)
        future = self._waiting.expect(sent)
        try:
            rows = [_outgoing(sent, Exchange.DIRECT)]
            found = await self._caller.call(PUBLISH, _columns(rows, transient=True), patience=timeout)
            _check(rows, cast(list[int], found[0][0]))
            return await self._waiting.answer(future, sent)
        finally:
            self._waiting.forget(sent)

    async def reply(self, to: Envelope, envelope: Envelope) -> None:
        if to.replyto is None or to.expired():
            return
        await self._caller.call(REPLY, [to.replyto, answering(to, envelope).encode()], patience=5.0)

    async def dead_letters(self, queue: str | None = None, limit: int = 100) -> list[DeadLetter]:
        rows = await self._caller.call(LIST_DEAD, [queue, limit], patience=self._patience)
        return [_dead_letter(row) for row in rows]

    async def replay(self, ids: Iterable[str]) -> int:
        wanted = list(ids)
        if not all(i.isdecimal() for i in wanted):
            raise BadInput("a dead letter's id is a number", field="ids", allowed="ids as `dead_letters` lists them")
        rows = await self._publisher.call(REPLAY, [[int(i) for i in wanted]], patience=self._patience)
        return cast(int, rows[0][0])

    async def depths(self) -> dict[str, QueueDepth]:
        rows = cast(list[tuple[str, int, int, int, float | None]], await self._caller.call(DEPTHS, [], patience=5.0))
        return {queue: QueueDepth(ready, flight, dead, oldest) for queue, ready, flight, dead, oldest in rows}

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self._caller.call("SELECT qbtc_bus.sweep()", [], patience=SWEEP_SECONDS)
            except QbtcError as error:
                log.warning("bus retention could not run", reason=str(error))

    async def _flush(self) -> None:
        """Everything that gathered during one round trip goes with the next one, in order."""
        try:
            while self._pending:
                batches = self._next_batches()
                await self._send(batches)
        finally:
            self._flushing = False

    def _next_batches(self) -> list[_Batch]:
        batches = [self._pending.popleft()]
        size = len(batches[0].rows)
        while self._pending and size + len(self._pending[0].rows) <= BATCH:
            batches.append(self._pending.popleft())
            size += len(batches[-1].rows)
        return batches

    async def _send(self, batches: list[_Batch]) -> None:
        rows = [row for batch in batches for row in batch.rows]
        try:
            found = await self._publisher.call(PUBLISH, _columns(rows, transient=False), patience=self._patience)
        except BaseException as error:
            for batch in batches:
                if not batch.outcome.done():
                    batch.outcome.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        outcomes = iter(cast(list[int], found[0][0]))
        for batch in batches:
            counts = [next(outcomes) for _ in batch.rows]
            if not batch.outcome.done():
                batch.outcome.set_result(counts)

    def _wake(self, queue: str) -> None:
        for consumer in self._consumers:
            if consumer.queue_name == queue:
                consumer.wake()

    def _wake_all(self) -> None:
        for consumer in self._consumers:
            consumer.wake()

    def _replied(self, payload: str) -> None:
        if payload.startswith("j"):
            self._waiting.resolve(payload[1:])
        else:
            self._spawn(self._fetch(int(payload[1:])))

    async def _fetch(self, row_id: int) -> None:
        rows = await self._caller.call(FETCH_REPLY, [self._inbox, row_id], patience=5.0)
        if rows and rows[0][0] is not None:
            self._waiting.resolve(cast(bytes, rows[0][0]))


def _outgoing(envelope: Envelope, exchange: Exchange) -> Outgoing:
    return str(exchange), envelope.type, envelope.orderkey, envelope.encode()


def _columns(rows: list[Outgoing], *, transient: bool) -> list[object]:
    return [*(list(column) for column in zip(*rows, strict=True)), transient]


def _check(rows: list[Outgoing], outcome: list[int]) -> None:
    refused = sorted({row[1] for row, n in zip(rows, outcome, strict=True) if n < 0})
    if refused:
        raise Forbidden(f"this service may not publish {', '.join(map(repr, refused))}", field="type")
    lost = [row[1] for row, n in zip(rows, outcome, strict=True) if n == 0]
    if lost:
        raise Unroutable(lost)


def _dead_letter(row: Row) -> DeadLetter:
    row_id, queue, key, reason, attempts, first_at, last_at, body = cast(
        tuple[int, str, str, str, int, datetime, datetime, bytes], row
    )
    try:
        envelope = Envelope.decode(body)
    except ValidationError:
        envelope = None
    return DeadLetter(str(row_id), queue, key, reason, attempts, first_at, last_at, envelope, bytes(body))
