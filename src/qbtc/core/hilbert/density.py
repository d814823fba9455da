"""Density matrices: of one pure state, of a weighted window shrunk towards I/d, and after standard noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qbtc.contracts.basis26 import EPSILON, HALF_LIFE_BARS

from .types import Complex, Mask, Real


@dataclass(frozen=True, slots=True)
class WindowState:
    """rho (..., d, d) of a window, the weight that went to I/d, and the effective number of rows 1 / sum w^2."""

    rho: Complex
    shrinkage: Real
    rows: Real
    informative: Mask


def exponential_weights(ages: Real, half_life: float = HALF_LIFE_BARS) -> Real:
    """2^(-age / half-life), not normalised; an infinite age gives weight 0."""
    return np.exp2(-np.asarray(ages, dtype=np.float64) / half_life)


def window_state(amplitudes: Complex, weights: Real, epsilon: float = EPSILON) -> WindowState:
    """rho = (1 - s) sum_t w_t a_t a_t^H / trace + s I/d, with rows (..., T, d) and weights (..., T).

    s is the Ledoit-Wolf weight b^2 / d^2 (Ledoit & Wolf 2004, J. Multivariate Analysis 88, section 3.2) for a known
    mean of zero, with 1/n^2 replaced by w_t^2:
        S = sum w_t a_t a_t^H,  m = Tr S / d,  d^2 = ||S - m I||^2,  b^2 = min(d^2, sum w_t^2 ||a_t a_t^H - S||^2).
    Rows with intensity below `epsilon` do not count; with fewer than two rows nothing is known about the error and s = 1.
    """
    amplitudes = np.asarray(amplitudes, dtype=np.complex128)
    power = np.sum(amplitudes.real**2 + amplitudes.imag**2, axis=-1)
    used = np.where(power >= epsilon**2, np.asarray(weights, dtype=np.float64), 0.0)
    total = np.sum(used, axis=-1)
    w = used / np.where(total > 0, total, 1.0)[..., None]
    moment = _second_moment(amplitudes, w)
    weight = _shrinkage(amplitudes, w, power, moment)
    return WindowState(_mix(moment, weight), weight, _effective_rows(w), np.asarray(total > 0))


def pure_density(psi: Complex) -> Complex:
    """|psi><psi| of unit vectors (..., d)."""
    psi = np.asarray(psi, dtype=np.complex128)
    return psi[..., :, None] * psi[..., None, :].conj()


def maximally_mixed(size: int) -> Complex:
    return np.eye(size, dtype=np.complex128) / size


def maximally_coherent(size: int) -> Complex:
    """The unit vector with all amplitudes 1/sqrt(d)."""
    return np.full(size, 1 / np.sqrt(size), dtype=np.complex128)


def depolarise(rho: Complex, p: float) -> Complex:
    """(1 - p) rho + p I/d."""
    return (1 - p) * rho + p * maximally_mixed(rho.shape[-1])


def dephase(rho: Complex, p: float) -> Complex:
    """Off-diagonals times (1 - p), diagonal untouched."""
    keep = np.eye(rho.shape[-1])
    return rho * (keep + (1 - p) * (1 - keep))


def _second_moment(rows: Complex, w: Real) -> Complex:
    scaled = rows * w[..., None]
    moment = np.matmul(np.swapaxes(scaled, -1, -2), rows.conj())
    result: Complex = (moment + np.swapaxes(moment, -1, -2).conj()) / 2
    return result


def _shrinkage(rows: Complex, w: Real, power: Real, moment: Complex) -> Real:
    size = moment.shape[-1]
    trace = np.trace(moment, axis1=-2, axis2=-1).real
    square = np.sum(moment.real**2 + moment.imag**2, axis=(-2, -1))
    spread = square - trace**2 / size
    quadratic = np.sum(np.matmul(rows.conj(), moment) * rows, axis=-1).real
    error = np.sum(w**2 * (power**2 - 2 * quadratic + square[..., None]), axis=-1)
    known = (np.sum(w > 0, axis=-1) >= 2) & (spread > 0)
    return np.where(known, np.clip(error / np.where(known, spread, 1.0), 0.0, 1.0), 1.0)


def _mix(moment: Complex, weight: Real) -> Complex:
    size = moment.shape[-1]
    trace = np.trace(moment, axis1=-2, axis2=-1).real
    scaled = moment / np.where(trace > 0, trace, 1.0)[..., None, None]
    s = weight[..., None, None]
    return (1 - s) * scaled + s * maximally_mixed(size)


def _effective_rows(w: Real) -> Real:
    square = np.sum(w**2, axis=-1)
    return np.where(square > 0, 1 / np.where(square > 0, square, 1.0), 0.0)
