"""Sound texture: how often neighbouring stressed words of a line share a sound, beside the same words dealt at random.

Alliteration shares the first consonant, assonance the stressed vowel, consonance the consonant after it. Pairs are stressed
words of one line at most `NEAR` apart; a word and its repetition are no pair. The null keeps the places and shuffles the words
over the whole text, so that a language's common sounds count for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .phones import Spoken
from .types import Poem
from .voices import voice

NEAR: Final = 3
"""Stressed words from one to the next that an ear still joins."""
KINDS: Final[dict[str, Callable[[Spoken], str]]] = {
    "alliteration": lambda spoken: spoken.onset,
    "assonance": lambda spoken: spoken.nucleus,
    "consonance": lambda spoken: spoken.coda,
}


class Density(NamedTuple):
    """`density` [0, 1] of pairs that share the sound, what is `expected` of the words at random, and how often random is as dense."""

    density: float
    expected: float
    p: float


class _Heard(NamedTuple):
    """A stressed word: who it is, how it sounds, which line it is in."""

    word: str
    spoken: Spoken
    line: int


def texture(poem: Poem, rng: np.random.Generator, *, permutations: int = 199) -> dict[str, Density]:
    """The three densities; no entry for a text without a pair of stressed words in one line."""
    heard = [
        _Heard(word.text.lower(), voice(word, poem.language), at)
        for at, line in enumerate(poem.lines)
        for word in line.words
        if word.stressed
    ]
    pairs = _pairs([one.line for one in heard])
    if not len(pairs):
        return {}
    words = _numbered([one.word for one in heard])
    sounds = np.array([_numbered([of(one.spoken) for one in heard]) for of in KINDS.values()])
    found = _shares(sounds, words, pairs)
    orders = (rng.permutation(len(heard)) for _ in range(permutations))
    null = np.array([_shares(sounds[:, order], words[order], pairs) for order in orders]).reshape(-1, len(KINDS))
    return {kind: _density(float(found[i]), null[:, i]) for i, kind in enumerate(KINDS)}


def _pairs(lines: Sequence[int]) -> NDArray[np.int64]:
    """(n, 2) places of stressed words of one line, at most `NEAR` apart."""
    found = [
        (i, j) for i in range(len(lines)) for j in range(i + 1, min(i + 1 + NEAR, len(lines))) if lines[i] == lines[j]
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    """Equal names, equal numbers; -1 for an empty one."""
    numbers = {name: i for i, name in enumerate(dict.fromkeys(names))} | {"": -1}
    return np.array([numbers[name] for name in names], dtype=np.int64)


def _density(found: float, null: NDArray[np.float64]) -> Density:
    p = (1 + int((null >= found).sum())) / (1 + len(null))
    return Density(found, float(null.mean()) if len(null) else found, p)


def _shares(sounds: NDArray[np.int64], words: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of each kind (3, n) of sounds the share of pairs that have it in common."""
    one, other = pairs.T
    left, right = sounds[:, one], sounds[:, other]
    shared: NDArray[np.float64] = ((left == right) & (left >= 0) & (words[one] != words[other])).mean(axis=1)
    return shared
