"""The rows of `memories`: write, read, list, erase. Every call runs in the caller's transaction and row policy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from pydantic import JsonValue

from qbtc.contracts.basis26 import SCHEMA_HASH
from qbtc.core.language import analyse
from qbtc.kit.ids import uuid7
from qbtc.kit.store.pool import Connection

from ..domain.marks import marks_of
from ..domain.memory import Draft, Memory, content_hash, spoken
from ..errors import NoSuchMemory
from .state_cache import encode

_COLUMNS = (
    "m.memory_id::text AS memory_id, m.text, m.kind, m.scope, m.owner, m.happened_at, m.ingested_at, m.session,"
    " m.symbol, m.metadata, m.author, m.given_id, e.identity AS embedded_by,"
    " m.superseded_at, m.superseded_by::text AS superseded_by"
)
_FROM = " FROM memories m LEFT JOIN embeddings e USING (memory_id)"
_INSERT = (
    "INSERT INTO memories (memory_id, text, kind, scope, owner, session, symbol, happened_at, state, intensity, basis,"
    " metadata, content_hash, terms, author, given_id, marks, speaker)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


GONE = (
    "WITH gone AS (DELETE FROM memories WHERE {which} RETURNING memory_id::text AS id, owner, scope, ingested_at), told AS"
    " (INSERT INTO erasures (owner, scope, ingested_at) SELECT owner, sha256(convert_to(scope, 'UTF8')), ingested_at FROM gone)"
)
"""Erases, and notes that something was erased and when, not what."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text, with who said it, that waits for its vector."""

    memory_id: str
    text: str
    owner: str | None


async def add(conn: Connection, draft: Draft) -> str:
    """Write one memory and return its id; its vector follows later."""
    return (await add_all(conn, [draft]))[0]


async def add_all(conn: Connection, drafts: Sequence[Draft]) -> list[str]:
    """Write memories in order and return their ids; their vectors follow later."""
    ids = [uuid7() for _ in drafts]
    people = {draft.owner for draft in drafts if draft.owner is not None}
    async with conn.cursor() as cursor:
        await cursor.executemany("INSERT INTO owners (owner) VALUES (%s) ON CONFLICT DO NOTHING", [(p,) for p in people])
        await cursor.executemany(_INSERT, [_row(key, draft) for key, draft in zip(ids, drafts, strict=True)])
    return ids


def _row(memory_id: str, draft: Draft) -> tuple[object, ...]:
    raw, intensity = encode(draft.state) if draft.state else (None, None)
    return (
        memory_id,
        draft.text,
        draft.kind,
        draft.scope,
        draft.owner,
        draft.session,
        draft.symbol,
        draft.happened_at,
        raw,
        intensity,
        SCHEMA_HASH if raw else None,
        Jsonb(dict(draft.metadata)),
        content_hash(draft.text),
        analyse(spoken(draft.text, draft.author)),
        draft.author,
        draft.given_id,
        int(marks_of(draft.text)),
        draft.speaker,
    )


async def get(conn: Connection, memory_id: str) -> Memory:
    found = await by_ids(conn, [memory_id]) if is_uuid(memory_id) else {}
    if memory_id not in found:
        raise NoSuchMemory(f"memory {memory_id!r}")
    return found[memory_id]


async def given(conn: Connection, scope: str, ids: Sequence[str]) -> dict[str, Memory]:
    """Those visible memories of a scope that were imported with these ids, by them."""
    cursor = await conn.execute(
        f"SELECT {_COLUMNS}{_FROM} WHERE m.scope = %s AND m.given_id = ANY(%s)", (scope, list(ids))
    )
    return {row["given_id"]: _memory(row) for row in await cursor.fetchall()}


async def by_ids(conn: Connection, ids: Sequence[str]) -> dict[str, Memory]:
    """Those of the ids that exist and are visible."""
    cursor = await conn.execute(f"SELECT {_COLUMNS}{_FROM} WHERE m.memory_id = ANY(%s::uuid[])", (list(ids),))
    return {row["memory_id"]: _memory(row) for row in await cursor.fetchall()}


