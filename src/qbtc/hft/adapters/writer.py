"""The one task that writes what the engine did to the database and, in the same transaction, to the outbox.

It is behind the hot path by at most its own pace: a database that is away only makes the queue longer (fills and
orders wait, the oldest bars are dropped), and is tried again with a pause.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice

import psycopg

from qbtc.contracts import MarketMode
from qbtc.contracts.trading import OrderEvent
from qbtc.kit.errors import Unavailable
from qbtc.kit.logs import get_logger
from qbtc.kit.messaging import Messenger
from qbtc.kit.metrics import counter, gauge
from qbtc.kit.store.pool import Connection
from qbtc.kit.tracing import continue_from, span

from ..domain.feed import to_message
from ..facts import BarFact, Fact, FillFact, OrderFact, Outgoing, ResetFact
from . import repository

log = get_logger(__name__)

BATCH = 100
IDLE_SECONDS = 0.02
PAUSE_MAX = 5.0
PURGE_SECONDS = 3600


class Writer:
    def __init__(self, messenger: Messenger, out: Outgoing, *, venue: str) -> None:
        self._messenger, self._out, self._venue = messenger, out, venue
        self._lag = gauge("qbtc_hft_writer_queue", "Facts that wait to be stored")
        self._fills = counter("qbtc_hft_fills_total", "Fills stored")
        self._orders = counter("qbtc_hft_orders_total", "Steps of orders stored", ("state",))

    async def run(self) -> None:
        pause = 0.1
        while True:
            self._lag.set(len(self._out))
            try:
                wrote = await self.flush()
                pause = 0.1
            except (psycopg.Error, Unavailable) as error:
                log.warning("the database is away; facts wait", waiting=len(self._out), error=str(error)[:200])
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_MAX)
                continue
            if not wrote:
                await asyncio.sleep(IDLE_SECONDS)

    async def last(self) -> None:
        """Store what is left before the process ends; what cannot be stored is in the journal."""
        try:
            while await self.flush():
                pass
        except (psycopg.Error, Unavailable) as error:
            log.warning("facts were left in the journal", waiting=len(self._out), error=str(error)[:200])

    async def flush(self) -> bool:
        """Store one batch; what was stored leaves the queues only after the commit."""
        orders = self._batch()
        bars = list(islice(self._out.bars, BATCH))
        if not orders and not bars:
            return False
        async with self._messenger.store.transaction() as conn:
            await self._write(conn, [*orders, *bars])
        for _ in orders:
            self._out.orders.popleft()
        stored = set(map(id, bars))
        while self._out.bars and id(self._out.bars[0]) in stored:
            self._out.bars.popleft()
        return True

    def _batch(self) -> list[Fact]:
        """No further than a reset: executions behind it belong to a later moment of the database."""
        orders = list(islice(self._out.orders, BATCH))
        end = next((n for n, fact in enumerate(orders, 1) if isinstance(fact, ResetFact)), len(orders))
        return [*orders[:end]]

    async def _write(self, conn: Connection, facts: Sequence[Fact]) -> None:
        for fact in facts:
            with continue_from(fact.traceparent):
                if isinstance(fact, BarFact):
                    await self._bar(conn, fact)
                elif isinstance(fact, FillFact):
                    await self._fill(conn, fact)
                elif isinstance(fact, ResetFact):
                    await repository.save_reset(conn, fact, venue=self._venue)
                else:
                    await self._order(conn, fact)

    async def _bar(self, conn: Connection, fact: BarFact) -> None:
        with span("hft.bar.store", bar=fact.closed.number):
            await repository.save_bar(conn, fact)
            message = to_message(fact.closed, session=fact.session, mode=MarketMode(fact.mode))
            await self._messenger.emit(conn, "hft.market.state", message)

    async def _fill(self, conn: Connection, fact: FillFact) -> None:
        if await repository.save_fill(conn, fact, venue=self._venue):
            await self._emit(conn, "hft.order.filled", fact.event)
            self._fills.inc()

    async def _order(self, conn: Connection, fact: OrderFact) -> None:
        new = await repository.save_order(conn, fact, venue=self._venue)
        self._orders.labels(fact.state).inc()
        if fact.key and (new or not fact.again):
            await self._emit(conn, fact.key, fact.event)

    async def _emit(self, conn: Connection, key: str, event: OrderEvent) -> None:
        with span(key, symbol=event.symbol, client_order_id=event.client_order_id):
            await self._messenger.emit(conn, key, event.model_copy(update={"venue": self._venue}))

    async def purge_hourly(self) -> None:
        while True:
            await asyncio.sleep(PURGE_SECONDS)
            try:
                await repository.purge(self._messenger.store)
            except (psycopg.Error, Unavailable) as error:
                log.warning("old rows were not purged", error=str(error)[:200])
