"""Scanning JSON text in compiled code: numbers, quoted decimals, strings, values to skip. No allocation.

Every function takes the bytes, a position and an end that is never read; it returns a new position or a negative Fault.
Strings are compared by length and 64-bit FNV-1a digest. Values of unknown fields are skipped: their strings must close
and their brackets balance, more is not checked.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit
from numba import types as numba_types
from numba.core.caching import FunctionCache
from numba.extending import intrinsic

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
# ruff: noqa: PLR1714, SIM109 - chains of comparisons are what compiles to jumps


_njit: Any = njit
_intrinsic: Any = intrinsic
types: Any = numba_types


def stamp(*patterns: str) -> int:
    """A checksum of source files: Numba's cache sees changes in a function's own file only, not in what it calls."""
    files = sorted(file for pattern in patterns for file in Path(pattern).parent.glob(Path(pattern).name))
    return zlib.crc32(b"".join(file.read_bytes() for file in files))


def compiler(mark: int, *, inline: bool = False, nogil: bool = True) -> Callable[[Any], Any]:
    """A decorator: compiled without reference counts (so nothing can allocate), cached under the checksum `mark`.

    `inline`: into whatever calls it, for functions that many arrays would have to be handed to.
    `nogil`: Python calls it without the interpreter's lock.
    """

    class Cache(FunctionCache):  # type: ignore[misc]
        def _index_key(self, sig: Any, codegen: Any) -> Any:
            return (*super()._index_key(sig, codegen), mark)  # type: ignore[no-untyped-call]

    def decorate(function: Any) -> Any:
        made = _njit(nogil=nogil, error_model="numpy", _nrt=False, forceinline=inline)(function)
        made._cache = Cache(made.py_func)  # type: ignore[no-untyped-call]
        return made

    return decorate


compiled = compiler(stamp(str(Path(__file__).with_name("fast_*.py"))))


@_intrinsic
def load_word(typingctx: Any, address: Any) -> Any:
    """Eight bytes at any address as uint64, the first byte lowest."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        word = builder.load(builder.inttoptr(args[0], ir.IntType(64).as_pointer()))
        word.align = 1
        return word

    return types.uint64(types.intp), make


