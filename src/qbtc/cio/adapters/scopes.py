"""Whole scopes: what is in them and their erasure. Every call runs in the caller's transaction and row policy."""

from __future__ import annotations

from pydantic import JsonValue

from qbtc.kit.store.pool import Connection

from .memories import GONE, erase_quotes


async def count(conn: Connection, scope: str) -> dict[str, JsonValue]:
    """Visible memories of a scope, and those whose vector or features are pending or could not be made."""
    cursor = await conn.execute(
        "SELECT count(*) AS memories, count(*) FILTER (WHERE embedding_state = 'pending') AS pending_embeddings,"
        " count(*) FILTER (WHERE embedding_state = 'failed') AS failed_embeddings,"
        " count(*) FILTER (WHERE feature_state = 'pending' AND kind <> 'market') AS pending_features,"
        " count(*) FILTER (WHERE feature_state = 'failed') AS failed_features FROM memories WHERE scope = %s",
        (scope,),
    )
    row = await cursor.fetchone()
    return {"scope": scope, **(row or {})}


async def erase(conn: Connection, scope: str) -> list[str]:
    """Remove the memories of a scope with their vectors, what rests on them and stored replies; returns their ids."""
    cursor = await conn.execute(f"{GONE.format(which='scope = %s')} SELECT id FROM gone", (scope,))
    ids = [row["id"] for row in await cursor.fetchall()]
    await erase_quotes(conn, ids)
    return ids
