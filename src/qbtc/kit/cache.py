"""The cache of one service: Redis or Valkey behind an ACL that only lets it see its own keys.

Redis is never the truth: everything kept here has a time to live and can be rebuilt.
"""

from __future__ import annotations

from pydantic import SecretStr
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError


class Cache:
    """`redis` is the client; keys and channels start with `<service>:`."""

    def __init__(self, url: SecretStr, *, service: str) -> None:
        self.service = service
        self.redis: Redis = Redis.from_url(
            url.get_secret_value(),
            decode_responses=False,
            socket_timeout=5.0,
            socket_connect_timeout=2.0,
            health_check_interval=15,
            client_name=f"qbtc-{service}",
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
            retry_on_error=[RedisConnectionError, RedisTimeoutError],
        )

    async def ping(self) -> None:
        await self.redis.ping()

    async def close(self) -> None:
        await self.redis.aclose()
