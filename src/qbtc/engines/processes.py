"""Facts about processes, from /proc: who is alive, since when, in which group, and killing a whole group.

A pid alone is no identity, since numbers are used again: (pid, start time, boot) is.
"""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stat:
    """A line of /proc/<pid>/stat: state letter, parent, group, session and start time in clock ticks since boot."""

    pid: int
    state: str
    parent: int
    group: int
    session: int
    started: int


def read_stat(pid: int) -> Stat | None:
    """None when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return Stat(pid, fields[0], int(fields[1]), int(fields[2]), int(fields[3]), int(fields[19]))


def alive(pid: int, started: int) -> bool:
    """Is this very process (not a later one with its number) there and not a zombie?"""
    found = read_stat(pid)
    return found is not None and found.started == started and found.state not in "ZX"


def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def executable(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")  # noqa: PTH115
    except OSError:
        return ""


def pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208


def group_members(group: int) -> list[Stat]:
    found = (read_stat(pid) for pid in pids())
    return [stat for stat in found if stat is not None and stat.group == group and stat.state not in "ZX"]


def kill_group(group: int, number: int = signal.SIGKILL) -> None:
    """Signal a process group; one that is gone already is fine."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def resident_kib(pid: int) -> int:
    """Proportional set size in KiB, or 0 where the kernel does not say."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        return 0
    return 0
