"""Choosing assets: minimise risk * b^T Sigma b - mu^T b over bits b with a budget, as a QUBO, by QAOA and VQE.

QAOA (`qaoa`) or VQE, a layered RY ansatz with a ring of CZ. Angles are found by L-BFGS with adjoint gradients,
deterministic for a seed. Beside it every choice is tried: with at most 20 assets that is exact and quick.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Mask, Real

from . import NOTE, run
from .circuits import Gates, program, ry, z
from .descent import Ansatz, Found, by_gates, minimise
from .ising import Ising, from_qubo
from .option import Told
from .qaoa import minimise_qaoa

LISTED, STARTS = 5, 5
MOST_WORK = 5e10
"""Amplitudes touched: minutes on one core."""
MOST_LAYERS, MOST_STEPS, FEWEST_STEPS = 3, 100, 20


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


def minimise_vqe(cost: Ising, layers: int, *, steps: int = 200, seed: int = 0, told: Told | None = None) -> Found:
    """The best of a few random starts: this landscape has local minima, and most runs end in one."""
    rng, scale, n = np.random.default_rng(seed), cost.scale, cost.qubits
    starts = rng.uniform(0, math.pi, (STARTS, (layers + 1) * n))
    ansatz = vqe(n, layers)
    value = by_gates(ansatz, cost.per(scale).energies())
    runs = [
        minimise(ansatz, value, start, steps=steps, told=_of_run(told, place)) for place, start in enumerate(starts)
    ]
    best = min(runs, key=lambda found: found.energy)
    return Found(best.angles, scale * best.energy, best.circuit, sum(found.evaluations for found in runs))


def _of_run(told: Told | None, place: int) -> Told | None:
    return None if told is None else lambda share, step: told((place + share) / STARTS, f"start {place + 1}: {step}")


@dataclass(frozen=True, slots=True)
class Effort:
    """How deep a circuit and how long a search; `why` says where it was less than usual."""

    layers: int
    steps: int
    why: str


def effort_of(n: int, method: str, layers: int | None, steps: int | None, most: float = MOST_WORK) -> Effort:
    """What was asked, and where nothing was: the deepest circuit of up to 3 layers for which `most` steps of work leave
    20 steps of the optimiser or more, up to 100. Raises ValueError where what was asked is more work than `most`."""
    depths = [layers] if layers else [*range(MOST_LAYERS, 0, -1)]
    least = steps or FEWEST_STEPS
    depth = next((d for d in depths if work_of(n, method, d, least) <= most), depths[-1])
    taken = steps or max(min(int(most / work_of(n, method, depth, 1)), MOST_STEPS), 1)
    work = work_of(n, method, depth, taken)
    if work > most:
        advice = "fewer assets, layers or steps of the optimiser"
        raise ValueError(f"this takes about {work:.1e} steps; allowed are {most:.0e}: {advice}")
    less = (layers is None and depth < MOST_LAYERS) or (steps is None and taken < MOST_STEPS)
    why = f"{depth} layers and {taken} steps of the optimiser, as {n} assets allow no more" if less else ""
    return Effort(depth, taken, why)


def work_of(n: int, method: str, layers: int, steps: int) -> float:
    """Amplitudes touched: a gradient is about four sweeps over the circuit. Depth d of QAOA begins where d - 1 ended."""
    if method == "qaoa":
        return 2.0**n * (n + 2) * 4 * steps * layers * (layers + 1) / 2
    return 2.0**n * ((2 * layers + 1) * n) * 4 * steps * STARTS


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
    effort = effort_of(n, parameters["method"], parameters["layers"], parameters["steps"])
    if parameters["method"] == "qaoa":
        found = minimise_qaoa(cost, effort.layers, steps=effort.steps, told=told)
    else:
        found = minimise_vqe(cost, effort.layers, steps=effort.steps, seed=parameters["seed"], told=told)
    amplitudes = run.state(program(found.circuit, n))
    chances = amplitudes.real**2 + amplitudes.imag**2
    return {
        "quantum": _quantum(found, chances, values, allowed),
        "classical": _classical(values, allowed, n),
        "penalty": choice.penalty,
        "effort": {"layers": effort.layers, "steps": effort.steps, "why": effort.why},
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
    optimum = allowed & (values <= least + 1e-12 * float(np.abs(values[allowed]).max()))
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
