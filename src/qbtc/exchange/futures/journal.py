"""The futures venue's journal: segments `futures-N.log` of checked records, and checkpoints beside them.

A file is a magic line and records `length u32, crc32 u32, payload`; a payload is `G` and an array of facts, `S` and a
whole state, or (of an earlier version) `F` and one fact. A group is one record, on disk before an answer: whatever was
appended without giving way, a step of the venue, is there whole or not at all. A full segment is closed, the next one begun, and the state as it was
then goes into a checkpoint beside the running venue: what is read at a start is bounded. `append` only buffers;
`after_commit` calls once everything appended before it is on disk. Reading is `recovery`'s. Spot's journal has fixed
binary records of its own (`segments`), which these facts are not.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from ...kit.logs import get_logger
from ..journal_folder import FUTURES, sync_folder

log = get_logger(__name__)
MAGIC = b"QBTC-FUTURES-1\n"
FACT, GROUP, STATE = b"F", b"G", b"S"
ROTATE = 16 << 20
"""Bytes after which a segment is closed, or the state's size if that is more: a start reads about two seconds of both."""
HEAD = struct.Struct("<II")


class FuturesJournalError(RuntimeError):
    """The journal cannot be used; the message says why and what to do."""


def framed(payload: bytes) -> bytes:
    return HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def grouped(facts: Iterable[bytes]) -> bytes:
    """The record of a group of facts."""
    return framed(GROUP + b"[" + b",".join(facts) + b"]")


def create(folder: Path, segment: int) -> int:
    """A new segment on disk; returns its descriptor."""
    path = FUTURES.segment_path(folder, segment)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    write_all(descriptor, MAGIC)
    os.fsync(descriptor)
    sync_folder(folder)
    return descriptor


def lock(folder: Path) -> int:
    """The descriptor that holds the lock. Raises FuturesJournalError if another venue has it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "futures.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        text = f"the futures journal in {folder} is in use by another venue; stop it or choose another QBTC_HOME"
        raise FuturesJournalError(text) from None
    return descriptor


class FuturesJournal:
    """The open end of the journal. Without `dump`, which gives the whole state, no segment is ever closed."""

    def __init__(self, folder: Path, segment: int, *, lock_descriptor: int, rotate: int = ROTATE) -> None:
        self.folder, self.segment = folder, segment
        path = FUTURES.segment_path(folder, segment)
        self._fd = os.open(path, os.O_RDWR | os.O_APPEND) if path.exists() else create(folder, segment)
        self.size = os.fstat(self._fd).st_size
        self._lock = lock_descriptor
        self._rotate = rotate
        self._buffer: list[bytes] = []
        self._done: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._failure: BaseException | None = None
        self._writing: asyncio.Future[None] | None = None
        self._checkpoint: asyncio.Future[None] | None = None
        self.dump: Callable[[], bytes] | None = None
        self.commits = 0

    def append(self, fact: bytes) -> None:
        self._buffer.append(fact)
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
        chunk, done = grouped(self._buffer) if self._buffer else b"", self._done
        self._buffer, self._done = [], []
        state = self._full_state()
        try:
            # Whoever is cancelled while it waits must not take the write with it.
            self._writing = asyncio.ensure_future(asyncio.to_thread(self._group, chunk, full=state is not None))
            await asyncio.shield(self._writing)
        except OSError as error:
            self._failure = error
            raise FuturesJournalError(f"cannot write the futures journal: {error}") from error
        if not self._buffer and not self._done:
            self._wake.clear()
        for call in done:
            call()
        if state is not None:
            self._checkpoint = asyncio.ensure_future(self._save(self.segment - 1, state))

    def _full_state(self) -> bytes | None:
        """The state with everything that was appended until now, if the segment ends here."""
        busy = self._checkpoint is not None and not self._checkpoint.done()
        if self.dump is None or busy or self.size <= self._rotate:
            return None
        state = self.dump()
        self._rotate = max(self._rotate, len(state))
        return state

    def _group(self, chunk: bytes, *, full: bool) -> None:
        if chunk:
            self._write(chunk)
        if full:
            self._next_segment()

    def _write(self, chunk: bytes) -> None:
        write_all(self._fd, chunk)
        os.fdatasync(self._fd)
        self.size += len(chunk)
        self.commits += 1

    def _next_segment(self) -> None:
        old = self._fd
        self._fd = create(self.folder, self.segment + 1)
        self.segment, self.size = self.segment + 1, len(MAGIC)
        os.close(old)

    async def _save(self, segment: int, state: bytes) -> None:
        """Beside the running venue. If it fails the segments stay, and so does everything that was accepted."""
        try:
            await asyncio.to_thread(save, self.folder, segment, state)
        except OSError as error:
            log.error("no futures checkpoint could be made; the journal stays whole", error=str(error))

    async def written(self) -> None:
        """Wait for a write that is under way, before `close`."""
        waiting = [task for task in (self._writing, self._checkpoint) if task is not None]
        await asyncio.gather(*waiting, return_exceptions=True)

    def close(self) -> None:
        """Write what is left and release the files."""
        if self._fd >= 0:
            if self._buffer and self._failure is None:
                self._write(grouped(self._buffer))
                self._buffer = []
            os.close(self._fd)
            os.close(self._lock)
            self._fd = -1


def save(folder: Path, segment: int, state: bytes) -> Path:
    """A checkpoint that covers all segments up to this one. Raises OSError."""
    return FUTURES.write_checkpoint(folder, segment, [MAGIC, framed(STATE + state)])


def write_all(descriptor: int, body: bytes) -> None:
    view = memoryview(body)
    while view:
        view = view[os.write(descriptor, view) :]
