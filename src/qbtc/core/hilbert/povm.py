"""Inference: predict by a channel (Kraus operators), update by a POVM {E_y}.

p(y) = Tr(rho E_y), rho' = sqrt(E_y) rho sqrt(E_y) / p(y). Where rho and all E_y are diagonal in one basis this is
Bayes' rule exactly; nothing more is claimed for that case.
"""

from __future__ import annotations

import numpy as np

from .types import Complex, Real


def predict(rho: Complex, kraus: Complex) -> Complex:
    """sum_k K rho K^H for operators (k, d, d)."""
    result: Complex = np.sum(
        np.matmul(np.matmul(kraus, rho[..., None, :, :]), np.swapaxes(kraus, -1, -2).conj()), axis=-3
    )
    return result


def update(rho: Complex, effect: Complex) -> tuple[Real, Complex]:
    """p(y) and the state after outcome y; refuses an outcome of probability zero."""
    p = np.sum(rho * np.swapaxes(effect, -1, -2), axis=(-2, -1)).real
    if np.any(p <= 0):
        raise ValueError("an outcome of probability 0 cannot be conditioned on")
    root = _root(effect)
    after = np.matmul(np.matmul(root, rho), root) / p[..., None, None]
    return p, (after + np.swapaxes(after, -1, -2).conj()) / 2


def markov_kraus(transition: Real) -> Complex:
    """Kraus operators of the classical chain P[i, j] = P(i -> j): K_ij = sqrt(P_ij) |j><i|; rows must sum to 1."""
    size = transition.shape[0]
    if transition.min() < 0 or not np.allclose(transition.sum(axis=1), 1.0, atol=1e-12):
        raise ValueError("a transition matrix needs non-negative rows that sum to 1")
    kraus = np.zeros((size, size, size, size), dtype=np.complex128)
    for i, j in np.ndindex(size, size):
        kraus[i, j, j, i] = np.sqrt(transition[i, j])
    return kraus.reshape(-1, size, size)


def is_complete(operators: Complex, tolerance: float = 1e-12) -> bool:
    """True if sum_k K^H K = I: the channel preserves the trace."""
    total = np.sum(np.matmul(np.swapaxes(operators, -1, -2).conj(), operators), axis=0)
    return bool(np.allclose(total, np.eye(total.shape[0]), atol=tolerance))


def _root(effect: Complex) -> Complex:
    """sqrt(E). What eigenvalues of a projector miss 0 by is rounding, whose root would be 1e-8: it counts as 0."""
    diagonal = np.diagonal(effect, axis1=-2, axis2=-1)
    if np.count_nonzero(effect) == np.count_nonzero(diagonal):
        return _root_of_diagonal(diagonal.real)
    values, vectors = np.linalg.eigh(effect)
    if values.min() < -1e-12:
        raise ValueError(f"an effect must be positive; its least eigenvalue is {values.min():.3g}")
    noise = 4 * effect.shape[-1] * np.finfo(np.float64).eps * values[..., -1:]
    scaled = vectors * np.sqrt(np.where(values > noise, values, 0.0))[..., None, :]
    result: Complex = np.matmul(scaled, np.swapaxes(vectors, -1, -2).conj())
    return result


def _root_of_diagonal(values: Real) -> Complex:
    if values.min() < -1e-12:
        raise ValueError(f"an effect must be positive; its least eigenvalue is {values.min():.3g}")
    result: Complex = (np.sqrt(np.maximum(values, 0.0))[..., None] * np.eye(values.shape[-1])).astype(np.complex128)
    return result
