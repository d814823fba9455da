"""When to start a process again. Pure: uptimes in, delays out."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 10.0
STABLE_SECONDS = 30.0


@dataclass(slots=True)
class BackOff:
    """Delays of one process: 0.2 s, doubled to at most 10 s, forgotten after 30 s of stable running."""

    _next: float = FIRST_SECONDS

    def delay(self, *, uptime: float, wanted: bool) -> float:
        """Seconds to wait after an end; `wanted` (it asked for its restart by exit 0, once ready) means none."""
        if uptime >= STABLE_SECONDS:
            self._next = FIRST_SECONDS
        if wanted:
            return 0.0
        delay = self._next
        self._next = min(self._next * 2, LONGEST_SECONDS)
        return delay
