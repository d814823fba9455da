"""run/state.json: what is running, so that the next start (or the guard) can clean up after a killed supervisor.

Also the lock that keeps two supervisors off one home.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import processes
from .base import EngineError
from .home import Home, write_private

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A process group that a supervisor started: its leader, when that started, and its program."""

    pid: int
    started: int
    executable: str
    stop_signal: int = signal.SIGTERM

    def members(self) -> list[processes.Stat]:
        """Who of the group is still there. A leader with our number but another start time is not ours."""
        leader = processes.read_stat(self.pid)
        if leader is not None and leader.started != self.started:
            return []
        found = [stat for stat in processes.group_members(self.pid) if stat.started >= self.started]
        if leader is not None:
            return found
        return [stat for stat in found if processes.executable(stat.pid) == self.executable]


def write_state(home: Home, state: State) -> None:
    write_private(home / "run/state.json", json.dumps(state, indent=1) + "\n")


def read_state(home: Path) -> State:
    """{} when there is none; a damaged one is as good as none."""
    try:
        found = json.loads((home / "run/state.json").read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def recorded(state: State) -> list[Recorded]:
    """The groups of a state of this boot; none of another one."""
    if state.get("boot") != processes.boot_id():
        return []
    rows = state.get("processes", {}).values()
    return [
        Recorded(row["pid"], row["started"], row["executable"], row["stop_signal"]) for row in rows if row.get("pid")
    ]


def clean_up(groups: list[Recorded], *, seconds: float) -> int:
    """End what is left of those groups: asked first, killed after `seconds`. Returns how many there were."""
    left = [group for group in groups if group.members()]
    for group in left:
        _signal(group, group.stop_signal)
    deadline = time.monotonic() + seconds
    remaining = left
    while remaining and time.monotonic() < deadline:
        time.sleep(0.05)
        remaining = [group for group in remaining if group.members()]
    for group in remaining:
        _signal(group, signal.SIGKILL)
    return len(left)


def _signal(group: Recorded, number: int) -> None:
    for stat in group.members():
        try:
            os.kill(stat.pid, number)
        except ProcessLookupError:
            continue


class Lock:
    """An exclusive lock on run/lock for as long as the object lives; the kernel drops it with the process."""

    def __init__(self, home: Home) -> None:
        self._file = open(home / "run/lock", "a+")  # noqa: PTH123, SIM115
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip()
            self._file.close()
            raise EngineError(
                f"QBTC is already running on {home.root} (pid {holder or 'unknown'}).",
                "See `qbtc status`; stop it with `qbtc down`; or use another home: QBTC_HOME=/other qbtc up",
            ) from None
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        self._file.close()
