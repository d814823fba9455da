"""A background task that works for the desk and for each person in turn, when it is woken or every few seconds."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from qbtc.kit.store import Store

from .adapters import memories

IDLE_SECONDS = 5.0


class Rounds(ABC):
    """What follows after a memory was kept. A subclass says what one portion of one owner is."""

    def __init__(self, store: Store, wake: asyncio.Event) -> None:
        self._store, self._wake = store, wake

    @abstractmethod
    async def portion(self, person: str | None) -> int:
        """Do one portion for the desk (None) or a person, under their row policy; returns how many memories it took."""

    async def once(self) -> int:
        """One portion for the desk and one for each person; returns how many memories they took."""
        async with self._store.transaction() as conn:
            people: list[str | None] = [None, *await memories.owners(conn)]
        return sum([await self.portion(person) for person in people])

    async def run(self) -> None:
        while True:
            self._wake.clear()
            while await self.once():
                pass
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                pass
