"""TLS in front of a plain server, for tests of clients that must speak it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading


class Front:
    """A TLS server that hands every connection through to a plain port."""

    def __init__(self, target: int, cert: str, key: str) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(cert, key)
        self._target = target
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(raw,), daemon=True))
                self._threads[-1].start()

    def _serve(self, raw: socket.socket) -> None:
        with contextlib.suppress(OSError):
            client = self._context.wrap_socket(raw, server_side=True)
            server = socket.create_connection(("127.0.0.1", self._target))
            back = threading.Thread(target=self._pump, args=(client, server), daemon=True)
            back.start()
            self._pump(server, client)
            back.join(5)
            client.close()
            server.close()

    def _pump(self, origin: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := origin.recv(65_536):
                to.sendall(data)
            to.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
