"""Redis: `qcs:quantum:state:<symbol>` (latest state, with a time to live) and the channel `qcs:stream:quantum.<SYM>`.

Everything here can be lost: readers fall back to the database, the next bar writes it again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import JsonValue
from redis.asyncio import Redis
from redis.exceptions import RedisError

from qbtc.contracts.quantum import QuantumState
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter
from qbtc.qcs.ports import KeptState
from qbtc.qcs.queries import payload

log = get_logger(__name__)

KEY = "qcs:quantum:state:"
STREAM = "qcs:stream:"
LAST = "qcs:stream:last:"
LAST_SECONDS = 60


class RedisScreen:
    def __init__(self, redis: Redis, *, seconds: int) -> None:
        self._redis, self._seconds = redis, seconds
        self._failures = counter("qbtc_qcs_screen_failures_total", "Bars that could not be shown through Redis")

    async def show(self, event: QuantumState, gaps: Sequence[int]) -> None:
        """Write and announce the states of one bar; a cache that is away costs the screen, never the bar."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for state, gap in zip(event.states, gaps, strict=True):
                    kept = KeptState(event.session, event.bar, event.bar_end, event.mode, gap, state)
                    text, channel = json.dumps(payload(kept)), f"quantum.{state.symbol}"
                    pipe.set(KEY + state.symbol, text, ex=self._seconds)
                    pipe.set(LAST + channel, text, ex=LAST_SECONDS)
                    pipe.publish(STREAM + channel, text)
                await pipe.execute()
        except RedisError as error:
            self._failures.inc()
            log.warning("states could not be shown", error=f"{type(error).__name__}: {error}", bar=event.bar)

    async def one(self, symbol: str) -> dict[str, JsonValue] | None:
        """The cached state of a symbol; None where it is missing or the cache is away."""
        try:
            raw = await self._redis.get(KEY + symbol)
        except RedisError as error:
            log.warning("cache does not answer", error=f"{type(error).__name__}: {error}")
            return None
        return json.loads(raw) if raw else None

    async def rebuild(self, states: Sequence[KeptState]) -> None:
        """Fill the keys again from the truth."""
        try:
            for kept in states:
                await self._redis.set(KEY + kept.state.symbol, json.dumps(payload(kept)), ex=self._seconds)
        except RedisError as error:
            log.warning("cache could not be rebuilt", error=f"{type(error).__name__}: {error}")
