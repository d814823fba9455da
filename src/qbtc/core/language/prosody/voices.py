"""A word of either language as phones: one alphabet, so that endings and textures of both are compared alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from .english.sounds import sounds
from .phones import Spoken, is_vowel
from .spanish.letters import bare
from .spanish.words import shape
from .types import Word

_SPANISH: Final = tuple(
    (re.compile(pattern), phones)
    for pattern, phones in (
        ("ch", "C"), ("qu(?='?[eiéí])|k|q", "k"), ("c(?='?[eiéí])|z", "θ"), ("c", "k"), ("g(?='?[eiéí])|j", "x"),
        ("gu(?='?[eiéí])", "g"), ("h", ""), ("ll", "ʎ"), ("ñ", "ɲ"), ("v", "b"), ("rr|(?<![a-zñ'])r|(?<=[nls])r", "R"), ("x", "ks"),
        ("y(?='?[aeouáéóú])", "j"), ("y", "i"), ("w", "w"),
    )
)  # fmt: skip
"""Castilian: z and c before e, i are θ, b and v one, ll apart from y (Navarro Tomás, Manual de pronunciación, 1918)."""


def voice(word: Word, language: str) -> Spoken:
    """The phones of a scanned word; no phone for one that cannot be spoken."""
    return sounds(word.text) if language == "en" else spanish(unicodedata.normalize("NFC", word.text.lower()))


@lru_cache(1 << 15)
def spanish(word: str) -> Spoken:
    """The phones of a Spanish word in small letters."""
    try:
        form = shape(word)
    except ValueError:
        return Spoken("", -1)
    stressed = form.vowels[form.accent]
    marked = word[:stressed] + "'" + word[stressed:]
    for pattern, phones in _SPANISH:
        marked = pattern.sub(phones, marked)
    plain = "".join(c for c in bare(marked) if c == "'" or is_vowel(c) or c in _SPOKEN)
    return Spoken(plain.replace("'", ""), plain.index("'"))


_SPOKEN: Final = frozenset("bCdfgJhjklmnɲpRrsʃtθʎxzw")
