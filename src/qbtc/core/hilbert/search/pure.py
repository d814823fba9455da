"""PureIndex: exact top-k over unit vectors of C^d, in two steps.

1. Every state is compared in 8-bit codes (52 bytes for d = 26 instead of 416, so that reading memory does not decide).
   With x = c/s + e, the codes c and the rounding error e, and a query y = g/t + r alike,
       |x.y - c.g/(st)| <= |e| |y| + |c/s| |r| =: E,
   and the same bound holds for |<x|y>| in C^d, because r and i r are equally long. |e| is the largest that was stored.
2. The k best of step 1 are scored in float64; let tau be the least of these. Whatever reaches tau - E in codes is scored
   too. No other state can reach tau, so the answer is that of a full scan, ties included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..overlap import Measure, rotate, to_real
from ..types import Complex, Index, Mask, Real
from ..validate import TOLERANCE, InvalidState, check_density
from .kernels import BLOCK, NOTHING, collect, encode, scan, score

CODE = 127
CHUNK = 65_536
MOST_DIMENSIONS = 4096
"""Beyond, a chunk and the rounding of its codes grow too large."""
QUERIES = 8
"""Queries that one pass over the codes answers."""

Keys = NDArray[np.int32]
ALL: Mask = np.empty(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Found:
    """The best of each query: `scores` and `positions` (q, k), and the share of states scored in float64."""

    scores: Real
    positions: Index
    scored: float


class _Scan(NamedTuple):
    """What a first pass is about and found: the query's form (p, w), the allowed rows, the largest key of each block."""

    form: NDArray[np.int16]
    allowed: Mask
    peaks: Keys


