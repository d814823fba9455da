"""Roles, schemas and grants of an empty or existing database; run by the admin role before any service starts.

One role a service, confined to its schema: no rights in `public`, none in another service's schema, and the bus only
through its functions.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from urllib.parse import quote, urlencode

from psycopg import AsyncConnection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row

from qbtc.contracts import QUEUES
from qbtc.kit.bus.install import install
from qbtc.kit.security.keys import write_secret

from .migrate import LOCK_ID, SCHEMAS, migrate_all
from .pool import Connection


async def prepare(admin_dsn: str, home: Path, *, bus_in_database: bool = True) -> dict[str, str]:
    """Make roles, schemas, extension, bus and migrations; returns {service: DSN}, also kept in secrets/<service>.json.

    Safe to run again: passwords that are stored are kept.
    """
    async with await AsyncConnection.connect(
        admin_dsn, autocommit=True, row_factory=dict_row, connect_timeout=5
    ) as conn:
        await conn.execute("SELECT pg_advisory_lock(%s)", (LOCK_ID,))
        await _extension(conn)
        dsns = {service: await _service(conn, admin_dsn, home, service) for service in SCHEMAS}
        await conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK_ID,))
    if bus_in_database:
        async with await AsyncConnection.connect(admin_dsn, autocommit=True, connect_timeout=5) as plain:
            await install(plain, QUEUES, {service: f"qbtc_{service}" for service in SCHEMAS})
    await migrate_all(admin_dsn)
    for service, dsn in dsns.items():
        _remember(home, service, database_url=dsn)
    return dsns


async def _extension(conn: Connection) -> None:
    cursor = await conn.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
    if await cursor.fetchone():
        await conn.execute("CREATE EXTENSION IF NOT EXISTS vector")


async def _service(conn: Connection, admin_dsn: str, home: Path, service: str) -> str:
    role, schema = f"qbtc_{service}", SCHEMAS[service]
    password = _stored_password(home, service) or secrets.token_urlsafe(24)
    cursor = await conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    verb = "ALTER" if await cursor.fetchone() else "CREATE"
    names = {"role": sql.Identifier(role), "schema": sql.Identifier(schema), "password": sql.Literal(password)}
    for statement in (
        f"{verb} ROLE {{role}} LOGIN NOINHERIT PASSWORD {{password}}",
        "CREATE SCHEMA IF NOT EXISTS {schema}",
        "REVOKE ALL ON SCHEMA {schema} FROM PUBLIC",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "ALTER ROLE {role} SET search_path = {schema}, public, extensions",
        "ALTER ROLE {role} SET statement_timeout = '30s'",
        "ALTER ROLE {role} SET idle_in_transaction_session_timeout = '60s'",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ):
        await conn.execute(sql.SQL(statement).format(**names))  # type: ignore[arg-type]
    return as_uri(make_conninfo(admin_dsn, user=role, password=password))


def as_uri(dsn: str) -> str:
    """A libpq connection string as a `postgresql://` URI (a socket directory goes into the query)."""
    parts = {k: str(v) for k, v in conninfo_to_dict(dsn).items() if v is not None}
    user, password, database = (quote(parts.pop(k, ""), safe="") for k in ("user", "password", "dbname"))
    return f"postgresql://{user}:{password}@/{database}?{urlencode(parts, quote_via=quote)}"


def _stored_password(home: Path, service: str) -> str | None:
    path = home / "secrets" / f"{service}.json"
    dsn = json.loads(path.read_text()).get("database_url") if path.exists() else None
    password = conninfo_to_dict(dsn).get("password") if dsn else None
    return str(password) if password else None


def _remember(home: Path, service: str, **values: str) -> None:
    path = home / "secrets" / f"{service}.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    if known | values != known:
        write_secret(path, json.dumps(known | values, indent=1).encode())
