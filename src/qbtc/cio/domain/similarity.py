"""How alike two 26D moments are: signed overlap times the ratio of their intensities.

s = Re<phi|psi> = x.y in R^52 tells a moment from its mirror, which |<phi|psi>|^2 cannot (basis26.md). The ratio
min(N)/max(N) keeps a whisper from counting as a shout of the same shape. Fidelity is reported beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qbtc.contracts.basis26 import SIZE

from .memory import State, Vector


@dataclass(frozen=True, slots=True)
class Likeness:
    overlap: float
    ratio: float
    fidelity: float

    @property
    def score(self) -> float:
        return self.overlap * self.ratio


def likeness(state: State, other: State) -> Likeness:
    return likenesses(state, other.vector[None, :], np.array([other.intensity]))[0]


def likenesses(state: State, vectors: Vector, intensities: Vector) -> list[Likeness]:
    """One `Likeness` a row of `vectors` (n, 52)."""
    overlap = vectors @ state.vector
    crossed = vectors @ _times_i(state.vector)
    top = np.maximum(intensities, state.intensity)
    ratio = np.divide(
        np.minimum(intensities, state.intensity),
        top,
        out=np.zeros(len(top)),
        where=top > 0,
    )
    fidelity = overlap**2 + crossed**2
    return [Likeness(*map(float, row)) for row in zip(overlap, ratio, fidelity, strict=True)]


def _times_i(vector: Vector) -> Vector:
    """J(Re, Im) = (-Im, Re)."""
    return np.concatenate([-vector[SIZE:], vector[:SIZE]])
