"""States as weighted rows: rho_t = sum_i a_ti a_ti^H, (T, m, d). What fits need, without T matrices of d x d products."""

from __future__ import annotations

import numpy as np

from .coherence import spectrum
from .types import Complex


def state_rows(states: Complex, rank: int | None = None) -> Complex:
    """Unit vectors (T, d) or any non-zero amplitudes -> (T, 1, d); density matrices (T, d, d) -> (T, m, d) with their `rank`
    largest eigenvalues (default: all), each state of trace 1. A (T, d, d) array is always read as matrices."""
    states = np.asarray(states, dtype=np.complex128)
    if states.ndim not in (2, 3) or (states.ndim == 3 and states.shape[1] != states.shape[2]):
        raise ValueError(f"states have shape {states.shape}; allowed are (T, d) and (T, d, d)")
    if not np.isfinite(states).all():
        raise ValueError("states hold values that are not finite; none is allowed")
    rows = states[:, None, :] if states.ndim == 2 else _leading(states, rank)
    norm = np.sqrt(np.sum(rows.real**2 + rows.imag**2, axis=(1, 2), keepdims=True))
    if len(rows) and norm.min() <= 0:
        raise ValueError(f"state {int(norm.argmin())} is zero; leave out what carries no information")
    result: Complex = rows / norm
    return result


def densities(rows: Complex) -> Complex:
    """(T, m, d) -> (T, d, d)."""
    result: Complex = np.matmul(np.swapaxes(rows, 1, 2), rows.conj())
    return result


def _leading(states: Complex, rank: int | None) -> Complex:
    found = spectrum(states)
    keep = states.shape[-1] if rank is None else min(rank, states.shape[-1])
    scaled = found.vectors * np.sqrt(found.values)[:, None, :]
    return np.ascontiguousarray(np.swapaxes(scaled[:, :, -keep:], 1, 2))
