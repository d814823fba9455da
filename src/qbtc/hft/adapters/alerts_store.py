"""The table of alerts. No rules here."""

from __future__ import annotations

from qbtc.kit.store.pool import Connection, Store

from ..domain.alerts import Alert
from ..domain.units import text, units

KEEP = "90 days"


async def load(store: Store) -> list[Alert]:
    """All alerts, newest first."""
    rows = await store.fetch("SELECT * FROM alerts ORDER BY created_at DESC, id")
    return [
        Alert(
            r["id"], r["kind"], r["symbol"], None if r["price"] is None else units(r["price"]), r["note"], r["created_by"],
            r["fired_with"],
        )
        for r in rows
    ]  # fmt: skip


async def save(store: Store, a: Alert) -> None:
    await store.execute(
        "INSERT INTO alerts (id, kind, symbol, price, note, created_by) VALUES (%s, %s, %s, %s, %s, %s)",
        (a.id, a.kind, a.symbol, None if a.price is None else text(a.price), a.note, a.created_by),
    )


async def delete(store: Store, alert_id: str) -> None:
    await store.execute("DELETE FROM alerts WHERE id = %s", (alert_id,))


async def fire(conn: Connection, alert_id: str, what: str) -> bool:
    """True if it had not fired before."""
    cursor = await conn.execute(
        "UPDATE alerts SET fired_at = now(), fired_with = %s WHERE id = %s AND fired_at IS NULL", (what, alert_id)
    )
    return cursor.rowcount == 1


async def purge(store: Store) -> None:
    await store.execute("DELETE FROM alerts WHERE fired_at < now() - %s::interval", (KEEP,))
