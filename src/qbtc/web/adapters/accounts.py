"""Users, sessions, login links and login throttling in PostgreSQL. Used by the service and by `qbtc user`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from qbtc.contracts import Role
from qbtc.kit.clock import Clock
from qbtc.kit.errors import BadInput, Conflict, NotFound
from qbtc.kit.store import Store
from qbtc.web.domain.access import NAME_RULE, retry_after, valid_name
from qbtc.web.domain.people import Session, User

LINKS_KEPT = "7 days"
"""A login link after it was used: so long nobody uses it again."""


def secret_hash(secret: str) -> bytes:
    """Secrets of 256 random bits need no salt: only their hash is stored."""
    return hashlib.sha256(secret.encode()).digest()


class PostgresAccounts:
    def __init__(self, store: Store, clock: Clock, *, session_days: int = 7) -> None:
        self._store, self._clock, self._days = store, clock, session_days

    async def user(self, name: str) -> User | None:
        rows = await self._store.fetch("SELECT name, role, password_hash FROM users WHERE name = %s", (name,))
        return User(rows[0]["name"], Role(rows[0]["role"]), rows[0]["password_hash"]) if rows else None

    async def users(self) -> list[dict[str, object]]:
        return await self._store.fetch(
            "SELECT u.name, u.role, u.password_hash IS NOT NULL AS has_password, u.created_at,"
            " (SELECT count(*) FROM sessions s WHERE s.user_name = u.name AND s.expires_at > now()) AS sessions"
            " FROM users u ORDER BY u.name"
        )

    async def add(self, name: str, role: Role, *, exist_ok: bool = False) -> User:
        """A new user without a password: a login link lets them set one. Raises BadInput or Conflict."""
        if not valid_name(name):
            raise BadInput(f"{name!r} cannot be a user name", field="user", allowed=NAME_RULE)
        made = await self._store.execute(
            "INSERT INTO users (name, role) VALUES (%s, %s) ON CONFLICT DO NOTHING", (name, role.value)
        )
        if not made and not exist_ok:
            raise Conflict(f"there is a user {name!r} already", field="user")
        found = await self.user(name)
        if found is None:
            raise NotFound(f"the user {name!r} was removed meanwhile", field="user")
        return found

    async def remove(self, name: str) -> None:
        """Remove a user with all sessions; the last administrator stays."""
        async with self._store.transaction() as conn:
            rows = await (await conn.execute("SELECT name, role FROM users FOR UPDATE")).fetchall()
            roles = {row["name"]: row["role"] for row in rows}
            if name not in roles:
                raise NotFound(f"there is no user {name!r}", field="user", allowed=sorted(roles))
            if roles[name] == Role.ADMIN and list(roles.values()).count(Role.ADMIN) == 1:
                raise Conflict(f"{name!r} is the last administrator; make another one first", field="user")
            await conn.execute("DELETE FROM users WHERE name = %s", (name,))

    async def set_password(self, user: str, password_hash: str) -> None:
        """Set it and end all sessions of the user: whoever had the old one is out."""
        async with self._store.transaction() as conn:
            cursor = await conn.execute("UPDATE users SET password_hash = %s WHERE name = %s", (password_hash, user))
            if cursor.rowcount == 0:
                raise NotFound(f"there is no user {user!r}", field="user")
            await conn.execute("DELETE FROM sessions WHERE user_name = %s", (user,))

    async def open_session(self, user: str, *, by_link: bool) -> tuple[str, Session]:
        """A new session: (the secret for the cookie, the session). Over ones are removed on the way."""
        found = await self.user(user)
        if found is None:
            raise NotFound(f"there is no user {user!r}", field="user")
        secret, expires = secrets.token_urlsafe(32), self._clock.now() + timedelta(days=self._days)
        key = secret_hash(secret)
        async with self._store.transaction() as conn:
            await conn.execute("DELETE FROM sessions WHERE expires_at < %s", (self._clock.now(),))
            await conn.execute(
                "INSERT INTO sessions (id_hash, user_name, by_link, expires_at) VALUES (%s, %s, %s, %s)",
                (key, user, by_link, expires),
            )
        return secret, Session(key.hex(), found, by_link, expires)

    async def session(self, secret: str) -> Session | None:
        rows = await self._store.fetch(
            "SELECT s.id_hash, s.by_link, s.expires_at, u.name, u.role, u.password_hash FROM sessions s"
            " JOIN users u ON u.name = s.user_name WHERE s.id_hash = %s AND s.expires_at > %s",
            (secret_hash(secret), self._clock.now()),
        )
        if not rows:
            return None
        row = rows[0]
        user = User(row["name"], Role(row["role"]), row["password_hash"])
        return Session(bytes(row["id_hash"]).hex(), user, row["by_link"], row["expires_at"])

    async def end_session(self, secret: str) -> None:
        await self._store.execute("DELETE FROM sessions WHERE id_hash = %s", (secret_hash(secret),))

    async def count_sessions(self) -> int:
        rows = await self._store.fetch("SELECT count(*) AS n FROM sessions WHERE expires_at > %s", (self._clock.now(),))
        return int(rows[0]["n"])

    async def use_link(self, token_id: str) -> bool:
        await self._store.execute("DELETE FROM login_links WHERE used_at < now() - %s::interval", (LINKS_KEPT,))
        return (
            bool(token_id)
            and await self._store.execute(
                "INSERT INTO login_links (token_id) VALUES (%s) ON CONFLICT DO NOTHING", (token_id,)
            )
            == 1
        )


class PostgresThrottle:
    """Failed logins by user and address; kept in the database, so that a restart forgives nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def wait(self, key: str) -> int:
        """Seconds until `key` may try again; 0 is now."""
        rows = await self._store.fetch(
            "SELECT failures, extract(epoch FROM now() - updated_at)::float8 AS ago FROM throttle WHERE key = %s",
            (key,),
        )
        return retry_after(rows[0]["failures"], rows[0]["ago"]) if rows else 0

    async def failed(self, key: str) -> None:
        await self._store.execute(
            "INSERT INTO throttle AS t (key, failures) VALUES (%s, 1) ON CONFLICT (key) DO UPDATE SET updated_at = now(),"
            " failures = CASE WHEN t.updated_at < now() - interval '1 day' THEN 1 ELSE t.failures + 1 END",
            (key,),
        )

    async def passed(self, key: str) -> None:
        await self._store.execute("DELETE FROM throttle WHERE key = %s", (key,))
