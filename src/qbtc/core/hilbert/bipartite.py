"""Two registers: partial trace, negativity and mutual information of a (dA dB) x (dA dB) density matrix.

For mixtures of product states (features beside embeddings) the negativity is zero by construction.
"""

from __future__ import annotations

import numpy as np

from .coherence import entropy
from .types import Complex


def maximally_entangled(size: int) -> Complex:
    """The vector sum_i |i i> / sqrt(d)."""
    result: Complex = np.eye(size, dtype=np.complex128).reshape(-1) / np.sqrt(size)
    return result


def partial_trace(rho: Complex, shape: tuple[int, int], *, keep: int) -> Complex:
    """The state of register `keep` (0 or 1)."""
    a, b = shape
    block = rho.reshape(a, b, a, b)
    result: Complex = np.trace(block, axis1=1, axis2=3) if keep == 0 else np.trace(block, axis1=0, axis2=2)
    return result


def negativity(rho: Complex, shape: tuple[int, int]) -> float:
    """(||rho^T_B||_1 - 1) / 2: the sum of the negative eigenvalues of the partial transpose, made positive."""
    a, b = shape
    transposed = rho.reshape(a, b, a, b).transpose(0, 3, 2, 1).reshape(a * b, a * b)
    values = np.linalg.eigvalsh(transposed)
    return float(-values[values < 0].sum())


def mutual_information(rho: Complex, shape: tuple[int, int]) -> float:
    """S(A) + S(B) - S(AB) in bits."""
    parts = (entropy(partial_trace(rho, shape, keep=k)) for k in (0, 1))
    return float(sum(parts) - entropy(rho))
