"""Compiled loops of retrieval over many documents. They take arrays and fill arrays, without the interpreter's lock.

Imported only where an index is large: a small one answers sooner by NumPy than the compiler is loaded.
"""

# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

compiled: Any = njit(cache=True, nogil=True, error_model="numpy")
loose: Any = njit(cache=True, nogil=True, error_model="numpy", fastmath=True)

FAR = np.uint16(65_535)
"""The distance of a row that may not be found."""


COUNTS, LENGTHS = 8, 256


@compiled
def saturations(mean, k1, b):
    """tf (k1 + 1) / (tf + k1 (1 - b + b l / mean)) for tf under COUNTS and l under LENGTHS: most postings need no division."""
    table = np.zeros((COUNTS, LENGTHS))
    for count in range(1, COUNTS):
        for length in range(LENGTHS):
            table[count, length] = _saturated(np.float64(count), np.float64(length) / mean, k1, b)
    return table


@compiled
def _saturated(count, length, k1, b):
    return count * (k1 + 1) / (count + k1 * ((1 - b) + b * length))


@compiled
def add_scores(slots, counts, alive, lengths, mean, idf, k1, b, table, scores, touched, found):
    """Add one term's BM25 parts to `scores` by slot; slots that it touches first go to touched[found:]. Returns their number.

    An empty `alive` says that all are.
    """
    for at in range(slots.size):
        slot = slots[at]
        if alive.size and alive[slot] == 0:
            continue
        before = scores[slot]
        touched[found] = slot
        found += before == 0.0
        count, length = counts[at], lengths[slot]
        if count < COUNTS and length < LENGTHS:
            part = table[count, length]
        else:
            part = _saturated(np.float64(count), np.float64(length) / mean, k1, b)
        scores[slot] = before + idf * part
    return found


@compiled
def add_session_scores(slots, counts, alive, sessions, lengths, mean, idf, k1, b, sums, scores, fresh, touched, found):
    """The same over sessions as documents: counts are summed by session first. `sums` is left as it was, all zero."""
    new = 0
    for at in range(slots.size):
        if alive.size and alive[slots[at]] == 0:
            continue
        session = sessions[slots[at]]
        before = sums[session]
        fresh[new] = session
        new += before == 0.0
        sums[session] = before + counts[at]
    for at in range(new):
        session = fresh[at]
        before = scores[session]
        touched[found] = session
        found += before == 0.0
        scores[session] = before + idf * _saturated(sums[session], np.float64(lengths[session]) / mean, k1, b)
        sums[session] = 0.0
    return found


@compiled
def largest(keys, values, allowed, limit):
    """Positions of the `limit` largest `values`, in no order; of equal ones those with the smallest keys.

    An empty `allowed` allows all.
    """
    heap = np.empty(min(limit, values.size), np.int64)
    size, least = 0, 0.0
    for at in range(values.size):
        if (size == heap.size and values[at] < least) or (allowed.size and not allowed[at]):
            continue
        if size < heap.size:
            heap[size] = at
            child = size
            size += 1
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
        if size:
            least = values[heap[0]]
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
def nearer(distance, limit, room, into):
    """Rows of a distance under `limit`, and the first `room` of those at it, rising, to `into`; returns their number."""
    found = 0
    for row in range(distance.size):
        if distance[row] < limit or (distance[row] == limit and room > 0):
            room -= distance[row] == limit
            into[found] = row
            found += 1
    return found


@loose
def estimates(codes, steps, offsets, query, rows, into):
    """offset + step * sum of q (code - 7.5) for some rows; a byte holds coordinate j low and j + half high.

    With byte = low + 16 high, q low + r high = q byte + (r - 16 q) high: two products and no masks.
    """
    half = codes.shape[1]
    low = query[:half]
    high = query[half:] - np.float32(16.0) * low
    middle = np.float32(7.5) * query.sum()
    for at in range(rows.size):
        code = codes[rows[at]]
        sums = np.float32(0.0)
        for j in range(half):
            byte = np.float32(code[j])
            sums += low[j] * byte + high[j] * np.floor(byte * np.float32(0.0625))
        into[at] = offsets[rows[at]] + steps[rows[at]] * (sums - middle)


@compiled
def _ones(word):
    """Set bits of 64; the compiler knows the pattern and makes one instruction of it."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)
