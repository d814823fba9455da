"""What verbs say where nothing is installed or nothing runs: one clear line and a way on, never a traceback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qbtc import __version__
from qbtc.cli.root import root
from qbtc.engines.home import open_home
from qbtc.engines.plan import PORTS
from qbtc.hft.adapters.venues import stored_keys
from qbtc.testing.ports import free_offset


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("QBTC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QBTC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("QBTC_PORT_OFFSET", str(free_offset()))
    return tmp_path / "home"


def run(*arguments: str, given: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(root, list(arguments), input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_the_version_needs_nothing() -> None:
    done = subprocess.run([sys.executable, "-m", "qbtc", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"qbtc {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["token"],
        ["login"],
        ["ask", "anything"],
        ["kill"],
        ["hft", "kill"],
        ["keys", "ls"],
        ["user", "ls"],
        ["logs"],
        ["db", "status"],
        ["db", "migrate"],
        ["bus", "queues"],
        ["bus", "dead-letters", "list"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("place", ["nothing", "below a file"])
def test_verbs_that_need_an_installation_say_that_there_is_none(
    arguments: list[str], place: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "below a file":
        home.write_text("a file")
        monkeypatch.setenv("QBTC_HOME", str(home / "deeper"))
    code, output = run(*arguments)
    assert code == 1
    assert output.count("\n") <= 3
    assert "Error: " in output or "There are no logs" in output


def test_down_and_reset_without_an_installation_have_nothing_to_do(home: Path) -> None:
    assert run("down") == (0, f"QBTC is not running on {home}.\n")
    assert run("reset", "--yes") == (0, f"There is nothing at {home}.\n")
    assert not home.exists()


def test_status_of_nothing_has_the_same_shape_and_exit_code_3() -> None:
    code, output = run("status", "--json")
    found = json.loads(output)
    assert code == 3
    assert set(found) == {"services", "engines", "market", "trading", "url"}
    assert {name: row["state"] for name, row in found["services"].items()} == dict.fromkeys(PORTS, "stopped")
    assert found["market"] == {"mode": None}


def test_reset_asks_and_without_a_terminal_says_how_to_answer(home: Path) -> None:
    open_home(home)
    code, output = run("reset")
    assert code == 1
    assert "qbtc reset --yes" in output
    assert (home / "logs").is_dir()


def test_a_key_is_kept_listed_and_removed_but_never_shown(home: Path) -> None:
    open_home(home)
    assert run("keys", "add", "anthropic", "--stdin", given="sk-canary-value\n") == (0, "Stored anthropic.\n")
    assert run("keys", "ls") == (0, "anthropic\n")
    assert not [path for path in home.rglob("*") if path.is_file() and b"sk-canary-value" in path.read_bytes()]
    code, output = run("keys", "rm", "binance")
    assert code == 1
    assert "anthropic" in output
    assert run("keys", "rm", "anthropic") == (0, "Removed anthropic.\n")


def test_a_venues_key_is_a_pair_that_is_stored_together_and_nowhere_in_clear(home: Path) -> None:
    open_home(home)
    given = "canary-api-key\ncanary-api-secret\n"
    assert run("keys", "add", "binance-usdm", "--stdin", given=given) == (0, "Stored binance-usdm.\n")
    pair = stored_keys(home, "binance-usdm")
    assert pair is not None
    assert [part.get_secret_value() for part in pair] == ["canary-api-key", "canary-api-secret"]
    assert not [path for path in home.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]
    assert (home / "secrets" / "vault.key").stat().st_mode & 0o777 == 0o600


def test_half_a_pair_is_refused(home: Path) -> None:
    open_home(home)
    code, output = run("keys", "add", "binance", "--stdin", given="canary-api-key\n")
    assert (code, stored_keys(home, "binance")) == (1, None)
    assert "API key, then secret" in output
    assert "canary" not in output


def test_doctor_tells_the_origin_of_every_setting_and_no_secret(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_home(home)
    (home / "qbtc.toml").write_text('[qbtc]\nmarket = "sim"\n')
    monkeypatch.setenv("QBTC_REDIS_URL", "redis://:canary-password@127.0.0.1:1/0")
    code, output = run("doctor", "--json")
    found = json.loads(output)
    origins = {(row["section"], row["name"]): row["source"] for row in found["settings"]}
    assert code == 1, "the cache does not answer"
    assert origins["qbtc", "market"] == "qbtc.toml [qbtc]"
    assert origins["qbtc", "redis_url"] == "environment QBTC_REDIS_URL"
    assert {section for section, _ in origins} == {"qbtc", "paper", "exchange", "hft", "qcs", "cio", "ce3", "web"}
    assert "canary-password" not in output
    assert next(check for check in found["checks"] if check["name"] == "cache")["state"] == "fail"


def test_doctor_names_a_taken_port_and_a_free_offset() -> None:
    offset = int(os.environ["QBTC_PORT_OFFSET"])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", PORTS["hft"] + offset))
        taken.listen()
        code, output = run("doctor")
    assert code == 1
    assert f"{PORTS['hft'] + offset} (hft) is in use by pid {os.getpid()}" in output
    assert "QBTC_PORT_OFFSET=" in output


def test_a_misspelt_setting_in_the_file_is_refused_with_the_known_ones(home: Path) -> None:
    open_home(home)
    (home / "qbtc.toml").write_text('[qbtc]\nmarkt = "sim"\n')
    code, output = run("doctor")
    assert code == 1
    assert "unknown setting 'markt'" in output
    assert "market" in output


@pytest.mark.parametrize("place", ["/proc/x", "/proc/self/x", "{home}/below"])
def test_a_home_that_cannot_be_written_is_refused_with_advice(place: str, home: Path) -> None:
    home.write_text("a file")
    environment = {**os.environ, "QBTC_HOME": place.format(home=home)}
    command = [sys.executable, "-m", "qbtc", "up", "--detach", "--market", "sim"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Choose a folder that you may write to" in done.stderr
    assert "Traceback" not in done.stderr
