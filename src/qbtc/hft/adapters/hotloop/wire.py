"""Connections that the loop takes over: TCP, TLS with host check, WebSocket upgrade, requests before the hand-over.

Blocking, with deadlines, on the control thread. Afterwards a Link belongs to the loop: nobody else touches its socket
or its SSL object. `stop` shuts the socket down through a duplicate, which ends the loop from outside.
"""

from __future__ import annotations

import base64
import ctypes
import hashlib
import json
import os
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from .crypto import Openssl, openssl

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_WANT_READ = 2
_VERIFY_PEER = 1
MAX_HEADERS = 16_384
Socket = socket.socket


class NoConnection(ConnectionError):
    """The venue could not be reached, or its answer was not the one that was needed."""


class Tls:
    """A client's SSL object over two memory BIOs. Frees it with itself."""

    def __init__(self, host: str, ca_file: str | None = None, library: Openssl | None = None) -> None:
        self.library = library or openssl()
        call = self.library.call
        self._context = call("SSL_CTX_new")(call("TLS_client_method")())
        call("SSL_CTX_set_verify")(self._context, _VERIFY_PEER, None)
        self._trust(ca_file)
        self.ssl = call("SSL_new")(self._context)
        self.rbio, self.wbio = (call("BIO_new")(call("BIO_s_mem")()) for _ in range(2))
        call("SSL_set_bio")(self.ssl, self.rbio, self.wbio)
        call("SSL_set_connect_state")(self.ssl)
        name, raw = host.encode(), _as_ip(host)
        check = "X509_VERIFY_PARAM_set1_ip" if raw else "X509_VERIFY_PARAM_set1_host"
        chosen = raw or name
        if call(check)(call("SSL_get0_param")(self.ssl), chosen, len(chosen)) != 1:
            raise NoConnection(f"{host!r} cannot be checked against a certificate")
        self._name(name)

    def _trust(self, ca_file: str | None) -> None:
        call = self.library.call
        paths = [ca_file] if ca_file else [p for p in (ssl.get_default_verify_paths().cafile, _certifi()) if p]
        for path in paths:
            if call("SSL_CTX_load_verify_locations")(self._context, path.encode(), None) == 1:
                return
        if ca_file or call("SSL_CTX_set_default_verify_paths")(self._context) != 1:
            raise NoConnection(f"no certificate authorities can be read from {ca_file!r}")

    def _name(self, host: bytes) -> None:
        """Server name indication, where the library has it as a function (it is a macro over SSL_ctrl)."""
        if self.library.origin != "cryptography" or _as_ip(host.decode()):
            return
        from cryptography.hazmat.bindings._rust import _openssl

        _openssl.lib.SSL_set_tlsext_host_name(_openssl.ffi.cast("SSL *", self.ssl), host)

    def __del__(self) -> None:
        if getattr(self, "ssl", None):
            self.library.call("SSL_free")(self.ssl)
            self.library.call("SSL_CTX_free")(self._context)
            self.ssl = None

    def outgoing(self) -> bytes:
        """What OpenSSL wants to send."""
        buffer = ctypes.create_string_buffer(65_536)
        size = self.library.call("BIO_read")(self.wbio, buffer, len(buffer))
        return buffer.raw[:size] if size > 0 else b""

    def incoming(self, data: bytes) -> None:
        self.library.call("BIO_write")(self.rbio, data, len(data))

    def handshake(self) -> bool:
        """One step; True when it is done. Raises NoConnection."""
        done = self.library.call("SSL_do_handshake")(self.ssl)
        if done == 1:
            return True
        why = self.library.call("SSL_get_error")(self.ssl, done)
        if why != _WANT_READ:
            verdict = self.library.call("SSL_get_verify_result")(self.ssl)
            raise NoConnection(f"TLS handshake failed (error {why}, certificate verdict {verdict})")
        return False

    def read(self) -> bytes:
        buffer = ctypes.create_string_buffer(65_536)
        size = self.library.call("SSL_read")(self.ssl, buffer, len(buffer))
        return buffer.raw[:size] if size > 0 else b""

    def write(self, data: bytes) -> None:
        if self.library.call("SSL_write")(self.ssl, data, len(data)) != len(data):
            raise NoConnection("TLS did not take what had to be sent")


def _as_ip(host: str) -> bytes:
    try:
        return ip_address(host).packed
    except ValueError:
        return b""


def _certifi() -> str | None:
    try:
        import certifi
    except ImportError:
        return None
    return certifi.where()


