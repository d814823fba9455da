"""Connections that end while they are made: the engine tries again, so each must say so in one way."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qbtc.hft.adapters.hotloop.wire import Link, NoConnection, open_websocket

AT_ONCE = struct.pack("ii", 1, 0)


@contextmanager
def resetting(after: int) -> Iterator[int]:
    """The port of a server that takes one connection and resets it once it has read so many bytes."""

    def serve() -> None:
        taken, _ = server.accept()
        with taken:
            if after:
                taken.recv(after)
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join(5)


@pytest.mark.parametrize("scheme", ["ws", "wss"])
@pytest.mark.parametrize("after", [0, 1])
def test_a_connection_that_is_reset_while_it_is_made_is_no_connection(scheme: str, after: int) -> None:
    with resetting(after) as port, pytest.raises(NoConnection):
        open_websocket(f"{scheme}://127.0.0.1:{port}/")


def test_a_request_to_a_peer_that_has_gone_is_no_connection() -> None:
    ours, theirs = socket.socketpair()
    link = Link(ours)
    theirs.close()
    with pytest.raises(NoConnection, match="did not take"):
        link.send(b"GET / HTTP/1.1\r\n")
    link.close()
