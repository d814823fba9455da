"""Ce3's ear on the bus."""

from __future__ import annotations

from qbtc.ce3.adapters.repository import Repository
from qbtc.ce3.turns import Turns
from qbtc.contracts import Envelope, Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.tools import ToolRequest
from qbtc.kit.ids import uuid7
from qbtc.kit.security import Tokens
from qbtc.kit.store.pool import Connection


class BusApi:
    def __init__(self, repository: Repository, turns: Turns, tokens: Tokens) -> None:
        self._repository, self._turns, self._tokens = repository, turns, tokens

    async def on_request(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """A turn from the UI: stored now, run after the commit."""
        assert isinstance(body, ToolRequest)
        owner = self._tokens.verify(envelope.actor or "", at=envelope.time).user
        await self._repository.open_turn(
            conn, envelope.id, body, owner=owner, state="waiting", actor=None, traceparent=envelope.traceparent
        )
        self._turns.wake()
        return None

    async def on_call(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """A turn another service waits for."""
        assert isinstance(body, ToolRequest)
        actor = self._tokens.verify(envelope.actor or "", at=envelope.time)
        turn = uuid7()
        await self._repository.store_running(turn, body, owner=actor.user)
        return await self._turns.run(turn, body, actor)

    async def on_reflection(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        assert isinstance(body, Reflection)
        await self._repository.keep_reflection(conn, body)
        return None
