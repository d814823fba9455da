"""Compiled loops of retrieval over many documents. They take arrays and fill arrays, without the interpreter's lock.

Imported only where an index is large: a small one answers sooner by NumPy than the compiler is loaded.
"""

# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

compiled: Any = njit(cache=True, nogil=True, error_model="numpy")
loose: Any = njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract"})

FAR = np.uint16(65_535)
"""The distance of a row that may not be found."""


@compiled
def add_scores(slots, counts, alive, lengths, mean, idf, k1, b, scores, touched, found):
    """Add one term's BM25 parts to `scores` by slot; slots that it touches first go to touched[found:]. Returns their number."""
    for at in range(slots.size):
        slot = slots[at]
        if alive[slot] == 0:
            continue
        if scores[slot] == 0.0:
            touched[found] = slot
            found += 1
        count = np.float64(counts[at])
        length = np.float64(lengths[slot]) / mean
        scores[slot] += idf * (count * (k1 + 1) / (count + k1 * ((1 - b) + b * length)))
    return found


@compiled
def add_session_scores(slots, counts, alive, sessions, lengths, mean, idf, k1, b, sums, scores, fresh, touched, found):
    """The same over sessions as documents: counts are summed by session first. `sums` is left as it was, all zero."""
    new = 0
    for at in range(slots.size):
        if alive[slots[at]] == 0:
            continue
        session = sessions[slots[at]]
        if sums[session] == 0.0:
            fresh[new] = session
            new += 1
        sums[session] += counts[at]
    for at in range(new):
        session = fresh[at]
        if scores[session] == 0.0:
            touched[found] = session
            found += 1
        count = sums[session]
        length = np.float64(lengths[session]) / mean
        scores[session] += idf * (count * (k1 + 1) / (count + k1 * ((1 - b) + b * length)))
        sums[session] = 0.0
    return found


@compiled
def largest(keys, values, allowed, limit):
    """Positions of the `limit` largest `values`, in no order; of equal ones those with the smallest keys.

    An empty `allowed` allows all.
    """
    heap = np.empty(min(limit, values.size), np.int64)
    size = 0
    for at in range(values.size):
        if allowed.size and not allowed[at]:
            continue
        if size < heap.size:
            heap[size] = at
            size += 1
            child = size - 1
            while child > 0 and _worse(keys, values, heap[child], heap[(child - 1) // 2]):
                heap[child], heap[(child - 1) // 2] = heap[(child - 1) // 2], heap[child]
                child = (child - 1) // 2
        elif size and _worse(keys, values, heap[0], at):
            heap[0] = at
            parent = 0
            while True:
                child = 2 * parent + 1
                if child >= size:
                    break
                if child + 1 < size and _worse(keys, values, heap[child + 1], heap[child]):
                    child += 1
                if not _worse(keys, values, heap[child], heap[parent]):
                    break
                heap[child], heap[parent] = heap[parent], heap[child]
                parent = child
    return heap[:size]


@compiled
def _worse(keys, values, one, other):
    return values[one] < values[other] or (values[one] == values[other] and keys[one] > keys[other])


@compiled
def distances(bits, present, query, into, histogram):
    """Bits in which each present row of `bits` (n, words) differs from `query`, and how many rows have each distance."""
    for row in range(into.size):
        if present[row] == 0:
            into[row] = FAR
            continue
        total = np.uint64(0)
        for word in range(query.size):
            total += _ones(bits[row, word] ^ query[word])
        into[row] = total
    for row in range(into.size):
        if into[row] != FAR:
            histogram[into[row]] += 1


@compiled
def nearer(distance, limit, boundary, room, into, found):
    """Rows of a distance under `limit`, and while there is `room` those at it, from into[found] on; returns both."""
    for row in range(distance.size):
        if distance[row] < limit:
            into[found] = boundary + row
            found += 1
        elif distance[row] == limit and room > 0:
            into[found] = boundary + row
            found += 1
            room -= 1
    return found, room


@loose
def estimates(codes, steps, offsets, query, rows, into):
    """offset + step * sum of q (code - 7.5) for some rows; a byte holds coordinate j low and j + half high."""
    half = codes.shape[1]
    total = np.float32(0.0)
    for j in range(query.size):
        total += query[j]
    for at in range(rows.size):
        row = rows[at]
        sums = np.float32(0.0)
        for j in range(half):
            byte = codes[row, j]
            sums += query[j] * np.float32(byte & 15) + query[half + j] * np.float32(byte >> 4)
        into[at] = offsets[row] + steps[row] * (sums - np.float32(7.5) * total)


@compiled
def _ones(word):
    """Set bits of 64; the compiler knows the pattern and makes one instruction of it."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)
