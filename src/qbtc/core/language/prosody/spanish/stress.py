"""Which words of a Spanish line carry a stress: most do, function words do not, and some only among certain neighbours.

The lists follow Navarro Tomás (Manual de pronunciación, §§ 165-170) and Quilis (Métrica española, 2). Where scholars
differ (un, tan, quien, cuanto) the hand-made scansions of the development authors decided. Knows words, not metre.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from .numbers import CARDINALS


class Token(NamedTuple):
    """A word of a line: its sound in lower case, how it is written, and the punctuation before it."""

    sound: str
    text: str
    start: int
    end: int
    before: str


UNSTRESSED: Final = frozenset(
    """
el la los las lo al del a á de en con por para sin sobre so entre tras contra ante bajo desde hasta hacia cabe pro
y e ó u ni que si mas pero sino porque aunque como donde adonde pues mientras cuan cuando cuanto cuanta cuantos cuantas
quien quienes aun tan me te se le les nos os mi mis tu tus su sus cuyo cuya cuyos cuyas don doña fray sor san conque
""".split()
)
"""Never stressed: articles, prepositions, conjunctions, relatives, clitics, possessives before their noun, titles."""
_TREATMENTS: Final = frozenset("señor señora señores señoras".split())
_POSSESSIVES: Final = frozenset("nuestro nuestra nuestros nuestras vuestro vuestra vuestros vuestras".split())
_LINKED: Final = frozenset("ya puesto luego dado supuesto".split())
_ASKING: Final = frozenset("sé sabe sabes saber sabré dime decid di".split())
_BEFORE_NOUN: Final = UNSTRESSED | frozenset("ya no es ha fue son más él yo tú".split())

Rule = Callable[[Sequence[Token], int], bool]


def stressed(tokens: Sequence[Token]) -> list[bool]:
    """For each word whether it is stressed; the last word of a line always is."""
    found = [_is_stressed(tokens, i) for i in range(len(tokens))]
    if found:
        found[-1] = True
    return found


def _is_stressed(tokens: Sequence[Token], i: int) -> bool:
    word = tokens[i].sound
    if word in UNSTRESSED:
        return False
    rule = _RULES.get(word)
    return rule is None or rule(tokens, i)


def _next(tokens: Sequence[Token], i: int) -> Token:
    """The word that follows in the same clause; an empty one where none does."""
    following = tokens[i + 1] if i + 1 < len(tokens) else _NOTHING
    return following if not following.before.strip() else _NOTHING


def _treatment(tokens: Sequence[Token], i: int) -> bool:
    """Señor before a name or a title leans on it."""
    return not _next(tokens, i).text[:1].isupper()


def _possessive(tokens: Sequence[Token], i: int) -> bool:
    """Nuestro before its noun is unstressed; after an article or alone it is a pronoun."""
    after_article = i > 0 and tokens[i - 1].sound in ("el", "la", "los", "las", "lo", "al", "del")
    following = _next(tokens, i).sound
    return after_article or not following or following in _BEFORE_NOUN


def _linked(tokens: Sequence[Token], i: int) -> bool:
    """Ya que, puesto que: a conjunction of two words."""
    return _next(tokens, i).sound != "que"


def _cardinal(tokens: Sequence[Token], i: int) -> bool:
    """Of a number of several words only the last is stressed: cien mil, diez y nueve."""
    following = _next(tokens, i).sound
    if following == "y":
        following = _next(tokens, i + 1).sound
    return following not in CARDINALS


def _vocative(tokens: Sequence[Token], i: int) -> bool:
    """O, old spelling of oh: it opens an exclamation; `or` cannot."""
    return bool(set(tokens[i].before) & set("¡¿"))


def _which(tokens: Sequence[Token], i: int) -> bool:
    """Cual is stressed in cada cual, tal cual."""
    return i > 0 and tokens[i - 1].sound in ("cada", "tal")


def _where(tokens: Sequence[Token], i: int) -> bool:
    """Do asks after ¿ and after to know or to tell."""
    return "¿" in tokens[i].before or (i > 0 and tokens[i - 1].sound in _ASKING)


_NOTHING: Final = Token("", "", 0, 0, "")
_RULES: Final[dict[str, Rule]] = {
    **dict.fromkeys(_TREATMENTS, _treatment),
    **dict.fromkeys(_POSSESSIVES, _possessive),
    **dict.fromkeys(_LINKED, _linked),
    **dict.fromkeys(CARDINALS - {"un", "uno", "una"}, _cardinal),
    **dict.fromkeys(("cual", "cuales"), _which),
    "o": _vocative,
    "do": _where,
}
