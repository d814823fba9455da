"""Circuits as lists of gates: loading numbers, comparing, adding, amplifying. Qubit 0 is the least significant.

Every list is unitary and returns its ancillas to 0, so that `inverse` undoes it and lists can be joined.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qbtc.core.hilbert.types import Complex, Real

from ..program import Program, Register, Unitary
from ..qasm import gates

Gates = list[Unitary]


def gate(name: str, matrix: Complex, target: int, controls: Sequence[int] = (), *parameters: float) -> Unitary:
    """One gate on `target` where all `controls` are 1; its name gets a c for each control."""
    return Unitary("c" * len(controls) + name, matrix, (target,), tuple(controls), parameters=parameters)


def ry(angle: float, target: int, *controls: int) -> Unitary:
    return gate("ry", gates.ry(angle), target, controls, angle)


def x(target: int, *controls: int) -> Unitary:
    return gate("x", gates.x(), target, controls)


def z(target: int, *controls: int) -> Unitary:
    return gate("z", gates.z(), target, controls)


def h(target: int) -> Unitary:
    return gate("h", gates.h(), target)


def phase(angle: float, target: int, *controls: int) -> Unitary:
    return gate("p", gates.u1(angle), target, controls, angle)


def inverse(circuit: Sequence[Unitary]) -> Gates:
    """The gates in the other order, each undone."""
    return [
        Unitary(
            op.name, op.matrix.conj().T.copy(), op.targets, op.controls, parameters=tuple(-p for p in op.parameters)
        )
        for op in reversed(circuit)
    ]


def program(circuit: Sequence[Unitary], qubits: int) -> Program:
    return Program((Register("q", 0, qubits),), (), tuple(circuit))


def chosen_ry(angles: Real, controls: Sequence[int], target: int) -> Gates:
    """RY(angles[i]) on `target` where the controls hold i (the first control is the least significant).

    Gray-code decomposition into RY and CX: Mottonen et al., arXiv quant-ph/0407010.
    """
    if not controls:
        return [ry(float(angles[0]), target)]
    low, high = angles[: angles.size // 2], angles[angles.size // 2 :]
    rest, last = controls[:-1], controls[-1]
    flip = x(target, last)
    return [*chosen_ry((low + high) / 2, rest, target), flip, *chosen_ry((low - high) / 2, rest, target), flip]


def prepare(amplitudes: Real, qubits: Sequence[int]) -> Gates:
    """|0> -> sum_i a_i |i> for real amplitudes (2^n) of norm 1: Grover and Rudolph, arXiv quant-ph/0208112."""
    norms = [np.asarray(amplitudes, dtype=np.float64)]
    while norms[-1].size > 1:
        pairs = norms[-1].reshape(-1, 2)
        norms.append(np.hypot(pairs[:, 0], pairs[:, 1]))
    circuit: Gates = []
    for place in reversed(range(len(qubits))):
        pairs = norms[place].reshape(-1, 2)
        circuit += chosen_ry(2 * np.arctan2(pairs[:, 1], pairs[:, 0]), qubits[place + 1 :], qubits[place])
    return circuit


def at_least(value: int, register: Sequence[int], result: int, carries: Sequence[int]) -> Gates:
    """Flips `result` where the register holds a number >= `value`; `carries` are n - 1 ancillas at 0.

    The carry of adding the two's complement: Stamatopoulos et al., arXiv 1905.02666, figure 5.
    """
    n = len(register)
    if value <= 0:
        return [x(result)]
    if value >= 1 << n:
        return []
    complement = (1 << n) - value
    wires = [*carries[: n - 1], result]
    steps = [_carry(complement >> j & 1, register[j], wires[j - 1] if j else None, wires[j]) for j in range(n)]
    down = [gate for step in steps[:-1] for gate in step]
    return [*down, *steps[-1], *inverse(down)]


def _carry(bit: int, number: int, before: int | None, after: int) -> Gates:
    if before is None:
        return [x(after, number)] if bit else []
    if not bit:
        return [x(after, number, before)]
    flips = [x(number), x(before)]
    return [*flips, x(after, number, before), *flips, x(after)]


def add(amount: int, register: Sequence[int], control: int) -> Gates:
    """register += amount modulo its size where `control` is 1, by increments from each set bit up."""
    circuit: Gates = []
    for bit in range(len(register)):
        if amount >> bit & 1:
            circuit += [x(register[top], control, *register[bit:top]) for top in reversed(range(bit, len(register)))]
    return circuit


def amplify(circuit: Sequence[Unitary], good: int, qubits: int) -> Gates:
    """Grover's operator Q = A S_0 A^H S_good of the circuit A: rotates by 2 theta where P(good = 1) = sin^2 theta."""
    flips = [x(qubit) for qubit in range(qubits)]
    zero = [*flips, z(qubits - 1, *range(qubits - 1)), *flips]
    return [z(good), *inverse(circuit), *zero, *circuit]


def fourier(qubits: Sequence[int]) -> Gates:
    """The quantum Fourier transform |j> -> sum_k exp(2 pi i jk / 2^n) |k> / 2^(n/2)."""
    n = len(qubits)
    circuit: Gates = []
    for top in reversed(range(n)):
        circuit.append(h(qubits[top]))
        circuit += [phase(np.pi / (1 << (top - low)), qubits[top], qubits[low]) for low in reversed(range(top))]
    for low in range(n // 2):
        circuit += _swap(qubits[low], qubits[n - 1 - low])
    return circuit


def _swap(a: int, b: int) -> Gates:
    return [x(a, b), x(b, a), x(a, b)]
