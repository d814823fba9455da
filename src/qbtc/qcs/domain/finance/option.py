"""European options by amplitude estimation: Stamatopoulos et al., arXiv 1905.02666.

A log-normal price on n qubits, a comparator with the strike, a rotation of one qubit by an angle linear in the payoff, and
iterative amplitude estimation of the chance that this qubit is 1. Beside it Black and Scholes, and the error of each step:

    Black-Scholes -> truncated density -> grid -> payoff circuit -> estimate

each difference is one line of the budget, so the lines add up to the whole error.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Real

from . import NOTE, run
from .circuits import Gates, at_least, prepare, program, ry, x
from .estimation import Amplified, Estimate, estimate
from .lognormal import Payoff, Price

Told = Callable[[float, str], None]
CONVERGENCE = range(3, 9)


@dataclass(frozen=True, slots=True)
class Linear:
    """A payoff linear in the number i of a register: `offset + slope i` where i >= `index` (or below it), 0 elsewhere.

    P(objective = 1) = sin^2(scaling (2 f / most - 1) + pi / 4), nearly linear in f; read as the line through both of its ends,
    so that payoffs of 0 and of `most` are exact and those between are off by less than most scaling^2 / 4.
    """

    index: int
    below: bool
    offset: float
    slope: float
    most: float
    scaling: float

    def circuit(self, register: list[int], objective: int, flag: int, carries: list[int]) -> Gates:
        unit = 4 * self.scaling / self.most
        compare = [*at_least(self.index, register, flag, carries), *([x(flag)] if self.below else [])]
        turns = [ry(unit * self.slope * (1 << place), objective, flag, qubit) for place, qubit in enumerate(register)]
        return [
            ry(math.pi / 2 - 2 * self.scaling, objective),
            *compare,
            ry(unit * self.offset, objective, flag),
            *turns,
        ]

    def value(self, chance: float) -> float:
        """The payoff that a chance stands for."""
        return self.most * ((2 * chance - 1) / math.sin(2 * self.scaling) + 1) / 2


@dataclass(frozen=True, slots=True)
class Priced:
    """The circuit of an option. `value` turns the chance of its objective qubit into an undiscounted price."""

    gates: Gates
    qubits: int
    objective: int
    value: Callable[[float], float]

    def exact(self) -> float:
        """The undiscounted price of the circuit without sampling."""
        return self.value(run.chance(run.state(program(self.gates, self.qubits)), self.objective))


def circuit_of(price: Price, payoff: Payoff, qubits: int, scaling: float) -> Priced:
    """Price qubits 0..n-1, objective n, flag n + 1, then n - 1 carries: 2n + 1 in all (one less for a digital option)."""
    prices, weights = price.grid(qubits)
    register, objective, flag = list(range(qubits)), qubits, qubits + 1
    carries = list(range(qubits + 2, 2 * qubits + 1))
    load = prepare(np.sqrt(weights), register)
    index = int(np.searchsorted(prices, payoff.strike))
    if payoff.kind == "digital":
        carries = list(range(qubits + 1, 2 * qubits))
        return Priced(
            [*load, *at_least(index, register, objective, carries)], 2 * qubits, objective, lambda chance: chance
        )
    sign = -1.0 if payoff.kind == "put" else 1.0
    step = float(prices[1] - prices[0])
    most = float(payoff.of(prices).max())
    if most == 0:
        raise ValueError(
            f"the strike {payoff.strike:g} pays nothing on the grid from {prices[0]:.4g} to {prices[-1]:.4g}; allowed is one inside it"
        )
    shape = Linear(index, sign < 0, sign * (float(prices[0]) - payoff.strike), sign * step, most, scaling)
    return Priced([*load, *shape.circuit(register, objective, flag, carries)], 2 * qubits + 1, objective, shape.value)


def budget(price: Price, payoff: Payoff, grid: float, circuit: float, estimated: float) -> dict[str, float]:
    """The error of each step in quote units; the four lines add up to the last."""
    whole, inside = payoff.expected(price), payoff.truncated(price)
    return {
        "truncation": inside - whole,
        "discretisation": grid - inside,
        "payoff": circuit - grid,
        "sampling": estimated - circuit,
        "total": estimated - whole,
    }


def converged(price: Price, payoff: Payoff, scaling: float, told: Told) -> list[dict[str, float]]:
    """Without sampling, for more and more qubits: the value of the grid and of the circuit, and their errors."""
    rows = []
    for qubits in CONVERGENCE:
        told(0.2 + 0.1 * (qubits - 3), f"{qubits} qubits")
        grid, circuit = on_grid(price, payoff, qubits), circuit_of(price, payoff, qubits, scaling).exact()
        error = grid - payoff.expected(price)
        rows.append(
            {"qubits": qubits, "grid": grid, "circuit": circuit, "error": error, "payoff_error": circuit - grid}
        )
    return rows


def on_grid(price: Price, payoff: Payoff, qubits: int) -> float:
    """The exact undiscounted value of the discretised price."""
    prices, weights = price.grid(qubits)
    return float(payoff.of(prices) @ weights)


def work(parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    """The job: parameters of `qcs.finance.Option`. Prices are undiscounted unless they say otherwise."""
    price = Price(parameters["spot"], parameters["volatility"], parameters["rate"], parameters["days"] / 365)
    payoff = Payoff(parameters["payoff"], parameters["strike"])
    priced = circuit_of(price, payoff, parameters["qubits"], parameters["scaling"])
    told(0.1, "estimating")
    rng = np.random.default_rng(parameters["seed"])
    sample = Amplified(priced.gates, priced.objective, priced.qubits, rng)
    found = estimate(sample, epsilon=parameters["epsilon"], alpha=parameters["alpha"], shots=parameters["shots"])
    exact, grid = priced.exact(), on_grid(price, payoff, parameters["qubits"])
    discount = math.exp(-price.rate * price.years)
    whole = payoff.expected(price)
    rows = converged(price, payoff, parameters["scaling"], told) if parameters["convergence"] else None
    return {
        "quantum": _quantum(priced, found, exact, discount),
        "classical": {"value": whole, "discounted": whole * discount, "grid": grid, "formula": "Black-Scholes"},
        "budget": budget(price, payoff, grid, exact, priced.value(found.value)),
        "distribution": _distribution(price, parameters["qubits"]),
        "convergence": rows,
        "note": NOTE,
    }


def _quantum(priced: Priced, found: Estimate, exact: float, discount: float) -> dict[str, Any]:
    made = program(priced.gates, priced.qubits)
    value = priced.value(found.value)
    return {
        "value": value, "discounted": value * discount, "interval": [priced.value(found.low), priced.value(found.high)],
        "exact": exact, "oracle_calls": found.calls, "shots": found.shots, "qubits": priced.qubits, "gates": len(priced.gates),
        "depth": made.depth(), "rounds": [[r.steps, r.shots, r.good] for r in found.rounds],
        "classical_samples": same_width(found),
    }  # fmt: skip


def same_width(found: Estimate, deviations: float = 1.96) -> int:
    """How many draws a plain Monte Carlo simulation needs for an interval of the same width."""
    half = max((found.high - found.low) / 2, 1e-12)
    return math.ceil(deviations**2 * found.value * (1 - found.value) / half**2)


def _distribution(price: Price, qubits: int) -> dict[str, list[float]]:
    prices, weights = price.grid(qubits)
    return {"prices": _list(prices), "probabilities": _list(weights)}


def _list(values: Real) -> list[float]:
    return [float(value) for value in values]
