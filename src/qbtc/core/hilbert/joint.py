"""What two views of the same moments say about each other: mutual information of sum_t w_t |psi_t><psi_t| (x) |e_t><e_t|.

The spectrum of sum_t w_t |x_t><x_t|, zeros apart, is that of the T x T Gram matrix sqrt(w_s w_t) <x_s|x_t>, and the Gram
matrix of products is the product of Gram matrices entry by entry. So three eigenproblems of size T <= 512 replace one
of size d_A d_B. The state is a mixture of products: it is separable, entanglement is zero by construction and is not
reported; 0 <= I <= min(S_A, S_B). For orthogonal letters it is Shannon's mutual information.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .bootstrap import p_value
from .coherence import shannon
from .types import Complex, Index, Real

MOST = 512
NORM_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Joint:
    """Entropies of the two views and of both together, in bits."""

    first: float
    second: float
    both: float

    @property
    def information(self) -> float:
        """I(A:B) = S(A) + S(B) - S(AB) in bits; rounding below zero is cut off."""
        return max(0.0, self.first + self.second - self.both)


@dataclass(frozen=True, slots=True)
class InformationTest:
    """`joint` as observed, `null` the information of each permutation in rising order, `p` never 0."""

    joint: Joint
    null: Real
    p: float

    @property
    def excess(self) -> float:
        """Information above the mean of the null, in bits: small samples share some by chance."""
        return self.joint.information - float(self.null.mean())


def joint_information(psi: Complex, e: Complex, weights: Real | None = None) -> Joint:
    """Entropies of T moments seen as `psi` (T, d_A) and `e` (T, d_B), rows of norm 1; equal `weights` if None.

    Raises ValueError for rows that are not unit vectors (leave out moments without information), for unequal or too
    many rows, and for weights that are negative or all zero. Weights are scaled to sum 1.
    """
    a, b, root = _checked(psi, e, weights)
    return _joint(_gram(a), _gram(b), root)


def information_test(
    psi: Complex, e: Complex, weights: Real | None = None, *, draws: int, block: int = 1, rng: np.random.Generator
) -> InformationTest:
    """`joint_information` beside its permutation null: the rows of `e` are given to other moments, weights stay.

    Neighbouring moments are alike, so single rows are not exchangeable: `block` successive rows stay together. With one
    block nothing can be permuted, which is refused.
    """
    a, b, root = _checked(psi, e, weights)
    if draws < 1:
        raise ValueError(f"draws is {draws}; it must be at least 1")
    if not 1 <= block <= len(a) // 2:
        raise ValueError(f"a block of {block} rows does not leave two blocks in {len(a)} rows")
    views = _gram(a), _gram(b)
    observed = _joint(*views, root)
    orders = (shuffled_blocks(len(a), block, rng) for _ in range(draws))
    null = np.sort([_permuted(*views, root, observed, order) for order in orders])
    return InformationTest(observed, null, p_value(observed.information, null))


def _permuted(a: Complex, b: Complex, root: Real, known: Joint, order: Index) -> float:
    """Only what another order can change is computed anew: S(A) never, S(B) only under unequal weights."""
    scale, moved = root[:, None] * root[None, :], b[np.ix_(order, order)]
    second = known.second if np.all(root == root[0]) else _entropy(moved * scale)
    return Joint(known.first, second, _entropy(a * moved * scale)).information


def shuffled_blocks(size: int, block: int, rng: np.random.Generator) -> Index:
    """0..size-1 with runs of `block` in another order; the cut of the first run is random, so the borders move."""
    cut = int(rng.integers(0, block))
    borders = np.arange(cut, size, block)
    runs = [run for run in np.split(np.arange(size, dtype=np.int64), borders) if len(run)]
    return np.concatenate([runs[i] for i in rng.permutation(len(runs))])


def _joint(a: Complex, b: Complex, root: Real) -> Joint:
    scale = root[:, None] * root[None, :]
    return Joint(*(_entropy(gram * scale) for gram in (a, b, a * b)))


def _entropy(gram: Complex) -> float:
    return float(shannon(np.maximum(np.linalg.eigvalsh(gram), 0.0)))


def _gram(rows: Complex) -> Complex:
    """<x_s|x_t>; real when the rows are, which halves the work."""
    result: Complex = rows.conj() @ rows.T
    return result


def _checked(psi: Complex, e: Complex, weights: Real | None) -> tuple[Complex, Complex, Real]:
    a, b = _rows(psi, "first view"), _rows(e, "second view")
    if len(a) != len(b):
        raise ValueError(f"the views have {len(a)} and {len(b)} rows; each moment needs one of both")
    if not 1 <= len(a) <= MOST:
        raise ValueError(f"{len(a)} moments; 1 to {MOST} are allowed")
    return a, b, np.sqrt(_weights(weights, len(a)))


def _rows(rows: Complex, name: str) -> Complex:
    rows = np.asarray(rows)
    if rows.ndim != 2:
        raise ValueError(f"the {name} has shape {rows.shape}; it must be (moments, dimensions)")
    norms = np.linalg.norm(rows, axis=1)
    wrong = np.flatnonzero(~(np.abs(norms - 1.0) <= NORM_TOLERANCE))
    if len(wrong):
        raise ValueError(f"row {wrong[0]} of the {name} has norm {norms[wrong[0]]:.6g}; it must be 1")
    return rows


def _weights(weights: Real | None, size: int) -> Real:
    given = np.ones(size) if weights is None else np.asarray(weights, dtype=np.float64)
    if given.shape != (size,):
        raise ValueError(f"weights have shape {given.shape}; it must be ({size},)")
    if not (np.isfinite(given).all() and (given >= 0).all() and given.sum() > 0):
        raise ValueError("weights must be finite, not negative and not all zero")
    result: Real = given / given.sum()
    return result
