"""A line of text as words to be spoken."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from .letters import VOWELS
from .numbers import read
from .stress import Token

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
_MARKS: Final = re.compile("['’]")


def tokens(line: str) -> list[Token]:
    """The words of a line, in order; figures, abbreviations and single letters as they are read."""
    found: list[Token] = []
    end = 0
    for match in _WORD.finditer(line):
        before, end_now = line[end : match.start()], match.end()
        for i, sound in enumerate(_sounds(match.group())):
            found.append(Token(sound, match.group(), match.start(), end_now, before if i == 0 else " "))
        end = end_now
    return found


def _sounds(text: str) -> list[str]:
    sound = _MARKS.sub("", unicodedata.normalize("NFC", text).lower())
    if any(letter in VOWELS or letter == "y" for letter in sound):
        return [sound]
    return read(sound)
