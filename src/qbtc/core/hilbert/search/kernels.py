"""Compiled loops of the search. They take arrays and fill arrays, without the interpreter's lock.

Codes are 8-bit numbers laid out in blocks, (blocks, width, BLOCK), so that one instruction multiplies the same
coordinate of many states. A dot product of codes and a query's form fits 16 bits because both are short vectors
(Cauchy-Schwarz; `pure.form_scale` chooses the lengths).
"""

# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

compiled: Any = njit(cache=True, nogil=True, error_model="numpy")

BLOCK = 256
NOTHING = -(2**31)
"""The key of a row that may not be found."""


@compiled
def encode(vectors, scale, first, codes):
    """Write round(scale x) of `vectors` (n, w) from row `first` on; returns the largest squared rounding error, unscaled."""
    worst = 0.0
    for row in range(vectors.shape[0]):
        block, lane = divmod(first + row, BLOCK)
        square = 0.0
        for j in range(vectors.shape[1]):
            code = np.rint(scale * vectors[row, j])
            codes[block, j, lane] = np.int8(code)
            error = vectors[row, j] - code / scale
            square += error * error
        worst = max(worst, square)
    return worst


@compiled
def scan(codes, rows, forms, allowed, offset, peaks):
    """The largest key of each block of one chunk for each query; `offset` is the chunk's first row.

    forms (q, p, width) int16: with p = 1 the key is the dot product, with p = 2 the sum of both squares. peaks (q, blocks)
    are those of all chunks. An empty `allowed` (n,) allows every row. Keys are not kept: writing them costs as much memory
    traffic as reading codes, and few blocks are looked at again.
    """
    parts, keys = np.empty((2, BLOCK), np.int16), np.empty(BLOCK, np.int32)
    for block in range((rows + BLOCK - 1) // BLOCK):
        for query in range(forms.shape[0]):
            lanes = _keys(codes, rows, forms[query], allowed, offset, block, parts, keys)
            peaks[query, offset // BLOCK + block] = _largest(keys[:lanes])


@compiled
def collect(codes, rows, form, allowed, offset, peaks, least, into, keys_of, count):
    """Rows of one chunk with a key of at least `least`, in order, from `into[count]` on, with their keys.

    Returns the new count, which may exceed what fits.
    """
    parts, keys = np.empty((2, BLOCK), np.int16), np.empty(BLOCK, np.int32)
    for block in range((rows + BLOCK - 1) // BLOCK):
        if peaks[offset // BLOCK + block] < least:
            continue
        lanes = _keys(codes, rows, form, allowed, offset, block, parts, keys)
        for lane in range(lanes):
            if keys[lane] >= least:
                if count < into.size:
                    into[count] = offset + block * BLOCK + lane
                    keys_of[count] = keys[lane]
                count += 1
    return count


@compiled
def _keys(codes, rows, form, allowed, offset, block, parts, into):
    """Keys of one block into `into`; returns how many of its rows are in use."""
    first = block * BLOCK
    lanes = min(BLOCK, rows - first)
    for part in range(form.shape[0]):
        _dots(codes[block], form[part], parts[part])
    _join(parts, form.shape[0] == 2, into)
    if allowed.size:
        _mask(allowed[offset + first : offset + first + lanes], into)
    return lanes


@compiled
def _dots(codes, form, into):
    for lane in range(BLOCK):
        into[lane] = 0
    for j in range(0, codes.shape[0], 4):
        a, b, c, d = form[j], form[j + 1], form[j + 2], form[j + 3]
        x, y, z, w = codes[j], codes[j + 1], codes[j + 2], codes[j + 3]
        for lane in range(BLOCK):
            into[lane] = np.int16(into[lane] + a * x[lane] + b * y[lane] + c * z[lane] + d * w[lane])


@compiled
def _join(parts, both, into):
    for lane in range(into.size):
        real = np.int32(parts[0, lane])
        if both:
            imaginary = np.int32(parts[1, lane])
            into[lane] = real * real + imaginary * imaginary
        else:
            into[lane] = real


@compiled
def _mask(allowed, into):
    for lane in range(allowed.size):
        if not allowed[lane]:
            into[lane] = NOTHING


@compiled
def _largest(values):
    most = np.int32(NOTHING)
    for value in values:
        most = max(most, value)
    return most


@compiled
def score(vectors, rows, queries, into):
    """x.q in float64, summed in the order of the coordinates; with two queries the sum of both squares."""
    for i in range(rows.size):
        first, second = 0.0, 0.0
        for j in range(vectors.shape[1]):
            first += vectors[rows[i], j] * queries[0, j]
        if queries.shape[0] == 2:
            for j in range(vectors.shape[1]):
                second += vectors[rows[i], j] * queries[1, j]
            first = first * first + second * second
        into[i] = first
