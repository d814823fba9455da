"""A line of text as spoken words and where they stand."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from .vocabulary import Spoken, spoken

_WORD: Final = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)*|\d+)")


class Token(NamedTuple):
    """A spoken word at `start`; `before` is what is written between it and the word before."""

    word: Spoken
    start: int
    end: int
    before: str


def tokens(line: str) -> list[Token]:
    """The words of a line, in order; figures, abbreviations and single letters as they are read."""
    found: list[Token] = []
    at = 0
    parts = iter(_WORD.split(line))
    for before, written in zip(parts, parts, strict=False):  # the last part has no word after it
        start = at + len(before)
        at = start + len(written)
        for word in spoken(written):
            found.append(Token(word, start, at, before))
            before = " "
    return found
