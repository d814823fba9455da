"""The time that a question asks about: "last week", "between June and August", "desde el martes pasado". Pure.

    time_span("what did I buy in May 2023?", now)        [2023-05-01, 2023-06-01)
    time_span("¿qué dije el martes pasado?", now)        that day
    time_span("trades since yesterday", now)             [yesterday, now)

Days begin at midnight in the time zone of `now`; spans are half-open and an open side is None. A past reading is preferred,
as questions to a memory have one: "on Tuesday" is the latest Tuesday, today included; "in May" the latest May that has
begun. The first time of the text counts, or the first range. Where nothing names a time the answer is None: nothing is guessed,
and a day that does not exist (31 February) is no time. Single times: time_atoms.py.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .calendar_units import Span, shifted
from .time_atoms import Atom, atoms
from .tokens import fold


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """[start, end); None is open. `text` is the folded part of the question that says it."""

    start: datetime | None
    end: datetime | None
    text: str

    def __contains__(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


_ARTICLE: Final = r"(?:the |el |la |los |las )?"
_FROM: Final = re.compile(rf"(?<!\w)(?:between|from|entre|desde|del?|since)\s+{_ARTICLE}$")
_TO: Final = re.compile(rf"\s*(?:,\s*)?(?:(?:and|to|until|till|through|y|e|al?|hasta)\s+{_ARTICLE}|[-–—]\s*)")
_SINCE: Final = re.compile(rf"(?<!\w)(?:since|desde|a partir del?)\s+{_ARTICLE}$")
_BEFORE: Final = re.compile(rf"(?<!\w)(?:before|prior to|antes del?)\s+{_ARTICLE}$")
_AFTER: Final = re.compile(rf"(?<!\w)(?:after|despues del?|tras)\s+{_ARTICLE}$")
_UNTIL: Final = re.compile(rf"(?<!\w)(?:until|till|up to|hasta)\s+{_ARTICLE}$")


def time_span(text: str, now: datetime) -> TimeSpan | None:
    """The span that the text asks about, None without one. Raises ValueError when `now` has no time zone."""
    if now.tzinfo is None:
        raise ValueError("now needs a time zone, for example datetime.now(UTC)")
    plain = fold(text)
    found = atoms(plain)
    for first, second in itertools.pairwise(found):
        if _TO.fullmatch(plain, first.end, second.start) and (before := _FROM.search(plain, 0, first.start)):
            return _range(plain, before.start(), (first, second), now)
    return next((span for atom in found if (span := _single(plain, atom, now)) is not None), None)


def _range(plain: str, start: int, ends: tuple[Atom, Atom], now: datetime) -> TimeSpan | None:
    spans = _resolved(*ends, now)
    if spans is None or spans[0][0] >= spans[1][1]:
        return None
    return TimeSpan(spans[0][0], spans[1][1], plain[start : ends[1].end])


def _resolved(first: Atom, second: Atom, now: datetime) -> tuple[Span, Span] | None:
    """Both ends; one that has no year of its own takes it from the other: the nearest before the second or after the first."""
    try:
        if second.rule.yearless and not first.rule.yearless:
            begin = first.span(now)
            return begin, second.span(shifted(begin[0], 1, "year"))
        end = second.span(now)
        return first.span(end[0] if first.rule.yearless else now), end
    except ValueError:
        return None


def _single(plain: str, atom: Atom, now: datetime) -> TimeSpan | None:
    try:
        start, end = atom.span(now)
    except ValueError:
        return None
    for pattern, open_span in (
        (_SINCE, (start, now)),
        (_BEFORE, (None, start)),
        (_AFTER, (end, None)),
        (_UNTIL, (None, end)),
    ):
        if (before := pattern.search(plain, 0, atom.start)) and open_span[0] != open_span[1]:
            return TimeSpan(open_span[0], open_span[1], plain[before.start() : atom.end])
    return TimeSpan(start, end, plain[atom.start : atom.end])
