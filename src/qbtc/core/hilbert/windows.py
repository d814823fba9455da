"""Window density matrices of many symbols in one compiled pass; `density.window_state` is the definition and reference.

A window's bits do not depend on how many others are in the batch, which is what lets one symbol's matrix be computed again
later. Numba is loaded with this module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

from qbtc.contracts.basis26 import EPSILON

from .density import WindowState
from .types import Complex, Real

F = TypeVar("F", bound=Callable[..., Any])
_jit: Any = njit
_compiled: Callable[[F], F] = _jit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc"})


def window_states(amplitudes: Complex, weights: Real) -> WindowState:
    """`window_state` of rows (n, T, d) and weights (n, T)."""
    count, _, size = amplitudes.shape
    rho = np.empty((count, size, size), dtype=np.complex128)
    shrinkage, rows, informative = np.empty(count), np.empty(count), np.empty(count, dtype=np.bool_)
    _windows(np.ascontiguousarray(amplitudes), np.ascontiguousarray(weights), rho, shrinkage, rows)
    np.greater(rows, 0, out=informative)
    return WindowState(rho, shrinkage, rows, informative)


@_compiled
def _windows(amplitudes: Complex, weights: Real, rho: Complex, shrinkage: Real, effective: Real) -> None:
    count, length, size = amplitudes.shape
    real, imaginary = np.empty((length, size)), np.empty((length, size))
    above, below, w, power = np.empty((size, size)), np.empty((size, size)), np.empty(length), np.empty(length)
    for n in range(count):
        _split(amplitudes[n], weights[n], real, imaginary, w, power)
        square_weights = 0.0
        for t in range(length):
            square_weights += w[t] * w[t]
        effective[n] = 1.0 / square_weights if square_weights > 0.0 else 0.0
        _moment(real, imaginary, w, above, below)
        shrinkage[n] = _shrinkage(real, imaginary, w, power, above, below)
        _mix(above, below, shrinkage[n], rho[n])


@_compiled
def _split(rows: Complex, weights: Real, real: Real, imaginary: Real, w: Real, power: Real) -> None:
    """Parts of the rows, and normalised weights that are 0 where a row carries no information."""
    length, size = rows.shape
    total = 0.0
    for t in range(length):
        strength = 0.0
        for i in range(size):
            value = rows[t, i]
            real[t, i], imaginary[t, i] = value.real, value.imag
            strength += value.real * value.real + value.imag * value.imag
        power[t] = strength
        w[t] = weights[t] if strength >= EPSILON * EPSILON else 0.0
        total += w[t]
    for t in range(length):
        w[t] = w[t] / total if total > 0.0 else 0.0


@_compiled
def _moment(real: Real, imaginary: Real, w: Real, above: Real, below: Real) -> None:
    """Parts of S = sum_t w_t a_t a_t^H, lower triangle."""
    length, size = real.shape
    above[:] = 0.0
    below[:] = 0.0
    for t in range(length):
        if w[t] > 0.0:
            for i in range(size):
                a, b = w[t] * real[t, i], w[t] * imaginary[t, i]
                for j in range(i + 1):
                    above[i, j] += a * real[t, j] + b * imaginary[t, j]
                    below[i, j] += b * real[t, j] - a * imaginary[t, j]


@_compiled
def _shrinkage(real: Real, imaginary: Real, w: Real, power: Real, above: Real, below: Real) -> float:
    """The Ledoit-Wolf weight as `density` defines it; 1 where fewer than two rows count."""
    length, size = real.shape
    trace, square, error, used = 0.0, 0.0, 0.0, 0
    for i in range(size):
        trace += above[i, i]
        square -= above[i, i] * above[i, i]
        for j in range(i + 1):
            square += 2.0 * (above[i, j] * above[i, j] + below[i, j] * below[i, j])
    for t in range(length):
        if w[t] > 0.0:
            used += 1
            form = 0.0
            for i in range(size):
                a, b = 0.0, 0.0
                for j in range(i):
                    a += above[i, j] * real[t, j] - below[i, j] * imaginary[t, j]
                    b += above[i, j] * imaginary[t, j] + below[i, j] * real[t, j]
                own = real[t, i] * real[t, i] + imaginary[t, i] * imaginary[t, i]
                form += 2.0 * (real[t, i] * a + imaginary[t, i] * b) + above[i, i] * own
            error += w[t] * w[t] * (power[t] * power[t] - 2.0 * form + square)
    spread = square - trace * trace / size
    if used < 2 or spread <= 0.0:
        return 1.0
    share: float = min(max(error / spread, 0.0), 1.0)
    return share


@_compiled
def _mix(above: Real, below: Real, s: float, rho: Complex) -> None:
    """(1 - s) S / trace + s I/d."""
    size, trace = above.shape[0], 0.0
    for i in range(size):
        trace += above[i, i]
    scale = (1.0 - s) / trace if trace > 0.0 else 0.0
    for i in range(size):
        for j in range(i):
            rho[i, j] = complex(scale * above[i, j], scale * below[i, j])
            rho[j, i] = complex(scale * above[i, j], -scale * below[i, j])
        rho[i, i] = complex(scale * above[i, i] + s / size, 0.0)
