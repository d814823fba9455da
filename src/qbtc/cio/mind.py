"""What CIO knows of the system and of itself, put together: attention, self-model and what recall learns, beside the memory.

Its handlers stand behind those of the memory in the same transaction, so a message has both effects once or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter

from qbtc.contracts import Envelope, Message
from qbtc.contracts.memory import Recall, Reflection
from qbtc.contracts.quantum import QuantumState
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent, OrderStatus, Signal
from qbtc.contracts.workspace import WorkspaceHeard
from qbtc.kit.clock import Clock
from qbtc.kit.embedding import Embedder
from qbtc.kit.messaging import Handler
from qbtc.kit.runtime import Task
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters.peer import Peer
from .api.archetypes import router as archetypes_router
from .api.attention import attention_router
from .api.bus import person_of
from .api.evolution import evolution_router
from .api.sync import sync_router
from .attending import Attending, Attention, Emit
from .domain.workspace import Rules
from .evolving import Evolving
from .knowing import Knowledge
from .ports import States
from .recalling import Recaller
from .settings import CioSettings
from .syncing import Syncing


class Signs(Protocol):
    def as_service(self) -> str: ...


class Outside(Protocol):
    """What the service is given: Runtime, or what a test puts in its place."""

    @property
    def store(self) -> Store: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def tokens(self) -> Signs: ...
    async def emit(self, conn: Connection, key: str, body: Message) -> object: ...


@dataclass(frozen=True, slots=True)
class Mind:
    attention: Attention
    knowledge: Knowledge
    syncing: Syncing
    routers: Sequence[APIRouter]
    tasks: Sequence[Task]

    def telling(self, emit: Emit) -> Emit:
        """`emit` that also offers the reflections it sends."""

        async def told(conn: Connection, key: str, body: Message) -> object:
            sent = await emit(conn, key, body)
            if isinstance(body, Reflection):
                await self.attention.reflected(conn, body)
            return sent

        return told

    def beside(self, first: Handler) -> Handler:
        """A handler of the memory, and then what the mind makes of the same message."""

        async def both(conn: Connection, envelope: Envelope, body: Message) -> Message | None:
            answer = await first(conn, envelope, body)
            await self._mind(conn, envelope, body, answer)
            return answer

        return both

    async def heard(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """The queue `cio.workspace`: who has heard, and the signals that others take."""
        if isinstance(body, WorkspaceHeard):
            await self.attention.heard(conn, envelope, body)
        elif isinstance(body, Signal):
            await self.attention.signal(conn, envelope, body)
        return None

    async def _mind(self, conn: Connection, envelope: Envelope, body: Message, answer: Message | None) -> None:
        if isinstance(body, QuantumState):
            await self.attention.market(conn, body)
            await self.syncing.market(conn, body)
        elif isinstance(body, ToolFinished):
            await self.attention.tool(conn, body)
            await self.knowledge.tool(conn, body, person=await person_of(conn) is not None)
        elif isinstance(body, OrderEvent):
            earned = await self.knowledge.order(conn, body, OrderStatus(envelope.type.rpartition(".")[2]))
            await self.attention.order(conn, envelope, body, earned)
        elif isinstance(answer, Recall):
            await self.attention.question(conn, envelope, answer)


def mind_of(rt: Outside, states: States, recaller: Recaller, embedder: Embedder, settings: CioSettings) -> Mind:
    rules = Rules(places=settings.workspace_places)
    how = Attending(rules, settings.workspace_every, settings.horizon)
    attention = Attention(rt.store, states, rt.emit, rt.clock, how=how)
    knowledge, evolving = Knowledge(rt.store, rt.clock), Evolving(rt.store, recaller, rt.clock)
    peers = [Peer(url, rt.tokens.as_service) for url in settings.peers]
    syncing = Syncing(rt.store, rt.clock, peers, every=settings.sync_every)
    routers = [
        attention_router(attention, knowledge),
        evolution_router(evolving),
        sync_router(syncing, rt.store, embedder),
        archetypes_router,
    ]
    tasks: list[Task] = [attention.run, syncing.clean, *([syncing.run] if peers else [])]
    return Mind(attention, knowledge, syncing, routers, tasks)
