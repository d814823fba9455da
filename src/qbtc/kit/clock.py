"""The wall clock as a dependency, so that rules which need time can be tested without waiting."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now_ns(self) -> int: ...

    def now(self) -> datetime: ...


class SystemClock:
    """UTC wall clock; nanoseconds since the Unix epoch."""

    def now_ns(self) -> int:
        return time.time_ns()

    def now(self) -> datetime:
        return datetime.now(UTC)


class FakeClock:
    """A clock that stands still until told: the public double for tests."""

    def __init__(self, start_ns: int = 1_700_000_000_000_000_000) -> None:
        self._ns = start_ns

    def now_ns(self) -> int:
        return self._ns

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._ns / 1e9, UTC)

    def advance(self, seconds: float) -> None:
        self._ns += int(seconds * 1e9)
