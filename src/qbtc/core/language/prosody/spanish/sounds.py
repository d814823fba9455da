"""How the end of a Spanish line sounds: what consonant rhyme compares, and what assonant rhyme does.

Letters that sound alike are one (b v, g j, c qu k, c z); s and z stay apart, as in the Spanish of Castile.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .letters import CLOSED, OPENNESS, bare, vowel_places
from .vocabulary import KEPT
from .words import shape, starts, syllable_starts

_SOUNDS: Final = (
    (re.compile("ch"), "ĉ"),
    (re.compile("qu(?=[ei])|[ckq]+(?![eiĉ])"), "k"),
    (re.compile("c"), "z"),
    (re.compile("g(?=[ei])"), "j"),
    (re.compile("gu(?=[ei])"), "g"),
    (re.compile("h"), ""),
    (re.compile("v|w"), "b"),
    (re.compile("y$"), "i"),
    (re.compile("gü"), "gu"),
)
_LAX: Final = {"i": "e", "u": "o"}
"""A closed vowel in a last unstressed syllable sounds as the open one beside it: fácil, valle."""


@lru_cache(KEPT)
def consonance(word: str) -> str:
    """The sounds from the stressed vowel on: `iento` of sufrimiento is `ento`."""
    form = shape(word)
    ending = word[form.vowels[form.accent] :]
    ending = bare(ending[0]) + "".join(c if c == "ü" else bare(c) for c in ending[1:])
    for pattern, sound in _SOUNDS:
        ending = pattern.sub(sound, ending)
    return ending


@lru_cache(KEPT)
def assonance(word: str) -> str:
    """The stressed vowel and the last one, without the closed vowels of diphthongs: `a-a` of lágrimas, `e` of café."""
    form = shape(word)
    stressed = bare(word[form.vowels[form.accent]])
    last = _last_syllable(word, form.vowels[form.accent])
    return f"{stressed}-{last}" if last else stressed


def _last_syllable(word: str, accent: int) -> str:
    """The vowel of the last syllable after the accent; empty where the stressed syllable is the last."""
    form = shape(word)
    begins = syllable_starts(starts(word, form), form)[-1]
    if begins <= accent:
        return ""
    vowels = [bare(word[i]) for i in vowel_places(word) if i >= begins]
    strongest = max(vowels, key=OPENNESS.__getitem__)
    return _LAX.get(strongest, strongest) if strongest in CLOSED else strongest
