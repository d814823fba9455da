"""QAOA, Farhi, Goldstone, Gutmann, arXiv 1411.4028: its circuit, and its energies without the circuit.

The phases of a layer are one diagonal, exp(-i gamma E / scale), and its mixer is the same turn of every qubit: a layer over
n qubits costs n + 1 passes over the state and not n^2 / 2 gates. The circuit is what a quantum computer would run.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from qbtc.core.hilbert.types import Complex, Real

from ..program import Unitary
from ..qasm import gates
from .circuits import Gates, gate, h
from .descent import Ansatz, Found, minimise
from .ising import Ising
from .option import Told


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


@dataclass(frozen=True, slots=True)
class Landscape:
    """Mean energies by the angles of `qaoa`. `energies` (2^n) of every bit string; phases are of energies / scale."""

    energies: Real
    scale: float

    def state(self, angles: Real) -> Complex:
        """(2^n) amplitudes; gammas, then betas."""
        psi = np.full(self.energies.size, 1 / math.sqrt(self.energies.size), np.complex128)
        for gamma, beta in zip(*np.split(angles, 2), strict=True):
            _layer(psi, self.energies, gamma / self.scale, beta)
        return psi

    def mean(self, angles: Real) -> float:
        psi = self.state(angles)
        return float((psi.real**2 + psi.imag**2) @ self.energies)

    def value(self, angles: Real) -> tuple[float, Real]:
        """The mean energy and its derivatives, by one sweep back (Jones and Gacon, arXiv 2009.02823)."""
        psi = self.state(angles)
        bra = psi * self.energies
        mean = float(np.vdot(psi, bra).real)
        layers = angles.size // 2
        slopes = np.zeros(angles.size)
        for layer in reversed(range(layers)):
            gamma, beta = angles[layer] / self.scale, angles[layers + layer]
            slopes[layers + layer] = 2 * _flips(bra, psi)
            slopes[layer] = 2 * _back(bra, psi, self.energies, gamma, beta) / self.scale
        return mean, slopes


@njit(cache=True, nogil=True)
def _layer(psi: Complex, energies: Real, gamma: float, beta: float) -> None:
    """exp(-i beta sum X) exp(-i gamma E) psi, in place."""
    for k in range(psi.size):
        psi[k] *= cmath.exp(-1j * gamma * energies[k])
    _mixed(psi, beta)


@njit(cache=True, nogil=True)
def _mixed(psi: Complex, beta: float) -> None:
    """exp(-i beta X) on every qubit, in place."""
    stay, move = math.cos(beta), -1j * math.sin(beta)
    step = 1
    while step < psi.size:
        for first in range(0, psi.size, 2 * step):
            for k in range(first, first + step):
                low, high = psi[k], psi[k + step]
                psi[k] = stay * low + move * high
                psi[k + step] = stay * high + move * low
        step *= 2


@njit(cache=True, nogil=True)
def _flips(bra: Complex, psi: Complex) -> float:
    """Im <bra| sum X |psi>."""
    total = 0.0
    step = 1
    while step < psi.size:
        for first in range(0, psi.size, 2 * step):
            for k in range(first, first + step):
                total += (bra[k].conjugate() * psi[k + step] + bra[k + step].conjugate() * psi[k]).imag
        step *= 2
    return total


@njit(cache=True, nogil=True)
def _back(bra: Complex, psi: Complex, energies: Real, gamma: float, beta: float) -> float:
    """Undo a layer on both, in place; Im <bra| E |psi> between its mixer and its phases."""
    _mixed(bra, -beta)
    _mixed(psi, -beta)
    total = 0.0
    for k in range(psi.size):
        total += energies[k] * (bra[k].conjugate() * psi[k]).imag
        phase = cmath.exp(1j * gamma * energies[k])
        bra[k] *= phase
        psi[k] *= phase
    return total


def minimise_qaoa(cost: Ising, layers: int, *, steps: int = 200, told: Told | None = None) -> Found:
    """Layer by layer: each depth starts from the angles of the one before, interpolated (Zhou et al., arXiv 1812.01041)."""
    scale = cost.scale
    unit = cost.per(scale)
    landscape = Landscape(unit.energies(), 1.0)
    found = _first_layer(unit, landscape, steps, _share(told, 1, layers))
    for depth in range(2, layers + 1):
        start = np.concatenate([interpolated(part) for part in np.split(found.angles, 2)])
        heard = _share(told, depth, layers)
        deeper = minimise(qaoa(unit, depth, 1.0), landscape.value, start, steps=steps, told=heard)
        found = Found(deeper.angles, deeper.energy, deeper.circuit, found.evaluations + deeper.evaluations)
    return Found(found.angles, scale * found.energy, found.circuit, found.evaluations)


def _share(told: Told | None, depth: int, layers: int) -> Told | None:
    """Progress within a depth as progress of the whole: depth d costs d times the first."""
    if told is None:
        return None
    before, whole = depth * (depth - 1) / 2, layers * (layers + 1) / 2
    return lambda share, step: told((before + share * depth) / whole, f"layer {depth} of {layers}: {step}")


def _first_layer(cost: Ising, landscape: Landscape, steps: int, told: Told | None) -> Found:
    """One layer from a coarse grid of both angles: its landscape has several valleys."""
    grid = [np.array([g, b]) for g in np.linspace(0.15, 1.35, 7) for b in np.linspace(-0.7, 0.7, 8)]
    means = [landscape.mean(angles) for angles in grid]
    ansatz = qaoa(cost, 1, landscape.scale)
    found = minimise(ansatz, landscape.value, grid[int(np.argmin(means))], steps=steps, told=told)
    return Found(found.angles, found.energy, found.circuit, found.evaluations + len(grid))


def interpolated(angles: Real) -> Real:
    """p angles of one kind as p + 1, linearly in between."""
    p = angles.size
    padded = np.concatenate([[0.0], angles, [0.0]])
    share = np.arange(p + 1) / p
    return np.asarray(share * padded[: p + 1] + (1 - share) * padded[1:])
