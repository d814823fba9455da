"""Texts of WebSocket frames as a server sends them (RFC 6455, section 5.2): unmasked, perhaps in parts. Pure, no handshake."""

from __future__ import annotations

from collections.abc import Iterator

TEXT, CONTROL = 1, 8
"""Opcodes: a text; from here on close, ping and pong, which may come between the parts of one."""
FINAL = 0x80


class Texts:
    """Of one connection: bytes in, whole texts out. What is still in parts waits."""

    def __init__(self) -> None:
        self._raw, self._parts = b"", b""

    def feed(self, raw: bytes) -> Iterator[bytes]:
        """Raises ValueError for a masked frame, which no server sends."""
        self._raw += raw
        at = 0
        while (head := _head(self._raw, at)) is not None:
            begin, end = head
            if end > len(self._raw):
                break
            yield from self._frame(self._raw[at], self._raw[begin:end])
            at = end
        self._raw = self._raw[at:]

    def _frame(self, first: int, payload: bytes) -> Iterator[bytes]:
        if first & 0x0F >= CONTROL:
            return
        self._parts += payload
        if first & FINAL:
            whole, self._parts = self._parts, b""
            yield whole


def _head(raw: bytes, at: int) -> tuple[int, int] | None:
    """Where the payload of the frame at a place begins and ends; None while its head is not whole."""
    if len(raw) < at + 2:
        return None
    if raw[at + 1] & 0x80:
        raise ValueError("a frame is masked, which no server sends")
    size, more = raw[at + 1], {126: 2, 127: 8}.get(raw[at + 1], 0)
    begin = at + 2 + more
    if len(raw) < begin:
        return None
    size = int.from_bytes(raw[at + 2 : begin]) if more else size
    return begin, begin + size
