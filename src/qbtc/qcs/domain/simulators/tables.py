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
    """(place, phase, whether anything moves, whether anything turns); `bit_of` gives the index bit of a qubit.

    What waits for its sweep: phases of single bits (`factors`), and behind them a linear map (`columns`, `shift`). A
    phase on a bit that the map leaves or turns over (`over`) goes before it; bits that it mixes are in `mixed`.
    """
    place, phase = np.arange(1 << k), np.ones(1 << k, np.complex128)
    columns, factors, shift = np.empty(k, np.int64), np.empty((k, 2), np.complex128), 0
    nothing_waits(columns, factors)
    turned, mixed, over = 0, 0, 0
    moves, turns = False, False
    for r in range(rows.shape[0]):
        row = rows[r]
        kind, number = row[0], row[5]
        if kind in (FLIP, SWAP):
            moves = True
            mixed |= mixed_by(row, bit_of)
            if kind == FLIP and row[2] < 0:
                over ^= 1 << bit_of[row[1]]
                shift ^= columns[bit_of[row[1]]]
            else:
                mix_bits(columns, row, bit_of)
            continue
        turns = True
        b = bit_of[row[1]] if kind == DIAGONAL else 0
        if kind != DIAGONAL or mixed >> b & 1:
            place, phase = swept(place, phase, (turned, factors), (mixed | over, columns, shift))
            nothing_waits(columns, factors)
            turned, mixed, over, shift = 0, 0, 0, 0
        if kind == DIAGONAL:
            one = 1 - (over >> b & 1)
            factors[b, 1 - one] *= numbers[number]
            factors[b, one] *= numbers[number + 1]
            turned = 1
        elif apply_general(place, phase, row, integers, numbers, bit_of):
            moves = True
    place, phase = swept(place, phase, (turned, factors), (mixed | over, columns, shift))
    return place, phase, moves, turns


@inner
def nothing_waits(columns: Any, factors: Any) -> None:
    for b in range(columns.size):
        columns[b] = 1 << b
    factors[:] = 1


@inner
def mix_bits(columns: Any, row: Any, bit_of: Any) -> None:
    """Take a SWAP, or a FLIP with a control, into the map."""
    a, b = bit_of[row[1]], bit_of[row[2]]
    if row[0] == SWAP:
        columns[a], columns[b] = columns[b], columns[a]
    else:
        columns[b] ^= columns[a]


@inner
def mixed_by(row: Any, bit_of: Any) -> int:
    """The index bits, as a mask, that a FLIP or SWAP makes depend on another bit."""
    mask = 0
    if row[0] == SWAP:
        mask = 1 << bit_of[row[1]] | 1 << bit_of[row[2]]
    elif row[2] >= 0:
        mask = 1 << bit_of[row[1]]
    return mask


@inner
def swept(place: Any, phase: Any, turning: Any, moving: Any) -> tuple[Any, Any]:
    """The table behind what waits: phases where `turning` begins with 1, then the map where `moving` names any bit."""
    if turning[0]:
        turn_all(phase, turning[1])
    if moving[0]:
        return seen(place, moving[1], moving[2]), seen(phase, moving[1], moving[2])
    return place, phase


@inner
def seen(values: Any, columns: Any, shift: int) -> Any:
    """values[shift ^ (columns of the bits of i)] for every i."""
    index = np.empty(values.size, np.int64)
    index[0] = shift
    out = np.empty_like(values)
    out[0] = values[shift]
    for b in range(columns.size):
        for i in range(1 << b):
            index[i + (1 << b)] = index[i] ^ columns[b]
            out[i + (1 << b)] = values[index[i + (1 << b)]]
    return out


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
