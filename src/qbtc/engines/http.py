"""A GET over loopback in a few lines: the supervisor only asks "are you ready?", and must stay small."""

from __future__ import annotations

import asyncio

MAX_BODY = 256 * 1024


async def get(port: int, path: str, *, seconds: float = 2.0) -> tuple[int, bytes]:
    """(status, body); status 0 when nobody answers in time."""
    try:
        return await asyncio.wait_for(_get(port, path), seconds)
    except (OSError, TimeoutError, ValueError):
        return 0, b""


async def _get(port: int, path: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.read(MAX_BODY)
        return int(head.split(b" ", 2)[1]), body
    except asyncio.IncompleteReadError:
        return 0, b""
    finally:
        writer.close()
