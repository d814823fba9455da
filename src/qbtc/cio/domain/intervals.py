"""Half-open intervals of time in UTC nanoseconds: [start, end). `ALWAYS` has no end on either side that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

BEGINNING: Final = -(2**63)
FOREVER: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Interval:
    """[start, end) in UTC nanoseconds; raises ValueError when it ends before it starts or is empty."""

    start: int = BEGINNING
    end: int = FOREVER

    def __post_init__(self) -> None:
        if not BEGINNING <= self.start < self.end <= FOREVER:
            raise ValueError(f"an interval starts before it ends, within 64 bits; got [{self.start}, {self.end})")

    def __contains__(self, at: int) -> bool:
        return self.start <= at < self.end

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end

    def common(self, other: Interval) -> Interval | None:
        """What both share, None when they do not overlap; two that only touch share nothing."""
        if not self.overlaps(other):
            return None
        return Interval(max(self.start, other.start), min(self.end, other.end))

    def without(self, other: Interval) -> tuple[Interval, ...]:
        """What is left of this one outside the other: nothing, one piece or two, in order."""
        before = (self.start, min(self.end, other.start))
        after = (max(self.start, other.end), self.end)
        return tuple(Interval(start, end) for start, end in (before, after) if start < end)


ALWAYS: Final = Interval()

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def nanoseconds(at: datetime) -> int:
    """A time with an offset as UTC nanoseconds, exact to the microsecond it has. Raises TypeError without an offset."""
    return (at - _EPOCH) // timedelta(microseconds=1) * 1_000


def instant(at: int) -> datetime | None:
    """UTC nanoseconds as a time, to the microsecond; None for an open side."""
    return None if at in (BEGINNING, FOREVER) else _EPOCH + timedelta(microseconds=at // 1_000)
