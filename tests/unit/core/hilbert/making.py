"""Random states and channels for the tests of inference."""

from __future__ import annotations

import numpy as np

from qbtc.core.hilbert.isometry import random_isometry
from qbtc.core.hilbert.types import Complex, Index, Real


def vectors(rng: np.random.Generator, count: int, size: int) -> Complex:
    """Haar-random unit vectors (count, size)."""
    a = rng.normal(size=(count, size)) + 1j * rng.normal(size=(count, size))
    return a / np.linalg.norm(a, axis=1, keepdims=True)


def matrices(rng: np.random.Generator, count: int, size: int) -> Complex:
    """Random density matrices of full rank (count, size, size)."""
    a = rng.normal(size=(count, size, size)) + 1j * rng.normal(size=(count, size, size))
    rho = a @ np.swapaxes(a, 1, 2).conj()
    return rho / np.trace(rho, axis1=1, axis2=2)[:, None, None]


def kraus(rng: np.random.Generator, rank: int, size: int) -> Complex:
    return random_isometry(rank * size, size, rng).reshape(rank, size, size)


def povm(rng: np.random.Generator, outcomes: int, size: int) -> Complex:
    m = kraus(rng, outcomes, size)
    return np.swapaxes(m, 1, 2).conj() @ m


def drawn(rng: np.random.Generator, p: Real) -> Index:
    """One outcome a row of probabilities (T, Y)."""
    return np.minimum((p.cumsum(axis=1) < rng.random((len(p), 1))).sum(axis=1), p.shape[1] - 1)


def moved(rng: np.random.Generator, operators: Complex, psi: Complex) -> Complex:
    """What a channel makes of pure states when its environment is watched: unit vectors (T, d)."""
    out = np.einsum("kij,tj->tki", operators, psi)
    p = np.sum(np.abs(out) ** 2, axis=2)
    found = out[np.arange(len(psi)), drawn(rng, p)]
    return found / np.linalg.norm(found, axis=1, keepdims=True)
