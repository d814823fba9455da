"""Refuses what is not a state: each check that failed is named with its number."""

from __future__ import annotations

import numpy as np

from .types import Complex

TOLERANCE = 1e-9


class InvalidState(ValueError):
    """`faults` lists every check that failed, in words with numbers."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def check_pure(psi: Complex, *, size: int = 26, informative: bool = True, tolerance: float = TOLERANCE) -> None:
    """A unit vector of `size` finite numbers, or all zeros for a state without information."""
    faults = _shape_faults(psi, (size,)) or _finite_faults(psi) or _norm_faults(psi, informative, tolerance)
    if faults:
        raise InvalidState(faults)


def check_density(rho: Complex, *, size: int = 26, tolerance: float = TOLERANCE) -> None:
    """Trace 1, Hermitian, no eigenvalue below zero, each within `tolerance`."""
    faults = _shape_faults(rho, (size, size)) or _finite_faults(rho) or _density_faults(rho, tolerance)
    if faults:
        raise InvalidState(faults)


def _shape_faults(value: Complex, shape: tuple[int, ...]) -> tuple[str, ...]:
    found = np.shape(value)
    return () if found == shape else (f"shape is {found}; it must be {shape}",)


def _finite_faults(value: Complex) -> tuple[str, ...]:
    bad = int((~np.isfinite(value)).sum())
    return (f"{bad} values are not finite; none is allowed",) if bad else ()


def _norm_faults(psi: Complex, informative: bool, tolerance: float) -> tuple[str, ...]:
    norm, wanted = float(np.linalg.norm(psi)), float(informative)
    return () if abs(norm - wanted) <= tolerance else (f"norm is {norm:.12g}; it must be {wanted:g} +- {tolerance:g}",)


def _density_faults(rho: Complex, tolerance: float) -> tuple[str, ...]:
    trace, skew = complex(np.trace(rho)), float(np.abs(rho - rho.conj().T).max())
    faults = [f"trace is {trace:.12g}; it must be 1 +- {tolerance:g}"] if abs(trace - 1) > tolerance else []
    if skew > tolerance:
        faults.append(f"not Hermitian: |rho - rho^H| is up to {skew:.3g}; at most {tolerance:g} is allowed")
    least = float(np.linalg.eigvalsh((rho + rho.conj().T) / 2).min())
    if least < -tolerance:
        faults.append(f"not positive: the least eigenvalue is {least:.3g}; at least {-tolerance:g} is allowed")
    return tuple(faults)
