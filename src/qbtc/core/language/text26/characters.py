"""How surprising the spelling of a word is: a frozen trigram model of characters for each language.

P(c | ab) by Witten and Bell's interpolation (1991): (n(abc) + T(ab) P(c | b)) / (n(ab) + T(ab)), T the number of distinct
followers, down to 1 / 64 for every character. A word is read with a space on both sides. Only counts are shipped
(`trigrams_*.tsv`), rebuilt by tools/text26.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from ..detect import Language
from .lexicons import read

ALPHABET: Final = 64
"""Characters that the bottom of the interpolation spreads its weight over."""


class Trigrams:
    """Counts of character trigrams, read as a model."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._orders = [_followers(_shortened(counts, drop)) for drop in (2, 1, 0)]

    def bits(self, word: str) -> float:
        """Sum of -log2 P over the characters of a word in small letters and the space after it."""
        padded = f"  {word} "
        return sum(-math.log2(self._probability(padded[i - 2 : i], padded[i])) for i in range(2, len(padded)))

    def _probability(self, context: str, character: str) -> float:
        found = 1 / ALPHABET
        for length, followers in enumerate(self._orders):
            known = followers.get(context[2 - length :])
            if known is not None:
                total, kinds = known.total(), len(known)
                found = (known[character] + kinds * found) / (total + kinds)
        return found


def _shortened(counts: Mapping[str, int], drop: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for trigram, count in counts.items():
        found[trigram[drop:]] += count
    return found


def _followers(counts: Mapping[str, int]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for gram, count in counts.items():
        found[gram[:-1]][gram[-1]] += count
    return dict(found)


@cache
def trigrams(language: Language) -> Trigrams:
    """The frozen model of a language."""
    rows = (line.rsplit("\t", 1) for line in read(f"trigrams_{language}.tsv"))
    return Trigrams({gram.replace("_", " "): int(count) for gram, count in rows})
