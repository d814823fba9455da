"""Realised volatility by a quantum reservoir: Fujii and Nakajima, arXiv 1602.08159, beside HAR and an echo-state network.

A few spins evolve under a fixed random transverse-field Ising Hamiltonian; at each step one spin is replaced by one whose
chance of 1 is the input, and expectations of spins and pairs, read at several times within the step, feed a ridge readout.
The echo-state network has as many units as the reservoir has readings, and the same readout. Only the readouts are fitted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Complex, Real

from . import NOTE
from .forecasts import diebold_mariano, har_features, losses, realised_variance, ridge, walk_forward
from .option import Told

PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
LOSSES = ("qlike", "mse")


@dataclass(frozen=True, slots=True)
class Spins:
    """`spins` qubits, read `times` times within a step of length `tau`."""

    spins: int
    times: int
    tau: float = 1.0

    @property
    def readings(self) -> int:
        """Z and X of each spin and ZZ of each pair, at each time."""
        return self.times * (2 * self.spins + self.spins * (self.spins - 1) // 2)


def evolution(shape: Spins, rng: np.random.Generator) -> Complex:
    """exp(-i H tau / times) of H = sum J_ij X_i X_j + sum h_i Z_i with J, h drawn once, (2^n, 2^n)."""
    n = shape.spins
    flips = [_on(n, np.array([[0.0, 1.0], [1.0, 0.0]]), i) for i in range(n)]
    signs = [_on(n, np.diag([1.0, -1.0]), i) for i in range(n)]
    energy = sum((rng.uniform(0.5, 1.5) * signs[i] for i in range(n)), np.zeros((1 << n, 1 << n)))
    for i in range(n):
        for j in range(i):
            energy = energy + rng.uniform(-1.0, 1.0) * flips[i] @ flips[j]
    values, vectors = np.linalg.eigh(energy)
    result: Complex = (vectors * np.exp(-1j * values * shape.tau / shape.times)) @ vectors.T
    return result


def _on(n: int, matrix: Real, place: int) -> Real:
    return np.kron(np.kron(np.eye(1 << (n - 1 - place)), matrix), np.eye(1 << place))


def quantum_features(inputs: Real, shape: Spins, rng: np.random.Generator) -> Real:
    """Readings (T, readings) for inputs in [0, 1] (T). Spin n - 1 takes the input."""
    n, size = shape.spins, 1 << shape.spins
    step = evolution(shape, rng)
    back = step.conj().T
    observables = _observables(n)
    rho: Complex = np.eye(size, dtype=np.complex128) / size
    rows = np.zeros((inputs.size, shape.readings))
    for t, value in enumerate(inputs):
        rest = rho.reshape(2, size // 2, 2, size // 2).trace(axis1=0, axis2=2)
        fresh = np.array([math.sqrt(1 - value), math.sqrt(value)])
        rho = np.kron(np.outer(fresh, fresh), rest)
        seen = []
        for _ in range(shape.times):
            rho = step @ rho @ back
            seen.append((observables @ rho.T.reshape(-1)).real)
        rows[t] = np.concatenate(seen)
    return rows


def _observables(n: int) -> Complex:
    """Z_i, X_i, Z_i Z_j as rows, so that a product with rho gives expectations."""
    signs = [_on(n, np.diag([1.0, -1.0]), i) for i in range(n)]
    flips = [_on(n, np.array([[0.0, 1.0], [1.0, 0.0]]), i) for i in range(n)]
    pairs = [signs[i] @ signs[j] for i in range(n) for j in range(i)]
    return np.array([o.reshape(-1) for o in (*signs, *flips, *pairs)], dtype=np.complex128)


def echo_features(inputs: Real, units: int, rng: np.random.Generator, radius: float = 0.9) -> Real:
    """States (T, units) of an echo-state network with tanh units (Jaeger 2001), spectral radius `radius`."""
    weights = rng.normal(size=(units, units)) * (rng.random((units, units)) < 0.2)
    largest = float(np.abs(np.linalg.eigvals(weights)).max())
    weights *= radius / largest if largest > 0 else 0.0
    entry, bias = rng.uniform(-1, 1, units), rng.uniform(-0.5, 0.5, units)
    state, rows = np.zeros(units), np.zeros((inputs.size, units))
    for t, value in enumerate(inputs):
        state = np.tanh(weights @ state + entry * (2 * value - 1) + bias)
        rows[t] = state
    return rows


def scaled(log_variance: Real, first: int) -> Real:
    """Inputs in [0, 1] by the range of what came before `first`; later values beyond it are cut."""
    low, high = float(log_variance[:first].min()), float(log_variance[:first].max())
    return np.clip((log_variance - low) / max(high - low, 1e-12), 0.0, 1.0)


def chosen_penalty(features: Real, target: Real, first: int) -> float:
    """The ridge penalty that does best on the last quarter before `first`, fitted on the three before it."""
    start = int(np.argmax(np.isfinite(features).all(axis=1)))
    cut = start + (first - start) * 3 // 4

    def error(penalty: float) -> float:
        weights, centre, scale, _ = ridge(features[start:cut], target[start + 1 : cut + 1], penalty)
        rows = (features[cut : first - 1] - centre) / scale
        return float(np.mean((weights[0] + rows @ weights[1:] - target[cut + 1 : first]) ** 2))

    return min(PENALTIES, key=error)


def compare(variance: Real, shape: Spins, *, train: float, seed: int, told: Told) -> dict[str, Any]:
    """All three on the same steps. `variance` (T) of blocks; the first `train` share is for the first fit only."""
    target = np.log(variance)
    first = int(target.size * train)
    inputs = scaled(target, first)
    actual = variance[first + 1 :]
    found = {}
    for name, features in _models(inputs, target, shape, seed, told):
        penalty = chosen_penalty(features, target, first)
        means, spreads = walk_forward(features, target, first, penalty)
        found[name] = losses(np.exp(means + spreads / 2), actual), penalty, features.shape[1]
    return {
        "models": {
            name: {"qlike": float(loss["qlike"].mean()), "mse": float(loss["mse"].mean()), "penalty": penalty, "inputs": count}
            for name, (loss, penalty, count) in found.items()
        },
        "comparisons": [
            _compared(other, loss, found["reservoir"][0][loss], found[other][0][loss]) for other in ("har", "echo") for loss in LOSSES
        ],
        "forecasts": int(actual.size),
    }  # fmt: skip


def _models(inputs: Real, target: Real, shape: Spins, seed: int, told: Told) -> Iterator[tuple[str, Real]]:
    told(0.05, "HAR")
    yield "har", har_features(target)
    told(0.1, "quantum reservoir")
    yield "reservoir", quantum_features(inputs, shape, np.random.default_rng(seed))
    told(0.7, "echo-state network")
    yield "echo", echo_features(inputs, shape.readings, np.random.default_rng(seed))


def _compared(other: str, loss: str, ours: Real, theirs: Real) -> dict[str, Any]:
    """The reservoir against another model: `verdict` is wins, loses or no difference at 5 %."""
    test = diebold_mariano(ours, theirs)
    verdict = "no difference" if test.p >= 0.05 else "wins" if test.difference < 0 else "loses"
    return {
        "against": other,
        "loss": loss,
        "difference": test.difference,
        "statistic": test.statistic,
        "p": test.p,
        "verdict": verdict,
    }


def work(parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """The job: parameters of `qcs.finance.Reservoir`."""
    given = parameters["variance"]
    variance = np.array(given) if given else realised_variance(np.array(parameters["closes"]), parameters["block"])
    shape = Spins(parameters["spins"], parameters["times"])
    report = compare(variance, shape, train=parameters["train"], seed=parameters["seed"], told=told)
    return {**report, "blocks": int(variance.size), "spins": shape.spins, "readings": shape.readings, "note": NOTE}
