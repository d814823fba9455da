"""Operations as stim circuits, recognised by the values of their matrices and not by their names.

A unitary is Clifford where it takes every X and Z of its qubits to a Pauli string (D. Gottesman, arXiv
quant-ph/9807006); a channel is a Pauli channel where its process matrix is diagonal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qbtc.core.hilbert.types import Complex, Index, Real

from ..noise.forms import pauli_probabilities, pauli_strings
from ..program import Channel, Measure, Op, Reset, Unitary
from .protocol import Unsupported

if TYPE_CHECKING:
    import stim

MOST_TARGETS = 8
MOST_CHANNEL = 4
TOLERANCE = 1e-9


class Translation:
    """Operations of one run as stim circuits; what was recognised once is kept by its matrix."""

    def __init__(self) -> None:
        self._cliffords: dict[tuple[bytes, int], stim.Circuit | None] = {}
        self._channels: dict[bytes, Real | None] = {}

    def circuit(self, op: Op) -> stim.Circuit:
        """One operation without its condition. Raises Unsupported with the reason."""
        import stim

        found = stim.Circuit()
        if isinstance(op, Measure):
            found.append("M", [op.qubit])
        elif isinstance(op, Reset):
            found.append("R", [op.qubit])
        elif isinstance(op, Channel) and len(op.kraus) > 1:
            self._noise(found, op)
        else:
            self._gate(found, op)
        return found

    def probabilities(self, op: Channel) -> Real:
        """Of each Pauli string in the order of `pauli_strings`."""
        if len(op.targets) > MOST_CHANNEL:
            raise Unsupported(f"channel {op.name} is on {len(op.targets)} qubits; at most {MOST_CHANNEL} are looked at")
        key = op.kraus.tobytes()
        if key not in self._channels:
            self._channels[key] = pauli_probabilities(op.kraus)
        found = self._channels[key]
        if found is None:
            raise Unsupported(f"channel {op.name} on {_named(op)} is no mixture of Pauli matrices")
        return found

    def _noise(self, found: stim.Circuit, op: Channel) -> None:
        p = self.probabilities(op)
        if len(op.targets) <= 2:
            rest = p[1:] / max(1.0, float(p[1:].sum()))
            found.append(f"PAULI_CHANNEL_{len(op.targets)}", list(op.targets), rest.tolist())
            return
        import stim

        left, name = 1.0, "CORRELATED_ERROR"
        for string, part in zip(pauli_strings(len(op.targets))[1:], p[1:].tolist(), strict=True):
            if part > 0:
                targets = [stim.target_pauli(q, c) for q, c in zip(op.targets, string, strict=True) if c != "I"]
                found.append(name, targets, [min(part / left, 1.0)])
                left, name = max(left - part, part * 1e-12), "ELSE_CORRELATED_ERROR"

    def _gate(self, found: stim.Circuit, op: Unitary | Channel) -> None:
        matrix = op.kraus[0] if isinstance(op, Channel) else op.matrix
        controls = len(op.controls) if isinstance(op, Unitary) else 0
        key = (matrix.tobytes(), controls)
        if key not in self._cliffords:
            self._cliffords[key] = clifford(controlled(matrix, controls)) if len(op.qubits) <= MOST_TARGETS else None
        small = self._cliffords[key]
        if small is None:
            raise Unsupported(f"gate {op.name} on {_named(op)} is not Clifford")
        places = (*op.targets, *(op.controls if isinstance(op, Unitary) else ()))
        for instruction in small:
            found.append(instruction.name, [places[t.value] for t in instruction.targets_copy()])


def _named(op: Unitary | Channel) -> str:
    numbers = ", ".join(map(str, op.qubits))
    return f"qubit {numbers}" if len(op.qubits) == 1 else f"qubits {numbers}"


def controlled(matrix: Complex, controls: int) -> Complex:
    """With `controls` more qubits above the targets: identity unless all are 1."""
    size = len(matrix) << controls
    whole = np.eye(size, dtype=np.complex128)
    whole[size - len(matrix) :, size - len(matrix) :] = matrix
    return whole


def clifford(matrix: Complex) -> stim.Circuit | None:
    """The gate (2^k, 2^k) as named gates on qubits 0 .. k - 1, or None where it is not Clifford."""
    import stim

    k = len(matrix).bit_length() - 1
    index = np.arange(len(matrix))
    back = matrix.conj().T
    xs, zs = [], []
    for q in range(k):
        x = pauli_of(matrix[:, index ^ (1 << q)] @ back)
        z = pauli_of((matrix * (1 - 2 * (index >> q & 1))) @ back)
        if x is None or z is None:
            return None
        xs.append(x)
        zs.append(z)
    return stim.Tableau.from_conjugated_generators(xs=xs, zs=zs).to_circuit("elimination")


def pauli_of(matrix: Complex) -> stim.PauliString | None:
    """The signed Pauli string that a Hermitian matrix is, if it is one."""
    import stim

    size = len(matrix)
    index: Index = np.arange(size)
    x = int(np.abs(matrix[:, 0]).argmax())
    elements = matrix[index ^ x, index]
    scale = elements[0]
    if abs(abs(scale) - 1) > TOLERANCE:
        return None
    bits = [1 << q for q in range(size.bit_length() - 1)]
    z = sum(bit for bit in bits if (elements[bit] / scale).real < 0)
    signs = 1 - 2 * (np.bitwise_count(index & z) & 1).astype(np.int64)
    expected = np.zeros_like(matrix)
    expected[index ^ x, index] = scale * signs
    sign = scale / 1j ** (x & z).bit_count()
    if np.abs(matrix - expected).max() > TOLERANCE or abs(abs(sign.real) - 1) > TOLERANCE:
        return None
    letters = "".join("IXZY"[bool(x & b) + 2 * bool(z & b)] for b in bits)
    return stim.PauliString(("+" if sign.real > 0 else "-") + letters)
