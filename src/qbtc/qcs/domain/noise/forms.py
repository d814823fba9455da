"""The forms of a channel on d dimensions. Matrices are flattened by rows: vec(A B C) = (A kron C^T) vec(B).

kraus (m, d, d); superoperator (d^2, d^2) acts on vec(rho); choi (d^2, d^2) = sum_k vec(K_k) vec(K_k)^H, of trace d.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from qbtc.core.hilbert.types import Complex, Real

NEGLIGIBLE = 1e-14


def choi(kraus: Complex) -> Complex:
    flat = kraus.reshape(len(kraus), -1)
    found: Complex = flat.T @ flat.conj()
    return found


def reshuffled(matrix: Complex) -> Complex:
    """The Choi matrix of a superoperator, and the superoperator of a Choi matrix."""
    d = round(len(matrix) ** 0.5)
    return matrix.reshape(d, d, d, d).transpose(0, 2, 1, 3).reshape(d * d, d * d)


def kraus_of_choi(matrix: Complex) -> Complex:
    """The fewest Kraus operators, orthogonal, largest first. Raises ValueError where the map is not completely positive."""
    d = round(len(matrix) ** 0.5)
    if matrix.shape != (d * d, d * d) or not np.allclose(matrix, matrix.conj().T, atol=1e-9):
        raise ValueError(f"a Choi matrix is Hermitian and d^2 x d^2; this one has the shape {matrix.shape}")
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -1e-9:
        raise ValueError(f"the map is not completely positive: its Choi matrix has the eigenvalue {values[0]:.3g}")
    kept = np.flatnonzero(values > NEGLIGIBLE)[::-1]
    found: Complex = (vectors[:, kept] * np.sqrt(values[kept])).T.reshape(len(kept), d, d)
    return found


def canonical(kraus: Complex) -> Complex:
    """The same channel by at most d^2 orthogonal operators."""
    return kraus_of_choi(choi(kraus))


def compose(first: Complex, then: Complex) -> Complex:
    """The channel `then` behind `first`; the product of all operators (see `canonical`)."""
    d = first.shape[-1]
    found: Complex = np.einsum("kab,lbc->klac", then, first).reshape(-1, d, d)
    return found


def tensor(low: Complex, high: Complex) -> Complex:
    """Both side by side; `low` on the less significant part."""
    size = low.shape[-1] * high.shape[-1]
    found: Complex = np.einsum("kab,lcd->klcadb", low, high).reshape(-1, size, size)
    return found


def apply(kraus: Complex, rho: Complex) -> Complex:
    """sum_k K rho K^H of states (..., d, d)."""
    found: Complex = np.einsum("kab,...bc,kdc->...ad", kraus, rho, kraus.conj())
    return found


def pauli_strings(n: int) -> list[str]:
    """All 4^n in the order of `pauli_transfer`: the last qubit changes fastest."""
    return ["".join(s) for s in product("IXYZ", repeat=n)]


def _pauli_basis(d: int) -> Complex:
    from .channels import pauli_matrix

    n = d.bit_length() - 1
    if d < 2 or d != 1 << n:
        raise ValueError(f"Pauli strings need qubits: {d} dimensions are no power of two")
    return np.array([pauli_matrix(s) for s in pauli_strings(n)])


def pauli_transfer(kraus: Complex) -> Real:
    """R[i, j] = Tr(P_i E(P_j)) / d, (4^n, 4^n), in the order of `pauli_strings`."""
    basis = _pauli_basis(kraus.shape[-1])
    found: Real = np.einsum("iab,jba->ij", basis, apply(kraus, basis)).real / kraus.shape[-1]
    return found


def process_matrix(kraus: Complex) -> Complex:
    """chi with E(rho) = sum_ij chi[i, j] P_i rho P_j; diagonal for Pauli channels: their probabilities."""
    weights = np.einsum("iab,kba->ik", _pauli_basis(kraus.shape[-1]), kraus) / kraus.shape[-1]
    found: Complex = weights @ weights.conj().T
    return found


def pauli_probabilities(kraus: Complex) -> Real | None:
    """Of each string of `pauli_strings` where the channel is a mixture of Pauli strings to 1e-10, otherwise None."""
    chi = process_matrix(kraus)
    p = np.diag(chi).real.copy()
    if np.abs(chi - np.diag(np.diag(chi))).max() > 1e-10:
        return None
    p[p < NEGLIGIBLE] = 0
    scaled: Real = p / p.sum()
    return scaled
