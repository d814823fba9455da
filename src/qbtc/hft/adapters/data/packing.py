"""A tape as one compressed archive and back, bit for bit.

`.tape.zst`: a zstd frame of a tar, whose members are tape.json and the columns; integer columns of times, offsets and
permutations are differences there, split into bytes of equal weight, which is what compresses. tape.json's checksums
are of the plain columns: unpacking checks every one before the tape gets its name.
"""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from isal import isal_zlib

from qbtc.core.market.tape.info import Column, Info, from_json
from qbtc.core.market.tape.layout import Array, TapeFault
from qbtc.core.market.tape.tape import Tape

from ...errors import BadSource, BrokenTape
from .importing import beside, take_name
from .opening import open_tape
from .writer import TAPE, sync

if TYPE_CHECKING:
    import zstandard

SUFFIX = ".tape.zst"
DIFFERENCES = frozenset(("local", "first", "lag", "exch", "seq", "tick"))
LEVEL, DRAINED = 12, 1 << 16


def encode(name: str, values: Array) -> bytes:
    """A column as bytes that compress well; `decode` gives it back exactly."""
    data = np.ascontiguousarray(values)
    if name in DIFFERENCES and len(data):
        unsigned = data.view(f"<u{data.dtype.itemsize}")
        data = np.concatenate([unsigned[:1], unsigned[1:] - unsigned[:-1]])
    return data.view(np.uint8).reshape(-1, data.dtype.itemsize).T.tobytes()


def decode(name: str, text: bytes, column: Column) -> Array:
    """Raises TapeFault for bytes of another length."""
    dtype = np.dtype(column.dtype)
    if len(text) != column.bytes:
        raise TapeFault(f"column {name} has {len(text)} bytes; {column.bytes} are needed")
    planes = np.frombuffer(text, np.uint8).reshape(dtype.itemsize, -1)
    data = np.ascontiguousarray(planes.T).reshape(-1).view(f"<u{dtype.itemsize}")
    if name in DIFFERENCES:
        data = np.cumsum(data, dtype=data.dtype)
    return data.view(dtype)


def pack(path: Path, out: Path | None = None, *, replace: bool = False) -> Path:
    """The archive of a tape, beside it unless `out` is given."""
    import zstandard

    tape = open_tape(path)
    target = out or path.with_name(path.name + SUFFIX)
    if target.exists() and not replace:
        raise BadSource(f"{target}: exists already", field="out", allowed="another --out, or --replace")
    part = target.with_name(f".{target.name}.partial")
    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    try:
        _write(path, tape, part, packer)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _write(path: Path, tape: Tape, part: Path, packer: zstandard.ZstdCompressor) -> None:
    with (
        part.open("wb") as file,
        packer.stream_writer(file, closefd=False) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        _add(archive, TAPE, (path / TAPE).read_bytes())
        for name in tape.info.columns:
            _add(archive, f"{name}.bin", encode(name, tape.columns[name]))


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def unpack(archive: Path, out: Path | None = None, *, replace: bool = False) -> Path:
    """The tape of an archive. Raises BadSource, BrokenTape; leaves nothing then."""
    if not archive.is_file():
        raise BadSource(f"{archive}: no such file", field="archive")
    target = out or archive.with_name(archive.name.removesuffix(SUFFIX))
    if target.exists() and not replace:
        raise BadSource(f"{target}: exists already", field="out", allowed="another --out, or --replace")
    with beside(target) as folder:
        _extract(archive, folder)
        take_name(folder, target, replace=replace)
    return target


def _extract(archive: Path, folder: Path) -> None:
    import zstandard

    try:
        with (
            archive.open("rb") as file,
            zstandard.ZstdDecompressor().stream_reader(file) as plain,
            tarfile.open(fileobj=plain, mode="r|") as members,
        ):
            _members(members, folder)
            while plain.read(DRAINED):  # to the end, where zstd's own checksum is
                pass
    except (zstandard.ZstdError, tarfile.TarError, EOFError, ValueError, KeyError) as error:
        raise BrokenTape(f"{archive}: is no whole {SUFFIX} archive: {error}") from None


def _members(members: tarfile.TarFile, folder: Path) -> None:
    """tape.json comes first; every column must be there once, as it says."""
    info: Info | None = None
    left: set[str] = set()
    for member in members:
        data = _bytes(members.extractfile(member))
        if info is None:
            if member.name != TAPE:
                raise TapeFault(f"begins with {member.name!r}, not with {TAPE}")
            info, text = from_json(json.loads(data)), data
            left = set(info.columns)
            continue
        name = member.name.removesuffix(".bin")
        if name not in left:
            raise TapeFault(f"holds {member.name!r}, which is no column of it")
        left.remove(name)
        _column(folder, name, data, info.columns[name])
    if info is None or left:
        raise TapeFault(f"lacks {', '.join(sorted(left)) or TAPE}")
    (folder / TAPE).write_bytes(text)
    sync(folder)


def _column(folder: Path, name: str, data: bytes, column: Column) -> None:
    values = np.ascontiguousarray(decode(name, data, column))
    if isal_zlib.crc32(values.view(np.uint8).data) != column.crc32:
        raise TapeFault(f"column {name} has another checksum than {TAPE} says")
    (folder / f"{name}.bin").write_bytes(values.tobytes())


def _bytes(file: IO[bytes] | None) -> bytes:
    return b"" if file is None else file.read()

