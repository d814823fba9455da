"""The futures venue's journal: `length u32, crc32 u32, payload` after a magic line; group commit; torn tail cut off.

A payload is `F` and a fact or `S` and a whole state. When the file has grown past `rotate`, the next group commit
writes a new file that begins with the state and takes the old one's place, so what is read at a start is bounded.
`append` only buffers; `after_commit` calls once everything appended before it is on disk. One writer: the file is
locked. Spot's journal has fixed binary records of its own (`segments`), which these facts are not.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

MAGIC = b"QBTC-FUTURES-1\n"
FACT, STATE = b"F", b"S"
ROTATE = 16 << 20
_HEAD = struct.Struct("<II")
MAX_RECORD = 1 << 30


class FuturesJournalError(RuntimeError):
    """The journal cannot be used; the message says why and what to do."""


def framed(payload: bytes) -> bytes:
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(end offset, payload) of every whole record. Stops at a torn tail; raises on damage before it."""
    position = len(MAGIC)
    while position + _HEAD.size <= len(data):
        payload = _record(data, position)
        if payload is None:
            if _intact_after(data, position):
                text = f"futures record at byte {position} is damaged and records follow it; restore a backup"
                raise FuturesJournalError(text)
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
    """Whether the damaged record is followed by a good one: then it is damage, not a torn write."""
    length, _ = _HEAD.unpack_from(data, position)
    return 0 < length <= MAX_RECORD and _record(data, position + _HEAD.size + length) is not None


class FuturesJournal:
    """One open journal. Create with `open_journal`; `dump` gives the whole state when the file is to be replaced."""

    def __init__(self, path: Path, descriptor: int, size: int, rotate: int = ROTATE) -> None:
        self._path = path
        self._fd = descriptor
        self._buffer: list[bytes] = []
        self._done: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._failure: BaseException | None = None
        self._rotate = rotate
        self.dump: Callable[[], bytes] | None = None
        self.size = size
        self.commits = 0

    def append(self, fact: bytes) -> None:
        self._buffer.append(framed(FACT + fact))
        self._wake.set()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` once everything appended so far is on disk, in the order of these requests."""
        if self._failure is not None:
            raise FuturesJournalError(f"the futures journal failed: {self._failure}")
        if not self._buffer and not self._done and not self._wake.is_set():
            call()
            return
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
            await self._flush()

    async def _flush(self) -> None:
        chunk, done = b"".join(self._buffer), self._done
        self._buffer, self._done = [], []
        state = self.dump() if self.dump is not None and self.size > self._rotate else None
        try:
            if state is not None:
                await asyncio.to_thread(self._replace, state)
            elif chunk:
                await asyncio.to_thread(self._write, chunk)
        except OSError as error:
            self._failure = error
            raise FuturesJournalError(f"cannot write the futures journal: {error}") from error
        if not self._buffer and not self._done:
            self._wake.clear()
        for call in done:
            call()

    def _write(self, chunk: bytes) -> None:
        _all(self._fd, chunk)
        os.fdatasync(self._fd)
        self.size += len(chunk)
        self.commits += 1

    def _replace(self, state: bytes) -> None:
        """The state holds everything appended until now, what was not written too."""
        beside = self._path.with_suffix(".new")
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        body = MAGIC + framed(STATE + state)
        _all(descriptor, body)
        os.fsync(descriptor)
        beside.replace(self._path)
        _sync_folder(self._path.parent)
        os.close(self._fd)
        self._fd, self.size = descriptor, len(body)
        self._rotate = max(self._rotate, 4 * len(body))
        self.commits += 1

    def close(self) -> None:
        """Write what is left and release the file."""
        if self._fd >= 0:
            if self._buffer and self._failure is None:
                self._write(b"".join(self._buffer))
                self._buffer = []
            os.close(self._fd)
            self._fd = -1


def _all(descriptor: int, body: bytes) -> None:
    view = memoryview(body)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_journal(path: Path, rotate: int = ROTATE) -> tuple[FuturesJournal, list[bytes]]:
    """Open or create, lock, read all records, cut a torn tail. Raises FuturesJournalError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return _recover(descriptor, path, rotate)
    except BaseException:
        os.close(descriptor)
        raise


def _recover(descriptor: int, path: Path, rotate: int) -> tuple[FuturesJournal, list[bytes]]:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        text = f"{path} is in use by another venue; stop it or choose another QBTC_HOME"
        raise FuturesJournalError(text) from None
    data = path.read_bytes()
    if len(data) < len(MAGIC) and MAGIC.startswith(data):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, MAGIC)
        os.fsync(descriptor)
        _sync_folder(path.parent)
        return FuturesJournal(path, descriptor, len(MAGIC), rotate), []
    if not data.startswith(MAGIC):
        raise FuturesJournalError(f"{path} is not a futures journal; move it away")
    found = list(records(data))
    end = found[-1][0] if found else len(MAGIC)
    if end < len(data):
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)
    return FuturesJournal(path, descriptor, end, rotate), [payload for _, payload in found]
