"""The futures journal from disk: the newest good checkpoint, then the facts of the segments behind it.

A torn tail of the last segment is cut off and said; damage anywhere else is refused with file and byte. A damaged
checkpoint is put aside, and what it held is read from the one before it or from the whole journal. A journal of one
file (`futures.log`, of an earlier version) becomes segment 0.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ...core.market.futures.facts import Fact, decoder, group_decoder
from ...core.market.futures.state import State, StateError
from ..journal_folder import FUTURES, sync_folder
from .journal import FACT, HEAD, MAGIC, STATE, FuturesJournalError

MAX_RECORD = 1 << 30
_BEGINS = re.compile(rb"[FS]\{|G\[")
"""How payloads begin; `_damage` looks only there."""


@dataclass(slots=True)
class Recovered:
    """The state, the segment that goes on, how many facts (a whole state: 1) were read, and what a person should hear."""

    state: State = field(default_factory=State)
    segment: int = 1
    records: int = 0
    notes: list[str] = field(default_factory=list)


def recover(folder: Path) -> Recovered:
    """Fold what is on disk. Raises FuturesJournalError."""
    _take_over(folder)
    found, covered, damaged = _newest_checkpoint(folder)
    if (folder / "futures.log").exists():
        found.notes.append("futures.log of an earlier version lies beside a newer journal and was passed over")
    segments = [s for s in FUTURES.segments(folder) if s > covered]
    _refuse_gaps(folder, segments, covered, found.notes)
    for segment in segments:
        _segment(folder, segment, found, last=segment == segments[-1])
    found.segment = segments[-1] if segments else covered + 1 if covered >= 0 else 1
    for number in damaged:
        FUTURES.put_aside(folder, number)
    return found


def _take_over(folder: Path) -> None:
    old = folder / "futures.log"
    if old.is_file() and not FUTURES.segments(folder) and not FUTURES.checkpoints(folder):
        old.replace(FUTURES.segment_path(folder, 0))
        sync_folder(folder)


def _newest_checkpoint(folder: Path) -> tuple[Recovered, int, list[int]]:
    """What it holds, the last segment that it covers (-1: there is none), and the damaged ones passed over."""
    found = Recovered()
    damaged: list[int] = []
    for number in reversed(FUTURES.checkpoints(folder)):
        path = FUTURES.checkpoint_path(folder, number)
        data = path.read_bytes()
        payload = _record(data, len(MAGIC)) if data.startswith(MAGIC) else None
        if payload is not None and payload[:1] == STATE:
            _fold(path, payload, found)
            return found, number, damaged
        damaged.append(number)
        text = f"{path} is damaged: what it held is read from what was before it, and it is put aside"
        found.notes.append(text)
    return found, -1, damaged


def _refuse_gaps(folder: Path, segments: list[int], covered: int, notes: list[str]) -> None:
    """Every segment behind the checkpoint must be there; without one, the first of all. Raises FuturesJournalError."""
    first = covered + 1 if covered >= 0 else 0 if segments[:1] == [0] else 1
    for place, segment in enumerate(segments or ([-1] if notes else [])):
        if segment != first + place:
            because = f"{notes[-1]}; no other checkpoint is good, and " if notes else ""
            path = FUTURES.segment_path(folder, first + place)
            raise FuturesJournalError(f"{because}{path} is missing; restore a backup")


def _segment(folder: Path, segment: int, found: Recovered, *, last: bool) -> None:
    path = FUTURES.segment_path(folder, segment)
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        if not last or not MAGIC.startswith(data):
            raise FuturesJournalError(f"{path} is not a futures journal; move it away")
        path.write_bytes(MAGIC)
        data = MAGIC
    end = len(MAGIC)
    for after, payload in records(path, data):
        _fold(path, payload, found)
        end = after
    if end < len(data):
        if not last:
            raise FuturesJournalError(f"{path}: the record at byte {end} is damaged; restore a backup")
        _cut(path, end)
        found.notes.append(f"{path.name}: {len(data) - end} bytes of an unfinished write were cut off at byte {end}")


def _fold(path: Path, payload: bytes, found: Recovered) -> None:
    facts: list[Fact] = []
    try:
        if payload[:1] == STATE:
            found.state = State.load(payload[1:])
        elif payload[:1] == FACT:
            facts = [decoder.decode(payload[1:])]
        else:
            facts = group_decoder.decode(payload[1:])
        for fact in facts:
            found.state.apply(fact)
    except (msgspec.DecodeError, StateError, KeyError) as error:
        text = f"{path}: the record {payload[:200]!r} does not fit: {error}; use the version that wrote it, or a backup"
        raise FuturesJournalError(text) from error
    found.records += len(facts) or 1


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)
        os.fsync(file.fileno())


def records(path: Path, data: bytes) -> Iterator[tuple[int, bytes]]:
    """(end offset, payload) of every whole record. Stops at a torn tail; raises on damage before it."""
    position = len(MAGIC)
    while position + HEAD.size <= len(data):
        payload = _record(data, position)
        if payload is None:
            if how := _damage(data, position):
                raise FuturesJournalError(f"{path}: the record at byte {position} is damaged{how}; restore a backup")
            return
        position += HEAD.size + len(payload)
        yield position, payload


def _record(data: bytes, position: int) -> bytes | None:
    if position + HEAD.size > len(data):
        return None
    length, crc = HEAD.unpack_from(data, position)
    begin = position + HEAD.size
    if not 0 < length <= min(MAX_RECORD, len(data) - begin):
        return None
    body = data[begin : begin + length]
    return body if zlib.crc32(body) == crc else None


def _damage(data: bytes, position: int) -> str:
    """How it is known that what is no good record was one, whatever its length says; empty: it is a torn tail."""
    begin = position + HEAD.size
    for found in _BEGINS.finditer(data, begin + 1):
        if _record(data, found.start() - HEAD.size) is not None:
            return f" and good ones follow at byte {found.start() - HEAD.size}"
    whole = begin < len(data) and zlib.crc32(data[begin:]) == HEAD.unpack_from(data, position)[1]
    return " in its length" if whole else ""
