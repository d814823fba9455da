"""Whatever is killed comes back, alone, and the log says what happened."""

from __future__ import annotations

import os
import signal
from urllib.request import urlopen

import psycopg
import pytest
import redis

from qbtc.engines import processes
from qbtc.engines.home import read_secrets
from qbtc.engines.plan import PORTS

from .conftest import System, until


@pytest.mark.parametrize("name", ["postgres", "valkey", "nginx", "hft"])
def test_a_killed_process_comes_back_and_the_others_stay(shared: System, name: str) -> None:
    before = {other: row["pid"] for other, row in shared.rows().items()}
    os.kill(before[name], signal.SIGKILL)
    shared.replaced(name, before[name])
    after = {other: row["pid"] for other, row in shared.rows().items()}
    assert {other for other in before if before[other] != after[other]} == {name}
    ended = [line for line in shared.log("supervisor") if line["context"].get("event") == "ended"][-1]
    assert ended["context"]["signal"] == 9
    assert ended["context"]["name"] == name


def test_confirmed_rows_survive_a_killed_database(shared: System) -> None:
    password = read_secrets(shared.home, "postgres")["password"]
    dsn = f"host={shared.home.sockets}/postgres/run user=qbtc_admin dbname=postgres password={password}"
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("CREATE TABLE kept (n int)")
        conn.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        os.kill(pid := shared.pid("postgres"), signal.SIGKILL)
    shared.replaced("postgres", pid)
    with psycopg.connect(dsn, autocommit=True) as conn:
        assert conn.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
        conn.execute("DROP TABLE kept")


def test_the_workers_of_a_killed_nginx_are_gone_before_the_next_one_starts(shared: System) -> None:
    master = shared.pid("nginx")
    assert len(processes.group_members(master)) > 1
    os.kill(master, signal.SIGKILL)
    shared.replaced("nginx", master)
    assert processes.group_members(master) == []


def test_exit_code_0_is_a_wanted_restart_without_delay(shared: System) -> None:
    pid = shared.pid("web")
    urlopen(f"http://127.0.0.1:{PORTS['web'] + shared.offset}/exit/0", timeout=5).close()
    shared.replaced("web", pid)
    ended = [line for line in shared.log("supervisor") if line["context"].get("event") == "ended"][-1]
    assert ended["level"] == "info"
    assert ended["context"]["restart_in_seconds"] == 0


def test_a_deaf_service_is_killed_through_the_control_socket(shared: System) -> None:
    pid = shared.pid("hft")
    urlopen(f"http://127.0.0.1:{PORTS['hft'] + shared.offset}/ignore", timeout=5).close()
    assert shared.ask(op="kill", name="hft") == {"ok": True}
    shared.replaced("hft", pid)


def test_an_engine_is_restarted_through_the_control_socket(shared: System) -> None:
    pid = shared.pid("valkey")
    assert shared.ask(op="restart", name="valkey") == {"ok": True}
    shared.replaced("valkey", pid)
    url = read_secrets(shared.home, "web")["redis_url"]
    with redis.Redis.from_url(url) as client:
        assert client.ping()


def test_a_service_that_is_not_ready_any_more_is_shown_as_such_and_not_killed(shared: System) -> None:
    pid = shared.pid("exchange")
    urlopen(f"http://127.0.0.1:{PORTS['exchange'] + shared.offset}/unready", timeout=5).close()
    until(lambda: shared.rows()["exchange"]["state"] == "unready")
    assert shared.pid("exchange") == pid
    shared.ask(op="restart", name="exchange")
    shared.replaced("exchange", pid)


def test_the_control_socket_refuses_what_it_does_not_know(shared: System) -> None:
    assert shared.ask(op="dance")["allowed"] == ["status", "stop", "kill", "restart"]
    answer = shared.ask(op="kill", name="nobody")
    assert answer["ok"] is False
    assert "hft" in answer["allowed"]
