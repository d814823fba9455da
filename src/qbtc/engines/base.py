"""What every engine looks like, and the one error they raise.

`EngineError` always carries advice: what the person at the keyboard should do next.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .child import Child


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """One line of the start-up report."""

    name: str
    version: str
    embedded: bool
    detail: str

    def as_dict(self) -> dict[str, str | bool]:
        return asdict(self)


class EngineError(Exception):
    """An engine cannot start, or is not well; `advice` says what to do about it. `final`: trying again is no use."""

    def __init__(self, message: str, advice: str = "", *, final: bool = False) -> None:
        super().__init__(f"{message} {advice}".strip())
        self.message = message
        self.advice = advice
        self.final = final


class Engine(Protocol):
    """An embedded engine. `start` returns when the engine answers; `check` raises EngineError when it does not."""

    name: str

    @property
    def child(self) -> Child | None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def check(self) -> EngineStatus: ...
