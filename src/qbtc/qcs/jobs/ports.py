"""A job as it is kept, where it is kept, and what runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import JsonValue

from qbtc.kit.errors import QbtcError

State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
Parameters = dict[str, JsonValue]
Told = Callable[[float, str], Awaitable[None]]
"""Called with (share that is done, 0 to 1; what it is doing)."""


@dataclass(frozen=True, slots=True)
class Job:
    """`share` and `step` say how far it is, 1 and "done" at a good end; `error` is a problem document."""

    id: str
    kind: str
    owner: str
    parameters: Parameters
    state: State
    share: float
    step: str
    result: JsonValue
    error: Parameters | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def open(self) -> bool:
        return self.state in ("queued", "running")


class JobStore(Protocol):
    """The truth of jobs. A job is seen by its owner only; the calls without an owner are the service's own."""

    async def add(self, kind: str, owner: str, parameters: Parameters) -> Job: ...

    async def waiting(self) -> int: ...

    async def one(self, job: str, owner: str) -> Job:
        """Raises UnknownJob."""
        ...

    async def newest(self, owner: str, limit: int) -> list[Job]: ...

    async def claim(self) -> Job | None:
        """The oldest that waits, now running."""
        ...

    async def tell(self, job: str, share: float, step: str) -> None: ...

    async def end(self, job: str, state: State, *, result: JsonValue = None, error: QbtcError | None = None) -> bool:
        """False if it had ended before: an end is never undone."""
        ...

    async def drop(self, job: str) -> bool:
        """Cancel one that waits; False if it does not wait any more."""
        ...

    async def interrupt(self) -> int:
        """What ran when the service ended is over; how many."""
        ...

    async def purge(self, days: int) -> int: ...


class Runner(Protocol):
    """Runs one job; a cancelled `run` ends the computation."""

    async def run(self, work: str, parameters: Parameters, told: Told) -> JsonValue:
        """`work` is MODULE:FUNCTION. Raises JobRefused, JobTooLarge, JobCrashed, Unavailable."""
        ...

    async def close(self) -> None: ...
