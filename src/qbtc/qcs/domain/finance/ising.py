"""Cost functions of bits as Ising energies, the form in which QAOA takes them: bit b is spin 1 - 2b, so |1> is spin -1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from qbtc.core.hilbert.types import Real


@dataclass(frozen=True, slots=True)
class Ising:
    """E(s) = constant + sum_i field[i] s_i + sum_{i<j} coupling[i, j] s_i s_j; `coupling` (n, n) is strictly upper."""

    constant: float
    field: Real
    coupling: Real

    @property
    def qubits(self) -> int:
        return int(self.field.size)

    @property
    def scale(self) -> float:
        """Root mean square size of the energies of a qubit; 1 where all are alike."""
        return float(np.sqrt((np.sum(self.coupling**2) + np.sum(self.field**2)) / self.qubits)) or 1.0

    def per(self, unit: float) -> Ising:
        """The same energies in another unit: an optimiser that stops at 1e-5 knows nothing of returns of a minute."""
        return Ising(self.constant / unit, self.field / unit, self.coupling / unit)

    def energies(self) -> Real:
        """E of every bit string (2^n), bit 0 the least significant."""
        energies = np.full(1, self.constant)
        for place in range(self.qubits):
            pull = self.field[place] + self._pulls(place)
            energies = np.concatenate([energies + pull, energies - pull])
        return energies

    def _pulls(self, place: int) -> Real:
        """sum_j coupling[j, place] s_j over the bits below `place`, for each of their strings."""
        pulls = np.zeros(1)
        for below in range(place):
            step = self.coupling[below, place]
            pulls = np.concatenate([pulls + step, pulls - step])
        return pulls


def from_qubo(matrix: Real, linear: Real, constant: float = 0.0) -> Ising:
    """b^T matrix b + linear b + constant for bits b; `matrix` (n, n) symmetric."""
    n = linear.size
    diagonal = linear + np.diag(matrix)
    off = matrix - np.diag(np.diag(matrix))
    field = -diagonal / 2 - off.sum(axis=1) / 2
    shift = constant + diagonal.sum() / 2 + off.sum() / 4
    return Ising(float(shift), np.asarray(field), np.triu(off / 2, 1).reshape(n, n))


def max_cut(n: int, edges: Iterable[tuple[int, int]]) -> Ising:
    """Minus the number of cut edges."""
    coupling = np.zeros((n, n))
    for a, b in edges:
        coupling[min(a, b), max(a, b)] += 0.5
    return Ising(-float(coupling.sum()), np.zeros(n), coupling)


def ring(n: int) -> Ising:
    """MaxCut of a ring of n nodes."""
    return max_cut(n, [(i, (i + 1) % n) for i in range(n)])
