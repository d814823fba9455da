"""Nearest vectors by cosine, exact, in PostgreSQL with pgvector or without it by one NumPy scan.

Both compare vectors of one model identity only. Exact on purpose: at the sizes of now a scan is some milliseconds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from qbtc.core.retrieval import top_cosine
from qbtc.kit.embedding import Vectors
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

_VISIBLE = (
    " FROM embeddings e JOIN memories m USING (memory_id)"
    " WHERE e.identity = %(identity)s"
    " AND (%(scope)s::text IS NULL OR m.scope = %(scope)s)"
    " AND (cardinality(%(kinds)s::text[]) = 0 OR m.kind = ANY(%(kinds)s::text[]))"
)
_UPSERT = (
    "INSERT INTO embeddings (memory_id, owner, identity, vector) VALUES (%s, %s, %s, {value})"
    " ON CONFLICT (memory_id) DO UPDATE SET identity = EXCLUDED.identity, vector = EXCLUDED.vector"
)


async def choose(store: Store) -> PgVectors | ScannedVectors:
    """The search that fits the column that the migration made: `vector` with pgvector, `bytea` without."""
    rows = await store.fetch(
        "SELECT format_type(atttypid, NULL) AS type FROM pg_attribute"
        " WHERE attrelid = 'embeddings'::regclass AND attname = 'vector' AND NOT attisdropped"
    )
    return ScannedVectors() if rows[0]["type"] == "bytea" else PgVectors()


class PgVectors:
    name = "pgvector"

    async def store(
        self,
        conn: Connection,
        ids: Sequence[str],
        vectors: Vectors,
        *,
        owner: str | None,
        identity: str,
    ) -> None:
        rows = [(i, owner, identity, _literal(v)) for i, v in zip(ids, vectors, strict=True)]
        async with conn.cursor() as cursor:
            await cursor.executemany(_UPSERT.format(value="%s::vector"), rows)

    async def nearest(
        self,
        conn: Connection,
        query: Vectors,
        *,
        identity: str,
        scope: str | None,
        kinds: Collection[str],
        limit: int,
    ) -> dict[str, float]:
        values = {
            "query": _literal(query),
            "identity": identity,
            "scope": scope,
            "kinds": list(kinds),
            "limit": limit,
        }
        cursor = await conn.execute(
            "SELECT e.memory_id::text AS id, 1 - (e.vector <=> %(query)s::vector) AS cosine"
            + _VISIBLE
            + " ORDER BY e.vector <=> %(query)s::vector, m.seq LIMIT %(limit)s",
            values,
        )
        return {row["id"]: float(row["cosine"]) for row in await cursor.fetchall()}


class ScannedVectors:
    name = "exact scan"

    async def store(
        self,
        conn: Connection,
        ids: Sequence[str],
        vectors: Vectors,
        *,
        owner: str | None,
        identity: str,
    ) -> None:
        rows = [(i, owner, identity, v.astype("<f4").tobytes()) for i, v in zip(ids, vectors, strict=True)]
        async with conn.cursor() as cursor:
            await cursor.executemany(_UPSERT.format(value="%s"), rows)

    async def nearest(
        self,
        conn: Connection,
        query: Vectors,
        *,
        identity: str,
        scope: str | None,
        kinds: Collection[str],
        limit: int,
    ) -> dict[str, float]:
        cursor = await conn.execute(
            "SELECT e.memory_id::text AS id, e.vector" + _VISIBLE + " ORDER BY m.seq",
            {"identity": identity, "scope": scope, "kinds": list(kinds)},
        )
        rows = await cursor.fetchall()
        if not rows:
            return {}
        matrix = np.frombuffer(b"".join(bytes(r["vector"]) for r in rows), dtype="<f4").reshape(len(rows), -1)
        return {rows[i]["id"]: cosine for i, cosine in top_cosine(matrix, query.astype(np.float32), limit)}


def _literal(vector: Vectors) -> str:
    return "[" + ",".join(f"{value:.9g}" for value in vector) + "]"
