"""From text to folded word tokens and to sentences. Knows no language."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'»”)\]]*\s+(?=[\"'«“(\[¿¡]*[^\W_a-z])|\n{2,}")
_CLITIC = re.compile(r"['’](?:s|re|ve|ll|d|m|t)$")
_NUMBER = re.compile(r"^\d[\d.,]*$")


def fold(text: str) -> str:
    """Case-folded text without accents; `ñ` becomes `n`, which both sides of a search share."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokens(text: str) -> list[str]:
    """Words and numbers in order, folded: `Don't` gives `don`, `61,234.5` one token, `a.b` gives `a`, `b`."""
    found: list[str] = []
    for match in _WORD.finditer(fold(text)):
        found.extend(_split(match.group()))
    return found


def _split(word: str) -> list[str]:
    if _NUMBER.match(word):
        return [word.replace(",", "").rstrip(".")]
    return [part for part in re.split(r"['’.,]", _CLITIC.sub("", word)) if part]


def sentences(text: str) -> list[str]:
    """Sentences by closing punctuation followed by something that can begin one, or by an empty line."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]
