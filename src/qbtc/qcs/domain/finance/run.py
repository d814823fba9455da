"""The one place that asks a simulator: states, chances and gradients of circuits without measurements.

The NumPy simulator: states are carried on from one Grover step to the next, and for these circuits, made of gates under many
controls, planning and fusing them (`simulators`) costs more than it saves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qbtc.core.hilbert.types import Complex, Real

from ..program import Program, Unitary
from ..simulators.gradients import adjoint
from ..statevector import apply, final_state, zero_state


def state(program: Program) -> Complex:
    """Amplitudes (2^n) at the end, from |0...0>."""
    return final_state(program)


def start(qubits: int) -> Complex:
    """|0...0>."""
    return zero_state(qubits)


def chance(amplitudes: Complex, qubit: int) -> float:
    """The probability that `qubit` is 1."""
    ones = amplitudes.reshape(-1, 2, 1 << qubit)[:, 1]
    return min(float(np.sum(ones.real**2 + ones.imag**2)), 1.0)


def further(amplitudes: Complex, circuit: Sequence[Unitary]) -> None:
    """Apply more gates to a state, in place."""
    for op in circuit:
        apply(amplitudes, op)


def expectation(circuit: Sequence[Unitary], energies: Real) -> float:
    """<psi| diag(energies) |psi> of the state at the end."""
    psi = zero_state(energies.size.bit_length() - 1)
    further(psi, circuit)
    return float((psi.real**2 + psi.imag**2) @ energies)


def gradient(circuit: Sequence[Unitary], energies: Real) -> tuple[float, Real]:
    """The expectation of `energies` and its derivative by the angle of every gate (0 for gates without one)."""
    psi = zero_state(energies.size.bit_length() - 1)
    further(psi, circuit)
    value = float((psi.real**2 + psi.imag**2) @ energies)
    slopes = np.zeros(len(circuit))
    for (place, _), slope in zip(*adjoint(psi, psi * energies, list(enumerate(circuit))), strict=True):
        slopes[place] = slope
    return value, slopes
