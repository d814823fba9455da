"""The time that a question names, counted from when it is asked.

"Last Tuesday" asked of memories that still grow is counted from now. Asked of an archive, whose latest memory is older than
ARCHIVE, it is counted from that memory: "in June" is then the last June that the archive knows. Who asks may say from when.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from qbtc.core.language.time_span import TimeSpan, time_span

ARCHIVE: Final = timedelta(days=30)


def named_time(
    text: str, *, clock: datetime, asked_at: float | None, newest: Callable[[], float | None]
) -> TimeSpan | None:
    """None when the text names no time. `newest` gives the time of the latest memory searched and is called only if needed."""
    if asked_at is not None:
        return time_span(text, datetime.fromtimestamp(asked_at, UTC))
    if time_span(text, clock) is None or (latest := newest()) is None:
        return time_span(text, clock)
    last = datetime.fromtimestamp(latest, UTC)
    return time_span(text, last if clock - last > ARCHIVE else clock)


def seconds(span: TimeSpan | None) -> tuple[float, float] | None:
    """[start, end) in seconds since 1970 UTC, open sides infinite."""
    if span is None:
        return None
    return (
        -math.inf if span.start is None else span.start.timestamp(),
        math.inf if span.end is None else span.end.timestamp(),
    )
