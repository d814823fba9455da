"""Value at risk by amplitude estimation: Woerner and Egger, arXiv 1806.06893; the credit model of Egger et al., 1907.03044.

One latent factor z on a few qubits; given z, loans default independently with
p_k(z) = Phi((Phi^-1(p_k) - sqrt(rho_k) z) / sqrt(1 - rho_k)). A register sums the losses of those that do, a comparator marks
L >= x, and a bisection looks for the least x with P(L <= x) >= level. Given z, the chances are loaded exactly, not by their
first order as in the paper.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Real

from . import NOTE, run
from .circuits import Gates, add, at_least, chosen_ry, prepare, program
from .estimation import Amplified, Estimate, estimate
from .option import Linear, Told

FACTOR_DEVIATIONS = 3.0
MOST_QUBITS = 16


@dataclass(frozen=True, slots=True)
class Loan:
    """`loss` given default in whole units, `default` its unconditional probability, `correlation` with the factor."""

    loss: int
    default: float
    correlation: float


@dataclass(frozen=True, slots=True)
class Losses:
    """A circuit that loads the distribution of a loss into `register`; `values` are the exact probabilities of 0, 1, ..."""

    gates: Gates
    register: list[int]
    used: int
    values: Real


def factor(qubits: int) -> tuple[Real, Real]:
    """Values of z and their probabilities, each (2^n), within three deviations."""
    values = np.linspace(-FACTOR_DEVIATIONS, FACTOR_DEVIATIONS, 1 << qubits)
    weights = np.exp(-(values**2) / 2)
    return values, weights / weights.sum()


def default_given(loan: Loan, z: Real) -> Real:
    """P(default | z)."""
    from scipy.special import ndtr, ndtri

    shifted = (ndtri(loan.default) - math.sqrt(loan.correlation) * z) / math.sqrt(1 - loan.correlation)
    return np.asarray(ndtr(shifted))


def distribution(loans: list[Loan], z: Real, weights: Real) -> Real:
    """P(L = 0), P(L = 1), ...: the classical value, by convolution for each z."""
    total = np.zeros(1 + sum(loan.loss for loan in loans))
    chances = [default_given(loan, z) for loan in loans]
    for place, weight in enumerate(weights):
        sums = np.array([1.0])
        for loan, chance in zip(loans, chances, strict=True):
            both = np.zeros(sums.size + loan.loss)
            both[: sums.size] += (1 - chance[place]) * sums
            both[loan.loss :] += chance[place] * sums
            sums = both
        total += weight * sums
    return total


def continuous(loans: list[Loan], points: int = 64) -> Real:
    """The same for a factor that is not discretised, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return distribution(loans, nodes, weights / weights.sum())


def qubits_of(sizes: list[int], factor_qubits: int) -> int:
    """Of the whole circuit for loans of these losses. Raises ValueError for more than are simulated."""
    total = sum(sizes)
    qubits = factor_qubits + len(sizes) + 2 * total.bit_length() + 1
    if qubits > MOST_QUBITS:
        raise ValueError(
            f"{len(sizes)} loans, a factor of {factor_qubits} qubits and losses up to {total} take {qubits} qubits; allowed are "
            f"{MOST_QUBITS}: fewer loans, smaller whole losses or a coarser factor"
        )
    return qubits


def losses(loans: list[Loan], factor_qubits: int) -> Losses:
    """Factor, a qubit for each loan, the register of the sum. Raises ValueError for more qubits than are simulated."""
    qubits_of([loan.loss for loan in loans], factor_qubits)
    z, weights = factor(factor_qubits)
    first = factor_qubits + len(loans)
    used = first + sum(loan.loss for loan in loans).bit_length()
    register = list(range(first, used))
    circuit = prepare(np.sqrt(weights), range(factor_qubits))
    for place, loan in enumerate(loans):
        turns = 2 * np.arcsin(np.sqrt(default_given(loan, z)))
        circuit += chosen_ry(turns, range(factor_qubits), factor_qubits + place)
        circuit += add(loan.loss, register, factor_qubits + place)
    return Losses(circuit, register, used, distribution(loans, z, weights))


@dataclass(frozen=True, slots=True)
class Estimator:
    """How finely each probability is estimated, and whose random numbers are drawn."""

    epsilon: float
    alpha: float
    shots: int
    rng: np.random.Generator

    def of(self, circuit: Gates, good: int, qubits: int) -> Estimate:
        return estimate(
            Amplified(circuit, good, qubits, self.rng), epsilon=self.epsilon, alpha=self.alpha, shots=self.shots
        )


