"""The supervisor's own socket: `run/supervisor.sock` (0600), one JSON object a line each way.

    {"op": "status"}  {"op": "stop"}  {"op": "kill", "name": "hft"}  {"op": "restart", "name": "postgres"}

Answers are {"ok": true, …} or {"ok": false, "error": …}. `stop` answers at once; the end of the connection is the end of
the supervisor. Who may open the socket may do everything here: the file's mode is the lock.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Message = dict[str, Any]
Handle = Callable[[Message], Awaitable[Message]]
OPERATIONS = ("status", "stop", "kill", "restart")
LIMIT = 1024 * 1024


async def serve(path: Path, handle: Handle) -> asyncio.Server:
    """Listen on `path`. The caller closes the server and removes the file."""
    path.unlink(missing_ok=True)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                answer = await _answer(line, handle)
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            return  # the other side left, or sent a line beyond the limit
        finally:
            writer.close()

    before = os.umask(0o177)
    try:
        return await asyncio.start_unix_server(talk, str(path), limit=LIMIT)
    finally:
        os.umask(before)


async def _answer(line: bytes, handle: Handle) -> Message:
    try:
        message = json.loads(line)
    except ValueError:
        return {"ok": False, "error": "not a JSON object"}
    if not isinstance(message, dict) or message.get("op") not in OPERATIONS:
        return {"ok": False, "error": "unknown op", "allowed": list(OPERATIONS)}
    return await handle(message)


def ask(path: Path, message: Message, *, seconds: float = 10.0) -> Message:
    """Send one message and return the answer. Raises OSError when no supervisor listens there."""
    with connect(path, seconds) as connection:
        return exchange(connection, message)


def connect(path: Path, seconds: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def exchange(connection: socket.socket, message: Message) -> Message:
    connection.sendall(json.dumps(message).encode() + b"\n")
    with connection.makefile("rb") as lines:
        line = lines.readline()
    if not line:
        raise ConnectionResetError("the supervisor ended before it answered")
    found = json.loads(line)
    return found if isinstance(found, dict) else {"ok": False, "error": "not an object"}
