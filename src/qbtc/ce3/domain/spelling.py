"""Forgives one slip a word: the known word at distance one (insert, delete, replace, swap of neighbours)."""

from __future__ import annotations

from collections.abc import Collection

SHORTEST, LONGEST = 5, 20
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def corrected(word: str, known: Collection[str]) -> str:
    """`word` itself if it is known, short or has no known neighbour; else its first known neighbour."""
    if not SHORTEST <= len(word) <= LONGEST or word in known or not word.isalpha():
        return word
    return min((near for near in _neighbours(word) if near in known), default=word)


def _neighbours(word: str) -> set[str]:
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    deleted = {a + b[1:] for a, b in cuts if b}
    replaced = {a + c + b[1:] for a, b in cuts if b for c in _LETTERS}
    inserted = {a + c + b for a, b in cuts for c in _LETTERS}
    return swapped | deleted | replaced | inserted
