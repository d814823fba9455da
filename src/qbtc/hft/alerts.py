"""Watches for alerts, off the hot path: four times a second it looks at the prices and at the fills that came.

An alert is marked as fired in the same transaction that puts its notice into the outbox, so that it fires once. While
the database is away it waits with what it saw and tries again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace

import psycopg
from pydantic import JsonValue

from qbtc.kit.errors import Unavailable
from qbtc.kit.ids import uuid7
from qbtc.kit.logs import get_logger
from qbtc.kit.messaging import Messenger

from .adapters import alerts_store
from .domain.alerts import MAX_ALERTS, Alert, Kind, filled, reached, words
from .domain.positions import Fill
from .domain.units import text
from .engine import Engine
from .errors import BadParameter, NoSuchAlert
from .notices import notice

log = get_logger(__name__)

EVERY_SECONDS = 0.25
PURGE_SECONDS = 3600.0


class Alerts:
    def __init__(self, messenger: Messenger, engine: Engine) -> None:
        self._messenger, self._engine = messenger, engine
        self._alerts: dict[str, Alert] = {}
        self._fills: deque[Fill] = deque(maxlen=1000)
        self._loaded = False
        engine.fill_listeners.append(self._fills.append)

    def rows(self) -> list[JsonValue]:
        """The newest first: ids are in the order of their making."""
        return [*(_row(a) for a in sorted(self._alerts.values(), key=lambda a: a.id, reverse=True))]

    async def add(self, kind: Kind, *, symbol: str | None, price: int | None, note: str, user: str) -> JsonValue:
        """Raises BadParameter when the symbol is not traded here or there are too many alerts."""
        known = self._engine.desk.instruments
        if symbol is not None and known and symbol not in known:
            raise BadParameter(f"{symbol!r} is not in this session", field="symbol", allowed=[*sorted(known)])
        if len(self._alerts) >= MAX_ALERTS:
            raise BadParameter(
                f"there are {MAX_ALERTS} alerts already; delete some", field="alerts", allowed=MAX_ALERTS
            )
        alert = Alert(uuid7(), kind, symbol, price, note, user)
        await alerts_store.save(self._messenger.store, alert)
        self._alerts[alert.id] = alert
        at_once = reached([alert], self._prices())
        return {**_row(alert), "now": at_once[0][1] if at_once else None}

    def _prices(self) -> dict[str, int]:
        feed = self._engine.feed
        prices = {s: m.last_price or m.mid() or 0 for s, m in feed.markets.items()} if feed else {}
        return {s: p for s, p in prices.items() if p}

    async def remove(self, alert_id: str) -> None:
        """Raises NoSuchAlert."""
        if alert_id not in self._alerts:
            raise NoSuchAlert(f"no alert {alert_id!r}", field="id")
        await alerts_store.delete(self._messenger.store, alert_id)
        del self._alerts[alert_id]

    async def run(self) -> None:
        """Load what was set before, then watch, for ever."""
        purged = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                if not self._loaded:
                    self._alerts |= {a.id: a for a in await alerts_store.load(self._messenger.store)}
                    self._loaded = True
                await self.look()
                if asyncio.get_running_loop().time() - purged > PURGE_SECONDS:
                    purged = asyncio.get_running_loop().time()
                    await alerts_store.purge(self._messenger.store)
            except (psycopg.Error, Unavailable) as error:
                log.warning("alerts wait for the database", error=str(error)[:200])

    async def look(self) -> None:
        """Fire what is due. Raises what the database raises; then it is due again."""
        waiting, news = [a for a in self._alerts.values() if a.waits], list(self._fills)
        for alert, what in [*reached(waiting, self._prices()), *filled(waiting, news)]:
            await self._fire(alert, what)
        for _ in news:
            self._fills.popleft()

    async def _fire(self, alert: Alert, what: str) -> None:
        english, spanish = words(alert, what)
        async with self._messenger.store.transaction() as conn:
            if await alerts_store.fire(conn, alert.id, what):
                await notice(self._messenger, conn, "hft.alert.fired", english, spanish, symbol=alert.symbol)
        self._alerts[alert.id] = replace(alert, fired_with=what)
        log.info("alert fired", alert=alert.id, kind=alert.kind, symbol=alert.symbol, with_=what)


def _row(a: Alert) -> dict[str, JsonValue]:
    return {
        "id": a.id, "kind": a.kind, "symbol": a.symbol, "price": None if a.price is None else text(a.price), "note": a.note,
        "created_by": a.created_by, "fired": a.fired_with is not None, "fired_with": a.fired_with,
    }  # fmt: skip
