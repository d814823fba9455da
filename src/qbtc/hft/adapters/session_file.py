"""Session recordings on disk: written by a thread of its own, read whole.

What is put is in the file at most `FLUSH_SECONDS` later; a process that is killed loses that much. A disk that is full
or too slow ends a recording and nothing else.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qbtc.kit.logs import get_logger

from ..domain.session.blocks import HEAD_SIZE, MAGIC, Damaged, Head, Part, block, checked, head, record, records
from ..errors import BrokenSession, NoSession

log = get_logger(__name__)

SUFFIX = ".session"
FLUSH_SECONDS = 0.05
BLOCK = 1 << 20
BUSY_SECONDS = 60.0
"""A file that was written to so lately may be another process's, which is not done with it."""
MOST_WAITING = 64 << 20
"""Bytes that wait for the disk before a recording is given up."""


class SessionWriter:
    """`size` is what is on disk, `failed` why nothing more is written. Never raises, and waits for the disk in `close` only."""

    def __init__(self, path: Path, *, keep_bytes: int | None = None) -> None:
        """`keep_bytes`: older recordings beside it go until all together are no larger."""
        self.path, self.size, self.failed = path, 0, ""
        self._fd, self._keep = -1, keep_bytes
        self._waiting: deque[bytes] = deque()
        self._put = self._taken = 0  # bytes; each has one writer
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)
        self._thread.start()

    def put(self, kind: int, at: int, payload: bytes) -> None:
        self.put_raw(record(kind, at, payload))

    def put_raw(self, records: bytes) -> None:
        """Whole records, as their bytes."""
        if self.failed:
            return
        self._waiting.append(records)
        self._put += len(records)
        if self._put - self._taken > MOST_WAITING:
            self.failed = f"the disk is too slow: {self._put - self._taken} bytes wait"

    def _run(self) -> None:
        try:
            self._open()
        except OSError as error:
            self._fail(error)
        while not self._stop.wait(FLUSH_SECONDS):
            self._flush()
        self._flush()
        if self._fd >= 0:
            os.close(self._fd)

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._write(MAGIC)
        if self._keep is not None:
            with suppress(OSError):  # what cannot be deleted stays
                prune(self.path.parent, keep_bytes=self._keep, busy=self.path)

    def _fail(self, error: OSError) -> None:
        self.failed = str(error.strerror)
        log.error("a session recording ends: the disk takes no more", path=str(self.path), error=self.failed)

    def _flush(self) -> None:
        while self._waiting and not self.failed:
            taken, size = [], 0
            while self._waiting and size < BLOCK:
                taken.append(self._waiting.popleft())
                size += len(taken[-1])
            self._taken += size
            self._write(block(b"".join(taken)))

    def _write(self, raw: bytes) -> None:
        try:
            left = memoryview(raw)
            while left:
                left = left[os.write(self._fd, left) :]
            self.size += len(raw)
        except OSError as error:
            self._fail(error)

    def finish(self) -> None:
        """No more is put; what waits is written, without waiting for it."""
        self._stop.set()

    def close(self) -> None:
        self.finish()
        self._thread.join()


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A recording whose whole blocks were found. `lost`: bytes of an unfinished block at its end."""

    path: Path
    blocks: tuple[Head, ...]
    size: int
    lost: int

    def parts(self) -> Iterator[Part]:
        """All records, read block by block. Raises BrokenSession."""
        with self.path.open("rb") as file:
            for found in self.blocks:
                yield from self._parts(file, found)

    def last(self) -> Part | None:
        """Of the last whole block. Raises BrokenSession."""
        with self.path.open("rb") as file:
            return [None, *(part for found in self.blocks[-1:] for part in self._parts(file, found))][-1]

    def _parts(self, file: BinaryIO, found: Head) -> Iterator[Part]:
        file.seek(found.at + HEAD_SIZE)
        try:
            yield from records(found, file.read(found.stored))
        except Damaged as error:
            raise _broken(self.path, self.size, error) from None


def read_session(path: Path, *, check: bool = True) -> SessionFile:
    """Find the blocks, and `check` their checksums. Raises NoSession, BrokenSession."""
    try:
        with path.open("rb") as file:
            return _read(path, file, os.fstat(file.fileno()).st_size, check=check)
    except (FileNotFoundError, IsADirectoryError):
        raise NoSession(f"{path}: there is no session recording", allowed=f"a file *{SUFFIX}") from None
    except OSError as error:
        raise NoSession(f"{path}: {error.strerror}") from None


def _read(path: Path, file: BinaryIO, size: int, *, check: bool) -> SessionFile:
    blocks = list[Head]()
    try:
        if file.read(len(MAGIC)) != MAGIC:
            raise Damaged(0, "it does not begin like a session recording")
        at = len(MAGIC)
        while (found := head(file.read(HEAD_SIZE), at)) is not None and found.end <= size:
            if check:
                checked(found, file.read(found.stored))
            file.seek(found.end)
            blocks.append(found)
            at = found.end
    except Damaged as error:
        raise _broken(path, size, error) from None
    return SessionFile(path, tuple(blocks), size, size - at)


def _broken(path: Path, size: int, error: Damaged) -> BrokenSession:
    return BrokenSession(f"{path}: damaged at byte {error.at} of {size}: {error.why}", allowed="a recording as it was written")


def sessions(folder: Path) -> Iterator[Path]:
    """Recordings, oldest first."""
    return iter(sorted(folder.glob(f"*{SUFFIX}"))) if folder.is_dir() else iter(())


def _stat(path: Path) -> os.stat_result | None:
    """None once somebody else has deleted it."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def prune(folder: Path, *, keep_bytes: int, busy: Path | None = None) -> list[Path]:
    """Delete the oldest recordings until all together are no larger than that; not those that are being written, here or
    by another process."""
    found = [(path, stat) for path in sessions(folder) if (stat := _stat(path)) is not None]
    total, gone = sum(stat.st_size for _, stat in found), list[Path]()
    for path, stat in found:
        size = stat.st_size
        if total <= keep_bytes:
            break
        if path != busy and time.time() - stat.st_mtime > BUSY_SECONDS:
            path.unlink(missing_ok=True)
            gone.append(path)
            total -= size
    return gone
