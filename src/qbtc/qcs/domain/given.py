"""A state from what somebody sends: amplitudes, a density matrix, or the 26 scores with their velocities."""

from __future__ import annotations

import hashlib

import numpy as np

from qbtc.contracts.basis26 import CLIP, LETTERS
from qbtc.contracts.quantum import Amplitudes, DensityMatrix, Scores26
from qbtc.core.hilbert import InvalidState, amplitudes, check_density, check_pure, normalise, state_hash
from qbtc.core.hilbert.types import Complex, Real

Given = Amplitudes | DensityMatrix | Scores26


def given_state(given: Given) -> tuple[Complex, float]:
    """A unit vector (26,) or a density matrix (26, 26), and the intensity: ||z + i v|| of scores, else 1.

    Raises InvalidState naming every check that failed.
    """
    if isinstance(given, Scores26):
        return _of_scores(np.array(given.scores), np.array(given.velocities))
    state = np.array(given.real) + 1j * np.array(given.imaginary)
    if isinstance(given, DensityMatrix):
        check_density(state)
    else:
        check_pure(state)
    return state, 1.0


def form_of(state: Complex) -> str:
    return "pure" if state.ndim == 1 else "mixed"


def hash_of(state: Complex, intensity: float, schema: str) -> str:
    """The state hash of a vector; of a matrix the same recipe over its bytes."""
    if state.ndim == 1:
        return state_hash(state, intensity, schema)
    return hashlib.sha256(schema.encode() + np.ascontiguousarray(state, dtype="<c16").tobytes()).hexdigest()


def _of_scores(z: Real, v: Real) -> tuple[Complex, float]:
    faults = [*_beyond("score", z), *_beyond("velocity", v)]
    pure = normalise(amplitudes(z, v))
    if not pure.informative:
        faults.append("all scores and velocities are 0: a state without information has no direction")
    if faults:
        raise InvalidState(tuple(faults))
    return pure.psi, float(pure.intensity)


def _beyond(name: str, values: Real) -> list[str]:
    return [
        f"{name} {LETTERS[i]} is {values[i]:g}; at most {CLIP:g} in size is allowed"
        for i in np.flatnonzero(np.abs(values) > CLIP)
    ]
