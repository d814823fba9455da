"""The venue's books from disk: the newest good checkpoint, then the segments behind it. Also writes checkpoints.

A torn tail of the last segment is cut off and said; damage anywhere else is refused with file and byte. A checkpoint
is made from the previous one and closed segments by the same fold, beside the running venue, which does not wait.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import books_state as bs
from .books_calls import Table, replay
from .books_fold import Refusal, Row, reindex
from .books_state import KEEP, STORED, State, empty, used
from .journal_folder import SPOT
from .journal_format import HEADER, MAGIC, Words, fingerprint, header, later
from .segments import DamagedCheckpoint, JournalError, segment_path

OLD_MAGIC = b"QBTC-JOURNAL-1\n"
CHECKPOINT = int.from_bytes(b"QBTCCHK2", "little")
_FIXED = 5
WINDOW = 1 << 19
"""Words of a segment that are read at once. One buffer is used again and again: fresh memory costs more than the fold."""


@dataclass(slots=True)
class Recovered:
    """The books, where the journal goes on, and what a person should hear."""

    state: State
    segment: int = 1
    number: int = 1
    checkpoint: int = 0
    notes: list[str] = field(default_factory=list)


def recover(folder: Path, *, keep: int = KEEP, until: int | None = None) -> Recovered:
    """Fold what is on disk. `until`: only segments up to this one, all closed. Raises JournalError."""
    _refuse_old(folder / "journal.log")
    found, damaged = _newest_checkpoint(folder, keep)
    segments = [s for s in SPOT.segments(folder) if s > found.checkpoint and (until is None or s <= until)]
    _refuse_gaps(folder, found, segments, damaged)
    row = Row()
    for segment in segments:
        found = _segment(folder, segment, found, row, last=segment == segments[-1] and until is None)
    for number in damaged:
        SPOT.put_aside(folder, number)
    return found


def _refuse_gaps(folder: Path, found: Recovered, segments: list[int], damaged: list[int]) -> None:
    """Every segment behind the checkpoint must be there; without a good checkpoint, every one. Raises JournalError."""
    wanted = found.checkpoint + 1
    for place, segment in enumerate(segments or ([0] if damaged else [])):
        if segment != wanted + place:
            because = f"{found.notes[-1]}; no other checkpoint is good, and " if damaged else ""
            raise JournalError(f"{because}{segment_path(folder, wanted + place)} is missing; restore a backup")


def _refuse_old(path: Path) -> None:
    if path.exists() and path.read_bytes()[: len(OLD_MAGIC)] == OLD_MAGIC:
        raise JournalError(f"{path} is of an earlier version of the venue; move it away, or begin anew: qbtc reset")


# ---- segments


def _segment(folder: Path, segment: int, found: Recovered, row: Row, *, last: bool) -> Recovered:
    path = segment_path(folder, segment)
    size = path.stat().st_size
    if not _headed(path, segment, found.number, last=last):
        path.unlink()
        found.notes.append(f"{path.name} had been begun and not written; it was made anew")
        found.segment = segment
        return found
    with path.open("rb", buffering=0) as file:
        state, number, end = _fold(path, file, size // 8, found, row, last=last)
    if end * 8 != size:
        _cut(path, end * 8)
        found.notes.append(f"{path.name}: {size - end * 8} bytes of an unfinished write were cut off at byte {end * 8}")
    return Recovered(state, segment, number, found.checkpoint, found.notes)


def _fold(path: Path, file: FileIO, size: int, found: Recovered, row: Row, *, last: bool) -> tuple[State, int, int]:
    """Fold a segment of `size` words window by window: the books, the next frame's number, and the word where good
    frames end. Raises JournalError."""
    state, number, begin, buffer = found.state, found.number, HEADER, np.empty(WINDOW, np.int64)
    while True:
        words = _window(file, begin, size, buffer)
        state, code, at, number = _replay(state, row, words, number)
        if begin + words.size == size or code not in (Refusal.FRAME_ENDS, Refusal.FRAME_DAMAGED):
            break
        if at == 0:  # a frame larger than the window, or a damaged one
            buffer = np.empty(4 * buffer.size, np.int64)
        begin += at
    if code not in (Refusal.FRAME_ENDS, Refusal.FRAME_DAMAGED):
        raise JournalError(f"{path}, byte {(begin + at) * 8}: {Refusal(code).name.lower()}; restore a backup")
    if code == Refusal.FRAME_DAMAGED:
        behind = later(words, at, number)
        if behind >= 0 or not last:
            where = f" and good ones follow at byte {(begin + behind) * 8}" if behind >= 0 else ""
            raise JournalError(f"{path}: the frame at byte {(begin + at) * 8} is damaged{where}; restore a backup")
    return state, number, begin + at


def _window(file: FileIO, begin: int, size: int, buffer: Words) -> Words:
    """Words of the file from `begin`, as many as there are and the buffer takes."""
    words = buffer[: min(buffer.size, size - begin)]
    view, got = memoryview(words.view(np.uint8)), 0  # type: ignore[arg-type]
    file.seek(begin * 8)
    while got < view.nbytes:
        read = file.readinto(view[got:])
        if not read:
            raise JournalError(f"{file.name} became shorter while it was read")
        got += read
    return words


def _replay(state: State, row: Row, words: Words, number: int) -> tuple[State, int, int, int]:
    """Fold the frames of a window: the books, why it ended, where, and the number of the frame there."""
    at, within = 0, 0
    while True:
        code, at, number, within = replay(Table(state, row, row.words).addresses, words, at, number, within)
        if code != Refusal.INDEX_FULL:
            return state, code, at, number
        state = larger_index(state)


def _headed(path: Path, segment: int, number: int, *, last: bool) -> bool:
    """False: the header of the last segment was never finished. Raises JournalError."""
    wanted = np.frombuffer(header(segment, number), np.int64)
    words = np.fromfile(path, np.int64, HEADER)
    if words.size >= HEADER and bool((words == wanted).all()):
        return True
    if words.size < HEADER and last:
        return False
    if words.size < HEADER or words[0] != MAGIC:
        raise JournalError(f"{path} is not a journal of the venue; move it away")
    if words[1] != wanted[1]:
        raise JournalError(f"{path} was written by another version of the venue; use that one, or qbtc reset")
    raise JournalError(f"{path}: the header is damaged; restore a backup")


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)
        os.fsync(file.fileno())


def larger_index(state: State) -> State:
    """The same books with twice the index."""
    grown = state._replace(ids=np.zeros(2 * state.ids.size, np.int64))
    reindex(grown)
    return grown


# ---- checkpoints


def compact(folder: Path, closed: int, *, keep: int = KEEP) -> Path:
    """Make a checkpoint that covers all segments up to `closed`; older files that two checkpoints cover are deleted."""
    found = recover(folder, keep=keep, until=closed)
    return SPOT.write_checkpoint(folder, closed, _parts(found.state, closed, found.number))


def _rows_mark() -> int:
    dtypes = [getattr(empty(1), name).dtype.descr for name in STORED]
    return zlib.crc32(repr((fingerprint(), dtypes)).encode())


def _parts(state: State, segment: int, number: int) -> list[memoryview]:
    """Header (magic, rows, segment, next frame, arrays; length and CRC of each; CRC of the header), then the arrays."""
    arrays = [np.ascontiguousarray(used(state, name)).view(np.uint8).reshape(-1) for name in STORED]
    head = [CHECKPOINT, _rows_mark(), segment, number, len(arrays)]
    for array in arrays:
        head += [array.size, zlib.crc32(array.data)]
    words = np.array([*head, 0], np.int64)
    words[-1] = zlib.crc32(words[:-1].tobytes())
    return [memoryview(words.tobytes()), *(array.data for array in arrays)]


def _newest_checkpoint(folder: Path, keep: int) -> tuple[Recovered, list[int]]:
    """The newest good one, or empty books, and the damaged ones that were passed over. Raises JournalError for another
    version's."""
    notes: list[str] = []
    damaged: list[int] = []
    for segment in reversed(SPOT.checkpoints(folder)):
        try:
            found = _load(SPOT.checkpoint_path(folder, segment), segment, keep)
        except DamagedCheckpoint as error:
            damaged.append(segment)
            notes.append(f"{error}: what it held is read from what was before it, and it is put aside")
            continue
        found.notes = notes
        return found, damaged
    return Recovered(empty(keep), notes=notes), damaged


