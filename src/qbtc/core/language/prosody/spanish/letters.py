"""Spanish letters as sounds: which are vowels, which vowels share a syllable, which consonants begin one together."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

ACCENTED: Final = frozenset("áéíóúàèìòùâêîôû")
MARKED: Final = frozenset("äëïöü")
VOWELS: Final = frozenset("aeiou") | ACCENTED | MARKED
CLOSED: Final = frozenset("iuy")
OPENNESS: Final = {"i": 0, "y": 0, "u": 0, "e": 1, "o": 2, "a": 3}
"""Sonority of the vowels."""
_BARE: Final = str.maketrans("áéíóúàèìòùâêîôûäëïöü", "aeiouaeiouaeiouaeiou")
_NUCLEUS: Final = re.compile("([iuü])(?=[{0}])|[{0}]|y(?![{0}])".format("".join(sorted(VOWELS))))
"""A vowel; the group is one before another, which may be a glide."""
_LOOSE_NATIVE: Final = re.compile(r"crue[lz]|qui[eé]t|[rn]iel$|nuel$|^jue[cz]|orient|[aeo][iu][eé]")
_PREFIXED: Final = re.compile("sub(r|l(imin|un|ing))")
"""A prefix that keeps its consonant: sub-ra-yar, beside su-bli-me."""
_GLIDES: Final = frozenset("iuü")
_ONSETS: Final = frozenset(
    [
        "bl",
        "br",
        "ch",
        "cl",
        "cr",
        "dr",
        "fl",
        "fr",
        "gl",
        "gr",
        "kl",
        "kr",
        "ll",
        "pl",
        "pr",
        "rr",
        "tr",
        "vl",
        "vr",
        "ph",
        "th",
        "qu",
        "gu",
    ]
)


class Joint(IntEnum):
    """What lies between two vowels that could share a metrical syllable, by how readily they do.

    The first group is apart in prose and the second together; a poet may do the reverse at a price (`costs`).
    """

    FIRM = 0  # a consonant or a written diaeresis: never together
    ACCENT = 1  # ví-a, pa-ís
    EQUAL = 2  # le-er
    OPEN_TONIC = 3  # po-e-ta, be-a-to
    OPEN_BEFORE = 4  # a-ho-gar, le-al-tad
    OPEN_AFTER = 5  # pur-pú-re-o, lí-ne-a
    BROKEN = 6  # a closed vowel that begins the next syllable: pa-ra-no-ia
    SHORT = 7  # a-ún, apart by spelling and mostly together in verse
    LOOSE = 8  # sua-ve, fiar, rui-na: one by spelling, two in Latin and mostly in verse
    RISING_TONIC = 9  # pa-sión, dia-blo
    RISING_BEFORE = 10  # pia-do-so
    RISING_AFTER = 11  # glo-ria
    FALLING_TONIC = 12  # ai-re
    FALLING_WEAK = 13  # au-ro-ra
    CLOSED_PAIR = 14  # ciu-dad, viu-da
    RISING_ENDING = 15  # pa-sión, na-ció: endings that verse hardly ever parts


TOGETHER: Final = Joint.LOOSE
"""From this one on the vowels share a syllable in prose."""


def bare(text: str) -> str:
    """The letters without their marks."""
    return text.translate(_BARE)


def vowel_places(word: str) -> list[int]:
    """Indices of the letters of a lower-case word that sound as vowels which could stand alone.

    Not the `u` of que and gui, nor the glides that no verse parts from their vowel: cuan, agua, hielo, hueste, tiene.
    """
    return [
        found.start()
        for found in _NUCLEUS.finditer(word)
        if not (found.lastindex and _is_glide(word, found.start(), word[found.end()]))
    ]


def _is_glide(word: str, i: int, following: str) -> bool:
    before = word[i - 1] if i else ""
    if letter_silent(word[i], before):
        return True
    if before == "h" and i == 1:
        return following in "aeéá"
    return following in "eé" and word[i] in "iu" and not _LOOSE_NATIVE.search(word, max(0, i - 3), i + 4)


def letter_silent(letter: str, before: str) -> bool:
    """Whether a `u` before another vowel is silent or one sound with the consonant: que, gui, cuan, agua."""
    return letter in "uü" and bool(before) and before in "qgc"


def onset(word: str, vowel: int, before: int) -> int:
    """Where the syllable of the vowel at `vowel` begins, `before` being the vowel before it (-1 for none)."""
    if before < 0:
        return 0
    at = vowel
    while at - 1 > before and word[at - 1] in _GLIDES:
        at -= 1
    if at - before <= 2:
        return before + 1
    together = word[at - 2 : at] in _ONSETS and not (at == 4 and _PREFIXED.match(word))
    return at - (2 if together else 1)
