"""Vectors of memories in PostgreSQL, with pgvector or as bytes, and exact cosines of a few of them.

Which few is said by the segment in memory (core/retrieval/packed): a scan of all rows takes seconds at a million. Only
vectors of one model identity are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qbtc.core.retrieval import top_cosine
from qbtc.kit.embedding import Vectors
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

_AMONG = " FROM embeddings WHERE identity = %(identity)s AND memory_id = ANY(%(ids)s::uuid[])"
_UPSERT = (
    "INSERT INTO embeddings (memory_id, owner, identity, vector) VALUES (%s, %s, %s, {value})"
    " ON CONFLICT (memory_id) DO UPDATE SET identity = EXCLUDED.identity, vector = EXCLUDED.vector,"
    " tx = pg_current_xact_id()"
)


async def choose(store: Store) -> PgVectors | ScannedVectors:
    """The search that fits the column that the migration made: `vector` with pgvector, `bytea` without."""
    rows = await store.fetch(
        "SELECT format_type(atttypid, NULL) AS type FROM pg_attribute"
        " WHERE attrelid = 'embeddings'::regclass AND attname = 'vector' AND NOT attisdropped"
    )
    return ScannedVectors() if rows[0]["type"] == "bytea" else PgVectors()


class PgVectors:
    name, raw = "pgvector", "vector_send(vector)"

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

    def decode(self, raw: Sequence[bytes]) -> Vectors:
        """Rows of pgvector's binary form: dimension, a spare number, then big-endian floats."""
        packed = np.frombuffer(b"".join(raw), np.uint8).reshape(len(raw), -1)
        return packed[:, 4:].copy().view(">f4").astype(np.float32)

    async def exact(
        self, conn: Connection, query: Vectors, *, identity: str, ids: Sequence[str], limit: int
    ) -> dict[str, float]:
        cursor = await conn.execute(
            "SELECT memory_id::text AS id, 1 - (vector <=> %(query)s::vector) AS cosine"
            + _AMONG
            + " ORDER BY cosine DESC, id LIMIT %(limit)s",
            {"query": _literal(query), "identity": identity, "ids": list(ids), "limit": limit},
        )
        return {row["id"]: float(row["cosine"]) for row in await cursor.fetchall()}


class ScannedVectors:
    name, raw = "bytes", "vector"

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

    def decode(self, raw: Sequence[bytes]) -> Vectors:
        return np.frombuffer(b"".join(raw), "<f4").reshape(len(raw), -1).astype(np.float32)

    async def exact(
        self, conn: Connection, query: Vectors, *, identity: str, ids: Sequence[str], limit: int
    ) -> dict[str, float]:
        async with conn.cursor(binary=True) as cursor:
            await cursor.execute(
                "SELECT memory_id::text AS id, vector" + _AMONG + " ORDER BY id",
                {"identity": identity, "ids": list(ids)},
            )
            rows = await cursor.fetchall()
        if not rows:
            return {}
        matrix = self.decode([row["vector"] for row in rows])
        return {rows[i]["id"]: cosine for i, cosine in top_cosine(matrix, query.astype(np.float32), limit)}


def _literal(vector: Vectors) -> str:
    return "[" + ",".join(f"{value:.9g}" for value in vector) + "]"
