"""Append-only journal: `length u32, crc32 u32, payload` records after a magic line; group commit; torn tail cut off.

`append` only buffers; `commit` resolves after an fsync that covers everything appended before it. One writer: the
file is locked. Not here: what the payloads mean (facts, ledger).
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

MAGIC = b"QBTC-JOURNAL-1\n"
_HEAD = struct.Struct("<II")
MAX_RECORD = 1 << 20


class JournalError(RuntimeError):
    """The journal cannot be used; the message says why and what to do."""


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(end offset, payload) of every whole record. Stops at a torn tail; raises JournalError on damage before it."""
    position = len(MAGIC)
    while position + _HEAD.size <= len(data):
        payload = _record(data, position)
        if payload is None:
            if _intact_after(data, position):
                raise JournalError(f"record at byte {position} is damaged and records follow it; restore a backup")
            return
        position += _HEAD.size + len(payload)
        yield position, payload


def _record(data: bytes, position: int) -> bytes | None:
    if position + _HEAD.size > len(data):
        return None
    length, crc = _HEAD.unpack_from(data, position)
    body = data[position + _HEAD.size : position + _HEAD.size + length]
    return body if 0 < length <= MAX_RECORD and len(body) == length and zlib.crc32(body) == crc else None


def _intact_after(data: bytes, position: int) -> bool:
    """Whether the damaged record at `position` is followed by a good one: then it is damage, not a torn write."""
    length, _ = _HEAD.unpack_from(data, position)
    return 0 < length <= MAX_RECORD and _record(data, position + _HEAD.size + length) is not None


class Journal:
    """One open journal. Create with `open_journal`."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._fd = descriptor
        self._buffer: list[bytes] = []
        self._done: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._failure: BaseException | None = None
        self.size = size
        self.commits = 0

    def append(self, payload: bytes) -> None:
        self._buffer.append(_HEAD.pack(len(payload), zlib.crc32(payload)) + payload)
        self._wake.set()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` once everything appended so far is on disk, in the order of these requests."""
        if self._failure is not None:
            raise JournalError(f"the journal failed: {self._failure}")
        self._done.append(call)
        self._wake.set()

    async def commit(self) -> None:
        """Wait until everything appended so far is on disk."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.after_commit(lambda: None if future.done() else future.set_result(None))
        await future

    async def run(self) -> None:
        """Write groups until cancelled. A write error ends the venue: it must not acknowledge what it cannot keep."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._flush()

    async def _flush(self) -> None:
        chunk, done = b"".join(self._buffer), self._done
        self._buffer, self._done = [], []
        try:
            if chunk:
                await asyncio.to_thread(self._write, chunk)
        except OSError as error:
            self._failure = error
            raise JournalError(f"cannot write the journal: {error}") from error
        for call in done:
            call()

    def _write(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:
            view = view[os.write(self._fd, view) :]
        os.fdatasync(self._fd)
        self.size += len(chunk)
        self.commits += 1

    def close(self) -> None:
        """Write what is left and release the file."""
        if self._fd >= 0:
            if self._buffer and self._failure is None:
                self._write(b"".join(self._buffer))
            os.close(self._fd)
            self._fd = -1


def open_journal(path: Path) -> tuple[Journal, list[bytes]]:
    """Open or create, lock, read all records, cut a torn tail. Raises JournalError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return _recover(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise


def _recover(descriptor: int, path: Path) -> tuple[Journal, list[bytes]]:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise JournalError(f"{path} is in use by another venue; stop it or choose another QBTC_HOME") from None
    data = path.read_bytes()
    if len(data) < len(MAGIC) and MAGIC.startswith(data):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, MAGIC)
        os.fsync(descriptor)
        return Journal(descriptor, len(MAGIC)), []
    if not data.startswith(MAGIC):
        raise JournalError(f"{path} is not a venue journal; move it away")
    found = list(records(data))
    end, payloads = (found[-1][0] if found else len(MAGIC)), [payload for _, payload in found]
    if end < len(data):
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)
    return Journal(descriptor, end), payloads
