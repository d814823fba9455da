"""Choosing assets: minimise risk * b^T Sigma b - mu^T b over bits b with a budget, as a QUBO, by QAOA and VQE.

QAOA: Farhi, Goldstone, Gutmann, arXiv 1411.4028; VQE: a layered RY ansatz with a ring of CZ. Angles are found by L-BFGS with
adjoint gradients, deterministic for a seed. Beside it every choice is tried: with at most 20 assets that is exact and quick.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Mask, Real

from ..program import Unitary
from ..qasm import gates
from . import NOTE, run
from .circuits import Gates, gate, h, program, ry, z
from .ising import Ising, from_qubo
from .option import Told

LISTED, STARTS = 5, 5
Ansatz = Callable[[Real], tuple[Gates, list[tuple[int, int, float]]]]
"""angles -> gates and (gate, angle, factor) for each gate whose own angle is factor times one of the angles."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is minimised. `mean` (n) and `covariance` (n, n) of returns, `risk` aversion, `budget` assets to take."""

    mean: Real
    covariance: Real
    risk: float
    budget: int

    def objective(self, bits: Real) -> Real:
        """risk * b^T Sigma b - mu^T b of rows of bits."""
        return np.asarray(self.risk * np.einsum("ki,ij,kj->k", bits, self.covariance, bits) - bits @ self.mean)

    @property
    def penalty(self) -> float:
        """Enough that to break the budget by one asset costs more than it can gain."""
        return float(2 * (np.abs(self.mean).max() + self.risk * np.abs(self.covariance).sum(axis=1).max()))

    def ising(self) -> Ising:
        """With penalty * (sum b - budget)^2."""
        n, p = self.mean.size, self.penalty
        ones = np.ones((n, n))
        return from_qubo(self.risk * self.covariance + p * ones, -self.mean - 2 * p * self.budget, p * self.budget**2)


def qaoa(cost: Ising, layers: int, scale: float) -> Ansatz:
    """|+>, then `layers` of exp(-i gamma E / scale) and exp(-i beta sum X); angles are gammas, then betas."""
    n = cost.qubits
    fields = [(i, float(cost.field[i])) for i in range(n) if cost.field[i]]
    pairs = [(int(i), int(j), float(cost.coupling[i, j])) for i, j in zip(*np.nonzero(cost.coupling), strict=True)]

    def made(angles: Real) -> tuple[Gates, list[tuple[int, int, float]]]:
        circuit: Gates = [h(i) for i in range(n)]
        uses: list[tuple[int, int, float]] = []
        for layer in range(layers):
            for i, j, value in pairs:
                uses.append((len(circuit), layer, 2 * value / scale))
                angle = float(angles[layer]) * 2 * value / scale
                circuit.append(Unitary("rzz", gates.rzz(angle), (i, j), parameters=(angle,)))
            for i, value in fields:
                uses.append((len(circuit), layer, 2 * value / scale))
                angle = float(angles[layer]) * 2 * value / scale
                circuit.append(gate("rz", gates.rz(angle), i, (), angle))
            for i in range(n):
                uses.append((len(circuit), layers + layer, 2.0))
                angle = 2 * float(angles[layers + layer])
                circuit.append(gate("rx", gates.rx(angle), i, (), angle))
        return circuit, uses

    return made


def vqe(qubits: int, layers: int) -> Ansatz:
    """Layers of RY on every qubit with CZ around the ring between them; (layers + 1) * qubits angles."""

    def made(angles: Real) -> tuple[Gates, list[tuple[int, int, float]]]:
        circuit: Gates = []
        uses: list[tuple[int, int, float]] = []
        for layer in range(layers + 1):
            for i in range(qubits):
                uses.append((len(circuit), layer * qubits + i, 1.0))
                circuit.append(ry(float(angles[layer * qubits + i]), i))
            if layer < layers:
                circuit += [z(i, (i + 1) % qubits) for i in range(qubits if qubits > 2 else qubits - 1)]
        return circuit, uses

    return made


@dataclass(frozen=True, slots=True)
class Found:
    """The angles, the mean energy they give, and the circuit."""

    angles: Real
    energy: float
    circuit: Gates
    evaluations: int


