"""Which model made the stored vectors. Every call runs in the caller's transaction and row policy."""

from __future__ import annotations

from qbtc.kit.store.pool import Connection


async def foreign(conn: Connection, identity: str) -> str | None:
    """Another model that visible vectors are from; None when all are from `identity`. Two looks into an index."""
    cursor = await conn.execute(
        "(SELECT identity FROM embeddings WHERE identity < %(identity)s ORDER BY identity DESC LIMIT 1) UNION ALL"
        " (SELECT identity FROM embeddings WHERE identity > %(identity)s ORDER BY identity LIMIT 1) LIMIT 1",
        {"identity": identity},
    )
    row = await cursor.fetchone()
    return row["identity"] if row else None


async def counts(conn: Connection, owner: str | None) -> tuple[dict[str, int], dict[str, int]]:
    """Of one owner: vectors by model, and memories by state of their vector."""
    cursor = await conn.execute(
        "SELECT identity, count(*) AS n FROM embeddings WHERE owner IS NOT DISTINCT FROM %s GROUP BY 1", (owner,)
    )
    models = {row["identity"]: row["n"] for row in await cursor.fetchall()}
    cursor = await conn.execute(
        "SELECT embedding_state AS state, count(*) AS n FROM memories WHERE owner IS NOT DISTINCT FROM %s GROUP BY 1",
        (owner,),
    )
    return models, {row["state"]: row["n"] for row in await cursor.fetchall()}


async def put_back(conn: Connection, owner: str | None, identity: str, *, limit: int) -> int:
    """Make up to `limit` memories of one owner wait for a vector again that have one of another model; returns how many."""
    cursor = await conn.execute(
        "UPDATE memories SET embedding_state = 'pending' WHERE memory_id IN (SELECT e.memory_id FROM embeddings e"
        " JOIN memories m USING (memory_id) WHERE e.identity <> %s AND e.owner IS NOT DISTINCT FROM %s"
        " AND m.embedding_state = 'done' LIMIT %s)",
        (identity, owner, limit),
    )
    return cursor.rowcount
