"""Light suffix stripping for folded English and Spanish words.

Plural, gender and the commonest inflections only. The English rules follow the shape of Harman's S-stemmer plus
-ing and -ed with a vowel left in the stem; the Spanish ones remove plural, gender and the regular verb endings.
"""

from __future__ import annotations

import re
from typing import Final

from .detect import Language

_VOWEL: Final = re.compile(r"[aeiouy]")
_DOUBLED: Final = re.compile(r"([bdfgmnprt])\1$")
_ES_ENDINGS: Final = """
ando iendo yendo aron ieron aste iste amos emos imos aban abas aba ian ias ia ados idos adas idas ado ido ada ida
ara era ira aran eran iran are io ar er ir
"""
_ES_VERB: Final = tuple(sorted(_ES_ENDINGS.split(), key=len, reverse=True))
_ES_MIN_STEM: Final = 3


def stem(word: str, language: Language) -> str:
    """The stem of one folded token; numbers and words under four letters stay as they are."""
    if len(word) < 4 or not word.isalpha():
        return word
    return _english(word) if language == "en" else _spanish(word)


def _english(word: str) -> str:
    return _english_verb(_english_plural(word))


def _english_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _english_verb(word: str) -> str:
    for suffix in ("ing", "ed"):
        base = word[: -len(suffix)]
        if word.endswith(suffix) and len(base) >= 3 and _VOWEL.search(base):
            return _tidy(base)
    return _tidy(word)


def _tidy(base: str) -> str:
    if _DOUBLED.search(base) and len(base) > 3:
        return base[:-1]
    if base.endswith(("ie", "i")):
        return base.removesuffix("e")[:-1] + "y"
    return base[:-1] if base.endswith("e") and len(base) > 3 else base


def _spanish(word: str) -> str:
    plural = _spanish_plural(word)
    for suffix in _ES_VERB:
        if plural.endswith(suffix) and len(plural) - len(suffix) >= _ES_MIN_STEM:
            return plural[: -len(suffix)]
    return plural[:-1] if plural[-1] in "aeo" and len(plural) > _ES_MIN_STEM else plural


def _spanish_plural(word: str) -> str:
    if word.endswith("ces"):
        return word[:-3] + "z"
    if word.endswith("es") and len(word) > 4:
        return word[:-2]
    return word.removesuffix("s")
