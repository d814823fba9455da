"""Likeness of pure states in R^2d: x = (Re psi, Im psi), J(Re, Im) = (-Im, Re).

|<phi|psi>|^2 = (x.y)^2 + (x.Jy)^2 cannot tell a moment from its mirror (psi -> -psi: a crash from a rally); the signed
overlap Re<phi|psi> = x.y can, because the phase is fixed by the definition of the states.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from .types import Complex, Index, Real

Measure = Literal["signed", "fidelity"]


def to_real(psi: Complex) -> Real:
    """x = (Re psi, Im psi), (..., d) -> (..., 2d)."""
    psi = np.asarray(psi, dtype=np.complex128)
    return np.concatenate([psi.real, psi.imag], axis=-1)


def rotate(x: Real) -> Real:
    """J x: the image of i psi."""
    half = x.shape[-1] // 2
    return np.concatenate([-x[..., half:], x[..., :half]], axis=-1)


def signed_overlap(phi: Complex, psi: Complex) -> Real:
    """Re<phi|psi> in [-1, 1]; -1 is the exact mirror."""
    result: Real = np.sum(to_real(phi) * to_real(psi), axis=-1)
    return result


def fidelity(phi: Complex, psi: Complex) -> Real:
    """|<phi|psi>|^2 of pure states."""
    x, y = to_real(phi), to_real(psi)
    result: Real = np.sum(x * y, axis=-1) ** 2 + np.sum(x * rotate(y), axis=-1) ** 2
    return result


def top_k(queries: Real, states: Real, k: int, *, by: Measure = "signed") -> tuple[Real, Index]:
    """Exact best k of `states` (n, 2d) for each of `queries` (q, 2d): scores and positions, each (q, min(k, n)).

    Falling score; equal scores in order of position.
    """
    if k < 1:
        raise ValueError(f"k is {k}; it must be at least 1")
    scores = _scores(np.atleast_2d(queries), states, by)
    keep = min(k, scores.shape[1])
    order = _best(scores, keep)
    return np.take_along_axis(scores, order, axis=1), order


def _scores(queries: Real, states: Real, by: Measure) -> Real:
    if by == "signed":
        return queries @ states.T
    if by == "fidelity":
        return (queries @ states.T) ** 2 + (rotate(queries) @ states.T) ** 2
    raise ValueError(f"no measure {by!r}; allowed are 'signed' and 'fidelity'")


def _best(scores: Real, keep: int) -> Index:
    """Positions of the best; a tie at the border is settled by position, so the cut is made on the value."""
    if keep == 0:
        return np.empty((scores.shape[0], 0), dtype=np.int64)
    if keep == scores.shape[1]:
        return np.argsort(-scores, axis=1, kind="stable")
    border = np.partition(scores, scores.shape[1] - keep, axis=1)[:, -keep]
    return np.stack([_best_of_row(row, limit, keep) for row, limit in zip(scores, border, strict=True)])


def _best_of_row(row: Real, border: np.float64, keep: int) -> Index:
    candidates = np.flatnonzero(row >= border)
    return candidates[np.argsort(-row[candidates], kind="stable")[:keep]]
