"""What filters need the rows for, and what an answer about an earlier time must say. Under the caller's row policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from psycopg.types.json import Jsonb
from pydantic import JsonValue

from qbtc.kit.store.pool import Connection


async def among(conn: Connection, sessions: Sequence[str], metadata: Mapping[str, JsonValue]) -> frozenset[str]:
    """Ids of the memories of one of the sessions (none named means all) whose metadata hold these entries."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS id FROM memories WHERE (cardinality(%(sessions)s::text[]) = 0"
        " OR session = ANY(%(sessions)s::text[])) AND metadata @> %(metadata)s",
        {"sessions": list(sessions), "metadata": Jsonb(dict(metadata))},
    )
    return frozenset(row["id"] for row in await cursor.fetchall())


async def any_superseded(conn: Connection) -> bool:
    cursor = await conn.execute("SELECT EXISTS (SELECT 1 FROM memories WHERE superseded_at IS NOT NULL) AS found")
    row = await cursor.fetchone()
    return bool(row and row["found"])


async def erased_since(conn: Connection, known_at: float, scope: str | None) -> int:
    """How many memories that were there at a time [s] have been erased since then."""
    cursor = await conn.execute(
        "SELECT count(*) AS n FROM erasures WHERE ingested_at <= %(at)s AND erased_at > %(at)s"
        " AND (%(scope)s::text IS NULL OR scope = sha256(convert_to(%(scope)s, 'UTF8')))",
        {"at": datetime.fromtimestamp(known_at, UTC), "scope": scope},
    )
    row = await cursor.fetchone()
    return int(row["n"]) if row else 0


async def supersede(conn: Connection, old: str, new: str) -> bool:
    """Whether the old memory was there and stood; from now on the new one stands in its place."""
    cursor = await conn.execute(
        "UPDATE memories SET superseded_at = now(), superseded_by = %s::uuid"
        " WHERE memory_id = %s::uuid AND superseded_at IS NULL",
        (new, old),
    )
    return cursor.rowcount == 1
