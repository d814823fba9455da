"""Random circuits, states and the dense reference for the tests of the simulators."""

from __future__ import annotations

import numpy as np

from qbtc.qcs.domain.program import Measure, Program, Register, Unitary
from qbtc.qcs.domain.qasm.gates import QELIB1
from qbtc.qcs.domain.statevector import apply, zero_state


def haar(size: int, rng: np.random.Generator) -> np.ndarray:
    q, r = np.linalg.qr(rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size)))
    return q * (np.diag(r) / np.abs(np.diag(r)))


def random_gate(n: int, rng: np.random.Generator) -> Unitary:
    if rng.random() < 0.15:
        wide = min(n, int(rng.integers(1, 4)))
        places = tuple(rng.permutation(n)[: min(n, wide + int(rng.integers(0, 2)))].tolist())
        return Unitary("any", haar(1 << wide, rng), places[:wide], places[wide:])
    gates = [g for g in QELIB1.values() if g.qubits <= n]
    gate = gates[int(rng.integers(len(gates)))]
    places = tuple(rng.permutation(n)[: gate.qubits].tolist())
    angles = tuple(rng.uniform(-7, 7, gate.parameters).tolist())
    return Unitary(gate.name, gate.matrix(*angles), places[gate.controls :], places[: gate.controls], None, angles)


def random_gates(n: int, count: int, seed: int) -> list[Unitary]:
    rng = np.random.default_rng(seed)
    return [random_gate(n, rng) for _ in range(count)]


def reference(n: int, gates: list[Unitary]) -> np.ndarray:
    state = zero_state(n)
    for gate in gates:
        apply(state, gate)
    return state


def program(n: int, ops: list, *, bits: int | None = None, measured: bool = False) -> Program:
    tail = [Measure(q, q) for q in range(n)] if measured else []
    return Program((Register("q", 0, n),), (Register("c", 0, n if bits is None else bits),), (*ops, *tail))
