"""Session recordings on disk: written by a thread of its own, read whole.

What is put is in the file at most `FLUSH_SECONDS` later; a process that is killed loses that much. A disk that is full
or too slow ends a recording and nothing else.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qbtc.kit.logs import get_logger

from ..domain.session.blocks import HEAD_SIZE, MAGIC, Damaged, Part, Reader, block, block_size, record
from ..errors import BrokenSession, NoSession

log = get_logger(__name__)

SUFFIX = ".session"
FLUSH_SECONDS = 0.05
BLOCK = 1 << 20
MOST_WAITING = 64 << 20
"""Bytes that wait for the disk before a recording is given up."""


class SessionWriter:
    """`size` is what is on disk, `failed` why nothing more is written. Never raises but in `__init__`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path, self.size, self.failed = path, 0, ""
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._waiting: deque[bytes] = deque()
        self._put = self._taken = 0  # bytes; each has one writer
        self._stop = threading.Event()
        self._write(MAGIC)
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
        while not self._stop.wait(FLUSH_SECONDS):
            self._flush()
        self._flush()
        os.close(self._fd)

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
            self.failed = str(error.strerror)
            log.error("a session recording ends: the disk takes no more", path=str(self.path), error=self.failed)

    def finish(self) -> None:
        """No more is put; what waits is written, without waiting for it."""
        self._stop.set()

    def close(self) -> None:
        self.finish()
        self._thread.join()


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A recording that was read. `lost`: bytes of an unfinished block at its end."""

    path: Path
    parts: tuple[Part, ...]
    size: int
    lost: int


def read_session(path: Path) -> SessionFile:
    """Raises NoSession, BrokenSession."""
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise NoSession(f"{path}: there is no session recording", allowed=f"a file *{SUFFIX}") from None
    except OSError as error:
        raise NoSession(f"{path}: {error.strerror}") from None
    reader = Reader(raw)
    parts: list[Part] = []
    try:
        parts.extend(reader)
    except Damaged as error:
        raise BrokenSession(
            f"{path}: damaged at byte {error.at} of {len(raw)}: {error.why}; {len(parts)} records before it are whole",
            allowed="a recording as it was written",
        ) from None
    return SessionFile(path, tuple(parts), len(raw), reader.lost)


def outline(path: Path) -> SessionFile:
    """As `read_session`, but only the first and the last block, so that a long list of recordings is quick. Raises
    NoSession, BrokenSession."""
    try:
        with path.open("rb") as file:
            return _outline(path, file)
    except OSError as error:
        raise NoSession(f"{path}: {error.strerror}") from None
    except Damaged as error:
        raise BrokenSession(f"{path}: damaged: {error.why}", allowed="a recording as it was written") from None


def _outline(path: Path, file: BinaryIO) -> SessionFile:
    size, at, blocks = os.fstat(file.fileno()).st_size, len(MAGIC), list[tuple[int, int]]()
    begin = file.read(len(MAGIC))
    while True:
        file.seek(at)
        length = block_size(file.read(HEAD_SIZE))
        if length is None or at + length > size:
            break
        blocks.append((at, length))
        at += length
    parts: list[Part] = []
    for where, length in dict.fromkeys([*blocks[:1], *blocks[-1:]]):
        file.seek(where)
        parts.extend(Reader(begin + file.read(length)))
    if not blocks:
        parts.extend(Reader(begin))
    return SessionFile(path, tuple(parts), size, size - at)


def sessions(folder: Path) -> Iterator[Path]:
    """Recordings, oldest first."""
    return iter(sorted(folder.glob(f"*{SUFFIX}"))) if folder.is_dir() else iter(())


def prune(folder: Path, *, keep_bytes: int, busy: Path | None = None) -> list[Path]:
    """Delete the oldest recordings until all together are no larger than that; not the one that is being written."""
    found = [(path, path.stat().st_size) for path in sessions(folder)]
    total, gone = sum(size for _, size in found), list[Path]()
    for path, size in found:
        if total <= keep_bytes:
            break
        if path != busy:
            path.unlink(missing_ok=True)
            gone.append(path)
            total -= size
    return gone
