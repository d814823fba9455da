"""Who is who: users, sessions, WebSocket tickets. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qbtc.contracts import Role


@dataclass(frozen=True, slots=True)
class User:
    name: str
    role: Role
    password_hash: str | None

    @property
    def must_set_password(self) -> bool:
        return self.password_hash is None


@dataclass(frozen=True, slots=True)
class Session:
    """`key` is the hash under which the session is stored, as hex; the secret itself is only in the cookie."""

    key: str
    user: User
    by_link: bool
    expires: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """`session` is the key of the browser session it was issued for, None for a script with a bearer token."""

    user: str
    role: Role
    session: str | None
    expires_ms: int
