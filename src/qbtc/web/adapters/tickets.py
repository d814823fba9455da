"""Single-use WebSocket tickets in Redis under `web:tickets:*`; taking one deletes it in the same step."""

from __future__ import annotations

import json
import secrets

from redis.asyncio import Redis

from qbtc.contracts import Role
from qbtc.web.domain.people import Ticket

PREFIX = "web:tickets:"


class RedisTickets:
    def __init__(self, redis: Redis, *, seconds: int) -> None:
        self._redis, self._seconds = redis, seconds

    async def issue(self, ticket: Ticket) -> str:
        secret = secrets.token_urlsafe(24)
        value = json.dumps([ticket.user, ticket.role.value, ticket.session, ticket.expires_ms])
        await self._redis.set(PREFIX + secret, value, ex=self._seconds)
        return secret

    async def take(self, secret: str) -> Ticket | None:
        raw = await self._redis.getdel(PREFIX + secret)
        if raw is None:
            return None
        user, role, session, expires_ms = json.loads(raw)
        return Ticket(user, Role(role), session, expires_ms)
