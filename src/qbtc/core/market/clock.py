"""The market clock: wall time to market time and recorded time, as arithmetic. It reads no clock itself.

Recorded times are shifted so that the first frame is at the session's start; market time runs `speed` times faster.
Signatures and logs use the wall clock, never this one.
"""

from __future__ import annotations

from dataclasses import dataclass

MILLISECOND = 1_000_000
SECOND = 1_000_000_000


@dataclass(slots=True)
class MarketClock:
    """`origin` is the recorded time that is shown as `started`; all nanoseconds."""

    started: int
    speed: float = 1.0
    origin: int | None = None
    ended_at: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.speed <= 1000:
            raise ValueError(f"speed {self.speed} is not allowed; choose more than 0 and at most 1000")

    @property
    def shift(self) -> int:
        """What is added to a recorded time to give market time."""
        return 0 if self.origin is None else self.started - self.origin

    def now(self, wall: int) -> int:
        """Market time at a wall time; it stands still once the market has ended."""
        running = self.started + int((wall - self.started) * self.speed)
        return running if self.ended_at is None else min(running, self.ended_at)

    def due(self, market: int) -> int:
        """Wall time at which a market time is reached."""
        return self.started + int((market - self.started) / self.speed)

    def end(self, market: int) -> None:
        self.ended_at = market

    @property
    def ended(self) -> bool:
        return self.ended_at is not None