async def latest(
    conn: Connection,
    *,
    limit: int,
    kinds: Collection[str] = (),
    scope: str | None = None,
) -> list[Memory]:
    """Newest first by the time they were kept."""
    cursor = await conn.execute(
        f"SELECT {_COLUMNS}{_FROM}"
        " WHERE (cardinality(%(kinds)s::text[]) = 0 OR m.kind = ANY(%(kinds)s::text[]))"
        " AND (%(scope)s::text IS NULL OR m.scope = %(scope)s) ORDER BY m.seq DESC LIMIT %(limit)s",
        {"kinds": list(kinds), "scope": scope, "limit": limit},
    )
    return [_memory(row) for row in await cursor.fetchall()]


async def erase(conn: Connection, memory_id: str) -> None:
    """Remove text, terms, state and vector, every reflection that rests on it, and stored replies that quote it."""
    cursor = await conn.execute(f"{GONE.format(which='memory_id = %s')} SELECT id FROM gone", (memory_id,))
    if cursor.rowcount != 1:
        raise NoSuchMemory(f"memory {memory_id!r}")
    await erase_quotes(conn, [memory_id])


async def erase_quotes(conn: Connection, ids: Sequence[str]) -> None:
    """Remove every reflection that rests on one of the memories, and stored replies and events that quote one."""
    await conn.execute("DELETE FROM reflections WHERE evidence && %s::text[]", (list(ids),))
    quoting = "EXISTS (SELECT 1 FROM unnest(%s::text[]) AS gone WHERE position(convert_to(gone, 'UTF8') IN {column}) > 0)"
    await conn.execute(f"UPDATE inbox SET reply = NULL WHERE {quoting.format(column='reply')}", (list(ids),))
    await conn.execute(f"DELETE FROM outbox WHERE {quoting.format(column='envelope')}", (list(ids),))


async def owners(conn: Connection) -> list[str]:
    cursor = await conn.execute("SELECT owner FROM owners ORDER BY owner")
    return [row["owner"] for row in await cursor.fetchall()]


async def waiting(conn: Connection, *, limit: int) -> list[Waiting]:
    """Visible memories without a vector, oldest first."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS id, text, author, owner FROM memories WHERE embedding_state = 'pending'"
        " ORDER BY seq LIMIT %s",
        (limit,),
    )
    return [Waiting(row["id"], spoken(row["text"], row["author"]), row["owner"]) for row in await cursor.fetchall()]


async def mark(conn: Connection, ids: Sequence[str], state: str) -> None:
    await conn.execute(
        "UPDATE memories SET embedding_state = %s WHERE memory_id = ANY(%s::uuid[])",
        (state, list(ids)),
    )


async def lock_present(conn: Connection, ids: Sequence[str]) -> list[str]:
    """Those of the ids that still exist, locked until the transaction ends: an erasure now waits for us."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS id FROM memories WHERE memory_id = ANY(%s::uuid[]) ORDER BY seq FOR UPDATE",
        (list(ids),),
    )
    return [row["id"] for row in await cursor.fetchall()]


async def with_state(conn: Connection, *, scope: str | None, kinds: Collection[str], limit: int) -> list[str]:
    """Ids of the newest visible memories that have a 26D state of the present basis."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS id FROM memories WHERE state IS NOT NULL AND basis = %(basis)s"
        " AND (%(scope)s::text IS NULL OR scope = %(scope)s)"
        " AND (cardinality(%(kinds)s::text[]) = 0 OR kind = ANY(%(kinds)s::text[])) ORDER BY seq DESC LIMIT %(limit)s",
        {"basis": SCHEMA_HASH, "scope": scope, "kinds": list(kinds), "limit": limit},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def drop_market_before(conn: Connection, days: int) -> int:
    """Retention of market moments; returns how many went."""
    cursor = await conn.execute(
        "DELETE FROM memories WHERE kind = 'market' AND happened_at < now() - make_interval(days => %s)",
        (days,),
    )
    return cursor.rowcount


async def counts(conn: Connection) -> dict[str, JsonValue]:
    """Visible memories by kind and by state of their vector."""
    cursor = await conn.execute("SELECT kind, embedding_state, count(*) AS n FROM memories GROUP BY 1, 2")
    rows = await cursor.fetchall()
    kinds: dict[str, JsonValue] = {}
    for row in rows:
        kinds[row["kind"]] = int(str(kinds.get(row["kind"], 0))) + row["n"]
    vectors = {state: sum(r["n"] for r in rows if r["embedding_state"] == state) for state in ("pending", "failed")}
    return {"by_kind": kinds, "total": sum(r["n"] for r in rows), **vectors}


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _memory(row: DictRow) -> Memory:
    return Memory(**row)
