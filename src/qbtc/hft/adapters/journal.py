"""The order journal: JSON lines under QBTC_HOME/hft, one `write` a record, flushed to disk by another thread.

A record is in the kernel before `append` returns, so it survives `kill -9`; the flush (at most 50 ms later) is what a
power loss may take, and reconciliation with the venue repairs that. Retention: compacted to a checkpoint at every
start, when it grows past 64 MB, and when a flush failed: what the disk then holds is not known. A record that is not written whole is taken back at once, or at the next start if
the process ended in between; any other broken line stops the start.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from qbtc.kit.logs import get_logger

from ..domain.desk import Record
from ..errors import JournalBroken

log = get_logger(__name__)

FLUSH_SECONDS = 0.05
RETRY_SECONDS = 1.0
MAX_BYTES = 64_000_000


class FileJournal:
    """`epoch` names this journal; client order ids carry it, so a fresh journal never reuses an id."""

    def __init__(self, directory: Path, *, epoch: str) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = directory / "journal.jsonl"
        self._drop_torn_line()
        self.epoch = self._read_epoch(epoch)
        self._fd = self._open()
        self._good = os.fstat(self._fd).st_size
        self._torn = self._doubtful = False
        self._dirty = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._flush, name="journal-flush", daemon=True)
        self._thread.start()

    def _drop_torn_line(self) -> None:
        """A crash in mid-write leaves half a line, a power loss an empty one; the next record must not be joined to it."""
        raw = self._path.read_bytes() if self._path.exists() else b""
        end = raw.rfind(b"\n") + 1
        start = raw.rfind(b"\n", 0, max(end - 1, 0)) + 1
        keep = start if end and not _readable(raw[start:end]) else end
        if keep < len(raw):
            log.warning("the journal's last record was torn and is dropped", bytes=len(raw) - keep)
            os.truncate(self._path, keep)

    def _read_epoch(self, fresh: str) -> str:
        for record in self._lines():
            if record.get("k") == "epoch":
                return str(record["epoch"])
        self._path.write_text(json.dumps({"k": "epoch", "epoch": fresh}) + "\n")
        return fresh

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def append(self, record: Record) -> None:
        raw = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        try:
            self._take_back()
            self._torn = True
            if os.write(self._fd, raw) != len(raw):
                raise OSError(errno.ENOSPC, "a record could not be written whole")
            self._good, self._torn = self._good + len(raw), False
        except OSError as error:
            with contextlib.suppress(OSError):  # then the next append, or the next start, takes it back
                self._take_back()
            raise JournalBroken(f"{self._path}: {error.strerror}") from error
        self._dirty.set()

    def _take_back(self) -> None:
        """Half a record must not stay in front of the next one."""
        if self._torn:
            os.ftruncate(self._fd, self._good)
            self._torn = False

    def records(self) -> Iterator[Record]:
        return (r for r in self._lines() if r.get("k") != "epoch")

    def _lines(self) -> Iterator[Record]:
        if not self._path.exists():
            return
        for number, line in enumerate(self._path.read_bytes().splitlines(), 1):
            try:
                yield json.loads(line)
            except ValueError:
                raise JournalBroken(f"{self._path}, line {number}: not a JSON record") from None

    @property
    def outworn(self) -> bool:
        """True when it should be compacted: it is large, or the disk may not hold what was written."""
        return self._doubtful or os.fstat(self._fd).st_size > MAX_BYTES

    def compact(self, records: Iterable[Record]) -> None:
        """Replace the journal by a checkpoint, atomically. Raises JournalBroken and leaves the old one as it is."""
        try:
            self._replace(records)
        except OSError as error:
            raise JournalBroken(f"{self._path}: not compacted: {error.strerror}") from error

    def _replace(self, records: Iterable[Record]) -> None:
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.writelines(
                json.dumps(record, separators=(",", ":")).encode() + b"\n"
                for record in ({"k": "epoch", "epoch": self.epoch}, *records)
            )
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o600)
        fresh.replace(self._path)
        old, self._fd = self._fd, self._open()
        self._good, self._torn, self._doubtful = os.fstat(self._fd).st_size, False, False
        os.close(old)

    def _flush(self) -> None:
        while not self._stopped.is_set():
            self._dirty.wait()
            self._stopped.wait(FLUSH_SECONDS)
            self._dirty.clear()
            if not self._sync():
                self._dirty.set()
                self._stopped.wait(RETRY_SECONDS)

    def _sync(self) -> bool:
        fd = self._fd
        try:
            os.fdatasync(fd)
        except OSError as error:
            if fd != self._fd:  # a checkpoint has taken its place
                return True
            if not self._doubtful:
                log.error("the journal was not flushed to the disk", path=str(self._path), error=error.strerror)
            self._doubtful = True
            return False
        return True

    def close(self) -> None:
        self._stopped.set()
        self._dirty.set()
        self._thread.join(timeout=2)
        self._sync()
        os.close(self._fd)


def _readable(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