def exceeding(loaded: Losses, value: int, by: Estimator) -> Estimate:
    """P(L >= value)."""
    flag, carries = loaded.used, list(range(loaded.used + 1, loaded.used + len(loaded.register)))
    circuit = [*loaded.gates, *at_least(value, loaded.register, flag, carries)]
    return by.of(circuit, flag, loaded.used + len(loaded.register))


def bisect(loaded: Losses, level: float, by: Estimator, told: Told) -> tuple[int, list[dict[str, Any]]]:
    """The least x whose estimated P(L <= x) reaches `level`, and each step; `sure` where its interval excludes the level."""
    low, high = -1, (1 << len(loaded.register)) - 1
    steps: list[dict[str, Any]] = []
    while high - low > 1:
        middle = (low + high) // 2
        told(0.1 + 0.1 * len(steps), f"P(loss <= {middle})")
        found = exceeding(loaded, middle + 1, by)
        reached = 1 - found.value >= level
        low, high = (low, middle) if reached else (middle, high)
        sure = not 1 - found.high <= level <= 1 - found.low
        steps.append({"loss": middle, "probability": 1 - found.value, "interval": [1 - found.high, 1 - found.low], "sure": sure,
                      "oracle_calls": found.calls})  # fmt: skip
    return high, steps


@dataclass(frozen=True, slots=True)
class Shortfall:
    """E[L | L > VaR] with the interval that follows from those of its two estimates."""

    value: float
    low: float
    high: float
    calls: int


def shortfall(loaded: Losses, value: int, scaling: float, by: Estimator) -> Shortfall:
    """value + E[(L - value)+] / P(L > value), both estimated."""
    above = exceeding(loaded, value + 1, by)
    most = loaded.values.size - 1 - value
    if most <= 0 or above.low <= 0:
        return Shortfall(float(value), float(value), float(value + max(most, 0)), above.calls)
    size = len(loaded.register)
    objective, flag, carries = loaded.used, loaded.used + 1, list(range(loaded.used + 2, loaded.used + 1 + size))
    excess = Linear(value + 1, below=False, offset=-value, slope=1.0, most=most, scaling=scaling)
    circuit = [*loaded.gates, *excess.circuit(loaded.register, objective, flag, carries)]
    found = by.of(circuit, objective, loaded.used + 1 + size)
    middle, low, high = (max(excess.value(chance), 0.0) for chance in (found.value, found.low, found.high))
    ends = value + min(low / above.high, most), value + min(high / above.low, most)
    return Shortfall(value + min(middle / above.value, most), *ends, above.calls + found.calls)


def measured(probabilities: Real, level: float) -> dict[str, Any]:
    """Value at risk, E[L | L > VaR] and E[L] of a distribution over 0, 1, ...; the classical values."""
    reached = np.cumsum(probabilities)
    value = int(np.searchsorted(reached, level - 1e-12))
    size = np.arange(probabilities.size)
    tail = probabilities[value + 1 :]
    worse = float(tail @ size[value + 1 :] / tail.sum()) if tail.sum() > 0 else float(value)
    return {"var": value, "cvar": worse, "expected": float(probabilities @ size), "probability": float(reached[value])}


def work(parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """The job: parameters of `qcs.finance.Risk`."""
    loans = [Loan(row["loss"], row["default"], row["correlation"]) for row in parameters["loans"]]
    loaded = losses(loans, parameters["factor_qubits"])
    rng = np.random.default_rng(parameters["seed"])
    by = Estimator(parameters["epsilon"], parameters["alpha"], parameters["shots"], rng)
    level = parameters["level"]
    value, steps = bisect(loaded, level, by, told)
    told(0.8, "the mean beyond it")
    worse = shortfall(loaded, value, parameters["scaling"], by)
    exact = measured(loaded.values, level)
    whole = measured(continuous(loans), level)
    return {
        "quantum": {
            "var": value, "cvar": worse.value,
            "cvar_interval": [worse.low, worse.high], "steps": steps, "oracle_calls": sum(s["oracle_calls"] for s in steps) + worse.calls,
            "qubits": loaded.used + len(loaded.register) + 1, "gates": len(loaded.gates), "sure": all(s["sure"] for s in steps),
        },
        "classical": {**exact, "method": "convolution over the same factor values"},
        "continuous": {**whole, "method": "Gauss-Hermite quadrature over the factor"},
        "distribution": [float(p) for p in loaded.values],
        "note": NOTE,
    }  # fmt: skip


def loaded_distribution(loaded: Losses) -> Real:
    """What the circuit holds: P(L) (2^size), read from its state."""
    amplitudes = run.state(program(loaded.gates, loaded.used))
    chances = (amplitudes.real**2 + amplitudes.imag**2).reshape(-1, 1 << loaded.register[0])
    return np.asarray(chances.sum(axis=1))