def _load(path: Path, segment: int, keep: int) -> Recovered:
    width = _FIXED + 2 * len(STORED) + 1
    with path.open("rb") as file:
        head = np.frombuffer(file.read(width * 8).ljust(width * 8, b"\0"), np.int64)
        good = head[0] == CHECKPOINT and zlib.crc32(head[:-1].tobytes()) == head[-1] and head[2] == segment
        if not good:
            raise DamagedCheckpoint(f"{path}: the header is damaged")
        if head[1] != _rows_mark():
            raise JournalError(f"{path} was written by another version of the venue; use that one, or qbtc reset")
        state = empty(keep)
        for place, name in enumerate(STORED):
            size, check = head[_FIXED + 2 * place : _FIXED + 2 * place + 2]
            array = _bytes(getattr(state, name))
            if size > array.size or file.readinto(array[:size].data) != size or zlib.crc32(array[:size].data) != check:
                raise DamagedCheckpoint(f"{path}: {name} is damaged")
    while 2 * state.counts[bs.N_ORDERS] >= state.ids.size:
        state = state._replace(ids=np.zeros(2 * state.ids.size, np.int64))
    reindex(state)
    return Recovered(state, segment + 1, int(head[3]), segment)


def _bytes(array: NDArray[np.void]) -> NDArray[np.uint8]:
    return array.reshape(-1).view(np.uint8)
