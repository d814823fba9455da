"""Kernels of states, beside the classical RBF: Gram matrices of batches, all real, symmetric and positive.

fidelity   |<phi|psi>|^2; of mixed states Tr(rho sigma). Blind to the mirror psi -> -psi.
signed     Re<phi|psi>: the linear kernel of R^2d, which sees the mirror
projected  exp(-gamma sum_k ||rho_k - sigma_k||^2) of the reduced states of two registers
           (Huang et al., Nature Communications 12, 2631 (2021))
rbf        exp(-gamma ||x - y||^2), classical
"""

from __future__ import annotations

import numpy as np

from .bipartite import partial_trace
from .density import pure_density
from .overlap import to_real
from .types import Complex, Real


def fidelity_kernel(a: Complex, b: Complex) -> Real:
    """|<a_i|b_j>|^2 for unit vectors (n, d), (m, d), or Tr(a_i b_j) for density matrices (n, d, d), (m, d, d)."""
    if a.ndim != b.ndim or a.ndim not in (2, 3):
        raise ValueError(
            f"states have shapes {a.shape} and {b.shape}; allowed are (n, d) with (m, d) and (n, d, d) with (m, d, d)"
        )
    if a.ndim == 3:
        overlap: Real = (a.reshape(len(a), -1).conj() @ b.reshape(len(b), -1).T).real
        return overlap
    product = a.conj() @ b.T
    result: Real = product.real**2 + product.imag**2
    return result


def signed_kernel(a: Complex, b: Complex) -> Real:
    """Re<a_i|b_j>, (n, m)."""
    result: Real = to_real(a) @ to_real(b).T
    return result


def projected_kernel(a: Complex, b: Complex, *, shape: tuple[int, int], gamma: float = 1.0) -> Real:
    """Of unit vectors (n, d) or density matrices (n, d, d) with d = shape[0] shape[1] as two registers."""
    total = np.zeros((len(a), len(b)))
    for keep in (0, 1):
        total += _squared(_reduced(a, shape, keep), _reduced(b, shape, keep))
    return np.exp(-gamma * total)


def rbf_kernel(a: Real, b: Real, gamma: float) -> Real:
    """Of rows (n, k), (m, k)."""
    return np.exp(-gamma * _squared(a, b))


def median_gamma(x: Real, most: int = 500) -> float:
    """1 / median squared distance of the first `most` rows: the usual width of an RBF."""
    rows = x[:most]
    upper = _squared(rows, rows)[np.triu_indices(len(rows), 1)]
    middle = float(np.median(upper)) if upper.size else 0.0
    return 1 / middle if middle > 0 else 1.0


def alignment(gram: Real, outcomes: Real) -> float:
    """Centred kernel-target alignment in [-1, 1] with outcome columns (n, Y): Cortes, Mohri and Rostamizadeh,
    Journal of Machine Learning Research 13 (2012). 0 where either is constant."""
    centred = gram - gram.mean(axis=0) - gram.mean(axis=1)[:, None] + gram.mean()
    target = outcomes - outcomes.mean(axis=0)
    ideal = target @ target.T
    norm = float(np.linalg.norm(centred) * np.linalg.norm(ideal))
    return float(np.sum(centred * ideal)) / norm if norm > 0 else 0.0


def _reduced(states: Complex, shape: tuple[int, int], keep: int) -> Real:
    size = shape[0] * shape[1]
    if states.shape[-1] != size:
        raise ValueError(f"registers of {shape[0]} x {shape[1]} do not make a state of size {states.shape[-1]}")
    rho = states if states.ndim == 3 else pure_density(states)
    parts = np.stack([partial_trace(one, shape, keep=keep) for one in rho])
    return to_real(parts.reshape(len(parts), -1))


def _squared(a: Real, b: Real) -> Real:
    total = np.sum(a**2, axis=1)[:, None] + np.sum(b**2, axis=1) - 2 * a @ b.T
    result: Real = np.maximum(total, 0.0)
    return result
