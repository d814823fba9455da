"""Angles of a circuit that minimise its mean energy: L-BFGS on a value and its slopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qbtc.core.hilbert.types import Real

from . import run
from .circuits import Gates
from .option import Told

Ansatz = Callable[[Real], tuple[Gates, list[tuple[int, int, float]]]]
"""angles -> gates and (gate, angle, factor) for each gate whose own angle is factor times one of the angles."""
Value = Callable[[Real], tuple[float, Real]]
"""angles -> (mean energy, its derivatives by the angles)."""


@dataclass(frozen=True, slots=True)
class Found:
    """The angles, the mean energy they give, and the circuit."""

    angles: Real
    energy: float
    circuit: Gates
    evaluations: int


def by_gates(ansatz: Ansatz, energies: Real) -> Value:
    """Of any circuit, gate by gate, with adjoint gradients."""

    def value(angles: Real) -> tuple[float, Real]:
        circuit, uses = ansatz(angles)
        mean, slopes = run.gradient(circuit, energies)
        by_angle = np.zeros(angles.size)
        for place, angle, factor in uses:
            by_angle[angle] += factor * slopes[place]
        return mean, by_angle

    return value


def minimise(ansatz: Ansatz, value: Value, start: Real, *, steps: int, told: Told | None = None) -> Found:
    """Least mean energy of `ansatz` from `start`, in at most `steps` steps."""
    from scipy.optimize import minimize

    count = 0

    def counted(angles: Real) -> tuple[float, Real]:
        nonlocal count
        count += 1
        if told is not None:
            told(min(count / (2 * steps), 0.99), f"evaluation {count}")
        return value(angles)

    best = minimize(counted, start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return Found(np.asarray(best.x), float(best.fun), ansatz(np.asarray(best.x))[0], count)
