"""Ce3's ear on the bus."""

from __future__ import annotations

import asyncio

from qbtc.ce3.adapters.repository import Repository
from qbtc.ce3.errors import TooManyTurns, TurnFailed, TurnGoesOn
from qbtc.ce3.turns import Turns
from qbtc.contracts import Envelope, Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.tools import ToolRequest
from qbtc.kit.bus import Reject
from qbtc.kit.errors import QbtcError
from qbtc.kit.security import Tokens
from qbtc.kit.store.pool import Connection

# Each holds a database connection while its turn runs.
CALLS_AT_ONCE = 3


class BusApi:
    def __init__(self, repository: Repository, turns: Turns, tokens: Tokens, *, call_seconds: float) -> None:
        self._repository, self._turns, self._tokens, self._call_seconds = repository, turns, tokens, call_seconds
        self._calls = asyncio.Semaphore(CALLS_AT_ONCE)

    async def on_request(self, conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """A turn from the UI: stored now, run after the commit."""
        request = _turn_in(envelope, body)
        await self._repository.open_turn(
            conn, envelope.id, request, owner=self._owner(envelope), traceparent=envelope.traceparent
        )
        self._turns.wake_after(conn)
        return None

    async def on_call(self, _conn: Connection, envelope: Envelope, body: Message) -> Message | None:
        """A turn that another service waits for. It is run once: a redelivery is refused, not answered by a second run.

        The wait ends before the database would end this handler's idle transaction (60 s); the turn itself goes on.
        """
        request = _turn_in(envelope, body)
        if self._calls.locked():
            raise TooManyTurns(f"at most {CALLS_AT_ONCE} turns are waited for over the bus at a time")
        async with self._calls:
            try:
                async with asyncio.timeout(self._call_seconds):
                    return await self._turns.submit(envelope.id, request, self._owner(envelope))
            except TimeoutError:
                raise TurnGoesOn(
                    f"no answer within {self._call_seconds:g} s; the turn goes on: send it as a command,"
                    f" or read its end in conversation {request.conversation!r}"
                ) from None
            except QbtcError as error:
                raise error if error.status < 500 else TurnFailed(error.detail) from None

    async def on_reflection(self, conn: Connection, _envelope: Envelope, body: Message) -> Message | None:
        if not isinstance(body, Reflection):
            raise Reject(f"a reflection was expected, not a {type(body).__name__}")
        await self._repository.keep_reflection(conn, body)
        return None

    def _owner(self, envelope: Envelope) -> str:
        actor = self._tokens.verify(envelope.actor or "", at=envelope.time)
        return actor.owner or actor.user


def _turn_in(envelope: Envelope, body: Message) -> ToolRequest:
    if not isinstance(body, ToolRequest):
        raise Reject(f"{envelope.type} carries a turn, not a {type(body).__name__}")
    return body
