"""Compiled channels and Lindblad evolution of batches of Hermitian matrices, block by block. Above it: `batches`, `lindblad`."""

from __future__ import annotations

from typing import Any

import numpy as np

from .lanes import Operators, add_sandwich, block_of, compiled, load, put_row_product, store
from .lanes_vectors import LANES, Lane, Pair, double, primitive
from .types import Complex, Index, Real

NEGLIGIBLE = 1e-24
"""Terms stay below e^20: a share of them below this is less than rounding of the state."""


@compiled
def channel(rho: Complex, operators: Operators, conjugates: Operators, out: Complex) -> None:
    """out_b = sum_k A_k rho_b A_k^H, with rho (n, d, d) Hermitian."""
    size = rho.shape[1]
    x, y, total = block_of(size), block_of(size), block_of(size)
    for start in range(0, rho.shape[0], LANES):
        load(rho, start, x)
        total[:] = 0.0
        for k in range(operators.counts.shape[0]):
            add_sandwich(operators, conjugates, k, x, y, total)
        store(total, start, out)


@compiled
def series(
    rho: Complex,
    operators: Operators,
    conjugates: Operators,
    steps: Real,
    first: Index,
    times: Real,
    terms: int,
    out: Complex,
) -> None:
    """exp(t L) rho at `times` (T) into out (n, T, d, d), by `terms` terms of Taylor's series over each of `steps`.

    Operator 0 is G = -i (H - c) - sum_k L_k^H L_k / 2, the others are the jumps. Times number first[s] to first[s + 1] - 1
    lie in step s and are given as shares of it, so that one series serves all of them.
    """
    size = rho.shape[1]
    term, change, state, y, half = (block_of(size), block_of(size), block_of(size), block_of(size), block_of(size))
    sums = np.empty((max_gap(first), size, size, 2, LANES))
    for start in range(0, rho.shape[0], LANES):
        load(rho, start, state)
        for s in range(steps.size):
            _mirror(state, 1.0, term)
            count = first[s + 1] - first[s]
            for t in range(count):
                sums[t] = state
            for k in range(1, terms + 1):
                _generate(operators, conjugates, term, y, half, change)
                _finish(change, half, steps[s] / k, term, state)
                for t in range(count):
                    share = times[first[s] + t] ** k
                    if share > NEGLIGIBLE:
                        _add(term, share, sums[t])
            for t in range(count):
                store(sums[t], start, out[:, first[s] + t])


@compiled
def max_gap(first: Index) -> int:
    """The most times in one step."""
    most = 0
    for s in range(first.size - 1):
        most = max(most, first[s + 1] - first[s])
    return most


@compiled
def _generate(operators: Operators, conjugates: Operators, x: Real, y: Real, half: Real, jumps: Real) -> None:
    """half = conj(G x), and the lower triangle of jumps = sum_k L_k x L_k^H."""
    size = x.shape[0]
    for j in range(size):
        for i in range(size):
            put_row_product(half, i * size + j, conjugates, i, x, j * size)
    jumps[:] = 0.0
    for k in range(1, operators.counts.shape[0]):
        add_sandwich(operators, conjugates, k, x, y, jumps)


@compiled
def _finish(jumps: Real, half: Real, factor: float, term: Real, state: Real) -> None:
    for i in range(term.shape[0]):
        finish(jumps, half, factor, term, state, i, term.shape[0])


@compiled
def _mirror(lower: Real, factor: float, out: Real) -> None:
    for i in range(out.shape[0]):
        mirror(lower, factor, out, i, out.shape[0])


@compiled
def _add(x: Real, factor: float, out: Real) -> None:
    for i in range(out.shape[0]):
        add_lower(x, factor, out, i, out.shape[0])


@primitive("jumps", "half", "factor", "term", "state", "i", "size")
def finish(lane: Lane, kinds: Any, values: Any) -> None:
    """term_ij = factor (jumps + G x + (G x)^H)_ij on both sides of the diagonal, and state_ij += term_ij for j <= i."""
    factor, (i, size) = lane.everywhere(values[2]), values[5:]
    jumps, half, term, state = (lane.array(kinds[k], values[k]) for k in (0, 1, 3, 4))
    row, zero = lane.builder.mul(i, size), lane.everywhere(double(0.0))
    with lane.each(i.type(0), lane.builder.add(i, i.type(1))) as j:
        here, there = lane.builder.add(row, j), lane.builder.add(lane.builder.mul(j, size), i)
        low, high, jump, old = (
            lane.pair(base, place) for base, place in ((half, here), (half, there), (jumps, here), (state, here))
        )
        real = factor * (jump.real + low.real + high.real)
        imaginary = factor * (jump.imaginary + high.imaginary - low.imaginary)
        lane.put_pair(term, there, Pair(real, zero - imaginary))
        lane.put_pair(term, here, Pair(real, imaginary))
        lane.put_pair(state, here, Pair(old.real + real, old.imaginary + imaginary))


@primitive("lower", "factor", "out", "i", "size")
def mirror(lane: Lane, kinds: Any, values: Any) -> None:
    """out = factor times the Hermitian matrix of this lower triangle, row i and column i."""
    i, size = values[3:]
    lower, out, factor = lane.array(kinds[0], values[0]), lane.array(kinds[2], values[2]), lane.everywhere(values[1])
    row, zero = lane.builder.mul(i, size), lane.everywhere(double(0.0))
    with lane.each(i.type(0), lane.builder.add(i, i.type(1))) as j:
        here, there = lane.builder.add(row, j), lane.builder.add(lane.builder.mul(j, size), i)
        found = lane.pair(lower, here)
        real, imaginary = factor * found.real, factor * found.imaginary
        lane.put_pair(out, there, Pair(real, zero - imaginary))
        lane.put_pair(out, here, Pair(real, imaginary))


@primitive("x", "factor", "out", "i", "size")
def add_lower(lane: Lane, kinds: Any, values: Any) -> None:
    """out_ij += factor x_ij for j <= i."""
    i, size = values[3:]
    x, out, factor = lane.array(kinds[0], values[0]), lane.array(kinds[2], values[2]), lane.everywhere(values[1])
    row = lane.builder.mul(i, size)
    with lane.each(row, lane.builder.add(row, lane.builder.add(i, i.type(1)))) as place:
        old, new = lane.pair(out, place), lane.pair(x, place)
        lane.put_pair(out, place, Pair(old.real + factor * new.real, old.imaginary + factor * new.imaginary))
