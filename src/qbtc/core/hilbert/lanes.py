"""Compiled building blocks that work on `LANES` matrices of a batch at once, one matrix a SIMD lane.

A block is an array (d, d, 2, LANES): row, column, real or imaginary part, matrix. Every inner loop runs over lanes and has a
fixed length, so it vectorises whatever d is, and a matrix gives the same bits wherever in a batch it stands. Operators
are shared by all lanes and kept by their non-zero entries, so that sparse ones (ladders, projectors) cost what they hold.
Numba is loaded with this module: import it only where a batch is worth it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit

from .lanes_vectors import LANES, Lane, Pair, Variable, double, primitive
from .types import Complex, Index, Real

F = TypeVar("F", bound=Callable[..., Any])

_jit: Any = njit
compiled: Callable[[F], F] = _jit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})


class Operators(NamedTuple):
    """m operators (d, d) by rows: `counts` (m, d) of entries, then their columns and parts (m, d, d)."""

    counts: Index
    columns: Index
    real: Real
    imaginary: Real


def by_rows(operators: Complex) -> Operators:
    """Non-zero entries of operators (m, d, d), in order of their columns."""
    operators = np.asarray(operators, dtype=np.complex128)
    filled = operators != 0
    order = np.argsort(~filled, axis=-1, kind="stable").astype(np.int64)
    kept = np.take_along_axis(operators, order, axis=-1)
    counts = filled.sum(axis=-1).astype(np.int64)
    return Operators(counts, order, np.ascontiguousarray(kept.real), np.ascontiguousarray(kept.imag))


@primitive("out", "at", "operators", "row", "x", "column")
def add_row_product(lane: Lane, kinds: Any, values: Any) -> None:
    """out[at] += sum over the entries of a row of entry * x[column + its column].

    `row` counts through all operators; `at` and `column` count pairs (2, LANES) from the start of their arrays.
    """
    target = lane.array(kinds[0], values[0])
    lane.put_pair(target, values[1], _row_product(lane, kinds, values, lane.pair(target, values[1])))


@primitive("out", "at", "operators", "row", "x", "column")
def put_row_product(lane: Lane, kinds: Any, values: Any) -> None:
    """The same sum without what `out[at]` held."""
    zero = lane.everywhere(double(0.0))
    lane.put_pair(lane.array(kinds[0], values[0]), values[1], _row_product(lane, kinds, values, Pair(zero, zero)))


def _row_product(lane: Lane, kinds: Any, values: Any, begin: Pair) -> Pair:
    _, _, group, row, x, column = values
    group_kinds = kinds[2].types
    fields = [lane.builder.extract_value(group, k) for k in range(4)]
    counts, columns, real, imaginary = (lane.array(k, f) for k, f in zip(group_kinds, fields, strict=True))
    source = lane.array(kinds[4], x)
    first = lane.builder.mul(row, lane.length(group_kinds[1], fields[1]))
    total = Variable(lane.builder, begin)
    with lane.each(first, lane.builder.add(first, lane.element(counts, row))) as entry:
        place = lane.builder.add(column, lane.element(columns, entry))
        factor = Pair(*(lane.everywhere(lane.element(part, entry)) for part in (real, imaginary)))
        total.set(total.get().plus(factor, lane.pair(source, place)))
    return total.get()


@compiled
def block_of(size: int) -> Real:
    """An empty block of `LANES` matrices."""
    return np.empty((size, size, 2, LANES))


@compiled
def load(rho: Complex, start: int, block: Real) -> None:
    """Hermitian matrices from `start` on, from their lower triangles; the last one fills the lanes that are left."""
    count, size = rho.shape[0], rho.shape[1]
    for i in range(size):
        for j in range(i + 1):
            for lane in range(LANES):
                value = rho[min(start + lane, count - 1), i, j]
                block[i, j, 0, lane] = value.real
                block[i, j, 1, lane] = value.imag
                block[j, i, 0, lane] = value.real
                block[j, i, 1, lane] = -value.imag
        block[i, i, 1, :] = 0.0


@compiled
def store(block: Real, start: int, rho: Complex) -> None:
    """The lower triangles of a block, mirrored, to `rho` from `start` on; lanes beyond the batch are dropped."""
    count, size = rho.shape[0], rho.shape[1]
    for i in range(size):
        for j in range(i + 1):
            for lane in range(min(LANES, count - start)):
                real, imaginary = block[i, j, 0, lane], block[i, j, 1, lane]
                rho[start + lane, j, i] = complex(real, -imaginary)
                rho[start + lane, i, j] = complex(real, imaginary)


@compiled
def add_sandwich(operators: Operators, conjugates: Operators, which: int, x: Real, y: Real, out: Real) -> None:
    """Lower triangle of out += A x A^H for Hermitian x; A = operators[which], given beside its conjugate; y is scratch.

    Rows of x are its columns conjugated, so y_ij = sum_k conj(A_ik) x_jk is the conjugate of (A x)_ij, and
    out_ji = sum_k A_jk y_ik: products along rows only.
    """
    size = x.shape[0]
    for j in range(size):
        for i in range(size):
            put_row_product(y, i * size + j, conjugates, which * size + i, x, j * size)
    for i in range(size):
        for j in range(i, size):
            add_row_product(out, j * size + i, operators, which * size + j, y, i * size)
