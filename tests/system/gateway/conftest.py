"""The real nginx of the wheel, compiled from the declaration, in front of an upstream that says what reached it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from qbtc.contracts import Role
from qbtc.engines.nginx import binary
from qbtc.gateway import GatewayFiles, compile_config, write_jwks
from qbtc.gateway.declaration import access_cookie
from qbtc.kit.security import KeyRing, Tokens, ensure_keys
from qbtc.kit.settings import Platform

WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Echo(BaseHTTPRequestHandler):
    """Answers with method, path, headers and size of the body; after an upgrade it sends back what it gets."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(size)
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self.upgrade()
            return
        html = self.path.endswith(".html")
        headers = {name.lower(): value for name, value in self.headers.items()}
        facts = {"method": self.command, "path": self.path, "headers": headers, "size": size}
        body = b"<!doctype html><title>page</title>" if html else json.dumps(facts).encode()
        self.send_response(418 if self.path.endswith("/teapot") else 200)
        self.send_header("Content-Type", "text/html" if html else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = answer  # noqa: N815

    def upgrade(self) -> None:
        key = hashlib.sha1(self.headers["Sec-WebSocket-Key"].encode() + WEBSOCKET).digest()
        self.send_response(101)
        for name, value in {"Upgrade": "websocket", "Connection": "Upgrade"}.items():
            self.send_header(name, value)
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(key).decode())
        self.end_headers()
        self.wfile.write(self.connection.recv(1000))
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@dataclass(frozen=True)
class Gateway:
    home: Path
    port: int
    instance: str
    tokens: Tokens

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, *, seconds: int = 60) -> str:
        return self.tokens.sign("ann", Role.TRADER, seconds=seconds)

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token()}"}

    def cookie(self, *, seconds: int = 60) -> dict[str, str]:
        return {"Cookie": f"other=1; {access_cookie(self.instance)}={self.token(seconds=seconds)}"}

    def test(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self.command(), "-t"], capture_output=True, text=True, timeout=20, check=False, cwd="/")

    def command(self) -> list[str]:
        folder = self.home / "nginx"
        return [str(binary()), "-p", f"{folder}/", "-c", "nginx.conf", "-e", "stderr"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(home: Path, upstream: int) -> Iterator[Gateway]:
    """A gateway whose services are all the echo, except QCS, which is down."""
    ring: KeyRing = ensure_keys(home)
    (home / "secrets" / "instance").write_text("abc123")
    port = free_port()
    files = GatewayFiles.of(Platform(home=home), as_root=os.geteuid() == 0)
    upstreams = dict.fromkeys(files.upstreams, f"127.0.0.1:{upstream}") | {"qcs": f"127.0.0.1:{free_port()}"}
    files = replace(files, listen=f"127.0.0.1:{port}", upstreams=upstreams)
    (home / "nginx" / "temp").mkdir(parents=True)
    write_jwks(ring, files.jwks)
    (home / "nginx" / "nginx.conf").write_text(compile_config(files))
    gateway = Gateway(home, port, "abc123", Tokens(ring, "web", "abc123"))
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(gateway.command(), stdout=log, stderr=log, cwd="/")
    try:
        until_it_accepts(process, port, home / "log")
        yield gateway
    finally:
        process.terminate()
        process.wait(10)


def until_it_accepts(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 10
    while True:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
        else:
            return


@pytest.fixture(scope="session")
def upstream() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def gateway(upstream: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(tmp_path_factory.mktemp("gateway"), upstream) as found:
        yield found


@pytest.fixture
def client(gateway: Gateway) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.base, timeout=10) as made:
        yield made
