"""Times as people write them: RFC 3339, and dates in words in English and Spanish. Pure; nothing is guessed.

    2023-05-08T13:56:00Z   2023-05-08 13:56   2023-05-08
    1:56 pm on 8 May, 2023   8 May 2023   May 8, 2023 at 13:56   8 de mayo de 2023, 13:56   a las 13:56 del 8 de mayo de 2023

A time without an offset is UTC, a day without a time its first moment. Days as numbers alone (08/05/2023) are refused: which is
the month depends on the country.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from .tokens import fold

ALLOWED: Final = 'RFC 3339, or a date in words such as "1:56 pm on 8 May, 2023" or "8 de mayo de 2023, 13:56"'
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january enero jan ene",
            "february febrero feb",
            "march marzo mar",
            "april abril apr abr",
            "may mayo",
            "june junio jun",
            "july julio jul",
            "august agosto aug ago",
            "september septiembre setiembre sep sept set",
            "october octubre oct",
            "november noviembre nov",
            "december diciembre dec dic",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK: Final = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([ap])\.?\s?m\b\.?)?|\b(\d{1,2})\s*([ap])\.?\s?m\b\.?")
_DAY_FIRST: Final = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|o|º)?\s+(?:of\s+|de\s+)?([a-z]{3,10})\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b")
_MONTH_FIRST: Final = re.compile(r"\b([a-z]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_FILLERS: Final = re.compile(
    r"\b(?:on|at|the|a|las|la|del|de|el|utc|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b|[\s,]"
)


def written_time(text: str) -> datetime:
    """The moment that a text names, with its offset. Raises ValueError that says what is allowed."""
    try:
        found = datetime.fromisoformat(text.strip().upper().replace("Z", "+00:00"))
    except ValueError:
        found = _in_words(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _in_words(text: str) -> datetime:
    plain = fold(text)
    clock, day = _CLOCK.search(plain), _DAY_FIRST.search(plain)
    named = day or _MONTH_FIRST.search(plain)
    if named is None:
        raise ValueError(_refusal(text))
    date, month, year = named.groups() if day else (named[2], named[1], named[3])
    rest = plain.replace(named[0], " ", 1).replace(clock[0] if clock else "", " ", 1)
    if month not in MONTHS or _FILLERS.sub("", rest):
        raise ValueError(_refusal(text))
    try:
        return datetime(int(year), MONTHS[month], int(date), *_time_of_day(clock), tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"{text!r} is no time: {error}; allowed: {ALLOWED}") from None


def _time_of_day(clock: re.Match[str] | None) -> tuple[int, int, int]:
    """Hours, minutes and seconds of 1:56 pm, 13:56:07 or 9 am. Raises ValueError for 13 pm."""
    if clock is None:
        return 0, 0, 0
    hour, half = int(clock[1] or clock[5]), clock[4] or clock[6]
    if half and not 1 <= hour <= 12:
        raise ValueError(f"hour must be in 1..12 before am or pm, not {hour}")
    return hour % 12 + 12 * (half == "p") if half else hour, int(clock[2] or 0), int(clock[3] or 0)


def _refusal(text: str) -> str:
    return f"{text!r} is no time that can be read; allowed: {ALLOWED}"
