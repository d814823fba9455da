"""Numbers of density matrices (..., d, d), all entropies in bits.

C_l1 and C_r are from Baumgratz, Cramer and Plenio, arXiv 1311.0275. The eigenvalues are taken once a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .types import Complex, Real

FEW = 6


@dataclass(frozen=True, slots=True)
class CoherenceReport:
    """One value a matrix in each field; `diagonal` is (..., d)."""

    diagonal: Real
    l1: Real
    relative: Real
    normalised: Real
    purity: Real
    entropy: Real
    effective_rank: Real
    participation: Real


@dataclass(frozen=True, slots=True)
class Spectrum:
    """rho = V diag(values) V^H; kept because the divergence of the next bar needs log rho again."""

    values: Real
    vectors: Complex

    def log2(self) -> Complex:
        """log2 rho; eigenvalues <= 0 give -inf in their direction, so test the support before use."""
        safe = np.where(self.values > 0, self.values, 1.0)
        logs = np.where(self.values > 0, np.log2(safe), -np.inf)
        result: Complex = np.matmul(self.vectors * logs[..., None, :], np.swapaxes(self.vectors, -1, -2).conj())
        return result


def spectrum(rho: Complex) -> Spectrum:
    """Eigenvalues (tiny negative ones of rounding set to 0) and eigenvectors of Hermitian matrices."""
    values, vectors = np.linalg.eigh(rho)
    return Spectrum(np.maximum(values, 0.0), vectors)


def coherence_report(rho: Complex, eigenvalues: Real | None = None) -> CoherenceReport:
    """All numbers at once, in NumPy: the reference. Give the eigenvalues where they are known already."""
    if eigenvalues is None:
        eigenvalues = np.maximum(np.linalg.eigvalsh(rho), 0.0)
    purity = np.sum(rho.real**2 + rho.imag**2, axis=(-2, -1))
    return _report(_diagonal(rho), eigenvalues, coherence_l1(rho), purity)


def coherence_reports(rho: Complex) -> CoherenceReport:
    """The same of a batch (..., d, d) in one compiled pass over its lower triangles; few matrices go through NumPy.

    Raises ValueError for negative eigenvalues, or where none are found (entries that are not finite). Numba is loaded at the first batch.
    """
    rho = np.asarray(rho, dtype=np.complex128)
    size, shape = rho.shape[-1], rho.shape[:-2]
    states = np.ascontiguousarray(rho).reshape(-1, size, size)
    values, l1, purity = _spectra(states)
    if values.min(initial=0.0) < -1e-9:
        raise ValueError(f"not positive: the least eigenvalue is {values.min():.3g}; at least -1e-9 is allowed")
    values = np.maximum(values, 0.0).reshape(*shape, size)
    return _report(_diagonal(rho), values, l1.reshape(shape), purity.reshape(shape))


def _spectra(states: Complex) -> tuple[Real, Real, Real]:
    """Eigenvalues (n, d), C_l1 and purity (n,)."""
    count, size = states.shape[:2]
    if count < FEW and np.isfinite(states).all():
        values = np.asarray(np.linalg.eigvalsh(states), dtype=np.float64)
        purity: Real = np.sum(states.real**2 + states.imag**2, axis=(-2, -1))
        return values, coherence_l1(states), purity
    from .lanes_spectra import spectra

    found = np.empty((count, size)), np.empty(count), np.empty(count)
    if not spectra(states, *found):
        raise ValueError("eigenvalues do not converge: matrices must be finite and Hermitian")
    return found


def _diagonal(rho: Complex) -> Real:
    return np.ascontiguousarray(np.diagonal(rho, axis1=-2, axis2=-1).real)


def _report(diagonal: Real, eigenvalues: Real, l1: Real, purity: Real) -> CoherenceReport:
    entropy = shannon(eigenvalues)
    relative = np.maximum(shannon(np.maximum(diagonal, 0.0)) - entropy, 0.0)
    return CoherenceReport(
        diagonal=diagonal,
        l1=l1,
        relative=relative,
        normalised=np.clip(relative / np.log2(diagonal.shape[-1]), 0.0, 1.0),
        purity=np.clip(purity, 0.0, 1.0),
        entropy=entropy,
        effective_rank=np.exp2(entropy),
        participation=1 / purity,
    )


def contributions(rho: Complex) -> Real:
    """What each dimension holds of C_l1 (..., d): sum_j |rho_ij| over j != i; the sum over i is C_l1."""
    size = np.abs(rho)
    result: Real = np.sum(size, axis=-1) - np.diagonal(size, axis1=-2, axis2=-1)
    return result


def coherence_l1(rho: Complex) -> Real:
    """Sum of |rho_ij| over i != j."""
    size = np.abs(rho)
    result: Real = np.maximum(np.sum(size, axis=(-2, -1)) - np.trace(size, axis1=-2, axis2=-1), 0.0)
    return result


def shannon(p: Real) -> Real:
    """-sum p log2 p over the last axis, 0 log 0 = 0, never below 0."""
    safe = np.where(p > 0, p, 1.0)
    result: Real = np.maximum(-np.sum(p * np.log2(safe), axis=-1), 0.0)
    return result


def entropy(rho: Complex) -> Real:
    """von Neumann entropy in bits."""
    return shannon(np.maximum(np.linalg.eigvalsh(rho), 0.0))


def relative_entropy(rho: Complex, sigma: Complex) -> Real:
    """D(rho || sigma) = Tr rho (log2 rho - log2 sigma) in bits; infinite where rho leaves the support of sigma."""
    return divergence(rho, shannon(spectrum(rho).values), spectrum(sigma))


def divergence(rho: Complex, entropy_of_rho: Real, other: Spectrum) -> Real:
    """D(rho || sigma) from what a caller has already: S(rho) and the spectrum of sigma."""
    weights = np.sum(other.vectors.conj() * np.matmul(rho, other.vectors), axis=-2).real
    floor = 1e-14 * other.values.max(axis=-1, keepdims=True)
    null = other.values <= floor
    leaves = np.any(null & (weights > 1e-12), axis=-1)
    logs = np.log2(np.where(null, 1.0, other.values))
    value = np.maximum(-entropy_of_rho - np.sum(weights * logs, axis=-1), 0.0)
    return np.where(leaves, np.inf, value)


def uhlmann_fidelity(rho: Complex, sigma: Complex) -> Real:
    """F = (Tr sqrt(sqrt(rho) sigma sqrt(rho)))^2 in [0, 1]."""
    s = spectrum(rho)
    root = np.matmul(s.vectors * np.sqrt(s.values)[..., None, :], np.swapaxes(s.vectors, -1, -2).conj())
    inner = np.matmul(np.matmul(root, sigma), root)
    values = np.linalg.eigvalsh((inner + np.swapaxes(inner, -1, -2).conj()) / 2)
    result: Real = np.clip(np.sum(np.sqrt(np.maximum(values, 0.0)), axis=-1) ** 2, 0.0, 1.0)
    return result


def bures_distance(rho: Complex, sigma: Complex) -> Real:
    """sqrt(2 - 2 sqrt F): the 2-Wasserstein distance of centred Gaussians with these covariances."""
    result: Real = np.sqrt(np.maximum(2 - 2 * np.sqrt(uhlmann_fidelity(rho, sigma)), 0.0))
    return result
