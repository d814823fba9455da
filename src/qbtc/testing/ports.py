"""Free TCP ports of this machine, for servers that a test starts."""

from __future__ import annotations

import os
import random
import socket
from contextlib import ExitStack

from qbtc.kit.settings import PORTS

# The shifted ports end below 32,768, where Linux begins to give ports to outgoing connections: such a one might come first.
FIRST, LAST, STEP = 12_000, 23_300, 100
WORKERS = 4


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def free_port() -> int:
    return free_ports(1)[0]


def free_offset() -> int:
    """A QBTC_PORT_OFFSET at which nobody listens on any of the product's ports; each worker of pytest has its own ones."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = range(FIRST + STEP * (worker % WORKERS), LAST, STEP * WORKERS)
    for offset in random.sample(own, len(own)):
        if all(_free(port + offset) for port in PORTS.values()):
            return offset
    raise RuntimeError(f"no free port offset between {FIRST} and {LAST}")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
