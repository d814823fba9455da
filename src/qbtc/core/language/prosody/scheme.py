"""Rhyme letters from what each line's end sounds like. Knows no language: a sound is any string, equal where it rhymes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

REACH: Final = 12
"""Lines between two rhymes that an ear still joins."""
WHOLE: Final = 40
"""Lines up to which stanzas of unequal length are one form."""
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def groups(sounds: Sequence[str], stanzas: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stanzas (first line, line after the last) whose letters belong together.

    Unequal stanzas are parts of one form, as in a sonnet; equal ones begin again with A unless they share a rhyme.
    """
    if len({last - first for first, last in stanzas}) > 1 and stanzas[-1][1] <= WHOLE:
        return [(stanzas[0][0], stanzas[-1][1])]
    found = list(stanzas[:1])
    for before, after in pairwise(stanzas):
        left, right = (set(sounds[first:last]) - {""} for first, last in (before, after))
        if left & right:
            found[-1] = (found[-1][0], after[1])
        else:
            found.append(after)
    return found


def letters(sounds: Sequence[str]) -> str:
    """A letter for each line that rhymes with one at most `REACH` lines away, `-` for the others and for empty sounds."""
    mates = [_mate(sounds, i) for i in range(len(sounds))]
    found: list[str] = []
    used = 0
    for i, mate in enumerate(mates):
        if mate >= 0:
            found.append(found[mate])
        elif i in mates:
            found.append(_ALPHABET[used % len(_ALPHABET)])
            used += 1
        else:
            found.append("-")
    return "".join(found)


def _mate(sounds: Sequence[str], i: int) -> int:
    """The nearest earlier line with the same sound, -1 for none."""
    nearest = range(i - 1, max(-1, i - 1 - REACH), -1)
    return next((j for j in nearest if sounds[j] and sounds[j] == sounds[i]), -1)


def rhymed(scheme: str) -> float:
    """Share of lines that rhyme."""
    return 1 - scheme.count("-") / len(scheme) if scheme else 0.0
