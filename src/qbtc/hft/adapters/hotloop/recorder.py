"""Takes what the loop records from its ring to disk, on a thread of its own, at most `DRAIN_SECONDS` behind.

A recording begins with the engine, whose memory is empty then, and ends with it, or when its file has reached
`most_bytes`. Without a recorder the loop's code is the same and writes nothing.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from qbtc import __version__
from qbtc.hft.adapters.session_file import SUFFIX, SessionWriter
from qbtc.hft.domain.session.kinds import Kind
from qbtc.hft.sessions.vocabulary import WORDS
from qbtc.kit.logs import get_logger

from .layout import RECORDING, RING
from .world import Engine

log = get_logger(__name__)

DRAIN_SECONDS = 0.01


class HotRecorder:
    """Between `begin`, before the loop runs, and `close`, after it has ended."""

    def __init__(self, engine: Engine, folder: Path, *, most_bytes: int, keep_bytes: int) -> None:
        self._engine, self._folder, self._most, self._keep = engine, folder, most_bytes, keep_bytes
        self._memory = np.zeros(1, RECORDING)
        self._memory.view(np.uint8)[:] = 0  # every page is there before the loop starts
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._writer: SessionWriter | None = None
        self._taken = 0

    def begin(self, head: dict[str, Any]) -> None:
        """Once."""
        now = time.time()
        stamp = datetime.fromtimestamp(now, UTC)
        self._writer = SessionWriter(self._folder / f"{stamp:%Y%m%dT%H%M%S.%f}-hot{SUFFIX}", keep_bytes=self._keep)
        more = {"version": __version__, "tier": "hot", "at": stamp.isoformat(), "wall_minus_clock": time.time_ns() - time.monotonic_ns()}
        self._writer.put(Kind.HEAD, time.monotonic_ns(), WORDS.write(more | head))
        self._engine.record_into(self._memory)
        self._thread.start()
        log.info("a session is recorded", path=str(self._writer.path))

    def _run(self) -> None:
        while not self._stop.wait(DRAIN_SECONDS):
            self._drain()

    def _drain(self) -> None:
        """Whole records: the loop shows no others."""
        assert self._writer is not None
        cursors, data = self._memory[0]["cursors"], self._memory[0]["data"]
        head = int(cursors["head"])
        while self._taken < head:
            begin = self._taken % RING
            end = min(begin + head - self._taken, RING)
            self._writer.put_raw(data[begin:end].tobytes())
            self._taken += end - begin
        cursors["tail"] = head
        if self._writer.size > self._most:
            self._engine.record_no_more()

    def close(self) -> None:
        self._engine.record_no_more()
        if self._writer is None:
            return
        self._stop.set()
        self._thread.join()
        self._drain()
        why = "the ring was full: the disk is too slow" if self._engine.world["unrecorded"] else "the engine ended"
        if self._writer.size > self._most:
            why = "the file is large enough"
        self._writer.put(Kind.END, time.monotonic_ns(), WORDS.write(why))
        self._writer.close()