@_intrinsic
def store_word(typingctx: Any, address: Any, word: Any) -> Any:
    """Eight bytes to any address, the lowest first."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[1], builder.inttoptr(args[0], ir.IntType(64).as_pointer())).align = 1
        return context.get_dummy_value()

    return types.void(types.intp, types.uint64), make


class Fault(IntEnum):
    """Why bytes were refused. Negative, so that a position and a fault share one integer."""

    TRUNCATED = -1
    SYNTAX = -2
    BAD_NUMBER = -3
    TOO_LARGE = -4
    OFF_GRID = -5
    UNKNOWN_SYMBOL = -6
    MISSING_FIELD = -7
    TOO_MANY_LEVELS = -8
    TOO_DEEP = -9
    WRONG_TEMPLATE = -10


TRUNCATED, SYNTAX, BAD_NUMBER = int(Fault.TRUNCATED), int(Fault.SYNTAX), int(Fault.BAD_NUMBER)
TOO_LARGE, TOO_DEEP = int(Fault.TOO_LARGE), int(Fault.TOO_DEEP)
PLACES = 8
_MOST, _MOST_WHOLE = (2**63 - 10) // 10, (2**63 - 1) // 10**8 - 1
_PRIME, _BASIS = 1099511628211, -3750763034362895579
_UNSIGNED_PRIME, _UNSIGNED_BASIS = np.uint64(_PRIME), np.uint64(_BASIS & (2**64 - 1))
_LATEST = (2**63 - 1) // 1000
_DEEPEST = 62


def digest_of(text: bytes) -> int:
    """FNV-1a of `text` as a signed 64-bit integer: what `digest` gives for the same bytes."""
    value = _BASIS & (2**64 - 1)
    for byte in text:
        value = ((value ^ byte) * _PRIME) & (2**64 - 1)
    return value - 2**64 if value >= 2**63 else value


@compiled
def digest(buf, start, stop):
    """FNV-1a; unsigned inside, since the compiler may take it that a signed product never overflows."""
    value = _UNSIGNED_BASIS
    for i in range(start, stop):
        value = (value ^ np.uint64(buf[i])) * _UNSIGNED_PRIME
    return np.int64(value)


@compiled
def beyond_time(milliseconds):
    """True for a time that is negative, or whose microseconds do not fit 63 bits."""
    return milliseconds < 0 or milliseconds > _LATEST


@compiled
def blank(buf, pos, end):
    """The first position from `pos` that is no white space."""
    while pos < end and (buf[pos] == 32 or buf[pos] == 10 or buf[pos] == 13 or buf[pos] == 9):
        pos += 1
    return pos


@compiled
def expect(buf, pos, end, char):
    """Behind `char`, which may follow white space."""
    pos = blank(buf, pos, end)
    if pos >= end:
        return np.int64(TRUNCATED)
    return pos + 1 if buf[pos] == char else np.int64(SYNTAX)


@compiled
def integer(buf, pos, end):
    """A JSON integer at `pos`: (value, position behind)."""
    start, value, negative = pos, np.int64(0), False
    if pos < end and buf[pos] == 45:
        negative, pos = True, pos + 1
    first = pos
    while pos < end:
        digit = np.int64(buf[pos]) - 48
        if digit < 0 or digit > 9:
            break
        if value > _MOST:
            return np.int64(0), np.int64(TOO_LARGE)
        value = value * 10 + digit
        pos += 1
    if pos >= end:
        return np.int64(0), np.int64(TRUNCATED)
    if pos == first or (buf[first] == 48 and pos > first + 1) or pos == start:
        return np.int64(0), np.int64(BAD_NUMBER)
    return (-value if negative else value), pos


_SIX, _ZEROS, _HIGH = np.uint64(0x0606060606060606), np.uint64(0x3030303030303030), np.uint64(0xF0F0F0F0F0F0F0F0)
_PAIRS, _FOURS = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)


@compiled
def eight_digits(buf, pos):
    """The number that the eight bytes at `pos` write, -1 if they are not all digits.

    Sums neighbours pairwise inside one word: Lemire, "Quickly parsing eight digits" (2018).
    """
    word = load_word(buf.ctypes.data + pos)
    if (word & _HIGH) != _ZEROS or ((word + _SIX) & _HIGH) != _ZEROS:
        return np.int64(-1)
    word -= _ZEROS
    word = (word * np.uint64(10) + (word >> np.uint64(8))) & _PAIRS
    word = (word * np.uint64(100) + (word >> np.uint64(16))) & _FOURS
    return np.int64((word * np.uint64(10_000) + (word >> np.uint64(32))) & np.uint64(0xFFFFFFFF))


@compiled
def decimal(buf, pos, end):
    """A quoted plain decimal at `pos`, the opening quote: (integer of 1e-8, position behind the closing quote)."""
    value, places, seen = np.int64(0), np.int64(-1), np.int64(0)
    pos += 1
    while pos < end:
        char = np.int64(buf[pos])
        pos += 1
        digit = char - 48
        if digit >= 0 and digit <= 9:
            seen += 1
            if places >= PLACES:
                if digit != 0:
                    return np.int64(0), np.int64(BAD_NUMBER)
                continue
            if value > _MOST:
                return np.int64(0), np.int64(TOO_LARGE)
            value = value * 10 + digit
            if places >= 0:
                places += 1
        elif char == 46 and places < 0:
            places = np.int64(0)
            if pos + 8 < end and value <= _MOST_WHOLE:
                part = eight_digits(buf, pos)
                if part >= 0:
                    value, places, seen, pos = value * 100_000_000 + part, np.int64(PLACES), np.int64(1), pos + 8
        elif char == 34 and seen > 0:
            return _scaled(value, max(places, np.int64(0)), pos)
        else:
            return np.int64(0), np.int64(BAD_NUMBER)
    return np.int64(0), np.int64(TRUNCATED)


@compiled
def _scaled(value, places, pos):
    while places < PLACES:
        if value > _MOST:
            return np.int64(0), np.int64(TOO_LARGE)
        value *= 10
        places += 1
    return value, pos


@compiled
def string(buf, pos, end):
    """Behind the string whose opening quote is at `pos`; its bytes are pos + 1 to the result - 1."""
    pos += 1
    while pos < end:
        char = buf[pos]
        if char == 34:
            return pos + 1
        if char == 92:
            pos += 1
        elif char < 32:
            return np.int64(SYNTAX)
        pos += 1
    return np.int64(TRUNCATED)


@compiled
def _scalar(buf, pos, end):
    """Behind a number, true, false or null."""
    start = pos
    while pos < end:
        char = np.int64(buf[pos])
        lower = char | 32
        if not (
            (lower >= 97 and lower <= 122) or (char >= 48 and char <= 57) or char == 45 or char == 46 or char == 43
        ):
            break
        pos += 1
    if pos >= end:
        return np.int64(TRUNCATED)
    return pos if pos > start else np.int64(SYNTAX)


@compiled
def skip(buf, pos, end):
    """Behind any value that begins at `pos`."""
    kinds, depth = np.int64(0), np.int64(0)
    while True:
        pos = blank(buf, pos, end)
        if pos >= end:
            return np.int64(TRUNCATED)
        char = buf[pos]
        if char == 123 or char == 91:
            if depth >= _DEEPEST:
                return np.int64(TOO_DEEP)
            kinds = (kinds << 1) | (char == 123)
            depth += 1
            pos += 1
            continue
        if char == 125 or char == 93:
            if depth == 0 or (kinds & 1) != (char == 125):
                return np.int64(SYNTAX)
            kinds >>= 1
            depth -= 1
            pos += 1
        elif char == 34:
            pos = string(buf, pos, end)
        elif (char == 44 or char == 58) and depth > 0:
            pos += 1
            continue
        else:
            pos = _scalar(buf, pos, end)
        if pos < 0 or depth == 0:
            return pos


@compiled
def key(buf, pos, end):
    """A field name and its colon: (first byte of the name, byte behind it, position of the value)."""
    pos = blank(buf, pos, end)
    if pos >= end:
        return pos, pos, np.int64(TRUNCATED)
    if buf[pos] != 34:
        return pos, pos, np.int64(SYNTAX)
    start = pos + 1
    if pos + 4 < end and buf[pos + 2] == 34 and buf[pos + 3] == 58 and buf[pos + 4] > 32 and buf[start] != 92:
        return start, start + 1, pos + 4
    pos = string(buf, pos, end)
    if pos < 0:
        return start, start, pos
    stop = pos - 1
    pos = expect(buf, pos, end, 58)
    if pos < 0:
        return start, stop, pos
    pos = blank(buf, pos, end)
    return start, stop, (pos if pos < end else np.int64(TRUNCATED))


@compiled
def separator(buf, pos, end):
    """After a field's value: (behind the comma or closing brace, whether the object ended)."""
    pos = blank(buf, pos, end)
    if pos >= end:
        return np.int64(TRUNCATED), True
    if buf[pos] == 44:
        return pos + 1, False
    return (pos + 1 if buf[pos] == 125 else np.int64(SYNTAX)), True
