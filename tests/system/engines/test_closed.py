"""What a running system must not be: open to others, careless, or large."""

from __future__ import annotations

import stat
from pathlib import Path

import psycopg
import pytest
import redis

from qbtc.engines import processes
from qbtc.engines.home import read_secrets
from qbtc.engines.ports import beyond_loopback, listeners, sockets_of

from .conftest import System


def own_pids(system: System) -> set[int]:
    leaders = {int(row["pid"]) for row in system.rows().values()}
    found = (processes.read_stat(pid) for pid in processes.pids())
    return {s.pid for s in found if s and (s.group in leaders or s.parent in leaders)}


def admin(system: System, password: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    known = read_secrets(system.home, "postgres")
    return psycopg.connect(
        host=str(system.home.sockets / "postgres/run"),
        user=known["user"],
        password=password or known["password"],
        dbname="postgres",
    )


def test_nothing_listens_beyond_loopback(shared: System) -> None:
    inodes = {inode for pid in own_pids(shared) for inode in sockets_of(pid)}
    ours = [found for found in listeners() if found.inode in inodes]
    assert len(ours) >= 4
    assert beyond_loopback(ours) == []


def test_the_database_writes_through_to_disk(shared: System) -> None:
    with admin(shared) as conn:
        assert conn.execute("SHOW fsync").fetchone() == ("on",)
        assert conn.execute("SHOW listen_addresses").fetchone() == ("",)


def test_the_database_has_vectors_and_speaks_unicode(shared: System) -> None:
    with admin(shared) as conn:
        query = "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"
        assert conn.execute(query).fetchone() == (1,)
        assert conn.execute("SELECT lower('ÁÑ')").fetchone() == ("áñ",)


def test_a_wrong_password_is_refused(shared: System) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        admin(shared, "wrong")


def test_the_database_does_not_run_as_root(shared: System) -> None:
    owner = Path(f"/proc/{shared.pid('postgres')}").stat().st_uid
    assert owner != 0


def test_each_service_reaches_only_its_own_keys(shared: System) -> None:
    with redis.Redis.from_url(read_secrets(shared.home, "hft")["redis_url"]) as hft:
        hft.set("hft:stream:last:ticker", "1")
        with pytest.raises(redis.exceptions.NoPermissionError):
            hft.set("cio:x", "1")
        with pytest.raises(redis.exceptions.NoPermissionError):
            hft.flushall()
    with redis.Redis.from_url(read_secrets(shared.home, "web")["redis_url"]) as web:
        assert web.get("hft:stream:last:ticker") == b"1"
        with pytest.raises(redis.exceptions.NoPermissionError):
            web.set("hft:stream:last:ticker", "2")


def test_the_cache_refuses_strangers(shared: System) -> None:
    socket = shared.home.sockets / "valkey/valkey.sock"
    with redis.Redis(unix_socket_path=str(socket)) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_no_password_stands_in_a_log_or_a_command_line(shared: System) -> None:
    secrets = [value for path in (shared.folder / "secrets").glob("*.json") for value in path.read_text().split('"')]
    passwords = {value for value in secrets if len(value) >= 30 and "/" not in value}
    assert passwords
    text = "".join(path.read_text() for path in (shared.folder / "logs").iterdir())
    text += "".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in own_pids(shared))
    assert [password for password in passwords if password in text] == []


def test_files_and_sockets_are_private(shared: System) -> None:
    assert stat.S_IMODE(shared.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((shared.folder / "run/supervisor.sock").stat().st_mode) == 0o600
    open_files = [p for p in (shared.folder / "secrets").rglob("*") if p.is_file() and p.stat().st_mode & 0o077]
    assert open_files == []


def test_the_supervisor_is_small(shared: System) -> None:
    pid = int(shared.ask(op="status")["pid"])
    assert processes.resident_kib(pid) < 40 * 1024
