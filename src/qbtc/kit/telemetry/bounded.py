"""A JSON-lines file that cannot grow beyond its bound, and the newest-first reader of such files.

The current file is `path`; when it passes `max_bytes` or its first line is older than `max_age`, it becomes
`path.1`, `path.1` becomes `path.2`, and so on; at most `keep` old ones stay. One process writes a file (any of its
threads may); any process reads it at any time.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

DAY_SECONDS = 86_400
_BLOCK = 64 * 1024
_encode = msgspec.json.Encoder().encode


class BoundedLog:
    """Appends rows as JSON lines; total size on disk stays below `max_bytes * (keep + 1)` plus one batch.

    Raises `OSError` when the disk refuses: the caller decides whether telemetry may be lost.
    """

    def __init__(self, path: Path, max_bytes: int = 8 << 20, keep: int = 3, *, max_age: float = DAY_SECONDS) -> None:
        if max_bytes < 1 or keep < 0:
            raise ValueError(f"max_bytes must be at least 1 and keep at least 0, not {max_bytes} and {keep}")
        self.path, self.max_bytes, self.keep, self.max_age = Path(path), max_bytes, keep, max_age
        self._lock = threading.Lock()
        self._fd = -1
        self._size = 0

    def append(self, *rows: Mapping[str, object]) -> None:
        """Write all rows with one system call, so that a reader never sees half a batch torn apart by another one."""
        if not rows:
            return
        data = b"".join(_encode(row) + b"\n" for row in rows)
        with self._lock:
            if self._fd < 0:
                self._open()
            if self._size and self._size + len(data) > self.max_bytes:
                self._rotate()
            _write_all(self._fd, data)
            self._size += len(data)

    def close(self) -> None:
        with self._lock:
            self._shut()

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._size = os.fstat(self._fd).st_size
        self._forget_old()

    def _shut(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _rotate(self) -> None:
        self._shut()
        segment(self.path, self.keep).unlink(missing_ok=True)
        for number in range(self.keep - 1, -1, -1):
            source = segment(self.path, number)
            if source.exists():
                source.rename(segment(self.path, number + 1))
        if self.keep == 0:
            self.path.unlink(missing_ok=True)
        self._open()

    def _forget_old(self) -> None:
        limit = time.time() - self.max_age
        for number in range(1, self.keep + 1):
            old = segment(self.path, number)
            if old.exists() and old.stat().st_mtime < limit:
                old.unlink(missing_ok=True)


def segment(path: Path, number: int) -> Path:
    """Number 0 is the current file, 1 the one before it."""
    return path if number == 0 else path.with_name(f"{path.name}.{number}")


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]


def newest_lines(path: Path, *, max_bytes: int = 16 << 20) -> Iterator[bytes]:
    """Lines of a bounded file and its older segments, newest first, reading at most about `max_bytes` from the end.

    A last line without a newline is still being written and is skipped.
    """
    budget, number = max_bytes, 0
    while budget > 0:
        file = segment(path, number)
        if not file.exists():
            return
        size = file.stat().st_size
        yield from _reverse_lines(file, min(size, budget))
        budget -= size
        number += 1


def _reverse_lines(path: Path, limit: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        floor = max(0, end - limit)
        tail = b""
        first = True
        while end > floor:
            start = max(floor, end - _BLOCK)
            file.seek(start)
            lines = (file.read(end - start) + tail).split(b"\n")
            tail = lines[0]
            complete = lines[1:-1] if first else lines[1:]
            first = False
            yield from (line for line in reversed(complete) if line)
            end = start
        if floor == 0 and tail and not first:
            yield tail
