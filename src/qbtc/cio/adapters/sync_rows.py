"""The rows of `sync_events`: what this database says and has heard about the 26 numbers of moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from psycopg.rows import DictRow

from qbtc.contracts.basis26 import SIZE
from qbtc.kit.ids import uuid7
from qbtc.kit.store.pool import Connection

from ..domain.sync import NOT_DEFINED, Event, Numbers
from ..domain.sync.epochs import KEPT, epoch_named, origin_in

KEPT_EPOCHS = KEPT
_COLUMNS = "origin, sequence, clock, item, formula, reference, present, numbers, place"


async def origin(conn: Connection) -> str:
    """The name under which this database speaks."""
    await conn.execute("INSERT INTO sync_origin (origin) VALUES (%s) ON CONFLICT DO NOTHING", (uuid7(),))
    cursor = await conn.execute("SELECT origin FROM sync_origin")
    [row] = await cursor.fetchall()
    return str(row["origin"])


async def say(conn: Connection, item: str, body: Numbers, memory_id: str) -> None:
    """State the numbers of a moment; one that was stated here already is left alone."""
    epoch = epoch_named(item)
    name = origin_in(await origin(conn), epoch)
    # One replica at a time counts on: the lock ends with the transaction.
    await conn.execute("SELECT pg_advisory_xact_lock(hashtext('cio.sync'))")
    await conn.execute(
        "INSERT INTO sync_events (origin, sequence, clock, item, epoch, formula, reference, present, numbers, memory_id)"
        " SELECT %(origin)s, 1 + coalesce((SELECT max(sequence) FROM sync_events WHERE origin = %(origin)s), 0),"
        " 1 + coalesce((SELECT max(clock) FROM sync_events), 0), %(item)s, %(epoch)s, %(formula)s, %(reference)s,"
        " %(present)s, %(numbers)s, %(memory)s"
        " WHERE NOT EXISTS (SELECT 1 FROM sync_events WHERE origin = %(origin)s AND item = %(item)s)",
        {"origin": name, "item": item, "epoch": epoch, "memory": memory_id, **_packed(body)},
    )


async def hear(conn: Connection, events: Sequence[Event]) -> None:
    """Keep what another replica said; an erasure takes the numbers out of every event about its item."""
    rows = [
        {"origin": e.origin, "sequence": e.sequence, "clock": e.clock, "item": e.item, "epoch": epoch_named(e.item), **_packed(e.body)}
        for e in events
    ]
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO sync_events AS s (origin, sequence, clock, item, epoch, formula, reference, present, numbers)"
            " VALUES (%(origin)s, %(sequence)s, %(clock)s, %(item)s, %(epoch)s, %(formula)s, %(reference)s, %(present)s,"
            " %(numbers)s) ON CONFLICT DO NOTHING",
            rows,
        )
    await conn.execute(
        "UPDATE sync_events SET formula = NULL, reference = NULL, present = NULL, numbers = NULL,"
        " place = nextval('sync_places') WHERE numbers IS NOT NULL AND item IN"
        " (SELECT item FROM unnest(%(gone)s::text[]) AS item UNION SELECT item FROM sync_events WHERE numbers IS NULL)",
        {"gone": [e.item for e in events if e.body is None]},
    )


async def after(conn: Connection, place: int) -> tuple[list[Event], int]:
    """Events that came or changed after `place`, and the newest place. Late commits are seen by overlapping the reading."""
    cursor = await conn.execute(f"SELECT {_COLUMNS} FROM sync_events WHERE place > %s ORDER BY place", (place,))
    rows = await cursor.fetchall()
    return [_event(row) for row in rows], max((row["place"] for row in rows), default=place)


async def drop_old(conn: Connection) -> int:
    """Epochs before the newest KEPT go; returns how many events went."""
    cursor = await conn.execute(
        "DELETE FROM sync_events WHERE epoch <= (SELECT max(epoch) FROM sync_events) - %s", (KEPT,)
    )
    return cursor.rowcount


async def kept_at(conn: Connection, session: str, bar_end: int, symbols: Iterable[str]) -> dict[str, str]:
    """Memory ids by symbol of the moments that were kept of this bar."""
    cursor = await conn.execute(
        "SELECT symbol, memory_id::text AS id FROM moments WHERE symbol = ANY(%s) AND bar_end = %s AND session = %s",
        (list(symbols), bar_end, session),
    )
    return {row["symbol"]: row["id"] for row in await cursor.fetchall()}


def _packed(body: Numbers | None) -> dict[str, object]:
    if body is None:
        return dict.fromkeys(("formula", "reference", "present", "numbers"))
    return {
        "formula": body.formula,
        "reference": body.reference,
        "present": bytes(body.mask),
        "numbers": np.array(body.values, dtype="<f8").tobytes(),
    }


def _event(row: DictRow) -> Event:
    return Event(row["origin"], row["sequence"], row["clock"], row["item"], _body(row))


def _body(row: DictRow) -> Numbers | None:
    if row["numbers"] is None:
        return None
    values = np.frombuffer(bytes(row["numbers"]), dtype="<f8")
    mask = tuple(bool(bit) for bit in bytes(row["present"]))
    assert len(mask) == SIZE
    reference = NOT_DEFINED if row["reference"] is None else row["reference"]
    return Numbers(row["formula"], tuple(values.tolist()), mask, reference)
