"""Word forms from dictionary forms: regular inflection of English and Spanish, so that a list of words stays short.

Not a conjugator: irregular forms are written out in the lists. A form that nobody uses costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ..detect import Language

_CVC: Final = re.compile(r"[^aeiou]*[aeiou][bdgklmnprtv]")
_SIBILANT: Final = ("s", "x", "z", "ch", "sh")
_AR: Final = """
o as a amos áis an é aste ó asteis aron aba abas ábamos aban aré arás ará aremos arán aría arías aríamos arían
e es emos en ara aras áramos aran ase asen ando ado ada ados adas ar
"""
_ER: Final = """
o es e emos éis en í iste ió imos isteis ieron ía ías íamos ían eré erás erá eremos erán ería erías eríamos erían
a as amos an iera ieras iéramos ieran iese iesen iendo ido ida idos idas er
"""
_IR: Final = """
o es e imos ís en í iste ió isteis ieron ía ías íamos ían iré irás irá iremos irán iría irías iríamos irían
a as amos an iera ieras iéramos ieran iese iesen iendo ido ida idos idas ir
"""
_ENDINGS: Final = {"ar": _AR.split(), "er": _ER.split(), "ir": _IR.split()}
_SOFTENED: Final = (("c", "qu"), ("z", "c"), ("g", "gu"))
"""How a stem in -ar is written before e: busc-ar, busqu-e."""


def forms(word: str, kind: str, language: Language) -> list[str]:
    """All forms of a word; `kind` is `v`, `n`, `a` or empty (as it stands). Raises ValueError for another one."""
    if not kind:
        return [word]
    found = _RULES.get((language, kind))
    if found is None:
        raise ValueError(f"{word!r} is marked /{kind}; allowed are /v, /n and /a")
    return list(dict.fromkeys(found(word)))


def _english_verb(word: str) -> Iterable[str]:
    past, present = _english_stems(word)
    return word, _english_plural(word), past, present


def _english_stems(word: str) -> tuple[str, str]:
    if word.endswith("ee"):
        return word + "d", word + "ing"
    if word.endswith("e"):
        return word + "d", word[:-1] + "ing"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ied", word + "ing"
    base = word + word[-1] if _CVC.fullmatch(word) else word
    return base + "ed", base + "ing"


def _english_plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_SIBILANT) else "s")


def _english_adjective(word: str) -> Iterable[str]:
    if word.endswith("ic"):
        return word, word + "ally"
    if word.endswith("le"):
        return word, word[:-1] + "y"
    return word, (word[:-1] + "ily" if word.endswith("y") else word + "ly")


def _spanish_verb(word: str) -> Iterable[str]:
    stem, ending = word[:-2], word[-2:]
    if ending not in _ENDINGS:
        raise ValueError(f"{word!r} is marked /v and does not end in -ar, -er or -ir")
    for tail in _ENDINGS[ending]:
        yield (_softened(stem) if ending == "ar" and tail[0] in "eé" else stem) + tail


def _softened(stem: str) -> str:
    return next((stem[:-1] + new for old, new in _SOFTENED if stem.endswith(old)), stem)


def _spanish_noun(word: str) -> Iterable[str]:
    return word, _spanish_plural(word)


def _spanish_plural(word: str) -> str:
    if word.endswith("ión"):
        return word[:-3] + "iones"
    if word.endswith("z"):
        return word[:-1] + "ces"
    return word + ("s" if word[-1] in "aeoéá" else "es")


def _spanish_adjective(word: str) -> Iterable[str]:
    feminine = word[:-1] + "a" if word.endswith("o") else word
    return word, feminine, _spanish_plural(word), _spanish_plural(feminine), feminine + "mente"


_RULES: Final = {
    ("en", "v"): _english_verb,
    ("en", "n"): lambda word: (word, _english_plural(word)),
    ("en", "a"): _english_adjective,
    ("es", "v"): _spanish_verb,
    ("es", "n"): _spanish_noun,
    ("es", "a"): _spanish_adjective,
}