def minimise(ansatz: Ansatz, energies: Real, start: Real, *, steps: int, told: Told | None = None) -> Found:
    """Least mean energy from `start` by L-BFGS with adjoint gradients."""
    from scipy.optimize import minimize

    count = 0

    def value(angles: Real) -> tuple[float, Real]:
        nonlocal count
        count += 1
        if told is not None:
            told(min(count / (2 * steps), 0.99), f"evaluation {count}")
        circuit, uses = ansatz(angles)
        mean, slopes = run.gradient(circuit, energies)
        by_angle = np.zeros(angles.size)
        for place, angle, factor in uses:
            by_angle[angle] += factor * slopes[place]
        return mean, by_angle

    best = minimize(value, start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return Found(np.asarray(best.x), float(best.fun), ansatz(np.asarray(best.x))[0], count)


def minimise_qaoa(cost: Ising, layers: int, *, steps: int = 200, told: Told | None = None) -> Found:
    """QAOA layer by layer: each depth starts from the angles of the one before, interpolated (Zhou et al., arXiv 1812.01041)."""
    energies = cost.energies()
    scale = float(np.sqrt(np.sum(cost.coupling**2) + np.sum(cost.field**2)) / math.sqrt(cost.qubits)) or 1.0
    found = _first_layer(cost, energies, scale, steps)
    for depth in range(2, layers + 1):
        start = np.concatenate([interpolated(part) for part in np.split(found.angles, 2)])
        deeper = minimise(qaoa(cost, depth, scale), energies, start, steps=steps, told=told)
        found = Found(deeper.angles, deeper.energy, deeper.circuit, found.evaluations + deeper.evaluations)
    return found


def _first_layer(cost: Ising, energies: Real, scale: float, steps: int) -> Found:
    """One layer from a coarse grid of both angles: its landscape has several valleys."""
    ansatz = qaoa(cost, 1, scale)
    grid = [np.array([g, b]) for g in np.linspace(0.15, 1.35, 7) for b in np.linspace(-0.7, 0.7, 8)]
    means = [run.expectation(ansatz(angles)[0], energies) for angles in grid]
    found = minimise(ansatz, energies, grid[int(np.argmin(means))], steps=steps)
    return Found(found.angles, found.energy, found.circuit, found.evaluations + len(grid))


def minimise_vqe(cost: Ising, layers: int, *, steps: int = 200, seed: int = 0, told: Told | None = None) -> Found:
    """The best of a few random starts: this landscape has local minima, and most runs end in one."""
    rng, energies, n = np.random.default_rng(seed), cost.energies(), cost.qubits
    starts = rng.uniform(0, math.pi, (STARTS, (layers + 1) * n))
    runs = [minimise(vqe(n, layers), energies, start, steps=steps, told=told) for start in starts]
    best = min(runs, key=lambda found: found.energy)
    return Found(best.angles, best.energy, best.circuit, sum(found.evaluations for found in runs))


def interpolated(angles: Real) -> Real:
    """p angles of one kind as p + 1, linearly in between."""
    p = angles.size
    padded = np.concatenate([[0.0], angles, [0.0]])
    share = np.arange(p + 1) / p
    return np.asarray(share * padded[: p + 1] + (1 - share) * padded[1:])


def bits_of(index: int, n: int) -> list[int]:
    """The assets of a basis state, asset 0 first."""
    return [index >> place & 1 for place in range(n)]


def brute_force(choice: Choice) -> tuple[Real, Mask]:
    """The objective of every choice (2^n) and which of them keep the budget."""
    n = choice.mean.size
    values, counts = np.zeros(1), np.zeros(1, dtype=np.int64)
    pulls = np.zeros((1, n))
    for i in range(n):
        own = choice.risk * choice.covariance[i, i] - choice.mean[i]
        added = values + own + 2 * choice.risk * pulls[:, i]
        values, counts = np.concatenate([values, added]), np.concatenate([counts, counts + 1])
        pulls = np.concatenate([pulls, pulls + choice.covariance[i]]) if i + 1 < n else pulls
    return values, np.asarray(counts == choice.budget)


def work(parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """The job: parameters of `qcs.finance.Portfolio`."""
    choice = Choice(
        np.array(parameters["mean"]), np.array(parameters["covariance"]), parameters["risk"], parameters["budget"]
    )
    values, allowed = brute_force(choice)
    cost, n = choice.ising(), choice.mean.size
    if parameters["method"] == "qaoa":
        found = minimise_qaoa(cost, parameters["layers"], steps=parameters["steps"], told=told)
    else:
        found = minimise_vqe(cost, parameters["layers"], steps=parameters["steps"], seed=parameters["seed"], told=told)
    amplitudes = run.state(program(found.circuit, n))
    chances = amplitudes.real**2 + amplitudes.imag**2
    return {
        "quantum": _quantum(found, chances, values, allowed),
        "classical": _classical(values, allowed, n),
        "penalty": choice.penalty,
        "note": NOTE,
    }


def _quantum(found: Found, chances: Real, values: Real, allowed: Mask) -> dict[str, Any]:
    """Measured on the exact state: how likely the optimum is, and how good an allowed draw is on average."""
    n = chances.size.bit_length() - 1
    inside = float(chances[allowed].sum())
    least, most = float(values[allowed].min()), float(values[allowed].max())
    mean = float(chances[allowed] @ values[allowed] / inside) if inside > 0 else most
    order = np.argsort(-np.where(allowed, chances, -1.0), kind="stable")[:LISTED]
    likely = [
        {"assets": bits_of(int(i), n), "value": float(values[i]), "probability": float(chances[i])} for i in order
    ]
    optimum = allowed & (values <= least + 1e-12)
    return {
        "assets": likely[0]["assets"], "value": likely[0]["value"], "most_likely": likely, "energy": found.energy,
        "approximation_ratio": (most - mean) / (most - least) if most > least else 1.0,
        "success_probability": float(chances[optimum].sum()), "within_budget": inside,
        "chance_by_guessing": float(optimum.sum() / allowed.sum()), "qubits": n, "gates": len(found.circuit),
        "depth": program(found.circuit, n).depth(), "evaluations": found.evaluations, "angles": [float(a) for a in found.angles],
    }  # fmt: skip


def _classical(values: Real, allowed: Mask, n: int) -> dict[str, Any]:
    best = int(np.flatnonzero(allowed)[np.argmin(values[allowed])])
    return {
        "assets": bits_of(best, n), "value": float(values[best]), "tried": int(allowed.sum()),
        "method": "every choice within the budget",
    }  # fmt: skip
