"""The rows of `text_states`: exact little-endian doubles. Every call runs in the caller's transaction and row policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from psycopg.rows import DictRow

from qbtc.core.hilbert import amplitudes, normalise
from qbtc.core.hilbert.types import Real
from qbtc.core.language.text26 import TextState, formula
from qbtc.kit.store.pool import Connection

from .memories import lock_present

_STORED = "t.formula, t.language, t.features, t.z, t.v"
_INSERT = (
    "INSERT INTO text_states (memory_id, owner, formula, language, features, z, v, state_hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (memory_id) DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Undescribed:
    """A memory that waits for its features; `place` is its order among all."""

    memory_id: str
    place: int
    text: str
    owner: str | None
    scope: str
    session: str | None


async def waiting(conn: Connection, person: str | None, *, limit: int) -> list[Undescribed]:
    """Memories of one owner without features, oldest first, so that a session is described in its order."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS memory_id, seq AS place, text, owner, scope, session FROM memories"
        " WHERE feature_state = 'pending' AND kind <> 'market' AND owner IS NOT DISTINCT FROM %s ORDER BY seq LIMIT %s",
        (person, limit),
    )
    return [Undescribed(**row) for row in await cursor.fetchall()]


async def get(conn: Connection, memory_id: str) -> TextState | None:
    """The state of a visible memory; None while it is pending or made by another formula."""
    cursor = await conn.execute(f"SELECT {_STORED} FROM text_states t WHERE memory_id = %s", (memory_id,))
    return _state(await cursor.fetchone())


async def of(conn: Connection, ids: Sequence[str]) -> dict[str, TextState]:
    """The states of those visible memories that have one of the present formula."""
    cursor = await conn.execute(
        f"SELECT {_STORED}, memory_id::text AS id FROM text_states t WHERE memory_id = ANY(%s::uuid[])", (list(ids),)
    )
    found = {row["id"]: _state(row) for row in await cursor.fetchall()}
    return {key: state for key, state in found.items() if state is not None}


async def before(conn: Connection, one: Undescribed) -> TextState | None:
    """The state of the memory before this one in its session."""
    if one.session is None:
        return None
    cursor = await conn.execute(
        f"SELECT {_STORED} FROM memories m JOIN text_states t USING (memory_id) WHERE m.session = %s AND m.scope = %s"
        " AND m.owner IS NOT DISTINCT FROM %s AND m.seq < %s ORDER BY m.seq DESC LIMIT 1",
        (one.session, one.scope, one.owner, one.place),
    )
    return _state(await cursor.fetchone())


async def earlier(conn: Connection, one: Undescribed, *, limit: int) -> list[Real]:
    """Vectors float64[52] of the newest memories of the same owner and scope before this one, oldest first."""
    cursor = await conn.execute(
        f"SELECT {_STORED} FROM memories m JOIN text_states t USING (memory_id) WHERE m.scope = %s"
        " AND m.owner IS NOT DISTINCT FROM %s AND m.seq < %s ORDER BY m.seq DESC LIMIT %s",
        (one.scope, one.owner, one.place, limit),
    )
    found = [_state(row) for row in await cursor.fetchall()]
    return [state.vector for state in reversed(found) if state]


async def put(conn: Connection, states: Mapping[str, TextState], owner: str | None) -> None:
    """Store states by memory id and mark their memories described. Memories erased meanwhile are left out."""
    there = await lock_present(conn, list(states))
    rows = [(i, owner, formula(), s.language, *map(_raw, (s.values, s.z, s.v)), s.hash) for i in there if (s := states[i])]
    async with conn.cursor() as cursor:
        await cursor.executemany(_INSERT, rows)
    await mark(conn, there, "done")


async def mark(conn: Connection, ids: Sequence[str], state: str) -> None:
    await conn.execute("UPDATE memories SET feature_state = %s WHERE memory_id = ANY(%s::uuid[])", (state, list(ids)))


def _raw(numbers: Real) -> bytes:
    return numbers.astype("<f8").tobytes()


def _state(row: DictRow | None) -> TextState | None:
    if row is None or row["formula"] != formula():
        return None
    values, z, v = (np.frombuffer(bytes(row[name]), dtype="<f8") for name in ("features", "z", "v"))
    return TextState(row["language"], values, z, v, ~np.isnan(values), normalise(amplitudes(z, v)))
