"""Which gates run in one pass over memory: compiled, because every pass looks at every gate that waits.

A pass works on blocks of 2^k amplitudes, so on k qubits. Gates are taken in order; one that does not fit blocks its
qubits for those behind it. Inside a pass, gates fall into groups that alternate between tables (even numbers) and
computing (odd): as few as the order of gates on each qubit allows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import compiled
from .lowering import DENSE, MIX

# mypy: disable-error-code="untyped-decorator"


@compiled
def take(masks: Any, kinds: Any, waiting: Any, limits: Any, found: Any) -> tuple[int, int]:
    """The atoms of the next pass go to rows (atom, group) of `found`; gives how many and the mask of their qubits.

    `waiting`: numbers of the atoms that are left, in order. `limits` = (k, mask of the qubits that are in anyway, highest group,
    most rotations).
    """
    most, inside, top, rotations = limits[0], limits[1], limits[2], limits[3]
    blocked, count = 0, 0
    level = np.zeros(64, np.int64)
    for i in range(waiting.size):
        atom = waiting[i]
        mask = masks[atom]
        if mask & blocked:
            blocked |= mask
            continue
        if bits_in(inside | mask) > most:
            blocked |= mask
            if blocked & inside == inside and bits_in(inside) == most:
                break
            continue
        group = 0
        for q in range(64):
            if mask >> q & 1:
                group = max(group, level[q])
        computing = kinds[atom] in (MIX, DENSE)
        group = (group + 1) | 1 if computing else (group + 1) & ~1
        if group > top or (kinds[atom] == MIX and rotations == 0):
            blocked |= mask
            continue
        if kinds[atom] == MIX:
            rotations -= 1
        for q in range(64):
            if mask >> q & 1:
                level[q] = group
        inside |= mask
        found[count, 0], found[count, 1] = atom, group
        count += 1
    return count, inside


@compiled
def bits_in(mask: int) -> int:
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled
def left_over(waiting: Any, found: Any) -> Any:
    """`waiting` without the atoms of `found`; both rise."""
    out = np.empty(waiting.size - found.shape[0], np.int64)
    at, f = 0, 0
    for i in range(waiting.size):
        if f < found.shape[0] and found[f, 0] == waiting[i]:
            f += 1
        else:
            out[at] = waiting[i]
            at += 1
    return out
