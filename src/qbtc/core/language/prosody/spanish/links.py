"""Between two words: whether their vowels meet, and what it costs to do with them what is not usual."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from . import costs
from .letters import bare
from .words import Shape

_BREATHED: Final = re.compile(
    r"h(abl|ac|alc[oó]n|all|amb|ar|ast[ií]|az|ech|ed|end|er[iív]|erm|err|ij|il|inc|inch|oj|olg|ond|onr|orm|orn|oz|u[ií]|uy|um|und|urt)"
)
_CONJUNCTIONS: Final = frozenset(("y", "o", "e", "u"))


class Meeting(NamedTuple):
    """What two neighbouring words bring to the place where they meet."""

    left: str
    right: str
    left_shape: Shape
    right_shape: Shape
    left_stressed: bool
    right_stressed: bool


def ends_in_vowel(word: str, form: Shape) -> bool:
    return form.vowels[-1] == len(word) - 1


def begins_with_vowel(word: str, form: Shape) -> bool:
    return form.vowels[0] == 0 or (form.vowels[0] == 1 and word[0] == "h")


def price(meeting: Meeting, *, last: bool, sandwiched: bool) -> float:
    """Of joining (positive) or parting (negative) the two; `last`: the right vowel has the line's last stress."""
    left, right = meeting.left, meeting.right
    if not (ends_in_vowel(left, meeting.left_shape) and begins_with_vowel(right, meeting.right_shape)):
        return costs.FIRM
    tonic_left = meeting.left_stressed and meeting.left_shape.accent == len(meeting.left_shape.starts) - 1
    tonic_right = meeting.right_stressed and meeting.right_shape.accent == 0
    found = _base(tonic_left, tonic_right, last)
    if _BREATHED.match(right):
        found += costs.BREATHED
    if sandwiched:
        found += costs.SANDWICHED
    if left.endswith("y") and len(left) > 1:
        found += costs.GLIDE
    return found


def _base(left: bool, right: bool, last: bool) -> float:
    if right and last:
        return costs.LINK_LAST
    if right:
        return costs.LINK_BOTH if left else costs.LINK_RIGHT
    return costs.LINK_LEFT if left else costs.LINK


def sandwiched(left: str, middle: str, right: str) -> bool:
    """Whether `middle` is a conjunction of one vowel with vowels on both sides."""
    return middle in _CONJUNCTIONS and bare(left[-1]) in "aeoiu" and bare(right.removeprefix("h")[:1]) in "aeoiu"
