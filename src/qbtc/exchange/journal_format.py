"""The bytes of the venue's journal: rows of 64-bit words without their zeros, in frames with length, number and CRC-32.

A segment is a header and frames; a frame is one group commit. Little-endian.

    header   magic, segment number, number of its first frame, CRC-32 of these three            4 words
    frame    payload length in words | CRC-32 << 32, frame number ^ MARK, payload
    record   kind | mask << 8, then the words of the row whose bit of the mask is set

The CRC covers everything of the frame but the word that holds it. Pure; files are `journal`'s, meanings `books_fold`'s.
"""

from __future__ import annotations

import sys
import zlib
from enum import IntEnum
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ..core.market.engine.layout import EVENT, ORDER
from .compiled import entry, inner

Words = NDArray[np.int64]

MAGIC = int.from_bytes(b"QBTCJRN2", "little")
MARK = 0x5142_5443_4652_414D
HEADER = 4
FRAME = 2
MAX_FRAME = 1 << 22
"""Most payload words of one frame; what waits beyond goes into the next."""

OK, ENDS, DAMAGED = 0, 1, 2

if sys.byteorder != "little":
    raise ImportError("the venue's journal needs a little-endian machine")


class Record(IntEnum):
    ORDER = 1
    EVENT = 2
    LIST = 3
    ACCOUNT = 4
    SYMBOL = 5
    ASSET = 6
    RENAME = 7
    MARK = 8
    """A number to go on from: `what` is a symbol's number * 2 for a trade id, * 2 + 1 for a tick."""


class AccountStep(IntEnum):
    OPEN = 1
    DEPOSIT = 2
    RESET = 3


LIST = np.dtype(
    [
        ("id", "i8"),
        ("client", "S36"),
        ("account", "i4"),
        ("symbol", "i2"),
        ("kind", "u1"),
        ("status", "u1"),
        ("legs", "i4"),
        ("created", "i8"),
        ("updated", "i8"),
        ("orders", "i8", (3,)),
    ],
    align=True,
)
ACCOUNT = np.dtype([("step", "i8"), ("account", "i8"), ("asset", "i8"), ("amount", "i8"), ("time", "i8")])
SYMBOL = np.dtype(
    [("id", "i8"), ("name", "S24"), ("base", "i8"), ("quote", "i8"), ("tick_units", "i8"), ("lot_units", "i8")]
)
ASSET = np.dtype([("id", "i8"), ("name", "S16")])
RENAME = np.dtype([("order", "i8"), ("client", "S40")])
NOTE = np.dtype([("what", "i8"), ("value", "i8")])

ROWS: dict[Record, np.dtype[np.void]] = {
    Record.ORDER: ORDER,
    Record.EVENT: EVENT,
    Record.LIST: LIST,
    Record.ACCOUNT: ACCOUNT,
    Record.SYMBOL: SYMBOL,
    Record.ASSET: ASSET,
    Record.RENAME: RENAME,
    Record.MARK: NOTE,
}
WIDTHS = np.array([ROWS[Record(k)].itemsize // 8 if k else 0 for k in range(len(ROWS) + 1)], np.int64)
"""Words of a row by its kind."""
WIDEST = int(WIDTHS.max())


def fingerprint() -> int:
    """Changes when a row changes its fields: a journal of other rows is refused, not misread."""
    return zlib.crc32(repr([(int(kind), dtype.descr) for kind, dtype in ROWS.items()]).encode()) & 0x7FFF_FFFF


def header(segment: int, first: int) -> bytes:
    words = np.array([MAGIC, segment | fingerprint() << 32, first, 0], np.int64)
    words[3] = zlib.crc32(words[:3].tobytes())
    return words.tobytes()


def _tables() -> NDArray[np.uint32]:
    """CRC-32 of zlib (polynomial 0xEDB88320) for eight bytes at once."""
    tables = np.zeros((8, 256), np.uint32)
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        tables[0, byte] = value
    for k in range(1, 8):
        tables[k] = (tables[k - 1] >> 8) ^ tables[0, tables[k - 1] & 0xFF]
    return tables


_CRC = _tables()


@inner
def crc(words: Words, start: int, end: int) -> int:
    """CRC-32 of words[start:end], as zlib.crc32 of their bytes."""
    value = np.uint64(0xFFFFFFFF)
    byte = np.uint64(0xFF)
    for i in range(start, end):
        x = np.uint64(words[i]) ^ value
        value = np.uint64(
            _CRC[7, x & byte]
            ^ _CRC[6, (x >> np.uint64(8)) & byte]
            ^ _CRC[5, (x >> np.uint64(16)) & byte]
            ^ _CRC[4, (x >> np.uint64(24)) & byte]
            ^ _CRC[3, (x >> np.uint64(32)) & byte]
            ^ _CRC[2, (x >> np.uint64(40)) & byte]
            ^ _CRC[1, (x >> np.uint64(48)) & byte]
            ^ _CRC[0, x >> np.uint64(56)]
        )
    return np.uint32(value ^ np.uint64(0xFFFFFFFF))  # type: ignore[return-value]


@inner
def encode(kind: int, row: Words, width: int, out: Words, at: int) -> int:
    """Write one record to out[at:]; returns where the next one goes. `out` must have width + 1 words left."""
    mask, to = 0, at + 1
    for i in range(width):
        if row[i] != 0:
            mask |= 1 << i
            out[to] = row[i]
            to += 1
    out[at] = kind | mask << 8
    return to


@inner
def decode(words: Words, at: int, end: int, row: Words, width: int) -> int:
    """Expand the record at `at` into `row`; returns where the next one starts, -1 if it does not fit before `end`."""
    mask = words[at] >> 8
    at += 1
    for i in range(width):
        row[i] = 0
        if mask & 1:
            if at >= end:
                return -1
            row[i] = words[at]
            at += 1
        mask >>= 1
    return at if mask == 0 else -1


@inner
def frame(words: Words, at: int, number: int) -> tuple[int, int]:
    """(state, end) of the frame expected at `at`: OK, ENDS if nothing is there, DAMAGED if it is no good frame."""
    if at == words.size:
        return ENDS, at
    if at + FRAME > words.size:
        return DAMAGED, at
    length = words[at] & 0xFFFFFFFF
    end = at + FRAME + length
    if length == 0 or length > MAX_FRAME or end > words.size or words[at + 1] != number ^ MARK:
        return DAMAGED, at
    if np.int64(crc(words, at + 1, end)) != (words[at] >> 32) & 0xFFFFFFFF:
        return DAMAGED, at
    return OK, end


@entry
def later(words: Words, at: int, number: int) -> int:
    """Where a good frame later than `number` begins behind `at`, -1 if there is none: then `at` is a torn tail."""
    for i in range(at, words.size - FRAME):
        ahead = (words[i + 1] ^ MARK) - number
        if 0 < ahead <= words.size and frame(words, i, number + ahead)[0] == OK:
            return i
    return -1


def seal(payload: Words, number: int) -> bytes:
    """A frame around encoded records."""
    framed = np.empty(FRAME + payload.size, np.int64)
    framed[1] = number ^ MARK
    framed[FRAME:] = payload
    check = zlib.crc32(framed[1:].view(np.uint8))  # type: ignore[arg-type]
    framed.view(np.uint32)[:2] = payload.size, check
    return framed.tobytes()


def words_of(record: np.void | NDArray[np.void]) -> Words:
    """The words of one row (shared memory)."""
    return cast(Words, np.frombuffer(record.data, np.int64))
