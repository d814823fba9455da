"""Two registers: entanglement of two-symbol states, of factorisations of one state, and information between two samples.

Of a state of two symbols (26 x 26) entanglement says what the pair has beyond any mixture of products. A factorisation of
one state's 26 dimensions as 2 x 13 is a choice of how to number them; its entanglement describes this numbering, and
another order of the dimensions gives another value. For the mixture of products sum_t w_t |a_t><a_t| (x) |b_t><b_t| (features
beside embeddings) entanglement is zero by construction: the mutual information is all there is to report.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .bipartite import mutual_information, negativity, partial_trace
from .coherence import entropy, shannon
from .types import Complex, Real

MOST_ROWS = 512


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """Entropies of both registers in bits, S(A) + S(B) - S(AB), and the negativity."""

    entropy_a: float
    entropy_b: float
    mutual_information: float
    negativity: float


@dataclass(frozen=True, slots=True)
class Information:
    """Quantum mutual information in bits, its values under permutation in rising order, and the share at or above it."""

    value: float
    null: Real
    p_value: float


def factorisations(size: int) -> list[tuple[int, int]]:
    """All (a, b) with a b = size and 1 < a <= b."""
    return [(a, size // a) for a in range(2, int(size**0.5) + 1) if size % a == 0]


def register_report(rho: Complex, shape: tuple[int, int]) -> RegisterReport:
    """Of a density matrix (a b, a b) of registers of `shape` (a, b). Raises ValueError where it does not factor so."""
    a, b = shape
    if rho.shape != (a * b, a * b) or min(shape) < 2:
        allowed = factorisations(rho.shape[-1]) or "none: the size is prime"
        raise ValueError(f"a state {rho.shape} does not factor as {a} x {b}; allowed are {allowed}")
    first, second = (float(entropy(partial_trace(rho, shape, keep=k))) for k in (0, 1))
    return RegisterReport(first, second, mutual_information(rho, shape), negativity(rho, shape))


def schmidt(psi: Complex, shape: tuple[int, int]) -> Real:
    """Schmidt probabilities of a unit vector (a b,), falling; one of them is 1 exactly for a product."""
    values = np.linalg.svd(np.asarray(psi).reshape(shape), compute_uv=False)
    return np.asarray(values**2, dtype=np.float64)


def joint_information(features: Complex, embeddings: Complex, weights: Real) -> float:
    """S(A) + S(E) - S(AE) in bits of sum_t w_t |f_t><f_t| (x) |e_t><e_t| with unit rows (T, d) and (T, m).

    A sum of T projectors has the non-zero eigenvalues of its T x T Gram matrix, and the Gram matrix of products is the
    product of the Gram matrices element by element: no matrix of size d m is ever made. Raises ValueError for T > 512.
    """
    a, e, root = _grams(features, embeddings, weights)
    return _information(a, e, root)


def joint_information_test(
    features: Complex, embeddings: Complex, weights: Real, *, draws: int, rng: np.random.Generator
) -> Information:
    """`joint_information` beside its null: embeddings in random order, which keeps both samples and cuts their tie."""
    a, e, root = _grams(features, embeddings, weights)
    value, null = _information(a, e, root), np.empty(draws)
    for k in range(draws):
        order = rng.permutation(len(root))
        null[k] = _information(a, e[np.ix_(order, order)], root)
    return Information(value, np.sort(null), float((1 + np.sum(null >= value - 1e-12)) / (1 + draws)))


def _grams(features: Complex, embeddings: Complex, weights: Real) -> tuple[Complex, Complex, Real]:
    count = len(weights)
    if not len(features) == len(embeddings) == count or not 2 <= count <= MOST_ROWS:
        raise ValueError(
            f"{len(features)} features, {len(embeddings)} embeddings, {count} weights; needed: as many, 2 to {MOST_ROWS}"
        )
    if np.min(weights) < 0 or not np.sum(weights) > 0:
        raise ValueError("weights must not be negative, and not all 0")
    units = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (np.asarray(features), np.asarray(embeddings)))
    a, e = (x.conj() @ x.T for x in units)
    return a, e, np.sqrt(np.asarray(weights) / np.sum(weights))


def _information(a: Complex, e: Complex, root: Real) -> float:
    scale = np.outer(root, root)
    parts = [float(shannon(np.maximum(np.linalg.eigvalsh(g * scale), 0.0))) for g in (a, e, a * e)]
    return parts[0] + parts[1] - parts[2]
