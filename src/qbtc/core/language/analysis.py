"""Text to search terms: tokens without function words, stemmed.

A stored text is analysed in its own language; a query, often too short to tell, in both, so that it finds texts
of either. A text whose language is unknown is stored under both stems.
"""

from __future__ import annotations

from collections.abc import Iterable

from .detect import Language, detect
from .stemming import stem
from .stopwords import STOPWORDS
from .tokens import tokens

BOTH: tuple[Language, ...] = ("en", "es")


def analyse(text: str, language: Language | None = None) -> list[str]:
    """Search terms of a text to be stored, in order and with repeats."""
    known = language or detect(text)
    return list(_terms(tokens(text), (known,) if known else BOTH))


def query_terms(text: str) -> list[str]:
    """Distinct search terms of a query, in order; empty when it has function words only."""
    words = tokens(text)
    found = dict.fromkeys(_terms(words, (detect(text) or "en",)))
    found.update(dict.fromkeys(_terms([w for w in words if not _is_function_word(w)], BOTH)))
    return list(found)


def _is_function_word(word: str) -> bool:
    return any(word in STOPWORDS[language] for language in BOTH)


def _terms(words: Iterable[str], languages: tuple[Language, ...]) -> Iterable[str]:
    for word in words:
        if all(word in STOPWORDS[language] for language in languages):
            continue
        yield from dict.fromkeys(stem(word, language) for language in languages)
