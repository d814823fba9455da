"""Resonance of two scanned texts: Uhlmann's fidelity of their states, beside a cosine and a permutation null.

Rows are lines, columns `FEATURES`, standardised by median and MAD of both texts' lines together (there is no frozen
reference yet, so scores of different pairs are not on one scale). Velocity is the difference to the line before, 0 first;
a line keeps it where the null deals lines at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qbtc.core.hilbert import amplitudes, window_state
from qbtc.core.hilbert.coherence import uhlmann_fidelity
from qbtc.core.hilbert.states import median_mad, standardise

from .types import Line, Poem

FEATURES: Final = (
    "syllables",
    "beats a syllable",
    "mean gap of beats",
    "first beat",
    "syllables a word",
    "letters a syllable",
    "rhymed",
)
FEWEST: Final = 4
"""Lines each text needs."""
ROUNDING: Final = 1e-9
Rows = NDArray[np.float64]
Amplitudes = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Resonance:
    """`fidelity` [0, 1]; `cosine` [-1, 1] of mean profiles; `p`: how often lines dealt at random to both texts resonate
    as little (small: the texts differ). `within` is the same fidelity between every second line of each text and its others,
    what a text of this length has with itself; None where a half has under `FEWEST` lines."""

    fidelity: float
    cosine: float
    p: float
    within: tuple[float | None, float | None]


def profile(line: Line) -> list[float]:
    """The `FEATURES` of one line."""
    beats = [i for i, beat in enumerate(line.stresses) if beat == "+"]
    count, words = max(1, line.syllables), max(1, len(line.words))
    gap = (beats[-1] - beats[0]) / (len(beats) - 1) if len(beats) > 1 else 0.0
    letters = sum(c.isalpha() for c in line.text)
    return [
        line.syllables,
        len(beats) / count,
        gap,
        beats[0] if beats else 0,
        count / words,
        letters / count,
        bool(line.rhyme),
    ]


def resonance(one: Poem, other: Poem, rng: np.random.Generator, *, permutations: int = 199) -> Resonance:
    """How alike two texts sound. Raises ValueError where one has under `FEWEST` lines."""
    if min(len(one.lines), len(other.lines)) < FEWEST:
        raise ValueError(f"the texts have {len(one.lines)} and {len(other.lines)} lines; each needs at least {FEWEST}")
    raw = np.array([profile(line) for poem in (one, other) for line in poem.lines], dtype=np.float64)
    z, cut = standardise(raw, median_mad(raw.T), minimum=2)[0], len(one.lines)
    rows = np.concatenate([_rows(z[:cut]), _rows(z[cut:])])
    found = _fidelity(rows, cut)
    low = sum(_fidelity(rng.permutation(rows), cut) <= found + ROUNDING for _ in range(permutations))
    alike = _cosine(z[:cut].mean(axis=0), z[cut:].mean(axis=0))
    return Resonance(found, alike, (1 + low) / (1 + permutations), (_within(rows[:cut]), _within(rows[cut:])))


def _within(rows: Amplitudes) -> float | None:
    """Between the lines at even and at odd places."""
    even, odd = rows[::2], rows[1::2]
    return float(uhlmann_fidelity(_state(even), _state(odd))) if len(odd) >= FEWEST else None


def _rows(z: Rows) -> Amplitudes:
    """Amplitudes of a text's lines with a constant column: second moments alone cannot tell a mean from its mirror."""
    level = np.hstack([z, np.ones((len(z), 1))])
    return amplitudes(level, np.diff(level, axis=0, prepend=level[:1]))


def _fidelity(rows: Amplitudes, cut: int) -> float:
    return float(uhlmann_fidelity(_state(rows[:cut]), _state(rows[cut:])))


def _state(rows: Amplitudes) -> Amplitudes:
    """The lines' shrunk density matrix, each line of equal weight."""
    return window_state(rows, np.ones(len(rows))).rho


def _cosine(a: Rows, b: Rows) -> float:
    """0 where a profile has no length."""
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.dot(a, b)) / norm if norm > 0 else 0.0
