"""What Web needs from outside, as Protocols; adapters/ fulfils them, tests may do so otherwise."""

from __future__ import annotations

from typing import Protocol

from qbtc.web.domain.people import Session, Ticket, User


class Accounts(Protocol):
    """People and their sessions."""

    async def user(self, name: str) -> User | None: ...

    async def session(self, secret: str) -> Session | None:
        """The living session of a cookie value; None when unknown, revoked or over."""

    async def open_session(self, user: str, *, by_link: bool) -> tuple[str, Session]: ...

    async def end_session(self, secret: str) -> None: ...

    async def use_link(self, token_id: str) -> bool:
        """True the first time only."""

    async def set_password(self, user: str, password_hash: str) -> None: ...


class Tickets(Protocol):
    """Single-use permissions to open one WebSocket."""

    async def issue(self, ticket: Ticket) -> str: ...

    async def take(self, secret: str) -> Ticket | None:
        """The ticket, once; None when unknown, used or over."""
