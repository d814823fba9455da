"""What rhymes at the end of an English line, as phones: from the stressed vowel on.

A word whose stress lies three syllables from its end rhymes by its last syllable alone, as verse has it (`eternity`, `free`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ..phones import Spoken, is_vowel
from .letters import read_letters
from .phones import spoken
from .words import divide

FAR: Final = 3
"""Syllables from the stressed one to the end from which the last one rhymes alone."""
_WEAK: Final = str.maketrans("ʌɪ", "əə")
_FIRE: Final = re.compile("(?<=[IW])ɝ(?=[dz]?$)")


@lru_cache(1 << 14)
def sounds(word: str) -> Spoken:
    """The phones of a word, its stress as `divide` has it where only its spelling is known."""
    return spoken(word, divide(word).stress)


@lru_cache(1 << 14)
def rhyme(word: str) -> str:
    """What rhymes in a word: `It` of night and white. Fire and hour have one syllable; weak vowels are one."""
    ending = _FIRE.sub("r", sounds(word).ending)
    vowels = [i for i, phone in enumerate(ending) if is_vowel(phone)]
    if len(vowels) >= FAR:
        return _promoted(word, ending[vowels[-1] :])
    return ending[:1] + ending[1:].translate(_WEAK)


def _promoted(word: str, last: str) -> str:
    """The last syllable under a beat: a weak vowel sounds as it is written (`temperate` with `date`, `ornament` with `lent`)."""
    if last[0] not in "əɪ" or last[1:] == "":
        return last
    written = divide(word).syllables[-1].lower()
    vowel = next((phone for phone in read_letters(written) if is_vowel(phone)), last[0])
    return vowel + last[1:]
