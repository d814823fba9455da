"""What was committed to a table since a reader last looked, in order of transactions: nothing twice, nothing left out.

Numbers of transactions and sequences are given before a commit and may appear in another order. So a reader remembers the
oldest transaction that was still open when it looked (`horizon`), and which rows of later ones it has (`ahead`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from psycopg.rows import DictRow

from qbtc.kit.store.pool import Connection

BATCH = 2000


@dataclass(slots=True)
class Place:
    """How far a reader has come: every row of a transaction before `horizon`, and of later ones those in `ahead`."""

    horizon: int = 0
    ahead: dict[object, int] = field(default_factory=dict)


class Feed:
    """Rows of one owner of `table`, in order of `tx` and of `key`; `least` is below every key."""

    def __init__(self, table: str, key: str, *, least: object, columns: str, where: str = "true") -> None:
        self._key, self._least = key, least
        fresh = f"FROM {table} WHERE owner {{owner}} AND {where} AND {key} <> ALL(%(ahead)s)"
        # In the order of the index, or a look for what is not there reads the whole table.
        order = f"ORDER BY owner, tx, {key}"
        self._any = f"SELECT 1 {fresh} AND (tx, {key}) > (%(horizon)s::text::xid8, %(least)s) {order} LIMIT 1"
        self._rows = (
            f"SELECT {columns}, {key} AS key, tx::text::bigint AS written {fresh}"
            f" AND (tx, {key}) > (%(tx)s::text::xid8, %(last)s) {order} LIMIT {BATCH}"
        )
        # Rows that came with a dump from another server have numbers that this one has not reached.
        self._settle = (
            f"UPDATE {table} SET tx = '0' WHERE owner {{owner}} AND tx >= pg_snapshot_xmax(pg_current_snapshot())"
        )

    async def read(
        self,
        conn: Connection,
        owner: str | None,
        place: Place,
        take: Callable[[Sequence[DictRow]], None],
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Give `take` what is new, in portions, and remember it in `place`."""
        mine = {"owner": owner, "ahead": list(place.ahead), "horizon": place.horizon, "least": self._least}
        mine |= values or {}
        if not place.horizon:
            await conn.execute(_of(owner, self._settle), mine)
        found = await _one(conn, _of(owner, f"SELECT {_HORIZON} AS horizon, ({self._any}) AS fresh"), mine)
        if found["fresh"] is not None:
            await self._read_on(conn, place, take, mine, int(found["horizon"]))
        place.horizon = int(found["horizon"])
        place.ahead = {key: tx for key, tx in place.ahead.items() if tx >= place.horizon}

    async def _read_on(
        self,
        conn: Connection,
        place: Place,
        take: Callable[[Sequence[DictRow]], None],
        values: Mapping[str, object],
        horizon: int,
    ) -> None:
        """Read in portions; only rows that may have late siblings are remembered, or a million would be."""
        tx, last = place.horizon, self._least
        async with conn.cursor(binary=True) as cursor:
            while True:
                await cursor.execute(_of(values["owner"], self._rows), {**values, "tx": tx, "last": last})
                rows = await cursor.fetchall()
                take(rows)
                place.ahead |= {row["key"]: row["written"] for row in rows if row["written"] >= horizon}
                if len(rows) < BATCH:
                    return
                tx, last = rows[-1]["written"], rows[-1]["key"]


_HORIZON = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


def _of(owner: object, statement: str) -> str:
    """An index is used for `IS NULL` and for `=`, not for what means both."""
    return statement.format(owner="IS NULL" if owner is None else "= %(owner)s")


async def _one(conn: Connection, statement: str, values: dict[str, object]) -> DictRow:
    row = await (await conn.execute(statement, values)).fetchone()
    if row is None:
        raise LookupError("a row was expected")
    return row
