"""Which of the two house languages a text is in, by its function words and Spanish-only signs.

Returns `None` when the text does not say: a name, a number, one shared word. A guess is never forced.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from .stopwords import STOPWORDS
from .tokens import tokens

Language = Literal["en", "es"]

_SPANISH_SIGNS: Final = frozenset("ñ¿¡áéíóúü")
_SHARED: Final = STOPWORDS["en"] & STOPWORDS["es"]


def detect(text: str) -> Language | None:
    """`"en"`, `"es"`, or `None` when the evidence is even or absent."""
    return _decide(tokens(text), signs=sum(c in _SPANISH_SIGNS for c in text.casefold()))


def _decide(words: Sequence[str], signs: int) -> Language | None:
    english = sum(w in STOPWORDS["en"] for w in words if w not in _SHARED)
    spanish = sum(w in STOPWORDS["es"] for w in words if w not in _SHARED) + signs
    if english == spanish:
        return None
    return "en" if english > spanish else "es"
