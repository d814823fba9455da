"""Everything about a tape that can be checked without its sources: files, checksums, order, offsets, ids, the book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from isal import isal_zlib

from qbtc.core.market.tape.info import Info
from qbtc.core.market.tape.layout import SHIFT, Kind, TapeFault, price_ticks
from qbtc.core.market.tape.orders import Wrong, levelled, untold
from qbtc.core.market.tape.replay import crossed
from qbtc.core.market.tape.tape import Tape

from ...errors import BrokenTape
from .opening import mapped, open_tape, read_info
from .writer import TAPE

CHUNK = 1 << 22
PASSED_OVER = tuple(wrong.name.lower() for wrong in Wrong if wrong is not Wrong.CROSSED)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a tape. `check` is stable: files, checksum, times, offsets, kinds, permutation, ids, book, orders."""

    check: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found. `notes` are properties of the source that the tape tells about itself; they are no fault."""

    info: Info
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.problems

    @property
    def complete(self) -> bool:
        """Sound, and its source lost nothing: no gap, no event of an unknown order, a snapshot where there is depth."""
        depth_begins = not self.info.kinds.get("DEPTH") or bool(self.info.snapshots)
        lost = any(self.info.finding_counts.get(note) for note in ("gap", *PASSED_OVER))
        return self.sound and depth_begins and not lost


def verify(path: Path) -> Verdict:
    """Raises NoTape or BrokenTape when there is no tape.json that can be read."""
    info = read_info(path)
    problems = list(_files(path, info))
    if not problems:
        tape = open_tape(path)
        checks = (_times, _offsets, _kinds, _permutation, _values, _ids, _tickers, _book, _orders)
        problems += [problem for found in checks for problem in found(tape)]
    return Verdict(info, tuple(problems), tuple(_notes(info)))


def _files(path: Path, info: Info) -> Iterator[Problem]:
    """Each column there, whole and unchanged, and nothing else."""
    for name, column in info.columns.items():
        try:
            data = mapped(path, name, column).view(np.uint8)
        except BrokenTape as error:
            yield Problem("files", str(error))
            continue
        crc = 0
        for start in range(0, len(data), CHUNK):
            crc = isal_zlib.crc32(data[start : start + CHUNK].data, crc)
        if crc != column.crc32:
            yield Problem("checksum", f"{path / name}.bin: was changed: CRC-32 {crc}, tape.json says {column.crc32}")
    known = {f"{name}.bin" for name in info.columns} | {TAPE}
    for extra in sorted(file.name for file in path.iterdir() if file.name not in known):
        yield Problem("files", f"{path / extra}: is no part of the tape")


def _times(tape: Tape) -> Iterator[Problem]:
    at = _first_fall(tape.local)
    if at >= 0:
        yield Problem("times", f"message {at}: local time falls from {tape.local[at - 1]} to {tape.local[at]}")
    if len(tape) and (int(tape.local[0]), int(tape.local[-1])) != (tape.info.first_local, tape.info.last_local):
        yield Problem("times", "the first or last local time is not what tape.json says")


def _first_fall(values: np.ndarray) -> int:
    """The first index whose value is below the one before it, or -1."""
    for start in range(0, len(values) - 1, CHUNK):
        part = values[start : start + CHUNK + 1]
        found = np.flatnonzero(part[1:] < part[:-1])
        if found.size:
            return start + int(found[0]) + 1
    return -1


def _offsets(tape: Tape) -> Iterator[Problem]:
    first = tape.first
    at = _first_fall(first)
    if at >= 0:
        yield Problem("offsets", f"message {at}: its rows begin at {first[at]}, before those of the one before it")
    elif int(first[0]) != 0 or int(first[-1]) != tape.info.rows:
        yield Problem("offsets", f"rows run from {first[0]} to {first[-1]}, not from 0 to {tape.info.rows}")


def _kinds(tape: Tape) -> Iterator[Problem]:
    values, counts = np.unique(tape.kind, return_counts=True)
    found = {int(v): int(c) for v, c in zip(values, counts, strict=True)}
    unknown = sorted(found.keys() - {int(k) for k in Kind})
    if unknown:
        yield Problem("kinds", f"messages of unknown kinds {', '.join(map(str, unknown))}")
    elif {Kind(k).name: c for k, c in found.items()} != tape.info.kinds:
        yield Problem("kinds", "the numbers of messages by kind are not what tape.json says")


def _permutation(tape: Tape) -> Iterator[Problem]:
    exchange, order = tape.exchange, tape.columns.get("exch")
    if order is None:
        at = _first_fall(exchange)
        if at >= 0:
            yield Problem("permutation", f"message {at}: exchange time falls, and there is no column exch")
        return
    if int(order.max(initial=0)) >= len(tape) or np.any(np.bincount(order, minlength=len(tape)) != 1):
        yield Problem("permutation", "exch does not hold every message once")
        return
    sorted_times = exchange[order]
    falls = sorted_times[1:] < sorted_times[:-1]
    unstable = (sorted_times[1:] == sorted_times[:-1]) & (order[1:] < order[:-1])
    wrong = np.flatnonzero(falls | unstable)
    if wrong.size:
        yield Problem("permutation", f"exch[{int(wrong[0]) + 1}]: is not in order of exchange time")


def _values(tape: Tape) -> Iterator[Problem]:
    for name, values in (("tick", tape.tick), ("lots", tape.lots)):
        if len(values) and int(values.min()) < 0:
            row = int(np.argmax(np.asarray(values) < 0))
            shown = values[row] >> SHIFT if name == "tick" else values[row]
            yield Problem("values", f"row {row}: {name} is negative ({shown})")


def _ids(tape: Tape) -> Iterator[Problem]:
    """Ids that fall or stand still are those that the import found, no more and no fewer."""
    seq = tape.seq
    if seq is None:
        return
    counted = [Kind.TRADE, Kind.TICKER, *((Kind.DEPTH,) if tape.info.venue.startswith("binance") else ())]
    there = sum(_repeats(seq[tape.kind == kind]) for kind in counted)
    said = sum(tape.info.finding_counts.get(note, 0) for note in ("duplicate", "out_of_order"))
    if there != said:
        yield Problem("ids", f"{there} ids do not grow; tape.json tells of {said}")


def _repeats(seq: np.ndarray) -> int:
    """Ids that are not above every one before them."""
    ids = seq[seq >= 0]
    return int(np.count_nonzero(ids[1:] <= np.maximum.accumulate(ids)[:-1]))


def _tickers(tape: Tape) -> Iterator[Problem]:
    """A best bid below the best ask, where both sides are there."""
    chosen = tape.of(Kind.TICKER)
    first = np.asarray(tape.first)[chosen].astype(np.int64)
    bid, ask = price_ticks(tape.tick[first]), price_ticks(tape.tick[first + 1])
    wrong = np.flatnonzero((bid >= ask) & (tape.lots[first] > 0) & (tape.lots[first + 1] > 0))
    if wrong.size:
        yield Problem("book", f"message {chosen[wrong[0]]}: bid and ask are crossed, and so are {wrong.size - 1} others")


def _book(tape: Tape) -> Iterator[Problem]:
    """A book that a snapshot began must never be crossed, until the source lost updates."""
    if not tape.info.snapshots:
        return
    count, first = crossed(tape)
    if count:
        yield Problem("book", f"message {first}: the book is crossed behind it, and behind {count - 1} others")


def _orders(tape: Tape) -> Iterator[Problem]:
    """Every event is of an order that is there and does what it can, or tape.json tells of it."""
    if tape.order is None:
        return
    try:
        wrong = untold(tape, levelled(tape))
    except TapeFault as fault:
        wrong = str(fault)
    if wrong:
        yield Problem("orders", wrong)


def _notes(info: Info) -> Iterator[str]:
    """What the source was like."""
    for note, count in sorted(info.finding_counts.items()):
        first = next((finding for finding in info.findings if finding.note == note), None)
        yield f"{note}: {count}" + (f" (first: {first})" if first else "")
    if info.gaps:
        yield f"depth updates are missing before {len(info.gaps)} messages: the book is wrong until the next snapshot"
    if info.kinds.get("DEPTH") and not info.snapshots:
        yield "no snapshot: the book is incomplete"
