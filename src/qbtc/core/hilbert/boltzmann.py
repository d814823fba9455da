"""Quantum Boltzmann machine: rho = exp(-H)/Z with H = sum_a theta_a G_a in a basis of Hermitian generators.

Fitted to a data state eta by its relative entropy S(eta || rho) = -S(eta) + Tr(eta H) + log Z, convex in theta, with the exact
gradient Tr(eta G_a) - Tr(rho G_a) (Kieferova and Wiebe, Phys. Rev. A 96, 062327 (2017)). Its Hessian is the Bogoliubov-
Kubo-Mori metric of the family, so Newton's step is the natural gradient. With diagonal generators this is a classical
Boltzmann distribution; where eta is diagonal nothing more can be gained. All in nats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .types import Complex, Real

SHORTEST = 1e-8


@dataclass(frozen=True, slots=True)
class Boltzmann:
    """Parameters (k,), the state (d, d), its Hamiltonian with Z in it (rho = exp(-energy)), and the loss after each step."""

    theta: Real
    rho: Complex
    energy: Complex
    losses: Real

    def loss(self, rows: Complex) -> Real:
        """-<psi|log rho|psi> of unit vectors (n, d): what a row costs in nats."""
        return np.asarray(np.sum(rows.conj() * (rows @ self.energy.T), axis=1).real, dtype=np.float64)


def diagonal_generators(size: int) -> Complex:
    """|i><i| for all i but the last, whose energy is the zero point: (d - 1, d, d)."""
    units = np.zeros((size - 1, size, size), dtype=np.complex128)
    units[np.arange(size - 1), np.arange(size - 1), np.arange(size - 1)] = 1
    return units


def pair_generators(size: int, pairs: Iterable[tuple[int, int]]) -> Complex:
    """In-phase |i><j| + |j><i| and lead-lag i|j><i| - i|i><j| of each pair: (2 k, d, d)."""
    chosen = list(pairs)
    found = np.zeros((len(chosen), 2, size, size), dtype=np.complex128)
    for n, (i, j) in enumerate(chosen):
        if i == j or not {i, j} <= set(range(size)):
            raise ValueError(f"pair {(i, j)}; allowed are two different numbers of 0..{size - 1}")
        found[n, 0, i, j] = found[n, 0, j, i] = 1
        found[n, 1, i, j], found[n, 1, j, i] = -1j, 1j
    return found.reshape(-1, size, size)


def hermitian_generators(size: int) -> Complex:
    """All d^2 - 1 of them; the identity only shifts Z."""
    pairs = [(i, j) for i in range(size) for j in range(i + 1, size)]
    return np.concatenate([diagonal_generators(size), pair_generators(size, pairs)])


def fit_boltzmann(
    eta: Complex, generators: Complex, *, ridge: float = 1e-6, steps: int = 50, tolerance: float = 1e-9
) -> Boltzmann:
    """Minimise S(eta || rho) + ridge/2 |theta|^2 by damped Newton steps; the loss (without S(eta)) never rises.

    A direction that eta does not fill has no finite optimum without a ridge.
    """
    if generators.ndim != 3 or generators.shape[1:] != eta.shape:
        raise ValueError(
            f"generators have shape {generators.shape} and the state {eta.shape}; allowed are (k, d, d) and (d, d)"
        )
    flat = generators.reshape(len(generators), -1)
    target = (flat.conj() @ eta.reshape(-1)).real
    theta = np.zeros(len(generators))
    now = _at(theta, flat, target, ridge)
    losses = [now.loss]
    for _ in range(steps):
        gradient = target - now.means + ridge * theta
        if np.abs(gradient).max() < tolerance:
            break
        found = _descend(theta, _newton(now, gradient, ridge), now.loss, (flat, target, ridge))
        if found is None:
            break
        theta, now = found
        losses.append(now.loss)
    energy = (theta @ flat).reshape(eta.shape) + now.log_z * np.eye(len(eta))
    return Boltzmann(theta, now.rho, energy, np.array(losses))


@dataclass(frozen=True, slots=True)
class _Point:
    loss: float
    log_z: float
    rho: Complex
    means: Real
    weights: Real
    turned: Complex


def _at(theta: Real, flat: Complex, target: Real, ridge: float) -> _Point:
    size = int(np.sqrt(flat.shape[1]))
    levels, vectors = np.linalg.eigh((theta @ flat).reshape(size, size))
    log_z = float(np.log(np.sum(np.exp(levels[0] - levels))) - levels[0])
    p = np.exp(-levels - log_z)
    rho = (vectors * p) @ vectors.conj().T
    means = (flat.conj() @ rho.reshape(-1)).real
    turned = np.matmul(np.matmul(vectors.conj().T, flat.reshape(-1, size, size)), vectors).reshape(len(flat), -1)
    loss = float(theta @ target) + log_z + ridge / 2 * float(theta @ theta)
    return _Point(loss, log_z, rho, means, _log_means(p, levels).reshape(-1), turned)


def _log_means(p: Real, levels: Real) -> Real:
    """(p_i - p_j) / (log p_i - log p_j), and p_i where levels meet."""
    gap = levels[None, :] - levels[:, None]
    close = np.abs(gap) < 1e-6
    safe = np.where(close, 1.0, gap)
    result: Real = np.where(close, (p[:, None] + p[None, :]) / 2, (p[:, None] - p[None, :]) / safe)
    return result


def _newton(now: _Point, gradient: Real, ridge: float) -> Real:
    """The natural gradient: (metric + ridge)^-1 gradient."""
    metric = ((now.turned * now.weights) @ now.turned.conj().T).real - np.outer(now.means, now.means)
    floor = ridge + 1e-12 * float(np.trace(metric))
    return np.asarray(np.linalg.solve(metric + floor * np.eye(len(gradient)), gradient), dtype=np.float64)


def _descend(theta: Real, step: Real, loss: float, problem: tuple[Complex, Real, float]) -> tuple[Real, _Point] | None:
    rate = 1.0
    while rate >= SHORTEST:
        moved = theta - rate * step
        now = _at(moved, *problem)
        if now.loss < loss:
            return moved, now
        rate /= 2
    return None
