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


def block_size(head: bytes) -> int | None:
    """Bytes of a whole block, by its first `HEAD_SIZE` bytes; None when no block begins so."""
    if len(head) < _BLOCK.size:
        return None
    mark, size, _, _ = _BLOCK.unpack(head)
    return _BLOCK.size + int(size) if mark == _MARK else None


HEAD_SIZE = _BLOCK.size


@dataclass(slots=True)
class Reader:
    """Records of a file's bytes. `whole` and `lost`, known once all is read: the bytes that could be read, and those of
    an unfinished block behind them."""

    raw: bytes
    whole: int = 0
    lost: int = 0

    def __iter__(self) -> Iterator[Part]:
        """Raises Damaged."""
        if self.raw[: len(MAGIC)] != MAGIC:
            raise Damaged(0, "it does not begin like a session recording")
        at = len(MAGIC)
        while (found := self._block(at)) is not None:
            yield from _records(found[0], at)
            at = found[1]
            self.whole = at
        self.whole, self.lost = at, len(self.raw) - at

    def _block(self, at: int) -> tuple[bytes, int] | None:
        """Its records and where the next one begins; None where the file ends."""
        if at + _BLOCK.size > len(self.raw):
            return None
        mark, size, whole, check = _BLOCK.unpack_from(self.raw, at)
        if mark != _MARK or whole > LARGEST:
            raise Damaged(at, "no block begins here")
        begin, end = at + _BLOCK.size, at + _BLOCK.size + size
        if end > len(self.raw):
            return None
        stored = self.raw[begin:end]
        if zlib.crc32(stored) != check:
            raise Damaged(at, "the checksum of a block is wrong")
        try:
            records = zlib.decompress(stored, bufsize=whole)
        except zlib.error as error:
            raise Damaged(at, f"a block cannot be unpacked: {error}") from None
        if len(records) != whole:
            raise Damaged(at, f"a block holds {len(records)} bytes instead of {whole}")
        return records, end


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
