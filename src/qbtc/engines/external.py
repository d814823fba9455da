"""Engines that somebody else runs, given by URL: are they there, new enough, and do they know our password?

Run as a process of its own (`python -m qbtc.engines.external database|cache|bus`, the URL in the environment): the
drivers are too heavy for the supervisor. Prints one JSON object: an EngineStatus, or {"error": …, "advice": …}.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from urllib.parse import parse_qs, unquote, urlsplit

from .base import EngineError, EngineStatus

VARIABLES = {"database": "QBTC_DATABASE_URL", "cache": "QBTC_REDIS_URL", "bus": "QBTC_BUS_URL"}
POSTGRES_OLDEST, POSTGRES_NEWEST = 15, 18
REDIS_OLDEST = 7
CONNECT_SECONDS = 5
NO_VECTORS = "no pgvector: memories are compared one by one"
ADVICE_VECTORS = "Recall is exact and slower with many memories; pgvector (an extension of PostgreSQL) makes it fast."


def where(url: str) -> str:
    """Host and port (or the Unix socket) of a URL, without user and password, for messages."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    host = parts.hostname or parse_qs(parts.query).get("host", ["localhost"])[0]
    return f"{host}:{parts.port or ''}".rstrip(":")


def check_database(url: str) -> EngineStatus:
    """Connects, and checks version and pgvector. Raises EngineError."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as conn:
            major, minor = _supported(url, conn.info.server_version)
            row = conn.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'").fetchone()
    except psycopg.OperationalError as error:
        raise _database_problem(url, str(error)) from None
    except psycopg.ProgrammingError as error:
        raise EngineError(
            f"QBTC_DATABASE_URL is not a PostgreSQL URL: {error}", "Form: postgresql://user:pw@host/db"
        ) from None
    extension = f"pgvector {row[0]}" if row else NO_VECTORS
    return EngineStatus("postgres", f"{major}.{minor}", False, f"{where(url)}, {extension}")


def _supported(url: str, version: int) -> tuple[int, int]:
    """(major, minor) of libpq's version number. Raises EngineError for one that we do not support."""
    major, minor = divmod(version, 10_000)
    if not POSTGRES_OLDEST <= major <= POSTGRES_NEWEST:
        raise EngineError(
            f"The PostgreSQL at {where(url)} is version {major}; {POSTGRES_OLDEST} to {POSTGRES_NEWEST} are supported.",
            "Use such a one, or leave QBTC_DATABASE_URL out to use the embedded one.",
        )
    return major, minor


def _database_problem(url: str, text: str) -> EngineError:
    if "password authentication failed" in text or "no password supplied" in text or "role" in text:
        return EngineError(
            f"The PostgreSQL at {where(url)} refuses this user or password.", "Correct QBTC_DATABASE_URL."
        )
    if "does not exist" in text:
        return EngineError(
            f"The database named in QBTC_DATABASE_URL does not exist at {where(url)}.", "Create it first."
        )
    first = text.strip().splitlines()[-1]
    return EngineError(
        f"The PostgreSQL at {where(url)} cannot be reached: {first}",
        "Is it running, and is QBTC_DATABASE_URL right? Without that variable an embedded one is used.",
    )


def check_cache(url: str) -> EngineStatus:
    """Connects and checks the version. Raises EngineError."""
    import redis

    try:
        with redis.Redis.from_url(
            url, protocol=2, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS
        ) as client:
            info = client.info("server")
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError):
        raise EngineError(
            f"The cache at {where(url)} refuses this user or password.", "Correct QBTC_REDIS_URL."
        ) from None
    except redis.RedisError as error:
        raise EngineError(f"The cache at {where(url)} cannot be reached: {error}", "Correct QBTC_REDIS_URL.") from None
    except ValueError as error:
        raise EngineError(f"QBTC_REDIS_URL is not valid: {error}", "Form: redis://user:password@host:6379/0") from None
    version = str(info.get("valkey_version") or info.get("redis_version") or "0")
    if int(version.split(".", maxsplit=1)[0]) < REDIS_OLDEST:
        raise EngineError(
            f"The cache at {where(url)} is version {version}; {REDIS_OLDEST} or newer is needed.", "Upgrade it."
        )
    return EngineStatus("valkey", version, False, where(url))


def check_bus(url: str) -> EngineStatus:
    """Connects to RabbitMQ and reads its version. Raises EngineError."""
    if urlsplit(url).scheme not in {"amqp", "amqps"}:
        raise EngineError("QBTC_BUS_URL must be amqp:// or amqps://.", "Form: amqp://user:password@host:5672/vhost")
    return asyncio.run(_bus_status(url))


async def _bus_status(url: str) -> EngineStatus:
    import aiormq

    try:
        connection = await asyncio.wait_for(aiormq.connect(url), CONNECT_SECONDS)
    except (aiormq.exceptions.AuthenticationError, aiormq.exceptions.ProbableAuthenticationError):
        raise EngineError(f"RabbitMQ at {where(url)} refuses this user or password.", "Correct QBTC_BUS_URL.") from None
    except aiormq.exceptions.InvalidFrameError:  # it closes instead of opening: that is how it refuses a virtual host
        raise EngineError(
            f"RabbitMQ at {where(url)} does not open the virtual host {unquote(urlsplit(url).path[1:]) or '/'!r} to this user.",
            "Create it and give the user all permissions on it, or correct QBTC_BUS_URL.",
        ) from None
    except (OSError, TimeoutError, aiormq.exceptions.AMQPError) as error:
        reason = str(error) or type(error).__name__
        raise EngineError(f"RabbitMQ at {where(url)} cannot be reached: {reason}", "Correct QBTC_BUS_URL.") from None
    found = connection.server_properties.get("version", "unknown")
    await connection.close()
    version = found.decode() if isinstance(found, bytes) else str(found)
    return EngineStatus("rabbitmq", version, False, where(url))


CHECKS = {"database": check_database, "cache": check_cache, "bus": check_bus}


def main(argv: list[str]) -> int:
    kind = argv[0]
    try:
        status = CHECKS[kind](os.environ[VARIABLES[kind]])
    except EngineError as error:
        print(json.dumps({"error": error.message, "advice": error.advice}))
        return 1
    print(json.dumps(status.as_dict()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
