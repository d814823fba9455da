"""TCP ports before we need them: which are taken, by whom if the kernel tells us."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .base import EngineError
from .processes import pids

LISTEN = "0A"
HIGHEST = 65_535
STEP = 1_000  # further apart than any two ports of one system, so that neighbours never share one
SAFE_OFFSET = 22_000  # above it the ports are those that the kernel lends to outgoing connections
NOT_IN_BROWSERS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697, 10080}
)
"""Ports of other protocols that browsers do not speak HTTP to (WHATWG Fetch, "bad port"), of those above 1023."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening TCP socket of this machine."""

    address: str
    port: int
    inode: int


def parse_listeners(text: str) -> list[Listener]:
    """The listening sockets in the text of /proc/net/tcp or tcp6 (address in the kernel's hex form)."""
    rows = (line.split() for line in text.splitlines()[1:])
    found = []
    for row in rows:
        if len(row) > 9 and row[3] == LISTEN:
            address, _, port = row[1].rpartition(":")
            found.append(Listener(address, int(port, 16), int(row[9])))
    return found


def listeners() -> list[Listener]:
    tables = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
    return [found for table in tables if table.exists() for found in parse_listeners(table.read_text())]


def sockets_of(pid: int) -> set[int]:
    """Inodes of the sockets that a process holds; empty when we may not look."""
    found = set()
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208
            target = os.readlink(f"/proc/{pid}/fd/{name}")  # noqa: PTH115
            if target.startswith("socket:["):
                found.add(int(target[8:-1]))
    except OSError:
        return found
    return found


def owner_of(port: int) -> tuple[int, str] | None:
    """(pid, program name) that listens on the port, if we may know."""
    inodes = {found.inode for found in listeners() if found.port == port}
    for pid in pids() if inodes else ():
        if inodes & sockets_of(pid):
            return pid, Path(f"/proc/{pid}/comm").read_text().strip()
    return None


def taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def free_offset(bases: Iterable[int], *, first: int = STEP) -> int:
    """The first offset from `first` on (going round) at which all ports are free. Raises EngineError when none is."""
    wanted = tuple(bases)
    steps = range(STEP, SAFE_OFFSET + 1, STEP)
    for offset in sorted(steps, key=lambda step: (step - first) % (SAFE_OFFSET + STEP)):
        if not any(port + offset in NOT_IN_BROWSERS or taken(port + offset) for port in wanted):
            return offset
    raise EngineError("No QBTC_PORT_OFFSET has all its ports free.", "Stop some of what listens here.")


def require_free(wanted: Mapping[str, int], offset: int) -> None:
    """Raises EngineError that names every port that is taken, and by whom."""
    beyond = {name: port for name, port in wanted.items() if not 0 < port <= HIGHEST}
    if beyond:
        raise EngineError(f"QBTC_PORT_OFFSET={offset} gives ports above {HIGHEST}.", "Allowed: 0 to 55000.")
    refused = [
        f"Port {port} ({name}) is one that browsers refuse to open"
        for name, port in wanted.items()
        if port in NOT_IN_BROWSERS
    ]
    busy = [_line(name, port) for name, port in wanted.items() if taken(port)]
    if refused or busy:
        lines = "; ".join(refused + busy)
        other = free_offset((port - offset for port in wanted.values()), first=offset + STEP)
        raise EngineError(f"{lines}.", f"Stop that, or run beside it: QBTC_PORT_OFFSET={other} qbtc up")


def _line(name: str, port: int) -> str:
    owner = owner_of(port)
    by = f" by pid {owner[0]} ({owner[1]})" if owner else ""
    return f"Port {port} ({name}) is in use{by}"


def beyond_loopback(found: Iterable[Listener]) -> list[Listener]:
    """Those that listen on anything but 127.0.0.0/8 or ::1."""
    return [item for item in found if not _loopback(item.address)]


def _loopback(address: str) -> bool:
    return address.endswith("7F") if len(address) == 8 else address == "00000000000000000000000001000000"
