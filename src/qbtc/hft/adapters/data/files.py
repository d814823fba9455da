"""Source files as blocks of text, by their first bytes: plain, gzip, zip or zstd, tables in Parquet or .npz; in a second thread.

The thread runs ahead by a few blocks; decompression and digests leave Python's lock, so that decoding goes on meanwhile.
"""

from __future__ import annotations

import hashlib
import io
import queue
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from isal import isal_zlib

from ...domain.session.blocks import MAGIC
from ...errors import BadSource
from . import npz

BLOCK = 1 << 20
AHEAD = 4
GZIP, ZIP, ZSTD, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"PAR1"
SESSION = MAGIC[:4]
_GZIP_ERROR: Any = isal_zlib.error
Progress = Callable[[int], None]


def quiet(done: int) -> None:
    """A Progress that says nothing."""


@dataclass(slots=True)
class SourceFile:
    """A file, and what reading it found: its digest, and whether it stopped in its middle."""

    path: Path
    progress: Progress = quiet
    truncated: str = ""
    digest: str = ""
    _hash: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=16))

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def magic(self) -> bytes:
        with self.path.open("rb") as file:
            return file.read(4)

    def blocks(self) -> Iterator[bytes]:
        """The text in blocks, decompressed ahead."""
        return ahead(self._text())

    def head(self, size: int = 1 << 18) -> bytes:
        """The first bytes of the text; the source is as new afterwards."""
        peek, found = SourceFile(self.path), b""
        for block in peek._text():
            found += block
            if len(found) >= size:
                break
        return found[:size]

    def _text(self) -> Iterator[bytes]:
        magic = self.magic
        if magic == PARQUET:
            from .parquet import as_csv

            yield from as_csv(self.path)
            self._hash_all()
        elif magic == SESSION:
            from qbtc.hft.sessions.export import frame_lines

            yield from frame_lines(self.path)
            self._hash_all()
        elif magic == ZIP:
            yield from npz.as_csv(self.path) if npz.is_npz(self.path) else self._zip()
            self._hash_all()
        else:
            yield from self._stream(magic)
        self.digest = self._hash.hexdigest()

    def _stream(self, magic: bytes) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            if magic[:2] == GZIP:
                yield from self._gzip(file)
            elif magic == ZSTD:
                yield from self._zstd(file)
            else:
                yield from self._raw(file)

    def _raw(self, file: IO[bytes], size: int = BLOCK) -> Iterator[bytes]:
        while block := file.read(size):
            self._hash.update(block)
            self.progress(len(block))
            yield block

    def _gzip(self, file: IO[bytes]) -> Iterator[bytes]:
        """All members of a gzip file."""
        unpack, begun = isal_zlib.decompressobj(31), False
        try:
            for block in self._raw(file, BLOCK >> 2):
                while block:
                    begun = True
                    yield unpack.decompress(block, BLOCK)
                    while unpack.unconsumed_tail:
                        yield unpack.decompress(unpack.unconsumed_tail, BLOCK)
                    if not unpack.eof:
                        break
                    block, begun = unpack.unused_data.lstrip(b"\0"), False
                    unpack = isal_zlib.decompressobj(31)
            if begun:
                yield unpack.flush()
                self.truncated = "" if unpack.eof else "the gzip data stop in their middle"
        except _GZIP_ERROR as error:
            self.truncated = f"the gzip data are damaged ({error})"

    def _zstd(self, file: IO[bytes]) -> Iterator[bytes]:
        import zstandard

        reader = zstandard.ZstdDecompressor().stream_reader(cast(Any, _Counted(file, self)), read_across_frames=True)
        try:
            while block := reader.read(BLOCK):
                yield block
        except zstandard.ZstdError as error:
            self.truncated = f"the zstd data are damaged ({error})"

    def _zip(self) -> Iterator[bytes]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                names = [n for n in archive.namelist() if not n.endswith("/")]
                if len(names) != 1:
                    raise BadSource(f"{self.path}: holds {len(names)} files; a zip of public data holds one")
                with archive.open(names[0]) as file:
                    while block := file.read(BLOCK):
                        self.progress(0)
                        yield block
        except (zipfile.BadZipFile, EOFError) as error:
            self.truncated = f"the zip file is damaged ({error})"

    def _hash_all(self) -> None:
        with self.path.open("rb") as file:
            for _ in self._raw(file):
                pass


class _Counted(io.RawIOBase):
    """A file whose reads go into the digest and the progress."""

    def __init__(self, file: IO[bytes], source: SourceFile) -> None:
        self._file, self._source = file, source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._source._hash.update(block)
        self._source.progress(len(block))
        return block


def ahead(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same blocks, made in another thread, AHEAD of them at most; its exceptions come out here."""
    ready: queue.Queue[bytes | BaseException | None] = queue.Queue(AHEAD)
    stop = threading.Event()

    def put(item: bytes | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                ready.put(item, timeout=0.2)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for block in blocks:
                if not put(block):
                    return
            put(None)
        except BaseException as error:  # handed to the reader
            put(error)

    thread = threading.Thread(target=work, name="qbtc-unpack", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        thread.join()
