"""Load the compiled code of the simulators before the first circuit: `qbtc compile` calls it once a version."""

from __future__ import annotations

import numpy as np

from .domain.program import Measure, Program, Register, Reset, Unitary
from .domain.simulators.engines import PRECISIONS, engines
from .domain.simulators.protocol import (
    Cost,
    Expectation,
    Gradient,
    Hermitian,
    PauliSum,
    PauliTerm,
    Probabilities,
    Run,
    Shots,
    Task,
)


def warm() -> None:
    """Every kernel of every precision, on three qubits."""
    half = np.sqrt(0.5)
    hadamard = np.array([[half, half], [half, -half]], dtype=np.complex128)
    angle = 0.3
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], dtype=np.complex128)
    gates = (
        Unitary("h", hadamard, (0,)),
        Unitary("cx", np.array([[0, 1], [1, 0]], dtype=np.complex128), (1,), (0,)),
        Unitary("ry", turn, (2,), (), None, (2 * angle,)),
        Unitary("three", np.kron(np.kron(hadamard, turn), turn).astype(np.complex128), (0, 1, 2)),
    )
    registers = (Register("q", 0, 3),), (Register("c", 0, 3),)
    ends = (Measure(0, 0), Measure(1, 1))
    plain = Program(*registers, (*gates[:3], *ends))
    whole = Program(*registers, gates)
    inside = Program(*registers, (*gates, Measure(0, 0), Reset(1), *gates[:3], *ends))
    total = PauliSum((PauliTerm(1.0, ((0, "X"), (1, "Y"))),))
    matrix = Hermitian(np.eye(2, dtype=np.complex128), (0,))
    tasks: list[tuple[Program, Task]] = [(plain, Shots(5000)), (inside, Shots(5000)), (plain, Gradient(total))]
    tasks += [(whole, Probabilities()), (whole, Expectation((total, matrix)))]
    for engine in {engine.name: engine for p in PRECISIONS for engine in engines(p)}.values():
        for circuit, task in tasks:
            if isinstance(engine.cost(circuit, task), Cost):
                engine.run(circuit, task, Run(np.random.default_rng(1)))
