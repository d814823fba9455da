"""What is read from the density matrix (2^n, 2^n) of n qubits. Entropies and distances: `core.hilbert`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qbtc.core.hilbert import bipartite
from qbtc.core.hilbert.types import Complex, Real

from .protocol import Observable, PauliSum, PauliTerm


def purity(rho: Complex) -> float:
    """Tr rho^2: 1 for pure states, 2^-n for the maximally mixed one."""
    return float(np.vdot(rho, rho).real)


def von_neumann(rho: Complex) -> float:
    """-Tr rho log2 rho, in bits."""
    p = np.linalg.eigvalsh(rho)
    p = p[p > 0]
    return max(float(-(p * np.log2(p)).sum()), 0.0)


def partial_trace(rho: Complex, keep: Sequence[int]) -> Complex:
    """The state of the qubits `keep`, the first of them least significant; the others are traced out."""
    n = len(rho).bit_length() - 1
    if len(set(keep)) != len(keep) or not all(0 <= q < n for q in keep):
        raise ValueError(f"qubits to keep are different numbers from 0 to {n - 1}, not {tuple(keep)}")
    rest = [q for q in range(n) if q not in keep]
    order = [n - 1 - q for q in (*reversed(rest), *reversed(keep))]
    whole = rho.reshape((2,) * (2 * n)).transpose(order + [n + axis for axis in order])
    kept, lost = 1 << len(keep), 1 << len(rest)
    return bipartite.partial_trace(whole, (lost, kept), keep=1)


def distribution(rho: Complex, qubits: Sequence[int]) -> Real:
    """Probabilities of the values of `qubits`, the first least significant."""
    index = np.arange(len(rho))
    word = np.zeros_like(index)
    for place, qubit in enumerate(qubits):
        word |= (index >> qubit & 1) << place
    p = np.bincount(word, np.clip(np.diagonal(rho).real, 0, None), minlength=1 << len(qubits))
    scaled: Real = p / p.sum()
    return scaled


def expectation(rho: Complex, observable: Observable) -> float:
    """Tr(rho observable)."""
    if isinstance(observable, PauliSum):
        return float(sum(term.factor * _pauli_value(rho, term) for term in observable.terms))
    part = partial_trace(rho, observable.targets)
    return float(np.einsum("ab,ba->", part, observable.matrix).real)


def _pauli_value(rho: Complex, term: PauliTerm) -> float:
    """sum_i <i| rho P |i>, where P |i> = i^(number of Y) (-1)^(bits of i & z) |i ^ x>."""
    index = np.arange(len(rho))
    signs = 1 - 2 * (np.bitwise_count(index & term.z) & 1).astype(np.int64)
    value = (rho[index, index ^ term.x] * signs).sum()
    return float((value * 1j ** (term.x & term.z).bit_count()).real)
