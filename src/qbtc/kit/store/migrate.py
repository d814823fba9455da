"""Plain SQL migrations, forward only: numbered files, a checksum table, an advisory lock.

Files are `src/qbtc/<service>/migrations/NNNN_name.sql`, run by the admin role with the service's schema first on the
search path, each in one transaction. A changed file that was already applied is refused, and so is a migration that
leaves a table without row-level security.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.rows import dict_row

from qbtc.kit.errors import QbtcError

from .pool import Connection

SCHEMAS = {
    "ce3": "ce3_tools",
    "cio": "cio_consciousness",
    "qcs": "qcs_quantum",
    "hft": "hft_trading",
    "web": "web_sessions",
}
LOCK_ID = 0x71627463
_NAME = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")


class MigrationError(QbtcError):
    slug, title = "migration-failed", "The database could not be brought to the present version"


@dataclass(frozen=True, slots=True)
class Migration:
    scope: str
    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    scope: str
    name: str
    applied: bool


def available(service: str) -> list[Migration]:
    """Kit's migrations (scope `<service>.kit`) first, then the service's own, each in number order."""
    return _read("qbtc.kit.store", f"{service}.kit") + _read(f"qbtc.{service}", service)


def _read(package: str, scope: str) -> list[Migration]:
    folder = files(package) / "migrations"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")] if folder.is_dir() else []
    migrations = []
    for entry in sorted(found, key=lambda e: e.name):
        match = _NAME.match(entry.name)
        if not match:
            raise MigrationError(f"{entry.name}: a migration is called NNNN_name.sql")
        migrations.append(Migration(scope, int(match[1]), entry.name, entry.read_text()))
    return migrations


async def migrate_all(admin_dsn: str) -> list[Step]:
    """Bring every service schema up to date; returns the steps that were applied now."""
    async with await _connect(admin_dsn) as conn:
        await conn.execute("SELECT pg_advisory_lock(%s)", (LOCK_ID,))
        await _ensure_table(conn)
        done = await _applied(conn)
        steps: list[Step] = []
        for service in SCHEMAS:
            for migration in available(service):
                if not _already(migration, done):
                    await _apply(conn, service, migration)
                    steps.append(Step(migration.scope, migration.name, applied=True))
        return steps


async def status(admin_dsn: str) -> list[Step]:
    async with await _connect(admin_dsn) as conn:
        await _ensure_table(conn)
        done = await _applied(conn)
        return [Step(m.scope, m.name, applied=_already(m, done)) for s in SCHEMAS for m in available(s)]


async def _connect(dsn: str) -> Connection:
    return await AsyncConnection.connect(dsn, autocommit=True, row_factory=dict_row, connect_timeout=5)


async def _ensure_table(conn: Connection) -> None:
    await conn.execute("CREATE SCHEMA IF NOT EXISTS qbtc_meta")
    await conn.execute(
        "CREATE TABLE IF NOT EXISTS qbtc_meta.migrations (scope text, number integer, name text NOT NULL,"
        " checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (scope, number))"
    )
    await conn.execute("ALTER TABLE qbtc_meta.migrations ENABLE ROW LEVEL SECURITY")


async def _applied(conn: Connection) -> dict[tuple[str, int], str]:
    cursor = await conn.execute("SELECT scope, number, checksum FROM qbtc_meta.migrations")
    return {(row["scope"], row["number"]): row["checksum"] for row in await cursor.fetchall()}


def _already(migration: Migration, done: dict[tuple[str, int], str]) -> bool:
    checksum = done.get((migration.scope, migration.number))
    if checksum is not None and checksum != migration.checksum:
        raise MigrationError(
            f"{migration.scope}/{migration.name} was changed after it was applied; restore it and add a new migration"
        )
    return checksum is not None


async def _apply(conn: Connection, service: str, migration: Migration) -> None:
    schema = SCHEMAS[service]
    try:
        async with conn.transaction():
            await conn.execute(sql.SQL("SET LOCAL search_path = {}, public, extensions").format(sql.Identifier(schema)))
            await conn.execute(migration.text, prepare=False)
            await conn.execute("RESET search_path")
            await _refuse_open_tables(conn, schema, migration)
            await _grant(conn, service, schema)
            await conn.execute(
                "INSERT INTO qbtc_meta.migrations (scope, number, name, checksum) VALUES (%s, %s, %s, %s)",
                (migration.scope, migration.number, migration.name, migration.checksum),
            )
    except psycopg.Error as error:
        raise MigrationError(f"{migration.scope}/{migration.name}: {error}") from error


async def _refuse_open_tables(conn: Connection, schema: str, migration: Migration) -> None:
    cursor = await conn.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity",
        (schema,),
    )
    naked = [row["relname"] for row in await cursor.fetchall()]
    if naked:
        raise MigrationError(f"{migration.scope}/{migration.name} leaves {naked[0]!r} without row-level security")


async def _grant(conn: Connection, service: str, schema: str) -> None:
    names = {"schema": sql.Identifier(schema), "role": sql.Identifier(f"qbtc_{service}")}
    for statement in (
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}",
    ):
        await conn.execute(sql.SQL(statement).format(**names))