@dataclass(slots=True)
class Link:
    """A connected socket, perhaps with TLS. `left` is what was read and not yet used."""

    socket: Socket
    tls: Tls | None = None
    left: bytes = b""
    _twin: Socket = field(init=False)

    def __post_init__(self) -> None:
        self._twin = self.socket.dup()

    @property
    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, data: bytes) -> None:
        """Raises NoConnection when the peer has gone or takes nothing."""
        if self.tls is not None:
            self.tls.write(data)
            data = self.tls.outgoing()
        self.put_out(data)

    def put_out(self, raw: bytes) -> None:
        """Bytes as they are. Raises NoConnection."""
        try:
            self.socket.sendall(raw)
        except OSError as error:
            raise NoConnection(f"the venue did not take what had to be sent: {error}") from None

    def receive(self) -> bytes:
        """Some bytes; waits for them. Raises NoConnection when the peer ends or is too slow."""
        while True:
            try:
                data = self.socket.recv(65_536)
            except TimeoutError:
                raise NoConnection("the venue did not answer in time") from None
            except OSError as error:
                raise NoConnection(f"the connection to the venue was lost: {error}") from None
            if not data:
                raise NoConnection("the venue closed the connection")
            if self.tls is None:
                return data
            self.tls.incoming(data)
            plain = self.tls.read()
            if plain:
                return plain

    def put(self, link: np.void, calls: np.void) -> None:
        """Hand the connection to the loop."""
        self.socket.setblocking(False)
        link["fd"], link["head"], link["tail"] = self.fileno, 0, len(self.left)
        for name in ("joined", "joining", "tx_head", "tx_tail", "detail", "ssl"):
            link[name] = 0
        link["rx"][: len(self.left)] = np.frombuffer(self.left, np.uint8)
        if self.tls is None:
            return
        link["ssl"], link["rbio"], link["wbio"] = self.tls.ssl, self.tls.rbio, self.tls.wbio
        for word, name in (
            ("ssl_read", "SSL_read"),
            ("ssl_write", "SSL_write"),
            ("ssl_get_error", "SSL_get_error"),
            ("bio_read", "BIO_read"),
            ("bio_write", "BIO_write"),
        ):
            calls[word] = self.tls.library.address(name)

    def stop(self) -> None:
        """End the loop that owns this link, from any thread."""
        try:
            self._twin.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def close(self) -> None:
        self._twin.close()
        self.socket.close()


@contextmanager
def closed_unless_done(link: Link | Socket) -> Iterator[None]:
    """A connection that fails while it is made does not stay half open."""
    try:
        yield
    except BaseException:
        link.close()
        raise


def connect(host: str, port: int, *, tls: bool = False, ca_file: str | None = None, seconds: float = 5.0) -> Link:
    """A TCP connection without delays, with TLS if asked. Raises NoConnection."""
    try:
        made = socket.create_connection((host, port), timeout=seconds)
    except OSError as error:
        raise NoConnection(f"{host}:{port}: {error}") from None
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with closed_unless_done(made):
        link = Link(made, Tls(host, ca_file) if tls else None)
    with closed_unless_done(link):
        if link.tls is not None:
            _shake_hands(link)
    return link


def _shake_hands(link: Link) -> None:
    tls = link.tls
    assert tls is not None
    while True:
        done = tls.handshake()
        link.put_out(tls.outgoing())
        if done:
            link.left = tls.read()
            return
        try:
            data = link.socket.recv(65_536)
        except OSError as error:
            raise NoConnection(f"TLS handshake: {error}") from None
        if not data:
            raise NoConnection("the venue closed the connection in the TLS handshake")
        tls.incoming(data)


def open_websocket(url: str, *, ca_file: str | None = None, seconds: float = 5.0) -> Link:
    """Connect and upgrade; what came behind the answer is in `left`. Raises NoConnection."""
    parts = urlsplit(url)
    secure = parts.scheme == "wss"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    link = connect(host, port, tls=secure, ca_file=ca_file, seconds=seconds)
    with closed_unless_done(link):
        _upgrade(link, url, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), parts.netloc)
    return link


def _upgrade(link: Link, url: str, target: str, host: str) -> None:
    key = base64.b64encode(os.urandom(16))
    link.send(
        f"GET {target} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key.decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = link.left
    while b"\r\n\r\n" not in head:
        if len(head) > MAX_HEADERS:
            raise NoConnection(f"{url}: the answer to the upgrade has no end")
        head += link.receive()
    answer, _, link.left = head.partition(b"\r\n\r\n")
    _check_upgrade(url, answer, key)


def _check_upgrade(url: str, answer: bytes, key: bytes) -> None:
    status, *lines = answer.split(b"\r\n")
    if not status.startswith(b"HTTP/1.1 101"):
        raise NoConnection(f"{url}: upgrade refused: {status[:200].decode(errors='replace')}")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    wanted = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    if headers.get(b"sec-websocket-accept") != wanted:
        raise NoConnection(f"{url}: the upgrade was not answered by a WebSocket server")


def frame(payload: bytes, opcode: int = 1) -> bytes:
    """A masked client frame, for the few messages that Python sends before the hand-over."""
    mask = os.urandom(4)
    size = len(payload)
    head = bytes((0x80 | opcode, 0x80 | size)) if size < 126 else bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2)
    return head + mask + bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload))


def request(link: Link, method: str, params: dict[str, Any], identity: str = "control") -> dict[str, Any]:
    """One request before the hand-over and its answer; other messages stay in `left`. Raises NoConnection."""
    text = json.dumps({"id": identity, "method": method, "params": params}, separators=(",", ":"))
    link.send(frame(text.encode()))
    buffer, kept, deadline = link.left, b"", time.monotonic() + 10
    while time.monotonic() < deadline:
        while (size := _whole(buffer)) is not None:
            message, buffer = buffer[:size], buffer[size:]
            body = message[size - _length(message) :]
            if message[0] & 15 == 1 and (answer := json.loads(body)).get("id") == identity:
                link.left = kept + buffer
                return dict(answer)
            kept += message
        buffer += link.receive()
    raise NoConnection(f"{method}: no answer")


def _length(frame_bytes: bytes) -> int:
    size = frame_bytes[1] & 127
    return size if size < 126 else int.from_bytes(frame_bytes[2 : 4 if size == 126 else 10])


def _whole(data: bytes) -> int | None:
    """Size of the frame at the beginning, None while it is not whole."""
    if len(data) < 2:
        return None
    head = {126: 4, 127: 10}.get(data[1] & 127, 2)
    if len(data) < head:
        return None
    size = head + _length(data)
    return size if len(data) >= size else None
