"""Bring schema qbtc_bus up to date: tables and functions, then queues, bindings and rights from the contracts.

Run by an administrator before services start; safe to run at every start. Not here: creating roles.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files

from psycopg import AsyncConnection, sql

from qbtc.contracts import QUEUES, ROUTES, Queue, Route
from qbtc.kit.errors import Conflict

LOCK = 0x51425443


async def install(
    admin: AsyncConnection,
    topology: Mapping[str, Queue] = QUEUES,
    roles: Mapping[str, str] | None = None,
    *,
    routes: Mapping[str, Route] = ROUTES,
) -> None:
    """Install or update the bus. `roles` maps service name to database role; None leaves the roles as they are.

    One transaction. Raises `Conflict` when an applied migration's text was changed afterwards.
    """
    async with admin.transaction():
        await admin.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        await _migrate(admin)
        await _sync_queues(admin, topology.values())
        await _sync_grants(admin, routes.values())
        if roles is not None:
            await _sync_roles(admin, roles)


def swept() -> dict[str, str]:
    """How long `sweep` keeps what nobody took, by table, as it says itself."""
    head = "FUNCTION qbtc_bus.sweep()"
    latest = [text for _, text in migrations() if head in text][-1]
    body = latest.rpartition(head)[2].partition("END $$")[0]
    return dict(re.findall(r"DELETE FROM (\w+) WHERE \w+ < clock_timestamp\(\) - interval '([^']+)'", body))


def migrations() -> list[tuple[int, str]]:
    folder = files(__package__) / "migrations"
    return sorted((int(f.name.split("_")[0]), f.read_text()) for f in folder.iterdir() if f.name.endswith(".sql"))


async def _migrate(admin: AsyncConnection) -> None:
    cursor = await admin.execute("SELECT to_regclass('qbtc_bus.migrations') IS NOT NULL")
    applied: dict[int, str] = {}
    if (await cursor.fetchone() or (False,))[0]:
        rows = await (await admin.execute("SELECT number, checksum FROM qbtc_bus.migrations")).fetchall()
        applied = dict(rows)
    for number, text in migrations():
        checksum = hashlib.sha256(text.encode()).hexdigest()
        if number not in applied:
            await admin.execute(text.encode())
            await _record(admin, number, checksum)
        elif applied[number] != checksum:
            raise Conflict(f"bus migration {number:04d} was changed after it had been applied to this database")


async def _record(admin: AsyncConnection, number: int, checksum: str) -> None:
    await admin.execute(
        "CREATE TABLE IF NOT EXISTS qbtc_bus.migrations (number integer PRIMARY KEY, checksum text NOT NULL)"
    )
    await admin.execute("ALTER TABLE qbtc_bus.migrations ENABLE ROW LEVEL SECURITY")
    await admin.execute("INSERT INTO qbtc_bus.migrations VALUES (%s, %s)", [number, checksum])


async def _sync_queues(admin: AsyncConnection, queues: Iterable[Queue]) -> None:
    """Queues that left the topology take nothing more, but what waits in them stays until it is handled."""
    queues = tuple(queues)
    async with admin.cursor() as cursor:
        await cursor.execute("UPDATE qbtc_bus.queues SET active = false")
        await cursor.execute("DELETE FROM qbtc_bus.bindings")
        await cursor.executemany(
            """INSERT INTO qbtc_bus.queues (name, service, ordered, expires)
               VALUES (%s, %s, %s, %s * interval '1 second') ON CONFLICT (name) DO UPDATE SET
               service = excluded.service, ordered = excluded.ordered, expires = excluded.expires, active = true""",
            [(q.name, str(q.service), q.ordered, q.expires) for q in queues],
        )
        await cursor.executemany(
            """INSERT INTO qbtc_bus.bindings (queue, exchange, pattern, regex)
               VALUES (%s, %s, %s, qbtc_bus.pattern_regex(%s))""",
            [(q.name, str(q.exchange), p, p) for q in queues for p in dict.fromkeys(q.patterns)],
        )


async def _sync_grants(admin: AsyncConnection, routes: Iterable[Route]) -> None:
    async with admin.cursor() as cursor:
        await cursor.execute("DELETE FROM qbtc_bus.grants")
        await cursor.executemany(
            "INSERT INTO qbtc_bus.grants VALUES (%s, %s)",
            [(str(service), r.key) for r in routes for service in r.producers],
        )


async def _sync_roles(admin: AsyncConnection, roles: Mapping[str, str]) -> None:
    await admin.execute("DELETE FROM qbtc_bus.principals")
    for service, role in roles.items():
        await admin.execute("INSERT INTO qbtc_bus.principals VALUES (%s, %s)", [role, str(service)])
        name = sql.Identifier(role)
        await admin.execute(sql.SQL("GRANT USAGE ON SCHEMA qbtc_bus TO {}").format(name))
        await admin.execute(sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA qbtc_bus TO {}").format(name))
