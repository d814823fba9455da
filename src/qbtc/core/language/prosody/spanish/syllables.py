"""Words by themselves: how a dictionary divides and stresses them."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from ..types import Stress
from .tokens import tokens
from .vocabulary import syllables as spoken_syllables


class Division(NamedTuple):
    """Syllables of a word, and which of them carries the stress, from 0."""

    syllables: tuple[str, ...]
    stress: int


def divide(word: str) -> Division:
    """`divide("Canción")` gives `(("Can", "ción"), 1)`. Figures and abbreviations of one word are read out.

    Raises ValueError for what is not read as one word.
    """
    found = [token.word for token in tokens(unicodedata.normalize("NFC", word))]
    if len(found) != 1:
        raise ValueError(f"{word!r} is not one Spanish word")
    syllables = spoken_syllables(found[0].sound, found[0].written)
    return Division(
        tuple(s.text for s in syllables), next(i for i, s in enumerate(syllables) if s.stress == Stress.PRIMARY)
    )
