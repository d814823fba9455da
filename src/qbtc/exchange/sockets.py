"""The seam between sockets and what is said on them: `server` owns the connections, endpoints know only this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SocketRules:
    """Seconds and bytes. A connection is pinged every `ping` and closed when a ping has waited `pong` for its answer;
    it is closed when more than `backlog` bytes wait for it, or with a message above `message`. `request` is the time
    that a whole HTTP request may take to arrive."""

    ping: float = 20
    pong: float = 60
    life: float = 24 * 3600
    backlog: int = 8 << 20
    message: int = 1 << 20
    request: float = 30


@dataclass(frozen=True, slots=True)
class Handshake:
    """A request for a WebSocket. Header names in lower case; `query` as it was sent."""

    address: str
    path: str
    query: str
    headers: Mapping[str, str]


class Session(Protocol):
    """One WebSocket connection as an endpoint sees it; who owns the socket gives it. All calls on the event loop.

    Each `send` is one whole message; nothing is sent after `close`. A connection that does not read is closed by its
    owner, so `send` never waits and never fails. `headers` have lower-case names; `query` is the raw query string.
    """

    address: str
    path: str
    query: str
    headers: Mapping[str, str]

    def send(self, message: bytes) -> None:
        """As a text frame."""

    def send_all(self, messages: Sequence[bytes]) -> None:
        """Each as a text frame, in one write."""

    def send_binary(self, message: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


class Endpoint(Protocol):
    """What serves the connections of one path: messages in, `session.send` out. It must not block nor raise."""

    def opened(self, session: Session) -> None: ...

    def on_frame(self, session: Session, message: bytes) -> None:
        """A whole message, at most 1 MiB, that is UTF-8 text."""

    def closed(self, session: Session) -> None:
        """The connection is gone, whoever closed it. Called once for each `opened`."""
