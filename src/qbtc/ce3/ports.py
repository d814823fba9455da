"""What Ce3's core needs from outside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol, TypeVar

from qbtc.contracts import Message
from qbtc.contracts.tools import TurnEvent

from .domain.chat import ChatMessage, Language, ModelEvent, ToolCard

M = TypeVar("M", bound=Message)


class Provider(Protocol):
    """A model, or what stands in for one. `name` is shown to the user with every answer."""

    name: str

    def stream(
        self, history: Sequence[ChatMessage], tools: Sequence[ToolCard], *, language: Language
    ) -> AsyncIterator[ModelEvent]:
        """One step: text deltas, then exactly one Stop. Raises ModelFailed."""

    async def close(self) -> None:
        """Give up connections; nothing is asked afterwards."""


class Peers(Protocol):
    """The other services, asked over the bus on behalf of one person."""

    async def ask(self, key: str, body: Message, reply: type[M], *, timeout: float = 5.0) -> M: ...

    async def tell(self, key: str, body: Message) -> None: ...


class TurnLog(Protocol):
    """Where a turn's events go: stored, then shown."""

    async def append(self, event: TurnEvent) -> None: ...
