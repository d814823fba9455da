"""Runs of monomial gates as one table: out[i] = phase[i] * in[place[i]] over the 2^k amplitudes of a block.

Compiled. Phases of single qubits are built by doubling, and CX, X and SWAP are linear maps of the bits of an index, so
that a run of either costs one sweep; the other forms cost a sweep each.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import compiled, inner
from .kernels import hole, spread
from .lowering import DIAGONAL, FLIP, SWAP

# mypy: disable-error-code="untyped-decorator"


@compiled
def compose(rows: Any, integers: Any, numbers: Any, bit_of: Any, k: int) -> tuple[Any, Any, bool, bool]:
    """(place, phase, whether anything moves, whether anything turns); `bit_of` gives the index bit of a qubit."""
    size = 1 << k
    place, phase = np.arange(size), np.ones(size, np.complex128)
    moves, turns = False, False
    columns, shift = np.zeros(k, np.int64), 0
    factors = np.ones((k, 2), np.complex128)
    flips, diagonals = 0, 0
    for b in range(k):
        columns[b] = 1 << b
    for r in range(rows.shape[0]):
        kind, number = rows[r, 0], rows[r, 5]
        if kind == DIAGONAL:
            if flips:
                place, phase = moved(place, phase, columns, shift, turns)
                flips, shift = 0, 0
                for b in range(k):
                    columns[b] = 1 << b
            b = bit_of[rows[r, 1]]
            factors[b, 0] *= numbers[number]
            factors[b, 1] *= numbers[number + 1]
            diagonals, turns = diagonals + 1, True
            continue
        if diagonals:
            turn_all(phase, factors)
            factors[:] = 1
            diagonals = 0
        if kind in (FLIP, SWAP):
            a = bit_of[rows[r, 1]]
            if kind == SWAP:
                b = bit_of[rows[r, 2]]
                columns[a], columns[b] = columns[b], columns[a]
            elif rows[r, 2] < 0:
                shift ^= columns[a]
            else:
                columns[bit_of[rows[r, 2]]] ^= columns[a]
            flips, moves = flips + 1, True
            continue
        if flips:
            place, phase = moved(place, phase, columns, shift, turns)
            flips, shift = 0, 0
            for b in range(k):
                columns[b] = 1 << b
        if apply_general(place, phase, rows[r], integers, numbers, bit_of):
            moves = True
        turns = True
    if diagonals:
        turn_all(phase, factors)
    if flips:
        place, phase = moved(place, phase, columns, shift, turns)
    return place, phase, moves, turns


@inner
def moved(place: Any, phase: Any, columns: Any, shift: int, turns: bool) -> tuple[Any, Any]:
    """The table behind the linear map i -> shift ^ (columns of the bits of i)."""
    size = place.size
    index = np.empty(size, np.int64)
    index[0] = shift
    for b in range(columns.size):
        for i in range(1 << b):
            index[i + (1 << b)] = index[i] ^ columns[b]
    out, turned = np.empty_like(place), phase
    for i in range(size):
        out[i] = place[index[i]]
    if turns:
        turned = np.empty_like(phase)
        for i in range(size):
            turned[i] = phase[index[i]]
    return out, turned


@inner
def turn_all(phase: Any, factors: Any) -> None:
    """Multiply by the product over bits b of factors[b, bit b of the index]."""
    size = phase.size
    product = np.empty(size, np.complex128)
    product[0] = 1
    for b in range(factors.shape[0]):
        zero, one = factors[b, 0], factors[b, 1]
        for i in range(1 << b):
            value = product[i]
            product[i] = value * zero
            product[i + (1 << b)] = value * one
    for i in range(size):
        phase[i] *= product[i]


@inner
def apply_general(place: Any, phase: Any, row: Any, integers: Any, numbers: Any, bit_of: Any) -> bool:
    """Any monomial matrix with controls; says whether it moves anything."""
    m, at, number = row[1], row[4], row[5]
    count = 1 << m
    targets = np.empty(m, np.int64)
    moving = False
    for j in range(m):
        targets[j] = bit_of[integers[at + j]]
    for r in range(count):
        moving |= integers[at + m + r] != r
    control = 0
    for q in range(bit_of.size):
        if row[3] >> q & 1:
            control |= 1 << bit_of[q]
    rising = np.sort(targets)
    old_place, old_phase = np.empty(count, np.int64), np.empty(count, np.complex128)
    for i in range(place.size >> m):
        base = hole(i, rising)
        if base & control != control:
            continue
        for r in range(count):
            source = base | spread(integers[at + m + r], targets)
            old_place[r], old_phase[r] = place[source], phase[source]
        for r in range(count):
            target = base | spread(r, targets)
            place[target], phase[target] = old_place[r], old_phase[r] * numbers[number + r]
    return moving


@compiled
def spread_all(bits: Any) -> Any:
    """spread(i, bits) for every i below 2^len(bits)."""
    out = np.zeros(1 << bits.size, np.int64)
    for b in range(bits.size):
        for i in range(1 << b):
            out[i + (1 << b)] = out[i] | (1 << bits[b])
    return out


@compiled
def seen_through(outer: Any, index: Any, out: Any) -> None:
    """out[i] = outer[index[i]], as out's type."""
    for i in range(index.size):
        out[i] = outer[index[i]]


@compiled
def pairs_through(phase: Any, index: Any, factor: float, out: Any) -> None:
    """Pairs (real, imaginary) of factor * phase[index[i]]."""
    for i in range(index.size):
        value = phase[index[i]] * factor
        out[2 * i], out[2 * i + 1] = value.real, value.imag
