"""Maximisation over isometries V^H V = I: gradient ascent on the Stiefel manifold with the polar retraction.

Kraus operators of a channel and square roots of the effects of a POVM, stacked, are isometries: whatever is climbed here
is completely positive and trace preserving (or complete) at every step, by construction. Absil, Mahony and Sepulchre,
Optimization Algorithms on Matrix Manifolds (2008), chapters 3 and 4; step lengths of Barzilai and Borwein (1988), halved
until the value rises enough (Armijo), so that no step ever makes it worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .types import Complex, Real

Objective = Callable[[Complex], tuple[float, Complex]]
"""V (n, d) -> value and G = d value / d conj(V), so that the value changes by 2 Re Tr(G^H dV)."""

ARMIJO = 1e-4
SHORTEST, LONGEST = 1e-10, 1e4


@dataclass(frozen=True, slots=True)
class Climb:
    """Where the ascent ended and the value after each step; `values` never falls."""

    point: Complex
    values: Real


def polar(a: Complex) -> Complex:
    """The isometry nearest to a (n, d), n >= d, of full column rank."""
    left, _, right = np.linalg.svd(a, full_matrices=False)
    result: Complex = left @ right
    return result


def random_isometry(rows: int, size: int, rng: np.random.Generator) -> Complex:
    """Haar-random V (rows, size)."""
    if rows < size:
        raise ValueError(f"an isometry of {size} columns needs at least {size} rows, not {rows}")
    return polar(rng.normal(size=(rows, size)) + 1j * rng.normal(size=(rows, size)))


def climb(start: Complex, objective: Objective, *, steps: int, tolerance: float = 1e-6) -> Climb:
    """Ascend from the isometry `start` until the gradient's norm is below `tolerance` or `steps` are done."""
    point = start
    value, gradient = objective(point)
    slope, rate, values = _tangent(point, gradient), 1.0, [value]
    for _ in range(steps):
        size = float(np.linalg.norm(slope))
        found = _better(point, slope, rate, value, objective) if size > tolerance else None
        if found is None:
            break
        moved, value, gradient = found
        turned = _tangent(moved, gradient)
        rate = _next_rate(moved - point, turned - slope)
        point, slope = moved, turned
        values.append(value)
    return Climb(polar(point), np.array(values))


def _better(
    point: Complex, slope: Complex, rate: float, value: float, objective: Objective
) -> tuple[Complex, float, Complex] | None:
    wanted = 2 * ARMIJO * float(np.sum(slope.real**2 + slope.imag**2))
    while rate >= SHORTEST:
        moved = _retract(point + rate * slope)
        reached, gradient = objective(moved)
        if reached >= value + rate * wanted:
            return moved, reached, gradient
        rate /= 4
    return None


def _next_rate(step: Complex, turn: Complex) -> float:
    """Barzilai-Borwein: |step|^2 / |<step, change of slope>|."""
    along = abs(float(np.sum(step.conj() * turn).real))
    length = float(np.sum(step.real**2 + step.imag**2))
    return float(np.clip(length / along, 1e-6, LONGEST)) if along > 0 else 1.0


def _tangent(point: Complex, gradient: Complex) -> Complex:
    """The part of the gradient along the manifold: G - V sym(V^H G)."""
    inner = point.conj().T @ gradient
    result: Complex = gradient - point @ ((inner + inner.conj().T) / 2)
    return result


def _retract(a: Complex) -> Complex:
    """A (A^H A)^(-1/2): cheaper than an SVD and as exact, since A^H A >= I for a point plus a tangent."""
    values, vectors = np.linalg.eigh(a.conj().T @ a)
    result: Complex = a @ ((vectors / np.sqrt(values)) @ vectors.conj().T)
    return result
