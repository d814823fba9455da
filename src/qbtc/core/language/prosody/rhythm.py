"""The rhythm of a scanned text as a signal: beats at syllable places, tested for a period. Knows no language.

Beats are numbered along each line from 0; every line begins its phase anew. Also dimensions P and Z of the 26, from text.
Where beats were fitted to a foot (English) the words' own accents are taken instead, so that `p` and `g_p` test the text and
not the reading. Neither test knows that two accents seldom touch in any prose, so a low p is no proof of verse (`verseness`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .types import Poem

VERSION: Final = 2
"""Of the extractors of P and Z; a change of what they measure is a new number."""
PERIODS: Final = (2, 3, 4)
"""Syllables from beat to beat that are tried."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`strength` [0, 1] and `p` of the best period (syllables, p corrected for the periods tried); `g` [0, 1] and `g_p`."""

    period: int
    strength: float
    p: float
    g: float
    g_p: float
    beats: int


class Best(NamedTuple):
    """A period in syllables, its vector strength and its own p."""

    strength: float
    p: float
    period: int


def vector_strength(phases: NDArray[np.float64]) -> tuple[float, float]:
    """R = |mean exp(i phase)| of phases (n,) in radians and its Rayleigh p; (0, 1) for none.

    p = exp(sqrt(1 + 4n + 4(n^2 - (nR)^2)) - (1 + 2n)): Zar, Biostatistical Analysis, eq. 27.4.
    """
    n = len(phases)
    if not n:
        return 0.0, 1.0
    strength = min(1.0, float(abs(np.exp(1j * phases).mean())))
    return strength, min(1.0, math.exp(math.sqrt(1 + 4 * n + 4 * n * n * (1 - strength**2)) - (1 + 2 * n)))


def fisher_g(series: NDArray[np.float64]) -> tuple[float, float]:
    """The largest share of one frequency in the periodogram of a series (n,) and its p; (0, 1) if it does not vary.

    P(G > g) = sum_{k=1}^{floor(1/g)} (-1)^(k-1) C(m, k) (1 - kg)^(m-1), m frequencies between 0 and 1/2: Fisher (1929).
    """
    m = (len(series) - 1) // 2
    power = np.abs(np.fft.rfft(series - series.mean())[1 : m + 1]) ** 2 if m > 0 else np.zeros(1)
    total = float(power.sum())
    if total <= 1e-12:
        return 0.0, 1.0
    g = float(power.max()) / total
    return g, _beyond(g, m)


def _beyond(g: float, m: int) -> float:
    """The alternating sum; its first term bounds it and stands in where cancellation would leave no digits."""
    first = m * math.exp((m - 1) * math.log1p(-g)) if g < 1 else float(m == 1)
    terms = [_term(g, m, k) for k in range(1, min(m, math.floor(1 / g)) + 1) if k * g < 1]
    if not terms or max(map(abs, terms)) > 1e9:
        return min(1.0, first)
    return min(1.0, max(0.0, math.fsum(terms)))


def _term(g: float, m: int, k: int) -> float:
    log = math.lgamma(m + 1) - math.lgamma(k + 1) - math.lgamma(m - k + 1) + (m - 1) * math.log1p(-k * g)
    return math.copysign(math.exp(min(log, 700.0)), 1 if k % 2 else -1)


def rhythm(poem: Poem) -> Rhythm:
    """The best period of a poem's beats by vector strength (ties: the longer), and Fisher's g of its beats end to end."""
    spoken = [line.accents or line.stresses for line in poem.lines]
    places = np.array([i for beats in spoken for i, beat in enumerate(beats) if beat == "+"], dtype=np.float64)
    strength, p, period = best_period(places)
    series = np.array([float(beat == "+") for beats in spoken for beat in beats])
    g, g_p = fisher_g(series)
    return Rhythm(period, strength, 1 - (1 - p) ** len(PERIODS), g, g_p, len(places))


def best_period(places: NDArray[np.float64]) -> Best:
    """The period of `PERIODS` with the least p for beats at these syllables (n,); ties: the stronger, then the longer."""
    found = [Best(*vector_strength(2 * math.pi * places / period), period) for period in PERIODS]
    return min(found, key=lambda one: (one.p, -one.strength, -one.period))


def periodicity(poem: Poem) -> float | None:
    """Dimension P [0, 1]: vector strength at the best period; None (masked) with fewer than two beats."""
    found = rhythm(poem)
    return found.strength if found.beats > 1 else None


def closure(poem: Poem) -> float | None:
    """Dimension Z [0, 1]: the share of lines that rhyme; None (masked) with fewer than two lines."""
    return sum(bool(line.rhyme) for line in poem.lines) / len(poem.lines) if len(poem.lines) > 1 else None
