"""The venue's journal on disk: segments `journal-N.log` that only grow, written in groups, each on disk before an answer.

Records are encoded into `out` by `books_calls.step`; everything encoded since the last write becomes one frame. One
writer: the folder is locked. A full segment is closed and handed to `on_closed`. Not here: reading (`recovery`).
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .journal_folder import SPOT, sync_folder
from .journal_format import HEADER, MAX_FRAME, WIDEST, Words, header, seal
from .sockets import Session

ROTATE = 64 << 20
"""Bytes after which a segment is closed."""
BUFFER = 1 << 16
STEP = 4 * (WIDEST + 1)
"""Words of `out` that are free before every step: an order and what follows from it at once."""


class JournalError(RuntimeError):
    """The journal cannot be used; the message says why and what to do."""


class DamagedCheckpoint(JournalError):
    """A checkpoint that does not hold what was written; an older one, or the journal itself, is used instead."""


def segment_path(folder: Path, segment: int) -> Path:
    return SPOT.segment_path(folder, segment)


def lock(folder: Path) -> int:
    """The descriptor that holds the folder's lock. Raises JournalError if another venue has it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise JournalError(f"{folder} is in use by another venue; stop it or choose another QBTC_HOME") from None
    return descriptor


def create(folder: Path, segment: int, first: int) -> int:
    """A new segment with its header on disk; returns its descriptor."""
    path = segment_path(folder, segment)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    os.write(descriptor, header(segment, first))
    os.fsync(descriptor)
    sync_folder(folder)
    return descriptor


class Answers:
    """Frames for one connection."""

    __slots__ = ("connection", "frames")

    def __init__(self, connection: Session, frames: list[bytes]) -> None:
        self.connection, self.frames = connection, frames

    def __call__(self) -> None:
        if len(self.frames) == 1:
            self.connection.send(self.frames[0])
        else:
            self.connection.send_all(self.frames)


class Journal:
    """The open end of the journal: `segment` is being written, `number` is the next frame's."""

    def __init__(self, folder: Path, segment: int, number: int, *, lock_descriptor: int, rotate: int = ROTATE) -> None:
        self.folder, self.segment, self.number = folder, segment, number
        path = segment_path(folder, segment)
        exists = path.exists()
        self._fd = os.open(path, os.O_RDWR | os.O_APPEND) if exists else create(folder, segment, number)
        self.size = os.fstat(self._fd).st_size
        self._lock = lock_descriptor
        self._rotate = rotate
        self.out: Words = np.zeros(BUFFER, np.int64)
        self.at = 0
        """How far `out` is filled."""
        self._waiting: list[Words] = []
        self._groups: list[list[Words]] = []
        """Chunks before those in `_waiting`, a frame each: whole steps."""
        self._done: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._failure: BaseException | None = None
        self._writing: asyncio.Future[None] | None = None
        self.commits = 0
        self.on_closed: Callable[[int], None] = lambda segment: None
        self.check: Callable[[], None] = lambda: None
        """Raises if what was encoded must not be written."""

    def appended(self, at: int) -> None:
        """`out` is filled up to `at` now."""
        self.at = at
        if at > BUFFER - STEP:
            self._cut()
        self._wake.set()

    def _cut(self) -> None:
        self._waiting.append(self.out[: self.at].copy())
        self.at = 0

    def stepped(self) -> None:
        """Everything appended so far is whole steps: if it is much, its frame ends here, and no crash halves a step."""
        if len(self._waiting) >= MAX_FRAME // BUFFER // 2:
            self._cut()
            self._groups.append(self._waiting)
            self._waiting = []

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` once everything appended so far is on disk, in the order of these requests."""
        if self._failure is not None:
            raise JournalError(f"the journal failed: {self._failure}")
        self._done.append(call)
        self._wake.set()

    def send(self, connection: Session, frame: bytes) -> None:
        """Send a frame then; what goes to one connection in a row goes in one write."""
        last = self._done[-1] if self._done else None
        if type(last) is Answers and last.connection is connection:
            last.frames.append(frame)
        else:
            self.after_commit(Answers(connection, [frame]))

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
        groups, done = self._take(), self._done
        self._done = []
        segment = self.segment
        try:
            if groups:
                # Whoever is cancelled while it waits must not take the write with it.
                self._writing = asyncio.ensure_future(asyncio.to_thread(self._write, groups))
                await asyncio.shield(self._writing)
        except OSError as error:
            self._failure = error
            raise JournalError(f"cannot write the journal: {error}") from error
        for call in done:
            call()
        if self.segment != segment:
            self.on_closed(segment)

    def _take(self) -> list[list[Words]]:
        """Everything encoded and not yet written, a frame each (but a step of more than one). Raises what `check` raises."""
        self.check()
        if self.at:
            self._cut()
        groups = [*self._groups, self._waiting] if self._waiting else self._groups
        self._groups, self._waiting = [], []
        return groups

    def _write(self, groups: list[list[Words]]) -> None:
        limit = MAX_FRAME // BUFFER
        frames = [group[first : first + limit] for group in groups for first in range(0, len(group), limit)]
        for chunks in frames:
            view = memoryview(seal(np.concatenate(chunks), self.number))
            self.number += 1
            self.size += len(view)
            while view:
                view = view[os.write(self._fd, view) :]
        os.fdatasync(self._fd)
        self.commits += 1
        if self.size > self._rotate:
            self._next_segment()

    def _next_segment(self) -> None:
        old = self._fd
        self._fd = create(self.folder, self.segment + 1, self.number)
        self.segment, self.size = self.segment + 1, HEADER * 8
        os.close(old)

    async def written(self) -> None:
        """Wait for a write that is under way, before `close`. Nothing may follow one that failed half way."""
        if self._writing is None:
            return
        (ended,) = await asyncio.gather(self._writing, return_exceptions=True)
        if ended is not None:
            self._failure = ended

    def close(self) -> None:
        """Write what is left and release the files."""
        if self._fd >= 0:
            groups = self._take()
            if groups and self._failure is None:
                self._write(groups)
            os.close(self._fd)
            os.close(self._lock)
            self._fd = -1


class Unwritten:
    """A journal that keeps nothing, for books in memory: tests, and warming up."""

    def __init__(self) -> None:
        self.out: Words = np.zeros(STEP, np.int64)
        self.at = 0
        self.check: Callable[[], None] = lambda: None

    def appended(self, at: int) -> None:
        """Forget it."""

    def stepped(self) -> None:
        """Nothing to write."""

    async def commit(self) -> None:
        """At once."""

    def after_commit(self, call: Callable[[], None]) -> None:
        call()

    def send(self, connection: Session, frame: bytes) -> None:
        connection.send(frame)
