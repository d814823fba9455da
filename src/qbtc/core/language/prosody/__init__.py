"""Prosody: syllables, stress, metre, rhyme and stanzas of a text. Offline and without dictionaries to load.

Pure: text in, `Poem` out. Above it: `qbtc resonance`, QCS and CIO.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from .types import Later, Line, Poem, Stanza, Stress, Syllable, Word

_SCANNERS: Final = {"en": "english", "es": "spanish"}
LANGUAGES: Final = tuple(_SCANNERS)
"""Languages whose verse can be scanned."""


def scan(text: str, language: str) -> Poem:
    """The poem of a text: one line for each that is not blank; blank lines end stanzas.

    Raises ValueError for a language that is not one of `LANGUAGES`.
    """
    if language not in _SCANNERS:
        raise ValueError(f"language {language!r} has no prosody here; allowed: {', '.join(LANGUAGES)}")
    module = import_module(f".{_SCANNERS[language]}", __package__)
    found: Poem = module.scan(text)
    return found


__all__ = ["LANGUAGES", "Later", "Line", "Poem", "Stanza", "Stress", "Syllable", "Word", "scan"]
