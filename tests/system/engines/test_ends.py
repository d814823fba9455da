"""Starts that must fail clearly, and ends that must leave nothing."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from urllib.request import urlopen

import pytest

from qbtc.engines.home import open_home, write_private
from qbtc.engines.plan import PORTS

from .conftest import System, until


def sockets_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if stat.S_ISSOCK(path.lstat().st_mode)]


def test_a_clean_stop_leaves_no_process_and_no_socket(folder: Path) -> None:
    system = System(folder).start()
    assert system.stop() == 0
    assert system.left() == []
    assert sockets_below(folder) == []


def test_nothing_survives_a_killed_supervisor_not_even_a_deaf_service(folder: Path) -> None:
    system = System(folder).start()
    assert system.process is not None
    for verb in ("fork", "ignore"):
        urlopen(f"http://127.0.0.1:{PORTS['hft'] + system.offset}/{verb}", timeout=5).close()
    system.process.kill()
    until(lambda: system.left() == [])
    until(lambda: sockets_below(folder) == [])
    system.process.communicate()


def test_the_next_start_works_after_a_killed_supervisor(folder: Path) -> None:
    first = System(folder).start()
    assert first.process is not None
    first.process.kill()
    first.process.communicate()
    second = System(folder).start()
    assert second.events[-1]["event"] == "ready", second.events
    assert second.stop() == 0


def test_two_supervisors_on_one_home_are_refused(folder: Path) -> None:
    first = System(folder).start()
    second = System(folder).start()
    assert "already running" in second.events[-1]["error"]
    assert "qbtc down" in second.events[-1]["advice"]
    assert second.stop() == 1
    assert first.rows()["hft"]["state"] == "ready"
    first.stop()


def test_a_taken_port_is_named_before_anything_starts(folder: Path) -> None:
    system = System(folder)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", PORTS["hft"] + system.offset))
        taken.listen()
        system.start()
    assert f"Port {PORTS['hft'] + system.offset} (hft) is in use by pid {os.getpid()}" in system.events[-1]["error"]
    assert "QBTC_PORT_OFFSET" in system.events[-1]["advice"]
    assert system.stop() == 1
    assert not (folder / "postgres").exists()


def test_a_service_that_cannot_start_fails_the_start_with_its_last_words(folder: Path) -> None:
    system = System(folder, services="exchange,broken").start()
    assert system.events[-1]["event"] == "failed"
    assert "broken ended with exit code 7: broken on purpose" in system.events[-1]["error"]
    assert "qbtc logs broken" in system.events[-1]["advice"]
    assert system.stop() == 1
    assert system.left() == []


def test_a_data_folder_of_another_version_is_refused_with_advice(folder: Path) -> None:
    home = open_home(folder)
    (home / "postgres/data").mkdir(parents=True)
    (home / "postgres/data/PG_VERSION").write_text("12\n")
    system = System(folder).start()
    assert "not a data folder of PostgreSQL 18" in system.events[-1]["error"]
    assert "qbtc reset" in system.events[-1]["advice"]
    system.stop()


def test_a_damaged_secret_file_is_named(folder: Path) -> None:
    home = open_home(folder)
    write_private(home / "secrets/valkey.json", "{")
    system = System(folder).start()
    assert "valkey.json is not valid JSON" in system.events[-1]["error"]
    system.stop()


def test_a_home_with_a_long_path_works_and_its_alias_goes_away(folder: Path) -> None:
    system = System(folder / ("x" * 90)).start()
    assert system.events[-1]["event"] == "ready", system.events
    alias = system.home.sockets
    assert alias != system.folder
    assert system.stop() == 0
    assert not alias.parent.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may enter a folder that is closed to everyone else")
def test_parents_of_the_home_keep_their_modes(folder: Path) -> None:
    folder.parent.chmod(0o700)
    before = [parent.stat().st_mode for parent in folder.parents]
    system = System(folder).start()
    assert system.events[-1]["event"] == "ready", system.events
    system.stop()
    assert [parent.stat().st_mode for parent in folder.parents] == before


def test_a_stop_during_the_start_is_clean(folder: Path) -> None:
    system = System(folder)
    system.launch()
    until(lambda: (folder / "run/supervisor.sock").exists())  # noqa: PLW0108
    assert system.stop() == 0
    assert system.left() == []
