"""Compiled code of the state vector: one block of amplitudes through the steps of a pass.

A block is 2^k amplitudes as pairs (real, imaginary) that stay in the cache. A step is one of
    load      block[i] = phase[i] * state[base + place[i]]
    rows      the same where nothing moves: whole vectors, one offset each
    mix       rotations exp(-i Y theta / 2) / cos(theta / 2) of up to three qubits: real numbers, one multiply-add each
    monomial  other[i] = phase[i] * block[place[i]]: every gate that permutes basis states and turns phases, at once
    diagonal  block[i] *= phase[i]
    dense     a matrix on a few qubits
    store     state[base + offset[i]] = phase[i] * block[place[i]]
Rows of `steps`: kind, then what the kind needs (see the branches of `run_blocks`). `plan` makes them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import compiled, inner
from .simd import doubled, flush_denormals, fma, gather, load, mul, restore_denormals, splat, store, swap, turned

# mypy: disable-error-code="untyped-decorator"

LOAD, ROWS, MIX, LANES, MONOMIAL, DIAGONAL, DENSE, STORE = range(8)
FIELDS = 8
CACHED_BITS = 10


@inner
def times(phase: Any, value: Any) -> Any:
    """Product of pairs (real, imaginary)."""
    return fma(doubled(phase, 0), value, mul(doubled(phase, 1), turned(value)))


@inner
def mix_one(x: Any, first: int, last: int, s: int, t: Any, width: int) -> None:
    a, na = splat(t[0]), splat(-t[0])
    for f in range(first, last, 2 * s):
        for j in range(f, f + s, width):
            x0, x1 = load(x, j), load(x, j + s)
            store(x, j, fma(na, x1, x0))
            store(x, j + s, fma(a, x0, x1))


@inner
def mix_two(x: Any, first: int, last: int, s: int, r: int, t: Any, width: int) -> None:
    a, na, b, nb = splat(t[0]), splat(-t[0]), splat(t[1]), splat(-t[1])
    for g in range(first, last, 2 * r):
        for f in range(g, g + r, 2 * s):
            for j in range(f, f + s, width):
                x0, x1, x2, x3 = load(x, j), load(x, j + s), load(x, j + r), load(x, j + s + r)
                y0, y1 = fma(na, x1, x0), fma(a, x0, x1)
                y2, y3 = fma(na, x3, x2), fma(a, x2, x3)
                store(x, j, fma(nb, y2, y0))
                store(x, j + r, fma(b, y0, y2))
                store(x, j + s, fma(nb, y3, y1))
                store(x, j + s + r, fma(b, y1, y3))


@inner
def mix_three(x: Any, first: int, last: int, s: int, r: int, u: int, t: Any, width: int) -> None:
    a, na, b, nb, c, nc = splat(t[0]), splat(-t[0]), splat(t[1]), splat(-t[1]), splat(t[2]), splat(-t[2])
    for h in range(first, last, 2 * u):
        for g in range(h, h + u, 2 * r):
            for f in range(g, g + r, 2 * s):
                for j in range(f, f + s, width):
                    i = j + u
                    x0, x1, x2, x3 = load(x, j), load(x, j + s), load(x, j + r), load(x, j + s + r)
                    x4, x5, x6, x7 = load(x, i), load(x, i + s), load(x, i + r), load(x, i + s + r)
                    y0, y1, y2, y3 = fma(na, x1, x0), fma(a, x0, x1), fma(na, x3, x2), fma(a, x2, x3)
                    y4, y5, y6, y7 = fma(na, x5, x4), fma(a, x4, x5), fma(na, x7, x6), fma(a, x6, x7)
                    x0, x2, x1, x3 = fma(nb, y2, y0), fma(b, y0, y2), fma(nb, y3, y1), fma(b, y1, y3)
                    x4, x6, x5, x7 = fma(nb, y6, y4), fma(b, y4, y6), fma(nb, y7, y5), fma(b, y5, y7)
                    store(x, j, fma(nc, x4, x0))
                    store(x, i, fma(c, x0, x4))
                    store(x, j + s, fma(nc, x5, x1))
                    store(x, i + s, fma(c, x1, x5))
                    store(x, j + r, fma(nc, x6, x2))
                    store(x, i + r, fma(c, x2, x6))
                    store(x, j + s + r, fma(nc, x7, x3))
                    store(x, i + s + r, fma(c, x3, x7))


@inner
def mix_lanes(x: Any, first: int, last: int, signed: Any, width: int) -> None:
    """Rotations of the qubits inside one vector: `signed` holds a vector of -t and t for each."""
    a, b = load(signed, 0), load(signed, width)
    if width == 4:
        for j in range(first, last, 4):
            v = load(x, j)
            store(x, j, fma(a, swap(v, 1), v))
        return
    for j in range(first, last, 8):
        v = load(x, j)
        v = fma(a, swap(v, 1), v)
        store(x, j, fma(b, swap(v, 2), v))


@inner
def gather_turn(source: Any, base: int, places: Any, phases: Any, target: Any, count: int, width: int) -> None:
    """target[i] = phases[i] * source[base + places[i]]; no phases where their array is empty."""
    half = width // 2
    if phases.size:
        for i in range(0, count, half):
            store(target, 2 * i, times(load(phases, 2 * i), gather(source, base, places, i)))
    else:
        for i in range(0, count, half):
            store(target, 2 * i, gather(source, base, places, i))


@inner
def load_rows(state: Any, base: int, offsets: Any, phases: Any, target: Any, count: int, width: int) -> None:
    """As `gather_turn` where neighbours of the block are neighbours in memory."""
    half = width // 2
    if phases.size:
        for i in range(0, count, half):
            v = load(state, 2 * (base + np.int64(offsets[i // half])))
            store(target, 2 * i, times(load(phases, 2 * i), v))
    else:
        for i in range(0, count, half):
            store(target, 2 * i, load(state, 2 * (base + np.int64(offsets[i // half]))))


@inner
def turn(x: Any, phases: Any, count: int, width: int) -> None:
    for i in range(0, 2 * count, width):
        store(x, i, times(load(phases, i), load(x, i)))


@inner
def scatter_turn(x: Any, places: Any, phases: Any, state: Any, base: int, offsets: Any, count: int, width: int) -> None:
    half = width // 2
    if phases.size:
        for i in range(0, count, half):
            at = 2 * (base + np.int64(offsets[i // half]))
            store(state, at, times(load(phases, 2 * i), gather(x, 0, places, i)))
    else:
        for i in range(0, count, half):
            store(state, 2 * (base + np.int64(offsets[i // half])), gather(x, 0, places, i))


@inner
def spread(index: int, bits: Any) -> int:
    """The bits of `index` put at the places `bits`."""
    found = 0
    for i in range(bits.size):
        found |= ((index >> i) & 1) << bits[i]
    return found


@inner
def hole(index: int, bits: Any) -> int:
    """`index` with a 0 put in at each of the places `bits`, which rise."""
    for i in range(bits.size):
        low = index & ((1 << bits[i]) - 1)
        index = ((index >> bits[i]) << (bits[i] + 1)) | low
    return index


@inner
def dense(x: Any, other: Any, count: int, parts: Any, control: int, matrix: Any, width: int) -> None:
    """x = matrix x on the qubits of `parts` (targets, then the same rising) where the bits of `control` are 1.

    `matrix` holds pairs, row after row; `other` is scratch. Whole vectors where no qubit lies inside one.
    """
    m, zero = parts.size // 2, x.dtype.type(0)
    targets, rising = parts[:m], parts[m:]
    size, half = 1 << m, width // 2
    wide = (1 << rising[0]) >= half and control & (half - 1) == 0
    step = half if wide else 1
    for i in range(0, count >> m, step):
        base = hole(i, rising)
        if base & control != control:
            continue
        for row in range(size):
            e = 2 * row * size
            if wide:
                total = splat(zero)
                for column in range(size):
                    v = load(x, 2 * (base | spread(column, targets)))
                    total = fma(splat(matrix[e + 2 * column]), v, total)
                    total = fma(splat(matrix[e + 2 * column + 1]), turned(v), total)
                store(other, row * width, total)
                continue
            re, im = zero, zero
            for column in range(size):
                k = 2 * (base | spread(column, targets))
                a, b = matrix[e + 2 * column], matrix[e + 2 * column + 1]
                re += a * x[k] - b * x[k + 1]
                im += a * x[k + 1] + b * x[k]
            other[2 * row], other[2 * row + 1] = re, im
        for row in range(size):
            at = 2 * (base | spread(row, targets))
            if wide:
                store(x, at, load(other, row * width))
            else:
                x[at], x[at + 1] = other[2 * row], other[2 * row + 1]


@inner
def mix_run(x: Any, count: int, run: Any, numbers: Any, width: int) -> None:
    """Consecutive mixes of low qubits, part of the block by part, so that each part stays in the first cache."""
    part = min(2 * count, 2 << CACHED_BITS)
    for first in range(0, 2 * count, part):
        for r in range(run.shape[0]):
            mix(x, first, first + part, run[r], numbers, width)


@inner
def mix(x: Any, first: int, last: int, step: Any, numbers: Any, width: int) -> None:
    kind, bits, s, r, u, at = step[0], step[1], step[2], step[3], step[4], step[5]
    if kind == LANES:
        mix_lanes(x, first, last, numbers[at : at + 2 * width], width)
    elif bits == 1:
        mix_one(x, first, last, s, numbers[at : at + 1], width)
    elif bits == 2:
        mix_two(x, first, last, s, r, numbers[at : at + 2], width)
    else:
        mix_three(x, first, last, s, r, u, numbers[at : at + 3], width)


@inner
def piece(numbers: Any, at: int, size: int) -> Any:
    """`size` numbers from `at`, none where `at` is negative."""
    return numbers[at : at + size] if at >= 0 else numbers[:0]


@compiled
def run_blocks(state: Any, tables: Any, outside: Any, blocks: Any, scratch: Any) -> None:
    """The blocks `blocks[0]` .. `blocks[1]` of one pass, in place.

    `state` (2 * 2^n) pairs; `tables` = (steps, integers, places, phases, numbers); `outside`: the places of the index
    bits that number the blocks; `scratch` (2, 2 * 2^k).
    """
    steps, integers, places, phases, numbers = tables
    count = scratch.shape[1] // 2
    width = 4 if state.itemsize == 8 else 8
    before = flush_denormals()
    for b in range(blocks[0], blocks[1]):
        base = spread(b, outside)
        now, x, other = 0, scratch[0], scratch[1]
        at = 0
        while at < steps.shape[0]:
            step = steps[at]
            kind = step[0]
            if kind in (MIX, LANES):
                end = at + 1
                low = step[6] < CACHED_BITS
                while low and end < steps.shape[0] and steps[end, 0] in (MIX, LANES) and steps[end, 6] < CACHED_BITS:
                    end += 1
                if low:
                    mix_run(x, count, steps[at:end], numbers, width)
                else:
                    mix(x, 0, 2 * count, step, numbers, width)
                at = end
                continue
            at += 1
            turning = piece(phases, step[2], 2 * count)
            if kind == LOAD:
                gather_turn(state, base, places[step[1] : step[1] + count], turning, x, count, width)
            elif kind == ROWS:
                offsets = places[step[1] : step[1] + 2 * count // width]
                load_rows(state, base, offsets, turning, x, count, width)
            elif kind == MONOMIAL:
                gather_turn(x, 0, places[step[1] : step[1] + count], turning, other, count, width)
                now = 1 - now
                x, other = scratch[now], scratch[1 - now]
            elif kind == DIAGONAL:
                turn(x, turning, count, width)
            elif kind == DENSE:
                m = step[1]
                dense(x, other, count, integers[step[3] : step[3] + 2 * m], step[4], numbers[step[5] :], width)
            else:
                offsets = places[step[3] : step[3] + 2 * count // width]
                scatter_turn(x, places[step[1] : step[1] + count], turning, state, base, offsets, count, width)
    restore_denormals(before)
