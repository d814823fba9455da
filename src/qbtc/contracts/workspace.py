"""Bodies of `cio.workspace.*`: what holds the few places of attention, and who has heard of it."""

from __future__ import annotations

from pydantic import Field

from .common import Message, Nanoseconds, ServiceName, Symbol


class Attended(Message):
    """A candidate that holds a place. `name` says what it is, never what a private text says."""

    name: str
    source: ServiceName
    kind: str
    topic: str
    at: Nanoseconds
    salience: float


class WorkspaceBroadcast(Message):
    """What won the cycle `number`, best first, and how many candidates were passed over."""

    number: int = Field(ge=1)
    at: Nanoseconds
    winners: tuple[Attended, ...]
    passed_over: int = Field(ge=0)


class HeldState(Message):
    """The newest market state that a service holds; `computed` is its hash, made there from the numbers it holds."""

    symbol: Symbol
    state_id: str
    computed: str


class WorkspaceHeard(Message):
    """A service has heard broadcast `number`; `held` are the 26 numbers that it works with, as hashes."""

    number: int = Field(ge=1)
    held: tuple[HeldState, ...] = ()
