"""Which words of a Spanish line carry a stress: most do, function words do not, and some only among certain neighbours.

The lists follow Navarro Tomás (Manual de pronunciación, §§ 165-170) and Quilis (Métrica española, 2). Where scholars
differ (un, tan, quien, cuanto) the hand-made scansions of the development authors decided. Knows words, not metre.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from .numbers import CARDINALS
from .tokens import Token

_UNSTRESSED_WORDS: Final = """
el la los las lo al del a á de en con por para sin sobre so entre tras contra ante desde hasta hacia y e ó u ca ni que si
mas pero sino porque aunque como donde adonde pues mientras cuan cuando cuanto cuanta cuantos cuantas quien quienes
quando quanto quanta quantos quantas quan quel aun tan me te se le les nos os mi mis tu tus su sus cuyo cuya cuyos cuyas
don doña fray sor san conque
"""
UNSTRESSED: Final = frozenset(_UNSTRESSED_WORDS.split())
"""Never stressed: articles, prepositions, conjunctions, relatives, clitics, possessives before their noun, titles."""
_TREATMENTS: Final = frozenset(["señor", "señora", "señores", "señoras", "santo", "santa"])
_POSSESSIVES: Final = frozenset(
    ["nuestro", "nuestra", "nuestros", "nuestras", "vuestro", "vuestra", "vuestros", "vuestras"]
)
_ARTICLES: Final = frozenset(["el", "la", "los", "las", "lo", "al", "del"])
_LINKED: Final = frozenset(["puesto", "luego", "dado", "supuesto"])
_ASKING: Final = frozenset(["sé", "sabe", "sabes", "saber", "sabré", "dime", "decid", "di"])
_BEFORE_NOUN: Final = UNSTRESSED | frozenset(["ya", "no", "es", "ha", "fue", "son", "más", "él", "yo", "tú"])

Rule = Callable[[Sequence[Token], int], bool]


def stressed(tokens: Sequence[Token]) -> list[bool]:
    """For each word whether it is stressed; the last word of a line always is."""
    found = [token.word.sound not in UNSTRESSED for token in tokens]
    for i, token in enumerate(tokens):
        rule = _RULES.get(token.word.sound)
        if rule:
            found[i] = rule(tokens, i)
    if found:
        found[-1] = True
    return found


def _before(tokens: Sequence[Token], i: int) -> str:
    return tokens[i - 1].word.sound if i else ""


def _next(tokens: Sequence[Token], i: int) -> str:
    """The word that follows in the same clause, empty where none does."""
    if i + 1 >= len(tokens) or tokens[i + 1].before.strip():
        return ""
    return tokens[i + 1].word.sound


def _treatment(tokens: Sequence[Token], i: int) -> bool:
    """Señor and santa lean on the name or the title after them."""
    return not (_next(tokens, i) and tokens[i + 1].word.written[0].isupper())


def _possessive(tokens: Sequence[Token], i: int) -> bool:
    """Nuestro before its noun is unstressed; after an article or alone it is a pronoun."""
    after_article = _before(tokens, i) in _ARTICLES
    following = _next(tokens, i)
    return after_article or not following or following in _BEFORE_NOUN


def _linked(tokens: Sequence[Token], i: int) -> bool:
    """Puesto que: a conjunction of two words."""
    return _next(tokens, i) != "que"


def _already(tokens: Sequence[Token], i: int) -> bool:
    """Ya que is one too where it begins its clause; in `tiempo es ya que` the adverb ends one."""
    return _linked(tokens, i) or (i > 0 and not tokens[i].before.strip())


def _cardinal(tokens: Sequence[Token], i: int) -> bool:
    """Of a number of several words only the last is stressed: cien mil, diez y nueve."""
    following = _next(tokens, i)
    if following == "y":
        following = _next(tokens, i + 1)
    return following not in CARDINALS


def _vocative(tokens: Sequence[Token], i: int) -> bool:
    """O, old spelling of oh, opens an exclamation or, first in its line, calls one name: `O amor, llora`; `or` cannot."""
    if set(tokens[i].before) & set("¡¿"):
        return True
    if i or len(tokens) < 3 or any(token.word.sound == "o" for token in tokens[1:]):
        return False
    return "," in tokens[2].before or tokens[2].word.sound in ("tú", "vos")


def _which(tokens: Sequence[Token], i: int) -> bool:
    """Cual is stressed in cada cual, tal cual."""
    return _before(tokens, i) in ("cada", "tal")


def _low(tokens: Sequence[Token], i: int) -> bool:
    """Bajo is an adjective after an article or alone, else a preposition."""
    return _before(tokens, i) in _ARTICLES | {"tan", "más", "muy", "un"} or _next(tokens, i) in {"", "y", "de", "que"}


def _where(tokens: Sequence[Token], i: int) -> bool:
    """Do asks after ¿ and after to know or to tell, and again where it has asked before in the line."""
    asked = (j for j in range(i + 1) if tokens[j].word.sound == "do")
    return any("¿" in tokens[j].before or _before(tokens, j) in _ASKING for j in asked)


_RULES: Final[dict[str, Rule]] = {
    **dict.fromkeys(_TREATMENTS, _treatment),
    **dict.fromkeys(_POSSESSIVES, _possessive),
    **dict.fromkeys(_LINKED, _linked),
    **dict.fromkeys(CARDINALS - {"un", "uno", "una"}, _cardinal),
    **dict.fromkeys(("cual", "cuales"), _which),
    "ya": _already,
    "o": _vocative,
    "do": _where,
    "bajo": _low,
}
