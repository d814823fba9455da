"""Evolution of batches of density matrices by a Lindblad master equation that does not depend on time.

    d rho / dt = -i [H, rho] + sum_k (L_k rho L_k^H - {L_k^H L_k, rho} / 2)

Rates are part of the jump operators L_k; time is in units of 1 / energy. Two ways, both to a stated tolerance:
    series       Taylor's series of exp(t L) in matrix form, in steps as long as cancellation allows, with as many terms as its
                 remainder needs (Al-Mohy & Higham 2011, SIAM J. Sci. Comput. 33); one series serves all times of a step
    exponential  the Liouvillian as a real matrix (d^2, d^2) in a Hermitian basis, and its exponential for each gap
                 between times: for small d, and for large batches with long equal gaps
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Literal, NamedTuple

import numpy as np

from .types import Complex, Index, Real

Method = Literal["auto", "series", "exponential"]

LONGEST = 20.0
CANCELLATION = 2e-15
TIMES_A_STEP = 8
FARTHEST = 1e6


@dataclass(frozen=True, slots=True)
class Generator:
    """H (d, d) Hermitian and jump operators (m, d, d), m >= 0. Raises ValueError for what is not."""

    hamiltonian: Complex
    jumps: Complex

    def __post_init__(self) -> None:
        h, jumps = self.hamiltonian, self.jumps
        if h.ndim != 2 or h.shape[0] != h.shape[1] or jumps.ndim != 3 or jumps.shape[1:] != h.shape:
            raise ValueError(f"H has shape {h.shape} and jumps {jumps.shape}; needed are (d, d) and (m, d, d)")
        if not (np.isfinite(h).all() and np.isfinite(jumps).all()):
            raise ValueError("H and the jump operators must be finite")
        if np.abs(h - h.conj().T).max() > 1e-10 * max(1.0, float(np.abs(h).max())):
            raise ValueError(f"H is not Hermitian: |H - H^H| is up to {np.abs(h - h.conj().T).max():.3g}")

    @property
    def size(self) -> int:
        return int(self.hamiltonian.shape[0])

    @property
    def decay(self) -> Complex:
        """sum_k L_k^H L_k."""
        total: Complex = np.einsum("kba,kbc->ac", self.jumps.conj(), self.jumps)
        return total

    def operators(self) -> Complex:
        """G = -i (H - c) - decay / 2 first, then the jumps: L rho = G rho + rho G^H + sum_k L_k rho L_k^H for any c."""
        levels = np.linalg.eigvalsh(self.hamiltonian)
        centred = self.hamiltonian - (levels[0] + levels[-1]) / 2 * np.eye(self.size)
        return np.concatenate([(-1j * centred - self.decay / 2)[None], self.jumps])

    def bound(self) -> float:
        """No more than this is the norm of L in the trace norm: spread of the levels + 2 ||decay||."""
        levels = np.linalg.eigvalsh(self.hamiltonian)
        return float(levels[-1] - levels[0] + 2 * max(np.linalg.eigvalsh(self.decay)[-1], 0.0))

    def rate(self, rho: Complex) -> Complex:
        """L rho of states (..., d, d): the reference in NumPy."""
        g, *jumps = self.operators()
        half = np.matmul(g, rho)
        found = half + np.swapaxes(half, -1, -2).conj()
        for jump in jumps:
            found = found + jump @ rho @ jump.conj().T
        result: Complex = found
        return result


def evolve(
    rho: Complex, generator: Generator, times: Real, *, tolerance: float = 1e-10, method: Method = "auto"
) -> Complex:
    """exp(t L) rho of states (..., d, d) at `times` (T,), rising from >= 0: (..., T, d, d).

    The error in trace norm is at most `tolerance` beside rounding. Raises ValueError for what is not allowed.
    """
    rho, times = np.asarray(rho, dtype=np.complex128), np.asarray(times, dtype=np.float64)
    _refuse(rho, generator, times, tolerance)
    size = generator.size
    states = np.ascontiguousarray(rho).reshape(-1, size, size)
    plan = _plan(generator, times, tolerance)
    if method == "auto":
        method = "exponential" if _exponential_is_cheaper(generator, plan, times, len(states)) else "series"
    found = (
        _by_exponential(states, generator, times) if method == "exponential" else _by_series(states, generator, plan)
    )
    return found.reshape(*rho.shape[:-2], len(times), size, size)


class _Plan(NamedTuple):
    """Lengths of the steps, the first time of each, times as shares of their step, and terms of the series."""

    steps: Real
    first: Index
    shares: Real
    terms: int


def _plan(generator: Generator, times: Real, tolerance: float) -> _Plan:
    """Steps between every `TIMES_A_STEP`-th time, cut so that e^(t ||L||) times rounding stays below the tolerance."""
    reach = float(np.clip(np.log(tolerance / CANCELLATION), 1.0, LONGEST))
    bound, marks = generator.bound(), [0.0, *times[TIMES_A_STEP - 1 :: TIMES_A_STEP], float(times[-1])]
    ends: list[float] = []
    for begin, end in pairwise(marks):
        count = max(ceil((end - begin) * bound / reach), int(end > begin))
        ends += [begin + (end - begin) * (k + 1) / count for k in range(count)]
    ends = ends or [0.0]
    edges = np.array([0.0, *ends])
    owner = np.clip(np.searchsorted(edges, times, side="left") - 1, 0, len(ends) - 1)
    steps = np.diff(edges)
    shares = np.clip((times - edges[owner]) / np.where(steps[owner] > 0, steps[owner], 1.0), 0.0, 1.0)
    first = np.searchsorted(owner, np.arange(len(ends) + 1)).astype(np.int64)
    return _Plan(steps, first, shares, _terms(bound * float(steps.max()), tolerance / len(ends)))


def _terms(reach: float, tolerance: float) -> int:
    """The least K with reach^(K+1) / (K+1)! / (1 - reach / (K+2)) <= tolerance: the remainder of exp after K terms."""
    count, term = 1, reach
    while term * reach / (count + 1) > tolerance * max(1 - reach / (count + 2), 0.0) or count + 2 <= reach:
        count += 1
        term *= reach / count
    return count


def _by_series(states: Complex, generator: Generator, plan: _Plan) -> Complex:
    from .lanes import by_rows
    from .lanes_channels import series

    operators = generator.operators()
    out = np.empty((len(states), len(plan.shares), generator.size, generator.size), dtype=np.complex128)
    series(states, by_rows(operators), by_rows(operators.conj()), *plan, out)
    return out


def _by_exponential(states: Complex, generator: Generator, times: Real) -> Complex:
    from scipy.linalg import expm

    liouvillian, out = real_liouvillian(generator), []
    vectors, known, before = to_hermitian_basis(states), {}, 0.0
    for time, key in zip(times.tolist(), _gaps(times), strict=True):
        if key not in known:
            known[key] = expm(liouvillian * (time - before))
        vectors, before = vectors @ known[key].T, time
        out.append(from_hermitian_basis(vectors, generator.size))
    return np.stack(out, axis=1)


def real_liouvillian(generator: Generator) -> Real:
    """The matrix (d^2, d^2) of L in the orthonormal Hermitian basis of `to_hermitian_basis`."""
    basis = from_hermitian_basis(np.eye(generator.size**2), generator.size)
    return np.ascontiguousarray(to_hermitian_basis(generator.rate(basis)).T)


def to_hermitian_basis(rho: Complex) -> Real:
    """Hermitian (n, d, d) -> real (n, d^2): diagonal, then sqrt 2 times real and imaginary parts below it; keeps Tr(a b)."""
    i, j = np.tril_indices(rho.shape[-1], -1)
    lower = rho[:, i, j] * np.sqrt(2)
    diagonal = np.diagonal(rho, axis1=1, axis2=2).real
    return np.concatenate([diagonal, lower.real, lower.imag], axis=1)


def from_hermitian_basis(vectors: Real, size: int) -> Complex:
    i, j = np.tril_indices(size, -1)
    real, imaginary = np.split(vectors[:, size:] / np.sqrt(2), 2, axis=1)
    rho = np.zeros((len(vectors), size, size), dtype=np.complex128)
    rho[:, i, j], rho[:, j, i] = real + 1j * imaginary, real - 1j * imaginary
    rho[:, range(size), range(size)] = vectors[:, :size]
    return rho


def _gaps(times: Real) -> list[float]:
    """Gaps before each time as shares of the last time; those that rounding alone keeps apart are equal."""
    shares: list[float] = np.round(np.diff(times, prepend=0.0) / (times[-1] or 1.0), 15).tolist()
    return shares


def _exponential_is_cheaper(generator: Generator, plan: _Plan, times: Real, count: int) -> bool:
    """By multiply-adds of both ways; an exponential is about 12 products of its matrices."""
    size = generator.size
    entries = int(np.count_nonzero(generator.operators()))
    series = count * (4.0 * len(plan.steps) * plan.terms * size * entries + plan.terms * len(times) * size**2)
    gaps = len(set(_gaps(times)) - {0.0})
    exponential = 12.0 * gaps * size**6 + count * len(times) * size**4
    return exponential < series


def _refuse(rho: Complex, generator: Generator, times: Real, tolerance: float) -> None:
    size = generator.size
    if rho.shape[-2:] != (size, size):
        raise ValueError(f"states have shape {rho.shape}; H needs (..., {size}, {size})")
    if np.abs(rho - np.swapaxes(rho, -1, -2).conj()).max(initial=0.0) > 1e-9:
        raise ValueError("states must be Hermitian to 1e-9")
    if times.ndim != 1 or not len(times) or not np.isfinite(times).all() or times[0] < 0 or (np.diff(times) < 0).any():
        raise ValueError("times must be one rising list of finite numbers from 0 on")
    if not 1e-14 <= tolerance <= 1e-2:
        raise ValueError(f"tolerance is {tolerance:g}; allowed is 1e-14 to 1e-2")
    if times[-1] * generator.bound() > FARTHEST:
        raise ValueError(f"t ||L|| is {times[-1] * generator.bound():.3g}; at most {FARTHEST:g} is allowed")
