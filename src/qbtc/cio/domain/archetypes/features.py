"""A text as numbers: three blocks of a sparse row, each of a fixed weight, so that none drowns another.

    stems       stems of words and pairs of neighbouring ones, function words too: how a voice speaks is half of its style
    characters  runs of 3 to 5 characters within a word and its borders
    form        the 26 text features as robust z (core/language/text26), squashed; masked ones are 0

Counts are log(1 + n) times the inverse document frequency of the training texts, hashed (CRC-32, Weinberger et al. 2009)
into BUCKETS columns a block, each block of unit length times its weight. No model, no vocabulary to ship.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
from scipy.sparse import csr_array, hstack

from qbtc.contracts.basis26 import SIZE
from qbtc.core.hilbert.types import Mask, Real
from qbtc.core.language.detect import Language
from qbtc.core.language.stemming import stem
from qbtc.core.language.text26 import text_state
from qbtc.core.language.tokens import tokens

BUCKETS: Final = 1 << 15
RUNS: Final = (3, 4, 5)
SQUASH: Final = 3.0
"""A z beyond this many spreads says little more: tanh(z / SQUASH)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Length of each block in a row."""

    stems: float
    characters: float
    form: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Texts counted once: `stems` and `runs` (n, BUCKETS), `form` (n, 26). What is rare is decided by an encoder."""

    stems: csr_array
    runs: csr_array
    form: Real

    def only(self, mask: Mask) -> Measured:
        return Measured(csr_array(self.stems[mask]), csr_array(self.runs[mask]), self.form[mask])


def measure(texts: Sequence[str], language: Language) -> Measured:
    """At least one text of the language."""
    stems, runs = _counts(_stems(text, language) for text in texts), _counts(_runs(text) for text in texts)
    return Measured(stems, runs, np.stack([_form(text, language) for text in texts]))


@dataclass(frozen=True, slots=True)
class Encoder:
    """`stems` and `runs` (BUCKETS,) are inverse document frequencies."""

    weights: Weights
    stems: Real
    runs: Real

    def rows(self, measured: Measured) -> csr_array:
        """(n, 2 BUCKETS + 26), float64."""
        stems = _scaled(measured.stems, self.stems, self.weights.stems)
        runs = _scaled(measured.runs, self.runs, self.weights.characters)
        return csr_array(hstack([stems, runs, csr_array(measured.form * self.weights.form)], format="csr"))


def encoder(measured: Measured, weights: Weights) -> Encoder:
    """An encoder that knows how rare each stem and run is among the texts measured."""
    return Encoder(weights, _rarity(measured.stems), _rarity(measured.runs))


def _stems(text: str, language: Language) -> Counter[str]:
    words = [stem(word, language) for word in tokens(text)]
    return Counter(words) + Counter(f"{a} {b}" for a, b in pairwise(words))


def _runs(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for word, times in Counter(tokens(text)).items():
        framed = f" {word} "
        for size in RUNS:
            for start in range(len(framed) - size + 1):
                found[framed[start : start + size]] += times
    return found


def _form(text: str, language: Language) -> Real:
    state = text_state(text, language=language)
    return np.asarray(np.tanh(state.z / SQUASH) / np.sqrt(SIZE), dtype=float)


def _counts(bags: Iterable[Mapping[str, int]]) -> csr_array:
    ends = [0]
    columns: list[int] = []
    values: list[int] = []
    for bag in bags:
        columns.extend(crc32(key.encode()) % BUCKETS for key in bag)
        values.extend(bag.values())
        ends.append(len(columns))
    found = csr_array(
        (np.array(values, dtype=np.float64), np.array(columns, dtype=np.int64), ends), shape=(len(ends) - 1, BUCKETS)
    )
    found.sum_duplicates()
    return found


def _rarity(counts: csr_array) -> Real:
    """log((1 + n) / (1 + texts with it)) + 1, the smoothed inverse document frequency."""
    having = np.bincount(counts.indices, minlength=BUCKETS)
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + having)) + 1, dtype=float)


def _scaled(counts: csr_array, rarity: Real, weight: float) -> csr_array:
    found = counts.copy()
    found.data = np.log1p(found.data) * rarity[found.indices]
    lengths = np.sqrt(np.asarray((found * found).sum(axis=1)).ravel())
    found.data *= np.repeat(weight / np.where(lengths > 0, lengths, 1), np.diff(found.indptr))
    return found
