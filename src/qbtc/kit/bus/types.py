"""What the bus promises, as types: the `Bus` Protocol, its messages in flight, and its errors.

    QbtcError
    ├── Unroutable        500  no queue is bound to this key: refused, not lost
    ├── DeadlineExceeded  504  no reply came in time; the outcome of the request is unknown
    ├── RemoteError        *   the service that was asked answered with a problem document
    └── Forbidden         403  the contract does not let this service publish or consume that

Promise, the same in both adapters: at-least-once after a confirm, order per key in ordered queues (also across a
retry), retry with back-off at most `Queue.max_attempts` times, then a dead letter with its reason. Not here:
effect-once (the inbox table in the handler's transaction) and authority (verified by the runtime).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from qbtc.contracts import Envelope, Exchange
from qbtc.kit.errors import QbtcError

PROBLEM_TYPE = "qbtc.problem"
"""`Envelope.type` of a reply whose data is an RFC 9457 problem document."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt (counted from 1) to handle one envelope."""

    envelope: Envelope
    attempt: int
    queue: str


Handler = Callable[[Delivery], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up. `envelope` is None where the bytes are no envelope; `id` is what `replay` takes."""

    id: str
    queue: str
    key: str
    reason: str
    attempts: int
    first_at: datetime
    last_at: datetime
    envelope: Envelope | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How much waits. `in_flight` and `oldest_seconds` are None where the broker does not tell (AMQP)."""

    ready: int
    in_flight: int | None
    dead: int
    oldest_seconds: float | None


class Reject(Exception):
    """Raised by a handler: this message is bad, dead-letter it at once."""


class Unroutable(QbtcError):
    slug, status, title = "unroutable", 500, "No queue takes this message"

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = tuple(keys)
        super().__init__(f"no queue is bound to {', '.join(map(repr, self.keys))}")


class DeadlineExceeded(QbtcError):
    slug, status, title = "deadline-exceeded", 504, "No answer came in time"


class RemoteError(QbtcError):
    """The problem document that a service answered a request with."""

    slug, status, title = "remote-error", 502, "The service that was asked answered with an error"

    def __init__(self, problem: dict[str, JsonValue]) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or self.title))
        self.remote = problem

    def problem(self, trace_id: str | None = None) -> dict[str, JsonValue]:
        return self.remote if "trace_id" in self.remote or not trace_id else self.remote | {"trace_id": trace_id}


class Consumer(Protocol):
    async def stop(self) -> None:
        """Take nothing more, let running handlers finish, give the rest back to the broker."""

    def pause(self) -> None:
        """Start no further handler; what runs goes on."""

    def resume(self) -> None: ...


class Bus(Protocol):
    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def ping(self) -> None:
        """Raises `Unavailable` when the broker does not answer."""

    async def publish(self, *envelopes: Envelope, exchange: Exchange | None = None) -> None:
        """Return once the broker has stored every envelope. `exchange` defaults to that of the route's first kind.

        Raises Unroutable naming the keys without a queue (the other envelopes of the call are stored), Forbidden, and
        Unavailable when the broker stayed away too long (then the outcome is unknown: publish again, same ids).
        """

    async def consume(self, queue: str, handler: Handler, *, prefetch: int = 100) -> Consumer:
        """Handle at most `prefetch` messages of `queue` at a time. Return = ack; `Reject` = dead letter; else retry."""

    async def request(self, envelope: Envelope, timeout: float) -> Envelope:
        """Ask over qbtc.direct and wait. Raises DeadlineExceeded, RemoteError, Unroutable."""

    async def reply(self, to: Envelope, envelope: Envelope) -> None:
        """Answer a request; dropped when its deadline has passed."""

    async def dead_letters(self, queue: str | None = None, limit: int = 100) -> list[DeadLetter]: ...

    async def replay(self, ids: Iterable[str]) -> int:
        """Put dead letters back at the end of their queue with no attempts used; returns how many were found."""

    async def depths(self) -> dict[str, QueueDepth]: ...
