"""Asking the market memory: the present of a symbol, a kept moment or a given state against the moments before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import outcomes
from .adapters.outcomes import Told
from .domain.market_memory import Alike, Outcomes, Past, alike, what_followed
from .domain.memory import State
from .domain.reflection import Moment
from .errors import NoMarketMemory
from .ports import States

Present = tuple[Moment, str]
UNKEPT = ""
"""The id of a moment that is not kept: the present, or a state that was given."""


@dataclass(frozen=True, slots=True)
class Likenesses:
    """What is like `now`, most alike first, of `past`, and what followed. `told` is by memory id."""

    now: Moment
    regime: str
    past: Past
    found: Sequence[Alike]
    told: Mapping[str, Told]
    followed: Sequence[Outcomes]


@dataclass(frozen=True, slots=True)
class MarketMemory:
    """`present` gives what was seen of a symbol last, in the market's present session; None before its first bar."""

    store: Store
    states: States
    present: Callable[[str], Present | None]
    horizons: tuple[float, ...]

    async def like_now(self, symbol: str, *, k: int) -> Likenesses:
        """Raises NoMarketMemory when nothing was ever kept of the symbol."""
        async with self.store.transaction() as conn:
            return await self._like(conn, await self._now(conn, symbol), k)

    async def like_moment(self, memory_id: str, *, k: int) -> Likenesses:
        """Only with what was known at that moment. Raises NoSuchMemory."""
        async with self.store.transaction() as conn:
            return await self._like(conn, await outcomes.one(conn, memory_id, self.states), k)

    async def like_state(self, symbol: str, state: State, *, k: int) -> Likenesses:
        """A state of the caller, put in the place of the symbol's present one."""
        async with self.store.transaction() as conn:
            now, _ = await self._now(conn, symbol)
            return await self._like(conn, (replace(now, memory_id=UNKEPT, state=state, price=None), ""), k)

    async def _now(self, conn: Connection, symbol: str) -> Present:
        found = self.present(symbol) or await outcomes.newest(conn, symbol, self.states)
        if found is None:
            known = await outcomes.symbols(conn)
            raise NoMarketMemory(f"no moment of {symbol} was kept yet", field="symbol", allowed=[*known])
        return found

    async def _like(self, conn: Connection, present: Present, k: int) -> Likenesses:
        now, regime = present
        past, told = await outcomes.past_of(conn, now, self.horizons, self.states)
        found, followed = await asyncio.to_thread(_weigh, now, past, self.horizons, k)
        return Likenesses(now, regime, past, found[:k], told, followed)


def _weigh(now: Moment, past: Past, horizons: Sequence[float], k: int) -> tuple[list[Alike], list[Outcomes]]:
    """The draws are seeded by the moment, so the same question has the same answer."""
    found = alike(now.state, past)
    rng = np.random.default_rng(abs(now.at))
    return found, what_followed(found, past, horizons, now=now.at, k=k, rng=rng)
