"""Events leave a service through its outbox: written in the transaction of the change, published by a relay.

A row is deleted only after the broker's confirm. A row that the broker refuses for good (nobody listens, not
allowed) stays with the reason in `refused`: it is counted and shown, never dropped and never in the others' way.
"""

from __future__ import annotations

import asyncio
import contextlib

from qbtc.contracts import Envelope, Exchange
from qbtc.kit.bus import Bus, Unroutable
from qbtc.kit.errors import BadInput, Forbidden
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter, gauge

from .pool import Connection, Store

log = get_logger(__name__)

BATCH = 500
POLL_SECONDS = 1.0
REFUSALS = (Unroutable, Forbidden, BadInput)


class Outbox:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._dirty: set[int] = set()
        self._wake = asyncio.Event()
        self._published = counter("qbtc_outbox_published_total", "Messages the broker confirmed")
        self._refused = counter("qbtc_outbox_refused_total", "Messages the broker refused for good")
        self._lag = gauge("qbtc_outbox_lag_seconds", "Age of the oldest message that still waits")
        store.after_commit.append(self._after_commit)

    async def add(self, conn: Connection, envelope: Envelope, exchange: Exchange) -> None:
        await conn.execute(
            "INSERT INTO outbox (exchange, envelope) VALUES (%s, %s)", (exchange.value, envelope.encode())
        )
        self._dirty.add(id(conn))

    def _after_commit(self, conn: Connection) -> None:
        """Wake the relay only when a transaction that added a row is over, not when another one is."""
        if id(conn) in self._dirty:
            self._dirty.discard(id(conn))
            self._wake.set()

    async def relay(self, bus: Bus) -> None:
        """Publish what waits, for ever; a broker that is away is tried again with a pause."""
        pause = 0.1
        while True:
            self._wake.clear()
            try:
                while await self._publish_batch(bus) == BATCH:
                    pass
                pause = 0.1
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("outbox relay will try again", error=f"{type(error).__name__}: {error}", pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()

    async def _publish_batch(self, bus: Bus) -> int:
        async with self._store.transaction() as conn:
            cursor = await conn.execute(
                "SELECT id, exchange, envelope, extract(epoch FROM now() - created_at)::float8 AS age FROM outbox"
                " WHERE refused IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
                (BATCH,),
            )
            rows = await cursor.fetchall()
            self._lag.set(rows[0]["age"] if rows else 0.0)
            for exchange, group in _runs([(r["id"], Exchange(r["exchange"]), bytes(r["envelope"])) for r in rows]):
                await self._publish_group(bus, conn, exchange, group)
            return len(rows)

    async def _publish_group(
        self, bus: Bus, conn: Connection, exchange: Exchange, group: list[tuple[int, Envelope]]
    ) -> None:
        try:
            await bus.publish(*(envelope for _, envelope in group), exchange=exchange)
        except Unroutable as error:
            await self._sort_out(conn, group, error)
            return
        except (Forbidden, BadInput):
            await self._publish_singly(bus, conn, exchange, group)
            return
        await conn.execute("DELETE FROM outbox WHERE id = ANY(%s)", ([row for row, _ in group],))
        self._published.inc(len(group))

    async def _sort_out(self, conn: Connection, group: list[tuple[int, Envelope]], error: Unroutable) -> None:
        """The broker has stored all but those whose key has no queue."""
        stored = [row for row, envelope in group if envelope.type not in error.keys]
        await conn.execute("DELETE FROM outbox WHERE id = ANY(%s)", (stored,))
        self._published.inc(len(stored))
        for row, envelope in group:
            if envelope.type in error.keys:
                await self._refuse(conn, row, envelope, Unroutable([envelope.type]))

    async def _refuse(self, conn: Connection, row: int, envelope: Envelope, error: Exception) -> None:
        log.error("the bus refuses a message", routing_key=envelope.type, message_id=envelope.id, error=str(error))
        await conn.execute("UPDATE outbox SET refused = %s WHERE id = %s", (str(error)[:500], row))
        self._refused.inc()

    async def _publish_singly(
        self, bus: Bus, conn: Connection, exchange: Exchange, group: list[tuple[int, Envelope]]
    ) -> None:
        for row, envelope in group:
            try:
                await bus.publish(envelope, exchange=exchange)
            except REFUSALS as error:
                await self._refuse(conn, row, envelope, error)
            else:
                await conn.execute("DELETE FROM outbox WHERE id = %s", (row,))
                self._published.inc()


def _runs(rows: list[tuple[int, Exchange, bytes]]) -> list[tuple[Exchange, list[tuple[int, Envelope]]]]:
    """Neighbouring rows of the same exchange together, in order."""
    groups: list[tuple[Exchange, list[tuple[int, Envelope]]]] = []
    for row, exchange, raw in rows:
        if not groups or groups[-1][0] is not exchange:
            groups.append((exchange, []))
        groups[-1][1].append((row, Envelope.decode(raw)))
    return groups
