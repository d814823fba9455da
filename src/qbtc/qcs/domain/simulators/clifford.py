"""Operations as stim circuits, recognised by the values of their matrices and not by their names.

A unitary is Clifford where it takes every X and Z of its qubits to a Pauli string (D. Gottesman, arXiv
quant-ph/9807006); a channel is a Pauli channel where its process matrix is diagonal.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """Operations of one run as lines of stim's language; what was recognised once is kept by its matrix."""

    def __init__(self) -> None:
        self._cliffords: dict[tuple[bytes, int], list[tuple[str, list[int]]] | None] = {}
        self._channels: dict[bytes, Real | None] = {}

    def circuit(self, op: Op) -> stim.Circuit:
        """One operation without its condition. Raises Unsupported with the reason."""
        import stim

        return stim.Circuit("\n".join(self.lines(op)))

    def lines(self, op: Op) -> list[str]:
        """As `circuit`; a circuit of many lines is parsed much faster than it is appended to."""
        if isinstance(op, Measure):
            return [f"M {op.qubit}"]
        if isinstance(op, Reset):
            return [f"R {op.qubit}"]
        if isinstance(op, Channel) and len(op.kraus) > 1:
            return self._noise(op)
        return self._gate(op)

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

    def _noise(self, op: Channel) -> list[str]:
        p = self.probabilities(op)
        if len(op.targets) <= 2:
            rest = (p[1:] / max(1.0, float(p[1:].sum()))).tolist()
            numbers = ", ".join(f"{value:.17f}" for value in rest)
            return [f"PAULI_CHANNEL_{len(op.targets)}({numbers}) {_spaced(op.targets)}"]
        found, left, name = list[str](), 1.0, "CORRELATED_ERROR"
        for string, part in zip(pauli_strings(len(op.targets))[1:], p[1:].tolist(), strict=True):
            if part > 0:
                targets = [f"{c}{q}" for q, c in zip(op.targets, string, strict=True) if c != "I"]
                found.append(f"{name}({min(part / left, 1.0):.17f}) {' '.join(targets)}")
                left, name = max(left - part, part * 1e-12), "ELSE_CORRELATED_ERROR"
        return found

    def _gate(self, op: Unitary | Channel) -> list[str]:
        matrix = op.kraus[0] if isinstance(op, Channel) else op.matrix
        controls = op.controls if isinstance(op, Unitary) else ()
        key = (matrix.tobytes(), len(controls))
        if key not in self._cliffords:
            fits = len(op.qubits) <= MOST_TARGETS
            self._cliffords[key] = _steps(controlled(matrix, len(controls))) if fits else None
        steps = self._cliffords[key]
        if steps is None:
            raise Unsupported(f"gate {op.name} on {_named(op)} is not Clifford")
        places = (*op.targets, *controls)
        return [f"{name} {_spaced([places[t] for t in targets])}" for name, targets in steps]


def _steps(matrix: Complex) -> list[tuple[str, list[int]]] | None:
    found = clifford(matrix)
    return None if found is None else [(i.name, [t.value for t in i.targets_copy()]) for i in found]


def _spaced(qubits: Iterable[int]) -> str:
    return " ".join(map(str, qubits))


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
