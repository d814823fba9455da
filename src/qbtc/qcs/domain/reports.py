"""Coherence reports on request: of density matrices, or of the rows of a window with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qbtc.core.hilbert import InvalidState, check_density, exponential_weights, window_state
from qbtc.core.hilbert.coherence import CoherenceReport, coherence_reports, contributions
from qbtc.core.hilbert.types import Complex, Real
from qbtc.core.hilbert.validate import TOLERANCE

if TYPE_CHECKING:
    from qbtc.core.hilbert.intervals import Resampling
    from qbtc.core.hilbert.registers import RegisterReport


@dataclass(frozen=True, slots=True)
class FullReport:
    """Of one matrix: the numbers, each dimension's part of C_l1, both of each factorisation, and intervals by measure."""

    report: CoherenceReport
    contributions: Real
    registers: dict[tuple[int, int], RegisterReport]
    intervals: dict[str, tuple[float, float]]
    shrinkage: float | None


def coherence(rho: Complex) -> CoherenceReport:
    """C_l1, C_r and its share, purity, entropy (bits), ranks and diagonal of density matrices (..., d, d), d >= 2.

    Raises InvalidState where one is not a state: shape, finite numbers, trace 1, Hermitian, no negative eigenvalue.
    """
    rho = np.asarray(rho, dtype=np.complex128)
    if rho.ndim < 2 or rho.shape[-1] != rho.shape[-2] or rho.shape[-1] < 2:
        raise InvalidState((f"shape is {rho.shape}; it must be (..., d, d) with d of at least 2",))
    if not rho.size or not np.isfinite(rho.sum()):
        raise InvalidState(("there must be numbers, all of them finite",))
    trace = float(np.abs(np.trace(rho, axis1=-2, axis2=-1) - 1).max())
    skew = float(np.abs(rho - np.swapaxes(rho, -1, -2).conj()).max())
    if trace > TOLERANCE or skew > TOLERANCE:
        raise InvalidState(
            (f"traces are off 1 by up to {trace:.3g}, Hermiticity by {skew:.3g}; allowed is {TOLERANCE:g}",)
        )
    try:
        return coherence_reports(rho)
    except ValueError as error:
        raise InvalidState((str(error),)) from None


def report_of_matrix(rho: Complex) -> FullReport:
    """Raises InvalidState naming every failed check."""
    rho = np.asarray(rho, dtype=np.complex128)
    check_density(rho, size=rho.shape[0] if rho.ndim else 0)
    return _full(rho, {}, None)


def report_of_rows(rows: Complex, half_life: float, how: Resampling, rng: np.random.Generator) -> FullReport:
    """Of a window of amplitudes (T, d), oldest first, weighted by `half_life` rows. Raises ValueError for too few rows."""
    from qbtc.core.hilbert.intervals import report_intervals

    weights = exponential_weights(np.arange(len(rows))[::-1].astype(np.float64), half_life)
    state = window_state(rows, weights)
    return _full(state.rho, report_intervals(rows, weights, rng, how), float(state.shrinkage))


def _full(rho: Complex, intervals: dict[str, tuple[float, float]], shrinkage: float | None) -> FullReport:
    from qbtc.core.hilbert.registers import factorisations, register_report

    registers = {shape: register_report(rho, shape) for shape in factorisations(rho.shape[0])}
    return FullReport(coherence_reports(rho), contributions(rho), registers, intervals, shrinkage)
