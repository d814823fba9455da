"""MixedIndex: exact top-k over density matrices by Uhlmann's fidelity, evaluating as few fidelities as two bounds allow.

Super-fidelity G = Tr(rho sigma) + sqrt((1 - Tr rho^2)(1 - Tr sigma^2)) >= F (Miszczak et al., arXiv 0805.2037) is a dot
product in R^(d^2+1). So are the outcomes q_i of a measurement, here in the eigenbasis of the query with outcomes p, and
F <= (sum_i sqrt(p_i q_i))^2 for any (Fuchs and Caves 1995); for mixed states it is much the sharper one. States are taken
in falling order of the smaller bound; the scan ends where it is below the k-th best F.
"""

from __future__ import annotations

import numpy as np

from ..coherence import spectrum
from ..types import Complex, Index, Mask, Real
from ..validate import check_density
from .kernels import score
from .pure import ALL, Found, best, check_count, check_units

BATCH = 16
SLACK = 1e-5
"""Errors of computed fidelities: eigenvalues are known to d eps, about 5e-15, and enter by their roots, d of them."""


def embed(rho: Complex) -> Real:
    """(..., d, d) -> R^(d^2 + 1): coordinates in an orthonormal basis of Hermitian matrices, then sqrt(1 - Tr rho^2)."""
    upper = np.triu_indices(rho.shape[-1], 1)
    pairs = rho[..., upper[0], upper[1]] * np.sqrt(2)
    flat = np.concatenate([np.diagonal(rho, axis1=-2, axis2=-1).real, pairs.real, pairs.imag], axis=-1)
    impurity = np.maximum(1 - np.sum(flat * flat, axis=-1, keepdims=True), 0.0)
    return np.concatenate([flat, np.sqrt(impurity)], axis=-1)


def restore(vectors: Real, size: int) -> Complex:
    """The density matrices of `embed`."""
    upper = np.triu_indices(size, 1)
    real, imaginary = np.split(vectors[..., size : size * size] / np.sqrt(2), 2, axis=-1)
    rho = np.zeros((*vectors.shape[:-1], size, size), dtype=np.complex128)
    rho[..., upper[0], upper[1]] = real + 1j * imaginary
    rho += np.swapaxes(rho, -1, -2).conj()
    rho[..., np.arange(size), np.arange(size)] = vectors[..., :size]
    return rho


def super_fidelity(rho: Complex, sigma: Complex) -> Real:
    """G(rho, sigma) >= F(rho, sigma); equal where one of them is pure."""
    result: Real = np.sum(embed(rho) * embed(sigma), axis=-1)
    return result


class MixedIndex:
    """Density matrices of `size`; grows at the end, goes at the front."""

    def __init__(self, size: int = 26) -> None:
        self.size, self._count = size, 0
        self._vectors = np.empty((0, size * size + 1))

    def __len__(self) -> int:
        return self._count

    def append(self, rho: Complex) -> None:
        """Add (n, size, size) or one. Raises InvalidState, before anything is added, for what is no density matrix."""
        rho = np.asarray(rho, dtype=np.complex128)
        rho = rho[None] if rho.ndim == 2 else rho
        for one in rho:
            check_density(one, size=self.size)
        self._reserve(self._count + len(rho))
        self._vectors[self._count : self._count + len(rho)] = embed(rho)
        self._count += len(rho)

    def drop_oldest(self, count: int) -> int:
        """Forget the first `count` matrices; positions fall by the number returned."""
        dropped = min(count, self._count)
        self._vectors, self._count = self._vectors[dropped : self._count].copy(), self._count - dropped
        return dropped

    def search(self, query: Complex, k: int, *, allowed: Mask = ALL) -> Found:
        """The best k by fidelity with a density matrix (size, size) or a unit vector (size,); `scored` of the fidelities."""
        query = np.asarray(query, dtype=np.complex128)
        check_count(k)
        if allowed.size not in (0, self._count):
            raise ValueError(f"{allowed.size} rows are allowed or not; there are {self._count} states")
        rows = np.flatnonzero(allowed) if allowed.size else np.arange(self._count)
        if query.ndim == 1:
            check_units(query[None], self.size)
            return self._of_pure(embed(query[:, None] * query.conj()), rows, k)
        check_density(query, size=self.size)
        return self._of_mixed(query, rows, k)

    def _of_pure(self, query: Real, rows: Index, k: int) -> Found:
        """F = Tr(rho sigma) where one side is pure."""
        flat = np.append(query[:-1], 0.0)
        values = self._vectors[rows] @ flat
        keep = min(k, len(rows))
        near = rows[values >= np.partition(values, -keep)[-keep] - 1e-12] if keep else rows
        exact = np.empty(len(near))
        score(self._vectors, near, flat[None], exact)
        return _found(exact, near, k, len(near) / max(self._count, 1))

    def _of_mixed(self, rho: Complex, rows: Index, k: int) -> Found:
        fidelities, vectors = Fidelities(rho), self._vectors if len(rows) == self._count else self._vectors[rows]
        bound = np.minimum(vectors[: self._count] @ embed(rho), fidelities.bound(vectors[: self._count]))
        order = np.argsort(-bound, kind="stable")
        rows, bound = rows[order], bound[order]
        scores, tau, first = np.empty(0), -np.inf, 0
        while first < len(rows) and bound[first] + SLACK >= tau:
            sigma = restore(self._vectors[rows[first : first + BATCH]], self.size)
            scores, first = np.concatenate([scores, fidelities(sigma)]), first + len(sigma)
            tau = np.partition(scores, -k)[-k] if first >= k else tau
        return _found(scores, rows[:first], k, first / max(self._count, 1))

    def _reserve(self, count: int) -> None:
        if count > len(self._vectors):
            grown = np.empty((max(count, 2 * len(self._vectors), 64), self._vectors.shape[1]))
            grown[: self._count] = self._vectors[: self._count]
            self._vectors = grown


class Fidelities:
    """F = (Tr sqrt(sqrt(rho) sigma sqrt(rho)))^2 of one rho with many sigma (n, d, d): one eigenvalue problem each."""

    def __init__(self, rho: Complex) -> None:
        found = spectrum(rho)
        self._basis, self._roots = found.vectors, np.sqrt(found.values)
        self._root: Complex = (found.vectors * self._roots) @ found.vectors.conj().T

    def __call__(self, sigma: Complex) -> Real:
        values = np.linalg.eigvalsh(self._root @ sigma @ self._root)
        result: Real = np.clip(np.sum(np.sqrt(np.maximum(values, 0.0)), axis=-1) ** 2, 0.0, 1.0)
        return result

    def bound(self, vectors: Real) -> Real:
        """(sum_i sqrt(p_i q_i))^2 >= F of embedded sigma (n, d^2 + 1), measured in the eigenbasis of rho."""
        effects = embed(self._basis.T[:, :, None] * self._basis.T[:, None, :].conj())
        chances = vectors[:, :-1] @ effects[:, :-1].T
        result: Real = np.sum(self._roots * np.sqrt(np.maximum(chances, 0.0)), axis=-1) ** 2
        return result


def _found(scores: Real, positions: Index, k: int, share: float) -> Found:
    order = best(scores, positions, k)
    return Found(scores[order][None], positions[order][None], share)
