"""How far channels are apart: fidelities and the diamond norm, which is bounded here (exactly known for Pauli channels)."""

from __future__ import annotations

import numpy as np

from qbtc.core.hilbert.types import Complex

from .forms import choi, pauli_probabilities


def entanglement_fidelity(kraus: Complex, unitary: Complex | None = None) -> float:
    """sum_k |Tr(U^H K_k)|^2 / d^2, the fidelity to `unitary` (identity where None) on half of an entangled pair."""
    d = kraus.shape[-1]
    target = np.eye(d) if unitary is None else unitary
    return float((np.abs(np.einsum("ba,kba->k", target.conj(), kraus)) ** 2).sum() / d**2)


def average_gate_fidelity(kraus: Complex, unitary: Complex | None = None) -> float:
    """(d F_e + 1) / (d + 1), the mean over pure states (M. Nielsen, Phys. Lett. A 303, 249, 2002)."""
    d = kraus.shape[-1]
    return float((d * entanglement_fidelity(kraus, unitary) + 1) / (d + 1))


def diamond_bounds(one: Complex, other: Complex) -> tuple[float, float]:
    """Below and above ||one - other||_diamond, which is at most 2.

    With J the difference of Choi matrices (trace d): ||J||_1 / d <= diamond norm <= largest eigenvalue of Tr_out |J|.
    Both are equal where Tr_out |J| is a multiple of the identity, as for Pauli channels.
    """
    if one.shape[-1] != other.shape[-1]:
        raise ValueError(f"channels on {one.shape[-1]} and {other.shape[-1]} dimensions cannot be compared")
    d = one.shape[-1]
    values, vectors = np.linalg.eigh(choi(one) - choi(other))
    size = (vectors * np.abs(values)) @ vectors.conj().T
    over = np.einsum("abac->bc", size.reshape(d, d, d, d))
    return float(np.abs(values).sum()) / d, min(float(np.linalg.eigvalsh(over)[-1]), 2.0)


def pauli_diamond(one: Complex, other: Complex) -> float:
    """sum |p - q| of two Pauli channels, exactly (Magesan, Gambetta and Emerson, Phys. Rev. A 85, 042311, 2012)."""
    p, q = pauli_probabilities(one), pauli_probabilities(other)
    if p is None or q is None:
        raise ValueError("not a Pauli channel: use diamond_bounds")
    return float(np.abs(p - q).sum())
