"""A whole system of real engines and dummy services, as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from qbtc.engines import control, processes
from qbtc.engines.home import Home, peek_home
from qbtc.engines.state import read_state, recorded
from qbtc.testing.ports import free_offset

SCRIPT = Path(__file__).with_name("dummy_system.py")
SECONDS = 30.0
STARTED: list[subprocess.Popen[str]] = []


def until(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Poll until the condition is truthy and return its value; fail at the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


@dataclass
class System:
    """A running supervisor of `dummy_system.py`."""

    folder: Path
    prefix: tuple[str, ...] = ()
    services: str = "exchange,hft,web"
    offset: int = field(default_factory=free_offset)
    events: list[dict[str, Any]] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    @property
    def home(self) -> Home:
        found = peek_home(self.folder)
        assert found is not None
        return found

    def launch(self) -> subprocess.Popen[str]:
        argv = [*self.prefix, sys.executable, str(SCRIPT), str(self.folder), str(self.offset), self.services]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, start_new_session=True)
        STARTED.append(self.process)
        return self.process

    def start(self) -> System:
        """Start it, and return when it is ready or has failed."""
        process = self.launch()
        assert process.stdout is not None
        for line in process.stdout:
            self.events.append(json.loads(line))
            if self.events[-1]["event"] in {"ready", "failed"}:
                break
        return self

    def ask(self, **message: str) -> dict[str, Any]:
        return control.ask(self.home.control_socket, message)

    def rows(self) -> dict[str, dict[str, Any]]:
        answer = self.ask(op="status")
        return answer["services"] | answer["engines"]

    def pid(self, name: str) -> int:
        return int(self.rows()[name]["pid"])

    def replaced(self, name: str, pid: int) -> int:
        """The pid of `name` once another process than `pid` is ready."""
        return int(until(lambda: (r := self.rows()[name])["state"] == "ready" and r["pid"] != pid and r["pid"]))

    def left(self) -> list[str]:
        """Command lines of processes of this home that are still there."""
        groups = [group.pid for group in recorded(read_state(self.folder))]
        own = (p for p in processes.pids() if str(self.folder) in command_line(p) and p != os.getpid())
        return [command_line(pid) for pid in {*own, *(s.pid for g in groups for s in processes.group_members(g))}]

    def log(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / f"logs/{name}.log").read_text().splitlines()]

    def stop(self) -> int:
        assert self.process is not None
        if self.events[-1:] and self.events[-1]["event"] == "failed":
            self.process.wait(SECONDS)
        end(self.process)
        return self.process.returncode


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A QBTC_HOME that does not exist yet, with a short path."""
    parent = Path(tempfile.mkdtemp(prefix="qe-"))
    yield parent / "q"
    while STARTED:
        end(STARTED.pop())
    shutil.rmtree(parent)


def end(process: subprocess.Popen[str]) -> None:
    """Stop it in order if it still runs, and close its pipe."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=SECONDS)


@pytest.fixture(scope="module")
def shared() -> Iterator[System]:
    """One system for all tests of a module that leave it running."""
    parent = Path(tempfile.mkdtemp(prefix="qe-"))
    system = System(parent / "q").start()
    STARTED.clear()
    assert system.events[-1]["event"] == "ready", system.events
    yield system
    system.stop()
    shutil.rmtree(parent)
