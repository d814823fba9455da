"""Migrations, roles and transactions on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import psycopg
import pytest

from qbtc.kit.errors import Unavailable
from qbtc.kit.store import Store, migrate
from qbtc.kit.store.bootstrap import prepare
from qbtc.kit.store.migrate import SCHEMAS, Migration, MigrationError
from qbtc.testing.postgres import PostgresServer

from .conftest import Database

SAFE = "CREATE TABLE things (n int); ALTER TABLE things ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON things USING (true);"


def only(monkeypatch: pytest.MonkeyPatch, *texts: str, service: str = "hft") -> None:
    """Let the migrations of one service be these texts."""
    found = [Migration(service, n, f"{n:04d}_x.sql", text) for n, text in enumerate(texts, 1)]
    monkeypatch.setattr(migrate, "available", lambda name: found if name == service else [])


@pytest.fixture
def fresh(postgres: PostgresServer, database: Database) -> str:
    """A database with schemas and roles (which exist already), and nothing in them."""
    admin = postgres.database()
    with psycopg.connect(admin, autocommit=True) as conn:
        for schema in SCHEMAS.values():
            conn.execute(f"CREATE SCHEMA {schema}".encode())
    return admin


async def test_preparing_twice_applies_nothing_again_and_keeps_the_passwords(database: Database) -> None:
    assert await migrate.migrate_all(database.admin) == []
    assert await prepare(database.admin, database.home) == database.dsns
    assert all(step.applied for step in await migrate.status(database.admin))


def test_credentials_are_readable_by_their_owner_only(database: Database) -> None:
    for service in SCHEMAS:
        path = database.home / "secrets" / f"{service}.json"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text())["database_url"] == database.dsns[service]


async def test_a_migration_that_was_changed_after_it_was_applied_is_refused(fresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, SAFE)
    assert [step.name for step in await migrate.migrate_all(fresh)] == ["0001_x.sql"]
    only(monkeypatch, SAFE + " -- a later thought")
    with pytest.raises(MigrationError, match=r"hft/0001_x\.sql was changed after it was applied"):
        await migrate.migrate_all(fresh)
    with pytest.raises(MigrationError, match="was changed"):
        await migrate.status(fresh)


async def test_a_table_without_row_security_is_refused_and_nothing_of_it_stays(fresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, SAFE, "CREATE TABLE open_to_all (n int); INSERT INTO things VALUES (1);")
    with pytest.raises(MigrationError, match=r"hft/0002_x\.sql leaves 'open_to_all' without row-level security"):
        await migrate.migrate_all(fresh)
    with psycopg.connect(fresh) as conn:
        row = conn.execute("SELECT to_regclass('hft_trading.open_to_all'), count(*) FROM hft_trading.things").fetchone()
    assert row == (None, 0)
    assert [(s.name, s.applied) for s in await migrate.status(fresh)] == [("0001_x.sql", True), ("0002_x.sql", False)]


async def test_broken_sql_is_refused_with_the_name_of_its_file(fresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "CREATE TALBE x")
    with pytest.raises(MigrationError, match=r"hft/0001_x\.sql: syntax error"):
        await migrate.migrate_all(fresh)


async def test_two_migrators_at_once_apply_each_step_once(fresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, SAFE, "INSERT INTO things VALUES (1);", "INSERT INTO things VALUES (2);")
    applied = await asyncio.gather(*(migrate.migrate_all(fresh) for _ in range(3)))
    assert sorted(len(steps) for steps in applied) == [0, 0, 3]
    with psycopg.connect(fresh) as conn:
        assert conn.execute("SELECT array_agg(n ORDER BY n) FROM hft_trading.things").fetchone() == ([1, 2],)


def test_a_file_that_is_not_named_as_a_migration_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "first.sql").write_text(SAFE)
    monkeypatch.setattr(migrate, "files", lambda _: tmp_path)
    with pytest.raises(MigrationError, match=r"first\.sql: a migration is called NNNN_name\.sql"):
        migrate.available("hft")


def refused(dsn: str, sql: str) -> str:
    with psycopg.connect(dsn) as conn, pytest.raises(psycopg.Error) as caught:
        conn.execute(sql.encode())
    return type(caught.value).__name__


@pytest.mark.parametrize("service", SCHEMAS)
def test_a_service_works_in_its_schema_and_sees_no_other(database: Database, service: str) -> None:
    dsn = database.dsns[service]
    with psycopg.connect(dsn) as conn:
        assert conn.execute("SELECT count(*) FROM outbox").fetchone() is not None
        assert conn.execute("SHOW search_path").fetchone() == (f"{SCHEMAS[service]}, public, extensions",)
    for other in set(SCHEMAS) - {service}:
        assert refused(dsn, f"SELECT * FROM {SCHEMAS[other]}.outbox") == "InsufficientPrivilege"


@pytest.mark.parametrize("sql", [
    "CREATE TABLE mine (n int)", "CREATE TABLE public.mine (n int)", "CREATE SCHEMA mine", "DROP TABLE inbox",
    "ALTER TABLE inbox DISABLE ROW LEVEL SECURITY", "TRUNCATE inbox", "SELECT * FROM qbtc_bus.messages",
    "INSERT INTO qbtc_bus.grants VALUES ('hft', 'web.ui.update')", "SELECT * FROM qbtc_bus.dead_letters",
    "SELECT * FROM qbtc_meta.migrations", "CREATE ROLE another", "SET ROLE postgres", "COPY inbox TO PROGRAM 'id'",
    "SELECT pg_read_file('/etc/passwd')", "SELECT rolpassword FROM pg_authid",
])
def test_a_service_role_can_do_nothing_else(database: Database, sql: str) -> None:
    assert refused(database.dsns["hft"], sql) in ("InsufficientPrivilege", "InvalidSchemaName")


def test_every_table_of_every_service_has_row_security_and_a_policy(database: Database) -> None:
    query = """SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (%s)
               AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"""
    with psycopg.connect(database.admin) as conn:
        assert conn.execute(query.encode(), [list(SCHEMAS.values())]).fetchall() == []


async def opened(dsn: str) -> Store:
    store = Store(dsn, name="hft")
    await store.open(timeout=5)
    return store


async def test_an_error_rolls_the_transaction_back(database: Database) -> None:
    store = await opened(database.dsns["hft"])
    try:
        with pytest.raises(RuntimeError, match="stop"):
            async with store.transaction() as conn:
                await conn.execute("INSERT INTO outbox (exchange, envelope) VALUES ('rolled back', '')")
                raise RuntimeError("stop")
        assert await store.fetch("SELECT 1 FROM outbox WHERE exchange = 'rolled back'") == []
        assert await store.execute("DELETE FROM outbox WHERE exchange = %s", ["rolled back"]) == 0
    finally:
        await store.close()


async def test_the_user_of_a_transaction_does_not_outlive_it(database: Database) -> None:
    store = Store(database.dsns["hft"], name="hft", max_size=1)
    await store.open()
    try:
        who = "SELECT coalesce(current_setting('qbtc.user', true), '') AS who"
        assert await store.fetch(who, user="ann") == [{"who": "ann"}]
        assert await store.fetch(who) == [{"who": ""}], "the same connection, for nobody"
        assert await store.fetch(who, user="ann'; DROP TABLE inbox; --") == [{"who": "ann'; DROP TABLE inbox; --"}]
    finally:
        await store.close()


async def test_a_wrong_password_is_told_at_once_and_without_the_password(database: Database) -> None:
    dsn = database.dsns["hft"]
    password = dsn.split(":")[2].split("@")[0]
    async with asyncio.timeout(4):
        with pytest.raises(Unavailable, match=r"cannot reach the database: .*password authentication failed") as caught:
            await Store(dsn.replace(password, "wrong"), name="hft").open(timeout=30)
    assert "wrong" not in str(caught.value)


async def test_a_database_that_does_not_exist_is_told_at_once(database: Database) -> None:
    dsn = database.dsns["hft"]
    name = dsn.rsplit("/", 1)[1].split("?")[0]
    with pytest.raises(Unavailable, match='database "nowhere" does not exist'):
        await Store(dsn.replace(f"/{name}?", "/nowhere?"), name="hft").open(timeout=30)


async def test_a_server_that_is_away_is_unavailable_after_the_time_given(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot reach the database"):
        await Store(f"postgresql://u:p@/db?host={tmp_path}", name="hft").open(timeout=0.01)


async def test_an_exhausted_pool_is_unavailable(database: Database) -> None:
    store = Store(database.dsns["hft"], name="hft", max_size=1)
    await store.open()
    store._pool.timeout = 0.05
    try:
        async with store.transaction():
            with pytest.raises(Unavailable, match="does not answer"):
                await store.ping()
        await store.ping()
    finally:
        await store.close()


async def test_a_connection_that_came_back_in_autocommit_is_set_right_before_its_next_transaction(database: Database) -> None:
    """In autocommit the user of a transaction is gone before its first statement, and row policies hide what is theirs."""
    store = Store(database.dsns["qcs"], name="qcs", max_size=1)
    await store.open()
    try:
        async with store._pool.connection() as conn:
            await conn.set_autocommit(True)
        rows = await store.fetch("SELECT current_setting('qbtc.user', true) AS who", user="ana")
        assert rows == [{"who": "ana"}]
    finally:
        await store.close()
