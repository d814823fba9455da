"""Readiness as a set of named checks; a service is ready when every check passes in time."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

from pydantic import JsonValue

from .logs import scrub

Check = Callable[[], Awaitable[None]]
TIMEOUT = 2.0


class Health:
    def __init__(self, service: str, version: str) -> None:
        self.service, self.version = service, version
        self.started = time.monotonic()
        self.draining = False
        self.paused = False
        self.note: dict[str, JsonValue] = {}
        self._checks: dict[str, Check] = {}

    def check(self, name: str, probe: Check) -> None:
        self._checks[name] = probe

    async def report(self) -> tuple[bool, dict[str, JsonValue]]:
        """(ready, body). A check that raises or takes longer than two seconds is a failed check."""
        results = await asyncio.gather(*(self._run(n, c) for n, c in self._checks.items()))
        ready = not self.draining and all(ok for _, ok, _ in results)
        state = "draining" if self.draining else "ready" if ready else "degraded"
        checks: dict[str, JsonValue] = {n: {"ok": ok, "detail": detail} for n, ok, detail in results}
        return ready, {
            "service": self.service,
            "version": self.version,
            "pid": os.getpid(),
            "state": "paused" if ready and self.paused else state,
            "uptime_seconds": round(time.monotonic() - self.started, 1),
            "checks": checks,
            "note": dict(self.note),
        }

    async def _run(self, name: str, probe: Check) -> tuple[str, bool, str | None]:
        try:
            async with asyncio.timeout(TIMEOUT):
                await probe()
        except Exception as error:
            return name, False, scrub(f"{type(error).__name__}: {error}")[:300]
        return name, True, None
