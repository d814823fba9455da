"""Linear systems by the algorithm of Harrow, Hassidim and Lloyd, arXiv 0811.3171: a teaching circuit for 2 and 4 unknowns.

Phase estimation of exp(i A t) writes the eigenvalues into a clock register, an ancilla turns by arcsin(c / eigenvalue), the
phase estimation is undone, and where the ancilla is 1 the system holds A^-1 b up to its length. The clock holds eigenvalues
in steps; where they do not fall on a step the answer is off, which its fidelity with the classical solution says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Complex, Real

from ..program import Unitary
from . import NOTE, run
from .circuits import Gates, chosen_ry, fourier, h, inverse, prepare, program
from .option import Told


@dataclass(frozen=True, slots=True)
class System:
    """A x = b with real symmetric `matrix` (2^m, 2^m) and `right` (2^m)."""

    matrix: Real
    right: Real

    @property
    def eigenvalues(self) -> Real:
        return np.asarray(np.linalg.eigvalsh(self.matrix))

    def checked(self) -> System:
        """Raises ValueError for what this circuit cannot solve."""
        if not np.allclose(self.matrix, self.matrix.T, atol=1e-9):
            raise ValueError("the matrix is not symmetric; for another A solve A^T A x = A^T b")
        least = float(np.abs(self.eigenvalues).min())
        if not least > 1e-6 * float(np.abs(self.eigenvalues).max()):
            raise ValueError(f"the matrix is nearly singular: its least eigenvalue is {least:.3g}")
        if not np.linalg.norm(self.right) > 0:
            raise ValueError("the right side is zero, so the solution is")
        return self


@dataclass(frozen=True, slots=True)
class Solver:
    """The circuit. System qubits 0..m-1, then the clock, then the ancilla. `step` is the eigenvalue of one clock tick."""

    gates: Gates
    qubits: int
    unknowns: int
    ancilla: int
    step: float
    scale: float


def time_step(system: System, clock: int) -> float:
    """The eigenvalue of one tick: chosen among those that fit all eigenvalues into the clock so that they fall on ticks best."""
    values = system.eigenvalues
    room = (1 << (clock - 1)) - 1 if values.min() < 0 else (1 << clock) - 1
    largest = float(np.abs(values).max())
    steps = [largest / ticks for ticks in range(1, room + 1)]
    return min(steps, key=lambda step: (round(_off(values, step), 9), step))


def _off(values: Real, step: float) -> float:
    """How far the eigenvalues are from whole ticks, as shares of themselves."""
    ticks = values / step
    near = np.where(np.abs(np.rint(ticks)) < 1, np.sign(ticks), np.rint(ticks))
    return float(np.abs((near - ticks) / ticks).max())


def circuit_of(system: System, clock: int) -> Solver:
    m = system.right.size.bit_length() - 1
    step = time_step(system, clock)
    places = list(range(m, m + clock))
    ancilla = m + clock
    estimate = _phases(system.matrix, step, m, places)
    turns, scale = _turns(system, step, clock)
    load = prepare(system.right / np.linalg.norm(system.right), range(m))
    gates = [*load, *estimate, *chosen_ry(turns, places, ancilla), *inverse(estimate)]
    return Solver(gates, ancilla + 1, m, ancilla, step, scale)


def _phases(matrix: Real, step: float, m: int, places: list[int]) -> Gates:
    """Clock |k> beside each eigenvector of eigenvalue k * step, negative ones as two's complement."""
    values, vectors = np.linalg.eigh(matrix)
    size = 1 << len(places)
    circuit: Gates = [h(place) for place in places]
    for power, place in enumerate(places):
        turned = np.exp(2j * np.pi * values / (step * size) * (1 << power))
        unitary: Complex = (vectors * turned) @ vectors.T
        circuit.append(Unitary("cexp", unitary, tuple(range(m)), (place,)))
    return [*circuit, *inverse(fourier(places))]


def _turns(system: System, step: float, clock: int) -> tuple[Real, float]:
    """The ancilla's angle for each number in the clock, and the constant c."""
    size = 1 << clock
    ticks = np.arange(size, dtype=np.float64)
    if system.eigenvalues.min() < 0:
        ticks[size // 2 :] -= size
    scale = float(np.abs(np.rint(system.eigenvalues / step)).clip(min=1).min()) * step
    ratio = np.divide(scale, ticks * step, out=np.zeros(size), where=ticks != 0)
    return np.asarray(2 * np.arcsin(np.clip(ratio, -1.0, 1.0))), scale


def solve(system: System, clock: int) -> tuple[Solver, Real, float]:
    """(circuit, solution (2^m) with its length, chance that the ancilla is 1)."""
    made = circuit_of(system, clock)
    amplitudes = run.state(program(made.gates, made.qubits))
    kept = amplitudes[1 << made.ancilla :][: system.right.size]
    chance = run.chance(amplitudes, made.ancilla)
    solution = np.asarray(kept.real) * float(np.linalg.norm(system.right)) / made.scale
    return made, solution, chance


def work(parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """The job: parameters of `qcs.finance.LinearSystem`."""
    system = System(np.array(parameters["matrix"]), np.array(parameters["right"])).checked()
    made, solution, chance = solve(system, parameters["clock"])
    exact = np.linalg.solve(system.matrix, system.right)
    overlap = float(solution @ exact) / (float(np.linalg.norm(solution)) * float(np.linalg.norm(exact)) or 1.0)
    values = system.eigenvalues
    return {
        "quantum": {
            "solution": [float(v) for v in solution], "fidelity": overlap**2, "success_probability": chance,
            "qubits": made.qubits, "gates": len(made.gates), "depth": program(made.gates, made.qubits).depth(),
            "eigenvalue_step": made.step, "exact_eigenvalues": bool(_off(values, made.step) < 1e-9),
        },
        "classical": {
            "solution": [float(v) for v in exact], "method": "LU factorisation",
            "condition": float(np.abs(values).max() / np.abs(values).min()), "eigenvalues": [float(v) for v in values],
        },
        "error": float(np.linalg.norm(solution - exact) / np.linalg.norm(exact)),
        "note": NOTE,
    }  # fmt: skip
