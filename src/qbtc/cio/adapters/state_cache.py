"""Hot 26D states in Redis under `cio:memory:26d:<id>`, with a time to live; the rows are the truth.

A state that is not in the cache is read from its row and put back, so FLUSHALL costs one read. A cache that is away
costs speed only, and is logged once until it is back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from redis.asyncio import Redis
from redis.exceptions import RedisError

from qbtc.contracts.basis26 import SIZE
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter
from qbtc.kit.store.pool import Connection

from ..domain.memory import State

log = get_logger(__name__)

PREFIX = "cio:memory:26d:"


def encode(state: State) -> tuple[bytes, float]:
    """(416 bytes of 52 little-endian doubles, intensity): the exact bytes that the row holds."""
    return state.vector.astype("<f8").tobytes(), state.intensity


def decode(raw: bytes | memoryview, intensity: float) -> State:
    return State(np.frombuffer(bytes(raw), dtype="<f8"), float(intensity))


class StateCache:
    def __init__(self, redis: Redis, *, ttl_seconds: int) -> None:
        self._redis, self._ttl = redis, ttl_seconds
        self._away = False
        self._hits = counter("qbtc_cio_state_cache_total", "Look-ups of 26D states", ("result",))

    async def get(self, conn: Connection, ids: Sequence[str]) -> dict[str, State]:
        """States of those ids whose rows `conn` may see; the caller has read the ids on the same `conn`."""
        found = await self._cached(ids)
        missing = [i for i in ids if i not in found]
        self._hits.labels("hit").inc(len(found))
        self._hits.labels("miss").inc(len(missing))
        if missing:
            loaded = await _load(conn, missing)
            await self.put(loaded)
            found |= loaded
        return found

    async def put(self, states: Mapping[str, State]) -> None:
        if not states:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for memory_id, state in states.items():
                    pipe.set(PREFIX + memory_id, _pack(state), ex=self._ttl)
                await pipe.execute()
        except RedisError as error:
            self._note(error)

    async def forget(self, memory_id: str) -> None:
        """Raises when the cache cannot confirm: an erasure that is not complete must not look complete."""
        await self._redis.delete(PREFIX + memory_id)

    async def count(self) -> int:
        """Cached states now."""
        return sum([1 async for _ in self._redis.scan_iter(match=PREFIX + "*", count=1000)])

    async def _cached(self, ids: Sequence[str]) -> dict[str, State]:
        if not ids:
            return {}
        try:
            values: list[bytes | None] = await self._redis.mget([PREFIX + i for i in ids])  # type: ignore[assignment]
        except RedisError as error:
            self._note(error)
            return {}
        self._away = False
        return {i: _unpack(raw) for i, raw in zip(ids, values, strict=True) if raw and len(raw) == _PACKED}

    def _note(self, error: RedisError) -> None:
        if not self._away:
            log.warning(
                "state cache is away, rows are read instead",
                error=f"{type(error).__name__}: {error}",
            )
        self._away = True


_PACKED = 8 * (2 * SIZE + 1)


def _pack(state: State) -> bytes:
    raw, intensity = encode(state)
    return raw + np.array([intensity], dtype="<f8").tobytes()


def _unpack(raw: bytes) -> State:
    values = np.frombuffer(raw, dtype="<f8")
    return State(values[:-1], float(values[-1]))


async def _load(conn: Connection, ids: Sequence[str]) -> dict[str, State]:
    cursor = await conn.execute(
        "SELECT memory_id::text AS id, state, intensity FROM memories"
        " WHERE memory_id = ANY(%s::uuid[]) AND state IS NOT NULL",
        (list(ids),),
    )
    return {row["id"]: decode(row["state"], row["intensity"]) for row in await cursor.fetchall()}
