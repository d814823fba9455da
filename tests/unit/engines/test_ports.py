"""Who listens where."""

from __future__ import annotations

import os
import socket

import pytest

from qbtc.engines.base import EngineError
from qbtc.engines.plan import GATEWAY_PORT, PORTS
from qbtc.engines.ports import STEP, beyond_loopback, free_offset, owner_of, parse_listeners, require_free

TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2378 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 0 100 0 0 10 0
   2: 0100007F:2378 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 13 1 0 100 0 0 10 0
"""


def test_listening_sockets_are_read_from_the_kernels_table() -> None:
    assert [(found.port, found.inode) for found in parse_listeners(TABLE)] == [(9080, 11), (22, 12)]


def test_listeners_beyond_loopback_are_found() -> None:
    assert [found.port for found in beyond_loopback(parse_listeners(TABLE))] == [22]


def test_a_taken_port_is_named_with_its_owner_and_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = owner_of(port)
        assert found is not None
        assert found[0] == os.getpid()
        with pytest.raises(EngineError, match=rf"Port {port} \(web\) is in use by pid {os.getpid()}") as caught:
            require_free({"web": port}, 0)
    assert "QBTC_PORT_OFFSET=" in caught.value.advice
    require_free({"web": port}, 0)


def test_an_offset_beyond_the_last_port_is_refused() -> None:
    with pytest.raises(EngineError, match="above 65535"):
        require_free({"gateway": 70_000}, 60_920)


def test_a_port_that_browsers_refuse_is_refused_and_never_advised() -> None:
    with pytest.raises(EngineError, match=r"Port 10080 \(gateway\) is one that browsers refuse to open"):
        require_free({"gateway": 10_080}, 1000)
    assert free_offset([9080], first=STEP) != 1000


def test_a_free_offset_leaves_out_one_with_a_taken_port() -> None:
    with socket.socket() as taken:
        base = next(port for port in range(9000, 9400) if _listen(taken, port + STEP))
        assert free_offset([base, base + 1], first=STEP) != STEP
        assert free_offset([base, base + 1], first=STEP) % STEP == 0


def _listen(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    probe.listen()
    return True


def test_systems_at_neighbouring_offsets_share_no_port() -> None:
    bases = {*PORTS.values(), GATEWAY_PORT, 9443}
    assert all(bases.isdisjoint({port + STEP * step for port in bases}) for step in range(1, 20))
