"""Where catalogues are filled from: states of the market for everyone, saved states for their owner.

A source is read from the beginning once and followed then. What an earlier read saw completely is everything whose
transaction was over when it looked (`horizon`); later reads begin there and say for each row which transaction wrote it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import numpy as np
from psycopg.rows import tuple_row

from qbtc.contracts.quantum import StateKind
from qbtc.core.hilbert.types import Complex
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection
from qbtc.qcs.domain.entries import Entry
from qbtc.qcs.ports import Written

from .damage import Damage
from .rows import Row, fault_of, matrix_fault, to_kept
from .saved import saved_fault, to_saved

BATCH = 2_000
"""Rows that are read at a time: bars are folded between two batches."""
_SINCE = "written >= %(low)s::text::xid8 AND written < pg_snapshot_xmax(pg_current_snapshot())"
_NEWEST = (
    "created_at >= coalesce((SELECT created_at FROM {} ORDER BY created_at DESC OFFSET %(limit)s LIMIT 1), '-infinity')"
)
# id, state, symbol, market time, transaction
_MOMENTS = (
    "SELECT id, psi, symbol, bar_end, coalesce(written::text::bigint, 0) FROM states WHERE informative AND {}"
    " ORDER BY created_at, bar, symbol"
)
_WINDOWS = (
    "SELECT state_id, rho, symbol, bar_end, coalesce(written::text::bigint, 0) FROM matrices"
    " WHERE symbol IS NOT NULL AND {} ORDER BY created_at, bar_end, symbol"
)
_SAVED = "SELECT id, state, '', 0::bigint, written::text::bigint FROM saved_states WHERE {} ORDER BY created_at, id"
Found = dict[str, object]


async def horizon_of(conn: Connection) -> int:
    cursor = await conn.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS low")
    row = await cursor.fetchone()
    return int(row["low"]) if row else 0


async def follow(
    conn: Connection, statement: str, low: int | None, *, first: str, limit: int = 0
) -> AsyncIterator[list[Written]]:
    """Rows in batches: all that `first` allows where `low` is None, else those written since."""
    async with conn.cursor(name="catalogue", binary=True, row_factory=tuple_row) as cursor:
        cursor.itersize = BATCH
        await cursor.execute(statement.format(first if low is None else _SINCE), {"low": str(low), "limit": limit})
        while rows := await cursor.fetchmany(BATCH):
            yield [Written(Entry(row[0], _array(row[1]), row[2], row[3]), row[4]) for row in rows]


def _array(raw: bytes) -> Complex:
    state = np.frombuffer(raw, dtype="<c16")
    return state if len(state) == 26 else state.reshape(26, 26)


class Moments:
    """The market's states: one a bar and symbol, and the density matrices of regime changes."""

    kinds: tuple[StateKind, StateKind] = ("moment", "window")

    def __init__(self, store: Store, damage: Damage) -> None:
        self._store, self._damage = store, damage

    async def horizon(self) -> int:
        async with self._store.transaction() as conn:
            return await horizon_of(conn)

    async def stored(self) -> int:
        return int((await self._store.fetch("SELECT count(*) AS n FROM states WHERE informative"))[0]["n"])

    async def read(self, low: int | None, limits: tuple[int, int]) -> AsyncIterator[list[Written]]:
        pure, mixed = limits
        async with self._store.transaction() as conn:
            async for batch in follow(conn, _MOMENTS, low, first=_NEWEST.format("states"), limit=pure):
                yield batch
            async for batch in follow(conn, _WINDOWS, low, first=_NEWEST.format("matrices"), limit=mixed):
                yield batch

    async def confirm(self, ids: list[UUID], *, mixed: bool) -> dict[UUID, Found]:
        if not mixed:
            rows = await self._store.fetch("SELECT * FROM states WHERE id = ANY(%s)", (ids,))
            return {row["id"]: _moment(row) for row in self._damage.sound(rows, fault_of)}
        rows = await self._store.fetch("SELECT * FROM matrices WHERE state_id = ANY(%s)", (ids,))
        return {row["state_id"]: _window(row) for row in self._damage.sound(rows, matrix_fault, "state_id")}

    def damaged(self, state_id: UUID, fault: str) -> None:
        self._damage.report(str(state_id), fault)


class SavedOf:
    """The states that one person keeps; the row policy lets this person alone see them."""

    kinds: tuple[StateKind, StateKind] = ("saved", "saved")

    def __init__(self, store: Store, damage: Damage, person: str) -> None:
        self._store, self._damage, self._person = store, damage, person

    async def horizon(self) -> int:
        async with self._store.transaction(user=self._person) as conn:
            return await horizon_of(conn)

    async def stored(self) -> int:
        statement = "SELECT count(*) AS n FROM saved_states WHERE form = 'pure'"
        return int((await self._store.fetch(statement, user=self._person))[0]["n"])

    async def read(self, low: int | None, limits: tuple[int, int]) -> AsyncIterator[list[Written]]:
        async with self._store.transaction(user=self._person) as conn:
            async for batch in follow(conn, _SAVED, low, first="true"):
                yield batch

    async def confirm(self, ids: list[UUID], *, mixed: bool) -> dict[UUID, Found]:
        rows = await self._store.fetch("SELECT * FROM saved_states WHERE id = ANY(%s)", (ids,), user=self._person)
        return {row["id"]: {"kind": "saved", **to_saved(row)} for row in self._damage.sound(rows, saved_fault)}

    def damaged(self, state_id: UUID, fault: str) -> None:
        self._damage.report(str(state_id), fault)


def _moment(row: Row) -> Found:
    kept = to_kept(row)
    state = kept.state
    return {
        "kind": "moment", "state_id": state.state_id, "form": "pure", "symbol": state.symbol, "session": kept.session,
        "bar": kept.bar, "bar_end": str(kept.bar_end), "mode": kept.mode.value, "regime": state.regime,
        "intensity": state.intensity, "state": np.frombuffer(row["psi"], dtype="<c16"),
    }  # fmt: skip


def _window(row: Row) -> Found:
    return {
        "kind": "window", "state_id": str(row["state_id"]), "form": "mixed", "symbol": row["symbol"],
        "bar_end": str(row["bar_end"]), "shrinkage": row["shrinkage"],
        "state": np.frombuffer(row["rho"], dtype="<c16").reshape(26, 26),
    }  # fmt: skip
