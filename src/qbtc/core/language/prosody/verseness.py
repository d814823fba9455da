"""How probable it is that a text is verse, from how it sounds: a logistic regression on six measures, a table a language.

Layout (capitals, punctuation, blank lines) is not looked at, only where lines end. The tables are fitted and judged, authors
apart, by `bench/verse_probability.py`. What they know as verse is mostly regular (hendecasyllables in Spanish), as prose
technical and quoted prose, cut into lines in three ways; free verse is not told from prose.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

from .english.lexicon import WEAK
from .rhythm import rhythm
from .spanish.stress import UNSTRESSED
from .types import Line, Poem

MEASURES: Final = ("regular", "spread", "rhymed", "periodic", "weak_ends", "length")
FEWEST: Final = 2
"""Lines below which nothing is said."""
_DOUBT: Final = 3.0
"""Lines that a text is taken to have besides its own, of which nothing is known."""
_USUAL: Final = 10.0
_LEANING: Final = {"en": WEAK, "es": UNSTRESSED | {"o", "un", "una"}}
TABLES: Final[Mapping[str, tuple[float, ...]]] = {
    "en": (-0.72, 3.485, -3.615, 5.51, 4.689, -8.598, -3.782),
    "es": (-4.977, 5.066, -2.574, 2.825, 7.721, -7.783, -4.03),
}
"""Intercept and a coefficient for each of `MEASURES`."""


def measures(poem: Poem) -> dict[str, float]:
    """`MEASURES` of at least `FEWEST` lines, each 0 or near where little is known.

    regular: share of lines of the commonest length; spread: mean distance from the median length, in it, at most 1; rhymed: share
    of lines that rhyme (these three times n / (n + 3)); periodic: vector strength of the accents; weak_ends: share of lines that
    end in a word that leans on the next (an article, a preposition); length: |ln(mean syllables / 10)|, at most 2. Raises ValueError for fewer lines.
    """
    counts = [line.syllables for line in poem.lines]
    if len(counts) < FEWEST:
        raise ValueError(f"the text has {len(counts)} lines; at least {FEWEST} are needed")
    sure, middle = len(counts) / (len(counts) + _DOUBT), max(1, sorted(counts)[len(counts) // 2])
    return {
        "regular": sure * max(Counter(counts).values()) / len(counts),
        "spread": sure * min(1.0, sum(abs(count - middle) for count in counts) / len(counts) / middle),
        "rhymed": sure * sum(bool(line.rhyme) for line in poem.lines) / len(counts),
        "periodic": rhythm(poem).strength,
        "weak_ends": sum(_ends_weakly(line, poem.language) for line in poem.lines) / len(counts),
        "length": min(2.0, abs(math.log(max(1.0, sum(counts) / len(counts)) / _USUAL))),
    }


def probability(poem: Poem) -> float | None:
    """That a text with these lines is verse, 0 to 1; None with fewer than `FEWEST` lines."""
    if len(poem.lines) < FEWEST:
        return None
    first, *weights = TABLES[poem.language]
    return logistic(first + sum(w * value for w, value in zip(weights, measures(poem).values(), strict=True)))


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _ends_weakly(line: Line, language: str) -> bool:
    return bool(line.words) and line.words[-1].text.lower() in _LEANING[language]
