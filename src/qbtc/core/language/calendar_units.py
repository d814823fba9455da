"""Calendar units around a moment, in the moment's own time zone: half-open spans of wall-clock time. Pure.

A week starts on Monday. Months and years are shifted by the calendar (31 March less a month is 28 or 29 February).
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from typing import Final, Literal

Unit = Literal["hour", "day", "week", "month", "quarter", "year"]
Span = tuple[datetime, datetime]

MONTHS_IN: Final[dict[Unit, int]] = {"month": 1, "quarter": 3, "year": 12}
_STEP: Final[dict[Unit, timedelta]] = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


def day_of(at: datetime) -> datetime:
    """The first moment of its day."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def shifted(at: datetime, count: int, unit: Unit) -> datetime:
    """`at` moved by `count` units; a day that the month does not have becomes its last. Raises ValueError outside years 1..9999."""
    if unit not in MONTHS_IN:
        try:
            return at + count * _STEP[unit]
        except OverflowError:
            raise ValueError(f"{count} {unit}s from {at.isoformat()} is outside the years 1 to 9999") from None
    months = at.year * 12 + at.month - 1 + count * MONTHS_IN[unit]
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"{count} {unit}s from {at.isoformat()} is outside the years 1 to 9999")
    return at.replace(year=year, month=month + 1, day=min(at.day, calendar.monthrange(year, month + 1)[1]))


def unit_of(at: datetime, unit: Unit) -> Span:
    """The calendar unit that `at` lies in."""
    start = _start(at, unit)
    return start, shifted(start, 1, unit)


def month_of(year: int, month: int, like: datetime) -> Span:
    """A month in the time zone of `like`. Raises ValueError for a year outside 1..9999 or a month outside 1..12."""
    return unit_of(datetime(year, month, 1, tzinfo=like.tzinfo), "month")


def _start(at: datetime, unit: Unit) -> datetime:
    day = day_of(at)
    match unit:
        case "hour":
            return at.replace(minute=0, second=0, microsecond=0)
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
        case "year":
            return day.replace(day=1, month=1)
