"""A whole QBTC system for tests and benchmarks: `qbtc up` in a home of its own, used as a person or a script would.

    with QbtcSystem(market="sim") as system:
        system.get("/api/hft/market", role="viewer")

Its ports are free ones, or shifted by `offset`; everything is gone after the block.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

import httpx

from .data import BTC
from .ports import free_offset
from .waiting import until

START_SECONDS = 150


def recorded_market() -> str:
    """Replay of the recorded BTC frames where they are, else the simulated market."""
    return f"replay:{BTC}" if BTC.exists() else "sim"


class QbtcSystem:
    def __init__(
        self,
        *,
        market: str,
        offset: int | None = None,
        options: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
    ) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="qbtc-system-"))
        self.offset = free_offset() if offset is None else offset
        self._market, self._options = market, options
        self.env = {**os.environ, "QBTC_HOME": str(self.home), "QBTC_PORT_OFFSET": str(self.offset), **(env or {})}

    def __enter__(self) -> QbtcSystem:
        try:
            self.up()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cli("down", check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def up(self) -> None:
        done = self.cli("up", "--detach", "--market", self._market, *self._options, check=False, seconds=START_SECONDS)
        if done.returncode != 0:
            raise AssertionError(f"qbtc up failed ({done.returncode}):\n{done.stdout}\n{done.stderr}")

    def cli(
        self, *arguments: str, check: bool = True, seconds: float = 60.0, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb of the command line in this system's home."""
        return subprocess.run(
            [sys.executable, "-m", "qbtc", *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=check,
            input=stdin,
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{9080 + self.offset}"

    def status(self) -> dict[str, dict[str, dict[str, object]]]:
        """`qbtc status --json`; its exit code says whether all is well, the answer is there in both cases."""
        return json.loads(self.cli("status", "--json", check=False).stdout)  # type: ignore[no-any-return]

    def login_link(self) -> str:
        return next(word for word in self.cli("login").stdout.split() if word.startswith("http"))

    def token(self, role: str = "admin", user: str = "cli") -> str:
        return self.cli("token", "--role", role, "--user", user).stdout.strip()

    def client(self, role: str | None = "admin", user: str = "cli") -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token(role, user)}"} if role else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20.0)

    def pid(self, name: str) -> int:
        """Process id of a service or an engine."""
        status = self.status()
        return int(str((status["services"].get(name) or status["engines"][name])["pid"]))

    def kill(self, name: str) -> int:
        """kill -9; returns the pid that is gone."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_back(self, name: str, old: int, *, seconds: float = 60.0) -> None:
        """Until the part runs again, ready, with another pid."""

        def back() -> bool:
            status = self.status()
            row = status["services"].get(name) or status["engines"][name]
            return row["state"] == "ready" and row["pid"] != old

        until(back, seconds=seconds, what=f"{name} is back")

    def logs(self) -> dict[str, list[str]]:
        """All log lines by file name."""
        return {p.stem: p.read_text(errors="replace").splitlines() for p in sorted((self.home / "logs").glob("*.log*"))}
