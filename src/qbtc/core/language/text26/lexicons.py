"""The word lists behind the text features: categories (`categories_*.txt`) and affect (`affect_*.tsv`).

Each file names its source and licence in its first lines. They are part of the code and are read once, at the first text.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntFlag
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple, TypeVar

from ..detect import Language
from ..stopwords import STOPWORDS
from ..tokens import fold
from .inflection import forms


class Mark(IntFlag):
    """What a word or phrase can be; one word may be several things."""

    NONE = 0
    HEDGE = 1
    NEGATION = 2
    MODAL = 4
    COMMITMENT = 8
    TRUST = 16
    DISTRUST = 32
    UNCERTAINTY = 64
    GAIN = 128
    LOSS = 256
    PRONOUN = 512
    FIRST = 1024
    CONJUNCTION = 2048


class Affect(NamedTuple):
    """Valence, arousal and dominance of a word, each -1..1."""

    valence: float
    arousal: float
    dominance: float


class Phrase(NamedTuple):
    """The words that follow the first one, and what the whole is."""

    rest: tuple[str, ...]
    mark: Mark


Phrases = dict[str, list[Phrase]]
Value = TypeVar("Value")
_PARTS: Final = "lexicons"


def read(name: str) -> Iterator[str]:
    """The lines of a data file of this package, without comments."""
    text = files(__package__).joinpath(_PARTS, name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def affect(language: Language) -> dict[str, Affect]:
    """Words in small letters, also as typed without accents; ratings are kept in hundredths."""
    rows = (line.split("\t") for line in read(f"affect_{language}.tsv"))
    known = {word: Affect(int(v) / 100, int(a) / 100, int(d) / 100) for word, v, a, d in rows}
    return _with_plain(known, language)


@cache
def categories(language: Language) -> dict[str, Mark]:
    """What each single word is."""
    found: dict[str, Mark] = {}
    for mark, words in _listed(language):
        if len(words) == 1:
            found[words[0]] = found.get(words[0], Mark.NONE) | mark
    return _with_plain(found, language)


@cache
def phrases(language: Language) -> Phrases:
    """Phrases by their first word, folded as the words of a text are."""
    found: Phrases = {}
    for mark, words in _listed(language):
        if len(words) > 1:
            first, *rest = map(fold, words)
            found.setdefault(first, []).append(Phrase(tuple(rest), mark))
    return found


def _listed(language: Language) -> Iterator[tuple[Mark, list[str]]]:
    for line in read(f"categories_{language}.txt"):
        category, _, words = line.partition(":")
        mark = Mark[category.upper()]
        for entry in words.split():
            word, _, kind = entry.partition("/")
            yield from ((mark, form.split("_")) for form in forms(word, kind, language))


def _with_plain(known: dict[str, Value], language: Language) -> dict[str, Value]:
    """Add what is typed without accents, unless that is another word: `el` is not `él`."""
    taken = known.keys() | STOPWORDS[language]
    return {fold(word): value for word, value in known.items() if fold(word) not in taken} | known
