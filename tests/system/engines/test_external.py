"""Engines given by URL: the whole system on a PostgreSQL, a cache and a RabbitMQ of somebody else; and clear refusals."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from qbtc.engines.base import EngineError
from qbtc.engines.external import check_bus, check_cache, check_database
from qbtc.testing.ports import free_port
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.rabbitmq import RabbitServer, missing
from qbtc.testing.system import QbtcSystem
from qbtc.testing.valkey import ValkeyServer
from qbtc.testing.waiting import until

DEBIAN = Path("/usr/lib/postgresql/15/bin")
PASSWORD = "a-cache-password-of-their-own"


@pytest.fixture(scope="module")
def database() -> Iterator[PostgresServer]:
    """Debian's PostgreSQL 15, which has no pgvector, where it is installed; else the wheel's."""
    with PostgresServer(programs=DEBIAN if (DEBIAN / "initdb").exists() else None) as server:
        yield server


@pytest.fixture(scope="module")
def cache() -> Iterator[ValkeyServer]:
    with ValkeyServer(PASSWORD) as server:
        yield server


@pytest.fixture(scope="module")
def rabbit() -> Iterator[RabbitServer | None]:
    if missing():
        yield None
        return
    with RabbitServer(vhosts=4) as server:
        yield server


@pytest.fixture(scope="module")
def system(database: PostgresServer, cache: ValkeyServer, rabbit: RabbitServer | None) -> Iterator[QbtcSystem]:
    given = {"QBTC_DATABASE_URL": database.database(), "QBTC_REDIS_URL": cache.url}
    given |= {"QBTC_BUS_URL": rabbit.url()} if rabbit else {}
    with QbtcSystem(market="sim", env=given) as running:
        yield running


@pytest.fixture(scope="module")
def client(system: QbtcSystem) -> Iterator[httpx.Client]:
    with system.client("admin") as opened:
        yield opened


def test_status_says_which_engines_are_given_and_starts_none_of_its_own(system: QbtcSystem) -> None:
    engines = system.status()["engines"]
    given = {name: row for name, row in engines.items() if not row["embedded"]}
    assert {"postgres", "valkey"} <= set(given)
    assert not any("pid" in row for row in given.values())
    assert not (system.home / "postgres/data").exists()


def test_doctor_checks_the_given_engines_and_says_what_they_lack(system: QbtcSystem, database: PostgresServer) -> None:
    found = json.loads(system.cli("doctor", "--json").stdout)["checks"]
    line = next(check for check in found if check["name"] == "database")
    with psycopg.connect(database.admin_dsn) as conn:
        row = conn.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'").fetchone()
    assert row is not None
    assert ("no pgvector" in line["found"]) == (row[0] == 0)
    assert line["state"] == ("ok" if row[0] else "warn")
    assert next(check for check in found if check["name"] == "cache")["state"] == "ok"
    assert PASSWORD not in json.dumps(found)


def test_the_decision_loop_runs_on_given_engines(client: httpx.Client) -> None:
    def latest() -> list[dict[str, object]]:
        return list(client.get("/api/qcs/states/latest").json()["items"])

    bar = int(str(until(latest, seconds=60, what="a quantum state")[0]["bar"]))
    until(lambda: int(str(latest()[0]["bar"])) > bar, seconds=30, what="the next bar's state")


def test_memories_are_kept_and_recalled_on_a_database_without_vectors(client: httpx.Client) -> None:
    kept = client.post("/api/cio/memories", json={"text": "the elephant in the order book"})
    assert kept.status_code in (200, 201), kept.text

    def found() -> bool:
        answer = client.post("/api/cio/recall", json={"text": "elephant order book", "limit": 3})
        return any("elephant" in json.dumps(item) for item in answer.json()["hits"])

    until(found, seconds=30, what="the memory is recalled")


@pytest.mark.rabbitmq
def test_the_bus_is_rabbitmq_and_messages_flow_through_it(system: QbtcSystem, client: httpx.Client) -> None:
    if (why := missing()) is not None:
        pytest.skip(why)
    assert system.status()["engines"]["rabbitmq"]["embedded"] is False
    queues = {row["name"] for row in client.get("/api/web/bus/queues").json()["items"]}
    assert {"qcs.market", "web.events", "cio.states"} <= queues
    with psycopg.connect(system.env["QBTC_DATABASE_URL"]) as conn:
        row = conn.execute("SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'qbtc_bus'").fetchone()
    assert row == (0,)
    assert system.cli("bus", "queues").returncode == 0


def refuse(check: Callable[[str], object], url: str) -> EngineError:
    with pytest.raises(EngineError) as caught:
        check(url)
    assert caught.value.advice
    return caught.value


def test_a_wrong_database_password_is_named(database: PostgresServer) -> None:
    error = refuse(check_database, database.dsn("postgres", password="wr0ng-one"))
    assert "refuses this user or password" in error.message
    assert "wr0ng-one" not in str(error)


def test_a_database_that_is_not_there_is_named(database: PostgresServer) -> None:
    assert "does not exist" in refuse(check_database, database.dsn("nowhere")).message


def test_an_unreachable_database_cache_or_bus_is_named() -> None:
    port = free_port()
    for check, url in (
        (check_database, f"postgresql://u:s3cret@127.0.0.1:{port}/db"),
        (check_cache, f"redis://:s3cret@127.0.0.1:{port}/0"),
        (check_bus, f"amqp://u:s3cret@127.0.0.1:{port}/"),
    ):
        error = refuse(check, url)
        assert f"127.0.0.1:{port} cannot be reached" in error.message
        assert "s3cret" not in str(error)


def test_urls_of_another_kind_are_refused_with_the_right_form() -> None:
    assert "postgresql://" in refuse(check_database, "mysql://localhost/db").advice
    assert "redis://" in refuse(check_cache, "http://localhost").advice
    assert "amqp://" in refuse(check_bus, "redis://localhost").advice


def test_a_wrong_cache_password_is_named(cache: ValkeyServer) -> None:
    for url in (f"unix://:wrong@{cache.socket}", f"unix://{cache.socket}"):
        assert "refuses this user or password" in refuse(check_cache, url).message


@pytest.mark.rabbitmq
def test_a_wrong_bus_password_or_vhost_is_named(rabbit: RabbitServer | None) -> None:
    if rabbit is None:
        pytest.skip(str(missing()))
    url = rabbit.url()
    assert "refuses this user or password" in refuse(check_bus, url.replace("guest:guest", "guest:wrong")).message
    assert "nowhere" in refuse(check_bus, url.rsplit("/", 1)[0] + "/nowhere").message


@contextmanager
def served(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A one-connection server on loopback."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                talk(connection)

        thread = threading.Thread(target=answer)
        thread.start()
        stack.callback(thread.join, 10)
        yield int(listener.getsockname()[1])


def old_postgres(connection: socket.socket) -> None:
    """The handshake of a server of version 14."""
    connection.recv(8192)
    parts = [
        (b"R", struct.pack("!I", 0)),
        (b"S", b"server_version\x0014.9\x00"),
        (b"S", b"client_encoding\x00UTF8\x00"),
    ]
    parts.append((b"Z", b"I"))
    connection.sendall(b"".join(kind + struct.pack("!I", len(body) + 4) + body for kind, body in parts))
    connection.recv(8192)


def test_a_database_that_is_too_old_is_refused() -> None:
    with served(old_postgres) as port:
        error = refuse(check_database, f"postgresql://u@127.0.0.1:{port}/db?sslmode=disable&gssencmode=disable")
    assert "is version 14; 15 to 18 are supported" in error.message


def old_redis(connection: socket.socket) -> None:
    """A server of version 6.2: its INFO, and OK to whatever else it is told."""
    info = b"# Server\r\nredis_version:6.2.14\r\n"
    while data := connection.recv(8192):
        asked = b"INFO\r\n" in data
        connection.sendall(b"+OK\r\n" * (data.count(b"*") - asked))
        if asked:
            connection.sendall(b"$%d\r\n%s\r\n" % (len(info), info))


def test_a_cache_that_is_too_old_is_refused() -> None:
    with served(old_redis) as port:
        error = refuse(check_cache, f"redis://127.0.0.1:{port}/0")
    assert "is version 6.2.14; 7 or newer is needed" in error.message


def test_up_fails_with_the_reason_and_leaves_nothing_behind(database: PostgresServer) -> None:
    wrong = database.dsn("postgres", password="wr0ng-one")
    system = QbtcSystem(market="sim", env={"QBTC_DATABASE_URL": wrong})
    try:
        done = system.cli("up", "--detach", "--market", "sim", check=False)
        assert done.returncode == 1
        assert "refuses this user or password" in done.stderr
        assert "Correct QBTC_DATABASE_URL" in done.stderr
        assert system.cli("status", check=False).returncode == 3
    finally:
        system.__exit__(None, None, None)
