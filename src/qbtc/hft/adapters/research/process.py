"""The worker's process as HFT holds it: a group of its own at the lowest priority that dies with HFT."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MODULE = "qbtc.hft.adapters.research.worker"
END_SECONDS = 5.0


class Worker:
    """One run at a time."""

    def __init__(self, home: Path, nice: int) -> None:
        self._home, self._nice = home, nice
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = 0.0
        self._killed_at: float | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._begun

    def start(self, folder: Path) -> None:
        """Raises OSError if there can be no process."""
        with (folder / "worker.log").open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", MODULE, str(folder), str(self._nice)], env={**os.environ, "QBTC_HOME": str(self._home)},
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        self._begun, self._killed_at = time.monotonic(), None

    def ended(self) -> int | None:
        """The exit code once it has ended; then there is no process any more."""
        code = self._process.poll() if self._process else None
        if code is not None:
            self._process = None
        return code

    def ask_to_end(self) -> None:
        """Called again, it kills what has not ended after a while."""
        now = time.monotonic()
        self._killed_at = self._killed_at or now
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM if now - self._killed_at < END_SECONDS else signal.SIGKILL)

    def end(self) -> None:
        """Blocking, for the end of HFT: a run goes on at the next start, so there is nothing to wait for."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
