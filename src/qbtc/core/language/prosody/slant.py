"""Slant rhyme: lines that rhyme with none, but whose ends are made alike in the mouth (`phones.closeness`)."""

from __future__ import annotations

from typing import Final, NamedTuple

from .phones import SLANT, closeness
from .types import Poem
from .voices import voice

REACH: Final = 4
"""Lines between two ends that are compared: a looser likeness is heard less far than a rhyme."""


class Slant(NamedTuple):
    """Lines `first` < `second` of the poem, and how close their ends are [`SLANT`, 1]."""

    first: int
    second: int
    closeness: float


def endings(poem: Poem) -> list[str]:
    """What each line ends in, from the last word's stressed vowel on; empty for lines that rhyme or say nothing."""
    return [voice(line.words[-1], poem.language).ending if line.words and not line.rhyme else "" for line in poem.lines]


def slants(poem: Poem) -> list[Slant]:
    """Each line without a rhyme, with the closest earlier one at most `REACH` lines away that is close enough."""
    ends = endings(poem)
    found = (_closest(poem, ends, i) for i in range(len(ends)))
    return [pair for pair in found if pair]


def _closest(poem: Poem, ends: list[str], i: int) -> Slant | None:
    """Ties go to the nearer line; the same word again is no rhyme."""
    word = poem.lines[i].words[-1].text.lower() if ends[i] else ""
    near = (j for j in range(max(0, i - REACH), i) if ends[j] and poem.lines[j].words[-1].text.lower() != word)
    pairs = [Slant(j, i, closeness(ends[j], ends[i])) for j in near] if ends[i] else []
    best = max(pairs, key=lambda pair: (pair.closeness, pair.first), default=None)
    return best if best and best.closeness >= SLANT else None
