"""The intent journal on disk: the tape, copied and flushed by a thread of its own at most 50 ms behind.

What the loop wrote is safe from a killed process at once (the tape is a mapped file) and from a power loss after the
next flush. A dead engine's tape is carried over by `carry_over` before a new panel takes its place. Records are NOTE
rows, in order; a torn last one is cut off when the file is opened. Retention: a file that has reached `max_bytes` becomes
`<name>.1`, and the one before it goes.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .layout import NOTE
from .panel import NoPanel, Panel

FLUSH_SECONDS = 0.05
MAX_BYTES = 64 << 20


def read_intents(path: Path) -> NDArray[np.void]:
    """All whole records of a journal."""
    raw = path.read_bytes() if path.exists() else b""
    return np.frombuffer(raw[: len(raw) // NOTE.itemsize * NOTE.itemsize], NOTE)


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    size = os.fstat(descriptor).st_size
    os.ftruncate(descriptor, size // NOTE.itemsize * NOTE.itemsize)
    return descriptor


def copy(panel: Panel, descriptor: int) -> int:
    """Append what is on the tape and not yet on disk, flush it, then free its room. Returns how many records."""
    cursors = panel.record["tape_cursors"]
    tail, head = int(cursors["tail"]), panel.written
    if head == tail:
        return 0
    for piece in panel.pieces(tail, head):
        left = piece.data
        while left:
            left = left[os.write(descriptor, left) :]
    os.fdatasync(descriptor)
    cursors["tail"] = head
    return head - tail


def carry_over(panel_path: Path, journal: Path) -> int:
    """Take a dead engine's last records to disk; 0 if there are none. Never while that engine runs."""
    try:
        panel = Panel.attach(panel_path)
    except NoPanel:
        return 0
    descriptor = _open(journal)
    try:
        return copy(panel, descriptor)
    finally:
        os.close(descriptor)


class Flusher:
    """The thread. `failed` is set when the disk refuses: the tape then fills up and the loop halts with JOURNAL_FULL."""

    def __init__(self, panel: Panel, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._panel, self._path, self._max_bytes = panel, path, max_bytes
        self._descriptor = _open(path)
        self._stop = threading.Event()
        self.failed: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="intents", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            self._copy()

    def _copy(self) -> None:
        try:
            copy(self._panel, self._descriptor)
            self._turn_over()
        except OSError as error:
            self.failed = error

    def _turn_over(self) -> None:
        if os.fstat(self._descriptor).st_size < self._max_bytes:
            return
        self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        old, self._descriptor = self._descriptor, _open(self._path)
        os.close(old)

    def close(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self._copy()
        os.close(self._descriptor)
