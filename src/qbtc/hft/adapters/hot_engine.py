"""The engine process as HFT holds it: start, stop, the shared memory, what an earlier HFT left running.

It never outlives its control side for long: the engine cancels what is open and ends when its panel is not beaten.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from .hotloop.panel import NoPanel, Panel, panel_path

END_SECONDS = 8.0
MODULE = "qbtc.hft.adapters.hotloop"


class HotEngine:
    """`panel` is None until the process has made it. Only one process at a time."""

    def __init__(self, home: Path, base_url: str) -> None:
        self._home, self._base = home, base_url.rstrip("/")
        self._process: subprocess.Popen[bytes] | None = None
        self.panel: Panel | None = None

    @property
    def key(self) -> Path:
        """The Ed25519 key without which no engine can log on."""
        return self._home / "secrets" / "venue_ed25519.json"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(
        self, strategy: str, parameters: Mapping[str, float], symbols: Sequence[str], *, spin: bool, resume: bool,
        record: bool = False,
    ) -> None:  # fmt: skip
        """Raises OSError if there can be no process."""
        ws = urlsplit(self._base)._replace(scheme="wss" if self._base.startswith("https") else "ws").geturl()
        command = [sys.executable, "-m", MODULE, "--rest", self._base, "--ws", ws, "--ws-api", f"{ws}/ws-api/v3"]
        command += ["--symbols", ",".join(symbols), "--strategy", strategy]
        command += [word for name, value in parameters.items() for word in ("--set", f"{name}={value!r}")]
        command += ["--spin"] * spin + ["--resume"] * resume + ["--record"] * record
        self._process = subprocess.Popen(
            command, env={**os.environ, "QBTC_HOME": str(self._home)}, stdin=subprocess.DEVNULL
        )

    def attach(self) -> Panel | None:
        """The panel of the process that was started, once it is there."""
        if self.panel is None and self._process is not None:
            found = self._memory()
            if found is not None and int(found.record["head"]["pid"]) == self._process.pid:
                self.panel = found
        return self.panel

    def ended(self) -> int | None:
        """The exit code of a process that has ended; None while it runs or there is none."""
        return self._process.poll() if self._process else None

    def forget(self) -> None:
        """After its end, when all of its tape was read."""
        self._process = self.panel = None

    def ask_to_end(self) -> None:
        """It cancels what is open and ends."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        """kill -9, and wait for it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """Blocking: ask, then kill. One that ended well has its records on disk, so its memory goes too."""
        if self._process is None:
            return
        self.ask_to_end()
        try:
            if self._process.wait(END_SECONDS) == 0 and self.attach() is not None:
                panel_path(self._home).unlink(missing_ok=True)
        except subprocess.TimeoutExpired:
            self.kill()

    def leftover(self) -> Panel | None:
        """Blocking: end the engine of an HFT that died; its memory, if it left any."""
        found = self._memory()
        if found is None:
            return None
        pid = int(found.record["head"]["pid"])
        deadline, number = time.monotonic() + END_SECONDS, signal.SIGTERM
        while _command(pid) and not _alone(pid):
            os.kill(pid, number)
            time.sleep(0.1)
            number = signal.SIGKILL if time.monotonic() > deadline else signal.SIGTERM
        return found

    def alone(self) -> int | None:
        """The pid of an engine of this home that a person runs without HFT."""
        found = self._memory()
        pid = int(found.record["head"]["pid"]) if found is not None else 0
        return pid if pid and _alone(pid) else None

    def _memory(self) -> Panel | None:
        try:
            return Panel.attach(panel_path(self._home))
        except NoPanel:
            return None


def _alone(pid: int) -> bool:
    return b"--alone" in _command(pid)


def _command(pid: int) -> list[bytes]:
    """The command line of an engine that lives; nothing for any other process."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return []
    words = command.split(b"\0")
    return words if MODULE.encode() in words and state != "Z" else []
