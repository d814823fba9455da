"""A service's ear for the workspace: it says that it has heard a broadcast, and which market states it holds then.

The answer is an event like any other, so what CIO counts is what services say that they heard, not whom it told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from qbtc.contracts import Envelope, Message
from qbtc.contracts.quantum import SymbolState
from qbtc.contracts.workspace import HeldState, WorkspaceBroadcast, WorkspaceHeard

from .messaging import Handler
from .store.pool import Connection

Held = Callable[[], Iterable[HeldState]]


class Emits(Protocol):
    async def emit(self, conn: Connection, key: str, body: Message) -> str: ...


def hearing(messenger: Emits, held: Held = tuple) -> Handler:
    """The handler of a service's `workspace` queue."""

    async def hear(conn: Connection, _envelope: Envelope, body: Message) -> Message | None:
        if isinstance(body, WorkspaceBroadcast):
            await messenger.emit(conn, "cio.workspace.heard", WorkspaceHeard(number=body.number, held=tuple(held())))
        return None

    return hear


def held_states(states: Iterable[SymbolState]) -> list[HeldState]:
    """The hashes of these states, made anew from their numbers: equal in every service that holds the same 26."""
    import numpy as np

    from qbtc.core.hilbert import state_hash

    return [
        HeldState(
            symbol=one.symbol, state_id=one.state_id,
            computed=state_hash(np.array(one.real) + 1j * np.array(one.imaginary), one.intensity),
        )
        for one in states
    ]  # fmt: skip
