"""The bytes of a session recording: records in compressed blocks with a checksum each. Pure.

    file    MAGIC, then blocks
    block   BLOK, size as stored, size of its records, CRC-32 of what is stored (4 x uint32), then the records, by zlib
    record  payload size (u32), kind (u16), 0 (u16), instant (i64, ns), payload, zeros up to a multiple of 8 bytes

Little-endian. A block holds whole records, so a file that was cut anywhere is readable up to the last whole block.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"QBTC session 1\r\n"
_MARK = b"BLOK"
_BLOCK = struct.Struct("<4sIII")
RECORD = struct.Struct("<IHHq")
LEVEL = 1
LARGEST = 1 << 28
"""Bytes of a block's records; more is a broken size."""


class Damaged(ValueError):
    """`at` is the place in the file, in bytes, of the block that is not what was written."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at, self.why = at, why


@dataclass(frozen=True, slots=True)
class Part:
    """One record."""

    kind: int
    at: int
    payload: bytes


def record(kind: int, at: int, payload: bytes) -> bytes:
    size = len(payload)
    return RECORD.pack(size, kind, 0, at) + payload + b"\0" * (-size % 8)


def block(records: bytes) -> bytes:
    """One block of whole records."""
    stored = zlib.compress(records, LEVEL)
    return _BLOCK.pack(_MARK, len(stored), len(records), zlib.crc32(stored)) + stored


@dataclass(frozen=True, slots=True)
class Head:
    """Of a block at a place of a file: bytes that follow as stored, as records, and what their checksum must be."""

    at: int
    stored: int
    whole: int
    check: int

    @property
    def end(self) -> int:
        return self.at + HEAD_SIZE + self.stored


HEAD_SIZE = _BLOCK.size


def head(raw: bytes, at: int) -> Head | None:
    """Of the block that begins at `at` of a file with these bytes; None when they are too few. Raises Damaged."""
    if len(raw) < HEAD_SIZE:
        return None
    mark, stored, whole, check = _BLOCK.unpack(raw)
    if mark != _MARK or whole > LARGEST:
        raise Damaged(at, "no block begins here")
    return Head(at, stored, whole, check)


def checked(found: Head, stored: bytes) -> None:
    """Raises Damaged."""
    if zlib.crc32(stored) != found.check:
        raise Damaged(found.at, "the checksum of a block is wrong")


def records(found: Head, stored: bytes) -> Iterator[Part]:
    """Of a block. Raises Damaged."""
    checked(found, stored)
    packed = zlib.decompressobj()
    try:
        raw = packed.decompress(stored, found.whole + 1)
    except zlib.error as error:
        raise Damaged(found.at, f"a block cannot be unpacked: {error}") from None
    if len(raw) != found.whole:
        raise Damaged(found.at, f"a block does not hold {found.whole} bytes")
    yield from _records(raw, found.at)


def _records(raw: bytes, block_at: int) -> Iterator[Part]:
    at = 0
    while at < len(raw):
        if at + RECORD.size > len(raw):
            raise Damaged(block_at, "a block ends in the middle of a record")
        size, kind, _, when = RECORD.unpack_from(raw, at)
        begin = at + RECORD.size
        if begin + size > len(raw):
            raise Damaged(block_at, "a record is longer than its block")
        yield Part(kind, when, raw[begin : begin + size])
        at = begin + size + (-size % 8)
