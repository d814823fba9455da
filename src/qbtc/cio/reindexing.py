"""Making vectors anew with the model of now: memories of another model wait again, and the background does the rest.

An old vector stays until its new one is there and is compared with nothing meanwhile; words find the memory all the time.
What waits is kept in the rows, so a restart goes on where it was.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from qbtc.kit.store import Store

from .adapters import identities, memories

PORTION = 5000


@dataclass(frozen=True, slots=True)
class Progress:
    """Over all owners: `foreign` vectors by model that nobody made wait yet or that wait, `pending` memories without a present vector."""

    identity: str
    memories: int
    current: int
    pending: int
    failed: int
    foreign: dict[str, int]


@dataclass(frozen=True, slots=True)
class Reindexer:
    store: Store
    identity: str
    wake: asyncio.Event

    async def begin(self) -> int:
        """Make every memory with a vector of another model wait for a new one; returns how many were made to."""
        total = 0
        for owner in await self._owners():
            while count := await self._portion(owner):
                total += count
        self.wake.set()
        return total

    async def progress(self) -> Progress:
        models: dict[str, int] = {}
        states: dict[str, int] = {}
        for owner in await self._owners():
            async with self.store.transaction(user=owner) as conn:
                for into, found in zip((models, states), await identities.counts(conn, owner), strict=True):
                    for name, count in found.items():
                        into[name] = into.get(name, 0) + count
        current = models.pop(self.identity, 0)
        return Progress(
            self.identity, sum(states.values()), current, states.get("pending", 0), states.get("failed", 0), models
        )

    async def _owners(self) -> list[str | None]:
        async with self.store.transaction() as conn:
            return [None, *await memories.owners(conn)]

    async def _portion(self, owner: str | None) -> int:
        async with self.store.transaction(user=owner) as conn:
            return await identities.put_back(conn, owner, self.identity, limit=PORTION)
