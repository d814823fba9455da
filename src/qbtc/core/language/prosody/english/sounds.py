"""How the end of an English line sounds, told from spelling: the stressed vowel and what follows.

A rule of thumb, not a pronunciation: `love` and `prove`, which only look alike, are held for a rhyme.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .words import divide

_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"'", ""), (r"^ough$", "O"), (r"igh|eigh(?=t$)", "I"), (r"augh|ough(?=t)", "W"), (r"ck|ch(?=r)", "k"), (r"ph|gh$", "f"),
        (r"^(?:ai|ay|ey|eigh)", "A"), (r"^(?:ee|ea|ie(?=[a-z])|ei)", "E"), (r"^(?:oa|ow(?=n?$)|oe)", "O"),
        (r"^(?:oo|ew|ue|ui)", "U"), (r"^(?:au|aw)", "W"), (r"^(?:ie|y|ye)$", "I"), (r"^o$", "O"),
        (r"^a([^aeiouy]|st|ng)e(s|d)?$", r"A\1\2"), (r"^e([^aeiouy])e(s|d)?$", r"E\1\2"), (r"^[iy]([^aeiouy])e(s|d)?$", r"I\1\2"),
        (r"^o([^aeiouy])e(s|d)?$", r"O\1\2"), (r"^u([^aeiouy])e(s|d)?$", r"U\1\2"), (r"^([iy])nd$", "Ind"),
        (r"(?<=[^aeiouyAEIOU])e$", ""), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"([^s\W])\1", r"\1"), (r"ss", "s"),
        (r"(?:ey|ie|y)$", "i"),
    )
)  # fmt: skip


@lru_cache(1 << 14)
def rhyme(word: str) -> str:
    """What rhymes in a word: `It` of night and white."""
    parts, stress = divide(word.lower())
    tail = "".join(parts[stress:])
    first = re.search("[aeiouy]", tail[1:] if re.match("y[aeiou]|qu", tail) else tail)
    ending = tail[first.start() + (1 if re.match("y[aeiou]|qu", tail) else 0) :] if first else tail
    for pattern, sound in _SOUNDS:
        ending = pattern.sub(sound, ending)
    return ending
