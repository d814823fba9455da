"""When the account is compared with the venue: every so often, and at once when somebody asks."""

from __future__ import annotations

import asyncio
import contextlib

URGENT_SECONDS = 1.0


class Audits:
    """Numbers the comparisons: `ask` gives the number that `done` reaches when one that began afterwards has succeeded."""

    def __init__(self) -> None:
        self.done = 0
        self._begun = self._asked = 0
        self._wanted = asyncio.Event()

    def ask(self) -> int:
        """Compare soon; what is true now is seen by that comparison."""
        self._asked = self._begun + 1
        self._wanted.set()
        return self._asked

    def begin(self) -> int:
        """The number of the comparison that begins now."""
        self._wanted.clear()
        self._begun += 1
        return self._begun

    def end(self, number: int) -> None:
        """It has compared everything."""
        self.done = number

    async def pause(self, seconds: float) -> None:
        """Until the next one: shorter while one that was asked for has not succeeded."""
        seconds = seconds if self.done >= self._asked else min(seconds, URGENT_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wanted.wait()
