"""A service process as the supervisor sees it: a command, a port, and "ready" by HTTP."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping

from . import http
from .base import EngineError
from .child import Child, Command
from .logfile import LogFile
from .plan import Row

POLL_SECONDS = 0.05
EX_CONFIG = os.EX_CONFIG  # "my settings are wrong": starting it again would only say so again


class Service:
    """Starts one row of the plan; the same shape as an engine."""

    def __init__(self, row: Row, env: Mapping[str, str], log: LogFile, *, cwd: str) -> None:
        self.name = row.name
        self.port = row.port
        self.child: Child | None = None
        self._row = row
        self._env = env
        self._log = log
        self._cwd = cwd

    async def start(self) -> None:
        """Returns when it says that it is ready. Raises EngineError when it ends before."""
        command = Command(self._row.argv, self._env, self._cwd, stop_seconds=self._row.stop_seconds)
        self.child = await Child.spawn(command, self._log)
        while self.child.running:
            if not await self.problem():
                return
            await asyncio.sleep(POLL_SECONDS)
        code = await self.child.wait()
        raise EngineError(
            f"{self.name} ended with {ending(code)}: {last_words(self._log.last)}",
            f"See `qbtc logs {self.name}`.",
            final=code == EX_CONFIG,
        )

    async def problem(self) -> str:
        """ "" when ready, else why not."""
        status, body = await http.get(self.port, self._row.ready_path)
        if status == 200:
            return self._stranger(body)
        return f"{self._row.ready_path} answers {status}: {failing(body)}" if status else "no answer"

    def _stranger(self, body: bytes) -> str:
        """ "" unless the answer names another process than ours: a system beside this one must not pass for it."""
        try:
            pid = json.loads(body).get("pid")
        except (ValueError, AttributeError):
            return ""
        own = self.child.pid if self.child is not None else None
        return "" if pid in (None, own) else f"port {self.port} is answered by another process (pid {pid})"

    async def stop(self) -> None:
        if self.child is not None:
            await self.child.stop()


def failing(body: bytes) -> str:
    """What the checks of an unready service say; the body itself if there are none."""
    try:
        checks = json.loads(body)["checks"]
        found = [f"{name}: {check['detail']}" for name, check in checks.items() if not check["ok"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        found = []
    return "; ".join(found) or body[:300].decode(errors="replace")


def ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def last_words(line: str) -> str:
    """The message of a JSON log line, or the line itself."""
    try:
        found = json.loads(line)
    except ValueError:
        return line
    return str(found.get("message", line)) if isinstance(found, dict) else line
