"""The verbs on a running system, as a person or a script uses them."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys

import httpx
import pytest

from qbtc.engines.plan import PORTS
from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until


def test_status_for_programs_has_services_engines_market_and_address(qbtc_system: QbtcSystem) -> None:
    done = qbtc_system.cli("status", "--json")
    found = json.loads(done.stdout)
    assert set(found) == {"services", "engines", "market", "trading", "url"}
    assert set(found["services"]) == set(PORTS)
    row = found["services"]["hft"]
    assert (row["state"], row["port"]) == ("ready", PORTS["hft"] + qbtc_system.offset)
    os.kill(row["pid"], 0)
    assert found["market"]["mode"] in {"REPLAY", "SIMULATED"}
    assert found["url"] == f"{qbtc_system.url}/"


def test_status_for_people_names_every_part(qbtc_system: QbtcSystem) -> None:
    lines = qbtc_system.cli("status").stdout.splitlines()
    assert {*PORTS, "postgres", "valkey", "nginx", "market", "open"} <= {line.split()[0] for line in lines}


def test_a_second_up_on_the_same_home_is_refused_and_harms_nothing(qbtc_system: QbtcSystem) -> None:
    done = qbtc_system.cli("up", "--detach", check=False)
    assert done.returncode == 1
    assert "already running" in done.stderr
    assert "qbtc down" in done.stderr
    assert qbtc_system.cli("status").returncode == 0


def test_another_home_on_the_same_ports_is_refused_with_a_free_offset(
    qbtc_system: QbtcSystem, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("other") / "home"
    environment = {**qbtc_system.env, "QBTC_HOME": str(home)}
    command = [sys.executable, "-m", "qbtc", "up", "--detach", "--market", "sim"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"Port {PORTS['hft'] + qbtc_system.offset} (hft) is in use by pid" in done.stderr
    assert "QBTC_PORT_OFFSET=" in done.stderr


def test_reset_is_refused_while_it_runs(qbtc_system: QbtcSystem) -> None:
    done = qbtc_system.cli("reset", "--yes", check=False)
    assert done.returncode == 1
    assert "already running" in done.stderr


@pytest.mark.parametrize(("role", "allowed"), [("viewer", 403), ("admin", 200)])
def test_a_token_opens_what_its_role_may(qbtc_system: QbtcSystem, role: str, allowed: int) -> None:
    with qbtc_system.client(role) as client:
        assert client.get("/api/hft/market").status_code == 200
        assert client.post("/api/hft/resume", json={"reason": "test"}).status_code == allowed


def browser_of(system: QbtcSystem) -> httpx.Client:
    return httpx.Client(base_url=system.url, headers={"X-QBTC-CSRF": "1"}, timeout=20)


def test_a_login_link_signs_in_once(qbtc_system: QbtcSystem) -> None:
    token = json.loads(qbtc_system.cli("login", "--json").stdout)["url"].partition("#")[2]
    with browser_of(qbtc_system) as browser:
        first = browser.post("/api/web/auth/link", json={"token": token})
        second = browser.post("/api/web/auth/link", json={"token": token})
    assert (first.status_code, second.status_code) == (200, 401)


def test_users_are_added_listed_given_passwords_and_removed(qbtc_system: QbtcSystem) -> None:
    qbtc_system.cli("user", "add", "ana", "--role", "trader", "--password-stdin", stdin="a-long-enough-password\n")
    rows = {row["name"]: row for row in json.loads(qbtc_system.cli("user", "ls", "--json").stdout)["items"]}
    assert rows["ana"]["role"] == "trader"
    short = qbtc_system.cli("user", "passwd", "ana", "--password-stdin", stdin="short\n", check=False)
    assert short.returncode == 1
    assert "12" in short.stderr
    qbtc_system.cli("user", "passwd", "ana", "--password-stdin", stdin="another-long-password\n")
    with browser_of(qbtc_system) as browser:
        signed = browser.post("/api/web/auth/login", json={"user": "ana", "password": "another-long-password"})
    assert signed.status_code == 200, signed.text
    assert "already" in qbtc_system.cli("user", "add", "ana", "--no-password", check=False).stderr
    qbtc_system.cli("user", "rm", "ana", "--yes")
    assert qbtc_system.cli("user", "rm", "ana", "--yes", check=False).returncode == 1


def test_logs_show_one_or_all_processes(qbtc_system: QbtcSystem) -> None:
    lines = qbtc_system.cli("logs", "hft", "--json", "-n", "20").stdout.splitlines()
    assert {json.loads(line)["service"] for line in lines} == {"hft"}
    assert len(qbtc_system.cli("logs", "-n", "7").stdout.splitlines()) == 7
    wrong = qbtc_system.cli("logs", "nobody", check=False)
    assert wrong.returncode == 1
    assert "There are: " in wrong.stderr


def test_followed_logs_show_new_lines_and_end_on_ctrl_c(qbtc_system: QbtcSystem) -> None:
    command = [sys.executable, "-m", "qbtc", "logs", "supervisor", "-f", "-n", "1"]
    with subprocess.Popen(
        command, env=qbtc_system.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as told:
        assert told.stdout is not None
        told.stdout.readline()
        old = qbtc_system.kill("ce3")
        assert "ce3 ended with signal 9" in told.stdout.readline()
        told.send_signal(signal.SIGINT)
        _, errors = told.communicate(timeout=20)
    assert told.returncode == 0
    assert errors == ""
    qbtc_system.wait_back("ce3", old)


def test_the_database_says_which_migrations_it_has_and_migrating_again_changes_nothing(qbtc_system: QbtcSystem) -> None:
    before = json.loads(qbtc_system.cli("db", "status", "--json").stdout)
    assert all(row["applied"] for row in before)
    assert {"ce3", "cio", "qcs", "hft", "web"} <= {row["scope"] for row in before}
    assert "up to date" in qbtc_system.cli("db", "migrate").stdout
    assert json.loads(qbtc_system.cli("db", "status", "--json").stdout) == before


def test_the_bus_shows_queues_and_dead_letters(qbtc_system: QbtcSystem) -> None:
    assert "qcs.market" in json.loads(qbtc_system.cli("bus", "queues", "--json").stdout)
    assert isinstance(json.loads(qbtc_system.cli("bus", "dead-letters", "list", "--json").stdout), list)
    assert qbtc_system.cli("bus", "dead-letters", "replay", "123456", check=False).returncode == 1


def test_the_kill_switch_stops_trading_and_can_be_undone(qbtc_system: QbtcSystem) -> None:
    answer = json.loads(qbtc_system.cli("kill", "--scope", "pause", "--reason", "a test", "--json").stdout)
    with qbtc_system.client("admin") as client:
        assert client.get("/api/hft/risk").json()["state"] == answer["state"]
        assert client.post("/api/hft/resume", json={"reason": "the test is over"}).status_code == 200
        until(lambda: client.get("/api/hft/risk").json()["state"] != answer["state"], what="trading goes on")


def test_doctor_is_content_with_a_running_system(qbtc_system: QbtcSystem) -> None:
    done = qbtc_system.cli("doctor", check=False)
    assert done.returncode == 0, done.stdout
    assert "in use by this QBTC" in done.stdout
    assert "hft." in done.stdout


def test_the_assistant_answers_on_the_command_line(qbtc_system: QbtcSystem) -> None:
    answer = json.loads(qbtc_system.cli("ask", "what is the market doing?", "--json").stdout)
    assert answer["text"]


def test_only_its_owner_may_reach_the_supervisor(qbtc_system: QbtcSystem) -> None:
    assert stat.S_IMODE((qbtc_system.home / "run/supervisor.sock").stat().st_mode) == 0o600
