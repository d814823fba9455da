"""Starting, stopping, starting again, interrupting and wiping: what is left behind is nothing."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qbtc.engines import processes
from qbtc.engines.home import instance_of
from qbtc.engines.postgres_place import VAR_LIB
from qbtc.testing.system import QbtcSystem
from qbtc.testing.waiting import until

SMALL = ("--market", "sim", "--only", "exchange,web")


@pytest.fixture
def system() -> Iterator[QbtcSystem]:
    """A home and free ports; nothing is started yet."""
    made = QbtcSystem(market="sim")
    yield made
    made.__exit__(None, None, None)


def left(system: QbtcSystem) -> list[str]:
    """Command lines of processes of this home."""
    mark = f"QBTC_HOME={system.home}".encode()
    found = []
    for pid in processes.pids():
        try:
            if mark in Path(f"/proc/{pid}/environ").read_bytes() and pid != os.getpid():
                found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def sockets(system: QbtcSystem) -> list[Path]:
    return [path for path in system.home.rglob("*") if stat.S_ISSOCK(path.lstat().st_mode)]


def launch(system: QbtcSystem, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "qbtc", "up", *options, *SMALL],
        env=system.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def supervised(system: QbtcSystem) -> bool:
    return (system.home / "run/supervisor.sock").exists()


def test_up_down_up_and_reset_leave_nothing(system: QbtcSystem) -> None:
    system.cli("up", "--detach", *SMALL, seconds=120)
    assert "Stopped." in system.cli("down").stdout
    assert left(system) == []
    assert sockets(system) == []
    system.cli("up", "--detach", *SMALL, seconds=120)
    assert system.cli("status").returncode == 0
    system.cli("down")
    assert "deleted" in system.cli("reset", "--yes").stdout
    assert not any((system.home / name).exists() for name in ("postgres", "logs", "exchange"))
    assert not (VAR_LIB / instance_of(system.home)).exists()


def test_ctrl_c_in_the_foreground_stops_everything_with_exit_code_0(system: QbtcSystem) -> None:
    with launch(system) as up:
        assert up.stdout is not None
        said = [line for line in iter(up.stdout.readline, "Ctrl+C stops everything.\n") if line]
        assert any(line.startswith("Open  http://") for line in said)
        up.send_signal(signal.SIGINT)
        rest, _ = up.communicate(timeout=60)
    assert up.returncode == 0
    assert "web stopped" in rest
    assert left(system) == []
    assert sockets(system) == []


def test_a_second_ctrl_c_kills_and_still_leaves_nothing(system: QbtcSystem) -> None:
    with launch(system) as up:
        until(lambda: supervised(system), what="the supervisor listens")
        up.send_signal(signal.SIGINT)
        assert up.stdout is not None
        assert any("Ctrl+C again kills" in line for line in iter(up.stdout.readline, ""))
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=60)
    until(lambda: left(system) == [], what="no process is left")
    assert sockets(system) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_detached_start_that_is_interrupted_stops_what_it_started(system: QbtcSystem, number: signal.Signals) -> None:
    with launch(system, "--detach") as up:
        until(lambda: supervised(system), what="the supervisor listens")
        up.send_signal(number)
        up.communicate(timeout=60)
    assert up.returncode == 130
    assert left(system) == []
    assert system.cli("status", check=False).returncode == 3


def test_a_corrupt_recording_is_named_with_its_line(system: QbtcSystem, tmp_path: Path) -> None:
    recording = tmp_path / "bad.txt"
    recording.write_text("no recording at all\n")
    options = ("--market", f"replay:{recording}", "--only", "exchange")
    done = system.cli("up", "--detach", *options, check=False, seconds=120)
    assert done.returncode == 1
    assert f"{recording}, line 1: " in done.stderr
    assert "Traceback" not in done.stderr
    assert left(system) == []


def test_a_wrong_setting_of_a_service_is_named_at_once(system: QbtcSystem) -> None:
    system.env["QBTC_WEB_NO_SUCH"] = "ignored"
    system.home.chmod(0o700)
    (system.home / "qbtc.toml").write_text("[web]\nmarkt = 1\n")
    done = system.cli("up", "--detach", "--market", "sim", "--only", "web", check=False, seconds=120)
    assert done.returncode == 1
    assert "unknown setting 'markt'" in done.stderr
    assert left(system) == []