class _Chunk:
    """Up to CHUNK states: exact (CHUNK, w) and as codes (CHUNK / BLOCK, w rounded up to 4, BLOCK)."""

    def __init__(self, width: int) -> None:
        self.rows, self.error = 0, 0.0
        self.vectors = np.empty((CHUNK, width))
        self.codes = np.zeros((CHUNK // BLOCK, -(-width // 4) * 4, BLOCK), dtype=np.int8)

    def add(self, vectors: Real) -> None:
        end = self.rows + len(vectors)
        self.vectors[self.rows : end] = vectors
        self.error = max(self.error, float(np.sqrt(encode(vectors, float(CODE), self.rows, self.codes))))
        self.rows = end


class PureIndex:
    """Unit vectors of `size` complex numbers. One search at a time may run beside nothing else that changes it."""

    def __init__(self, size: int = 26, *, threads: int = 2) -> None:
        if not 1 <= size <= MOST_DIMENSIONS:
            raise ValueError(f"states of {size} dimensions; at most {MOST_DIMENSIONS} are searched")
        self.size, self.threads = size, threads
        self._chunks: list[_Chunk] = []

    def __len__(self) -> int:
        return (len(self._chunks) - 1) * CHUNK + self._chunks[-1].rows if self._chunks else 0

    def append(self, psi: Complex) -> None:
        """Add states (n, size) or one (size,). Raises InvalidState, before anything is added, for what is no unit vector."""
        psi = np.atleast_2d(np.asarray(psi, dtype=np.complex128))
        check_units(psi, self.size)
        taken = 0
        while taken < len(psi):
            if not self._chunks or self._chunks[-1].rows == CHUNK:
                self._chunks.append(_Chunk(2 * self.size))
            room = CHUNK - self._chunks[-1].rows
            self._chunks[-1].add(to_real(psi[taken : taken + room]))
            taken += room

    def drop_oldest(self) -> int:
        """Forget the first full chunk; positions fall by the number returned (0 where there is none to spare)."""
        if len(self._chunks) < 2:
            return 0
        del self._chunks[0]
        return CHUNK

    def state(self, position: int) -> Complex:
        row = self._chunks[position // CHUNK].vectors[position % CHUNK]
        result: Complex = row[: self.size] + 1j * row[self.size :]
        return result

    def search(self, queries: Complex, k: int, *, by: Measure = "signed", allowed: Mask = ALL) -> Found:
        """The best k of each query (q, size) or (size,): falling score, equal scores by position.

        `allowed` (n,) names the rows that may be found; fewer than k of them give fewer results.
        """
        queries = np.atleast_2d(np.asarray(queries, dtype=np.complex128))
        check_units(queries, self.size)
        if not len(queries):
            raise ValueError("no query is given; at least one is needed")
        _check_request(k, by, allowed, len(self))
        found = [
            answer
            for first in range(0, len(queries), QUERIES)
            for answer in self._several(_sides(to_real(queries[first : first + QUERIES]), by), k, allowed)
        ]
        scored = sum(count for _, _, count in found) / max(len(self) * len(found), 1)
        return Found(np.stack([s for s, _, _ in found]), np.stack([p for _, p, _ in found]), scored)

    def expect(self, rho: Complex, k: int, *, allowed: Mask = ALL) -> Found:
        """The best k by <psi|rho|psi>, the fidelity with a density matrix (size, size): a full scan in float64."""
        _check_request(k, "fidelity", allowed, len(self))
        check_density(rho, size=self.size)
        form = np.block([[rho.real, -rho.imag], [rho.imag, rho.real]])
        values = np.concatenate([_quadratic(c.vectors[: c.rows], form) for c in self._chunks] or [np.empty(0)])
        if allowed.size:
            values = np.where(allowed, values, -np.inf)
        keep = min(k, int(np.sum(np.isfinite(values))))
        if keep == 0:
            return Found(np.empty((1, 0)), np.empty((1, 0), dtype=np.int64), 1.0)
        border = np.partition(values, -keep)[-keep] - 1e-12
        rows = np.flatnonzero(values >= border)
        exact = np.array([float(np.vdot(p, rho @ p).real) for p in (self.state(int(row)) for row in rows)])
        order = best(exact, rows, k)
        return Found(exact[order][None], rows[order][None], 1.0)

    def _several(self, sides: Real, k: int, allowed: Mask) -> Iterator[tuple[Real, Index, int]]:
        forms, scale, residual = _forms(sides)
        peaks = np.empty((len(sides), -(-len(self) // BLOCK)), dtype=np.int32)
        self._each([(c.codes, c.rows, forms, allowed, i * CHUNK, peaks) for i, c in enumerate(self._chunks)])
        error = max((c.error for c in self._chunks), default=0.0)
        for side, form, peak, rest in zip(sides, forms, peaks, residual, strict=True):
            yield self._best(
                side, _Scan(form, allowed, peak), k, (scale, error + (1 + TOLERANCE + error) * rest + 1e-9)
            )

    def _best(self, side: Real, scan: _Scan, k: int, bound: tuple[float, float]) -> tuple[Real, Index, int]:
        rows = self._leaders(scan, k)
        scores = self._score(rows, side)
        if len(rows) == k:
            rows, _ = self._collect(scan, _least(float(scores.min()), bound, squared=len(side) == 2))
            scores = self._score(rows, side)
        order = best(scores, rows, k)
        return scores[order], rows[order], len(rows)

    def _leaders(self, scan: _Scan, k: int) -> Index:
        """The k rows with the largest keys, or all that are allowed if there are fewer."""
        border = int(np.partition(scan.peaks, -k)[-k]) if len(scan.peaks) >= k else NOTHING
        rows, keys = self._collect(scan, border)
        return rows if len(rows) <= k else np.sort(rows[np.argpartition(keys, -k)[-k:]])

    def _collect(self, scan: _Scan, least: int, room: int = 1024) -> tuple[Index, Keys]:
        """Rows with a key of at least `least`, in order, and their keys."""
        least, count = max(least, NOTHING + 1), 0
        rows, keys = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int32)
        for i, chunk in enumerate(self._chunks):
            if scan.peaks[i * CHUNK // BLOCK :][: CHUNK // BLOCK].max() >= least:
                where = chunk.codes, chunk.rows, scan.form, scan.allowed, i * CHUNK, scan.peaks
                count = collect(*where, least, rows, keys, count)
        return (rows[:count], keys[:count]) if count <= room else self._collect(scan, least, count)

    def _score(self, rows: Index, side: Real) -> Real:
        """Exact scores of rows in rising order."""
        scores = np.empty(len(rows))
        edges = np.searchsorted(rows, np.arange(len(self._chunks) + 1) * CHUNK)
        for i, chunk in enumerate(self._chunks):
            part = slice(edges[i], edges[i + 1])
            if edges[i] < edges[i + 1]:
                score(chunk.vectors, rows[part] - i * CHUNK, side, scores[part])
        return scores

    def _each(self, jobs: Sequence[tuple[object, ...]]) -> None:
        if len(jobs) < 2 or self.threads < 2:
            for job in jobs:
                scan(*job)
        else:
            list(self._pool.map(lambda job: scan(*job), jobs))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads, thread_name_prefix="search")


def check_units(psi: Complex, size: int) -> None:
    """Refuse what is not (n, size) unit vectors of finite numbers; the first bad row is named."""
    if psi.ndim != 2 or psi.shape[1] != size:
        raise InvalidState((f"shape is {psi.shape}; it must be (n, {size})",))
    norms = np.sqrt(np.einsum("ij,ij->i", psi.real, psi.real) + np.einsum("ij,ij->i", psi.imag, psi.imag))
    bad = np.flatnonzero(~(np.abs(norms - 1) <= TOLERANCE))
    if len(bad):
        raise InvalidState((f"norm of state {bad[0]} is {norms[bad[0]]:.12g}; it must be 1 +- {TOLERANCE:g}",))


def best(scores: Real, positions: Index, k: int) -> Index:
    """The order of the k best: falling score, then rising position."""
    return np.lexsort((positions, -scores))[:k]


def form_scale(width: int) -> int:
    """The largest whole length t of a query's form for which no dot product with codes leaves 16 bits."""
    rounding = np.sqrt(width) / 2
    return int((2**15 - 1) / ((1 + TOLERANCE) * CODE + rounding) - rounding)


def check_count(k: int) -> None:
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise ValueError(f"k is {k}; it must be a whole number of at least 1")


def _check_request(k: int, by: Measure, allowed: Mask, count: int) -> None:
    check_count(k)
    if by not in ("signed", "fidelity"):
        raise ValueError(f"no measure {by!r}; allowed are 'signed' and 'fidelity'")
    if allowed.size not in (0, count):
        raise ValueError(f"{allowed.size} rows are allowed or not; there are {count} states")


def _sides(queries: Real, by: Measure) -> Real:
    """What states are multiplied by, (q, 1 or 2, w): y, and for fidelity J y too."""
    return np.stack([queries] if by == "signed" else [queries, rotate(queries)], axis=1)


def _forms(sides: Real) -> tuple[NDArray[np.int16], float, Real]:
    """The queries in whole numbers (w rounded up to 4), the scale of a dot product, and the length of what was lost."""
    width = sides.shape[-1]
    scale = form_scale(width)
    rounded = np.rint(sides * scale)
    lost = np.linalg.norm(sides[:, 0] - rounded[:, 0] / scale, axis=-1)
    forms = np.zeros((*sides.shape[:2], -(-width // 4) * 4), dtype=np.int16)
    forms[..., :width] = rounded
    return forms, float(CODE * scale), lost


def _least(tau: float, bound: tuple[float, float], *, squared: bool) -> int:
    """The least key that a state with a score of at least `tau` can have."""
    scale, error = bound
    if not squared:
        return int(np.floor((tau - error) * scale))
    root = max(np.sqrt(max(tau, 0.0)) - error, 0.0) * scale
    return int(np.floor(root * root * (1 - 1e-12)))


def _quadratic(vectors: Real, form: Real) -> Real:
    result: Real = np.einsum("ij,ij->i", vectors @ form, vectors)
    return result
