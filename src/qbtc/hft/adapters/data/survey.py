"""The pass over merged messages that decides widths, and finds what is missing or out of order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from qbtc.core.market.tape.events import Note
from qbtc.core.market.tape.info import ABSOLUTE, DELTA, NONE, SnapshotMark
from qbtc.core.market.tape.layout import Array, Kind
from qbtc.core.market.tape.sequence import Seen, check, fresh, lags

from .findings import Findings
from .merged import Merged

FOUND = 1 << 12
INT32 = np.iinfo(np.int32)


@dataclass(slots=True)
class Survey:
    """What the writer must know before the first column is written."""

    kinds: Counter[int] = field(default_factory=Counter)
    lag: tuple[int, int] = (0, 0)
    first_lag: int = 0
    rows: tuple[int, int] = (0, 0)
    """Fewest and most rows of a message."""
    seq: str = NONE
    seq_first: int = 0
    untimed: int = 0
    runs_back: int = 0
    gaps: list[int] = field(default_factory=list)
    snapshots: list[SnapshotMark] = field(default_factory=list)


def survey(merged: Merged, names: list[str], findings: Findings, *, futures: bool) -> Survey:
    """`names` are the sources'; what is found goes to `findings`."""
    seen = Survey()
    seen.first_lag = before = _first_lag(merged)
    state, times = fresh(), np.array([0, 0, -(2**63) + 1], np.int64)
    found, held = np.zeros((FOUND, 4), np.int64), np.zeros(0, np.int64)
    diffs, last, any_seq = (0, 0), None, False
    for start, messages in merged.messages():
        _checked(messages, start, futures, state, found, names, findings, seen)
        held = np.zeros(len(messages), np.int64)
        before = int(lags(messages, times, before, held))
        seen.lag = _wider(seen.lag if start else None, held)
        seen.rows = _wider(seen.rows if start else None, messages["rows"])
        seen.kinds.update(dict(zip(*_counted(messages["kind"]), strict=True)))
        seq = messages["seq"]
        any_seq = any_seq or bool((seq >= 0).any())
        seen.seq_first = int(seq[0]) if last is None else seen.seq_first
        diffs = _wider(diffs, np.diff(seq, prepend=seq[0] if last is None else last))
        last = int(seq[-1])
    if any_seq:
        seen.seq = DELTA if INT32.min <= diffs[0] and diffs[1] <= INT32.max else ABSOLUTE
    seen.untimed, seen.runs_back = int(times[0]), int(times[1])
    _early(state, findings)
    seen.snapshots = _snapshots(merged, seen)
    return seen


def _counted(kinds: Array) -> tuple[list[int], list[int]]:
    values, counts = np.unique(kinds, return_counts=True)
    return values.tolist(), counts.tolist()


def _wider(bounds: tuple[int, int] | None, values: Array) -> tuple[int, int]:
    low, high = int(values.min()), int(values.max())
    return (low, high) if bounds is None else (min(low, bounds[0]), max(high, bounds[1]))


def _first_lag(merged: Merged) -> int:
    """The lag of the first message that has an exchange time, 0 where none has: what those before it take."""
    for _, messages in merged.messages():
        timed = np.flatnonzero(messages["exchange"])
        if timed.size:
            return int(messages["local"][timed[0]] - messages["exchange"][timed[0]])
    return 0


def _checked(
    messages: Array, start: int, futures: bool, state: Array, found: Array, names: list[str], findings: Findings,
    seen: Survey,
) -> None:  # fmt: skip
    at = 0
    while True:
        at = int(check(messages, at, start, futures, state, found))
        part = found[: state[Seen.FOUND]]
        for code in np.unique(part[:, 0]).tolist():
            _placed(Note(code), part[part[:, 0] == code], messages, start, names, findings, seen)
        state[Seen.FOUND] = 0
        if at >= len(messages):
            return


def _placed(
    note: Note, found: Array, messages: Array, start: int, names: list[str], findings: Findings, seen: Survey
) -> None:
    """Findings of one note: the first with their place, all counted, gaps of the depth as marks."""
    room = findings.room(note)
    for _, number, expected, got in found[:room].tolist():
        row = messages[number - start]
        wanted, what = (None if expected < 0 else expected), Kind(int(row["kind"])).name.lower()
        findings.add(note, names[row["source"]], int(row["line"]), message=number, expected=wanted, found=got, text=what)
    findings.counts[note.name.lower()] += max(len(found) - room, 0)
    if note is Note.GAP:
        seen.gaps += found[messages["kind"][found[:, 1] - start] == Kind.DEPTH, 1].tolist()


def _early(state: Array, findings: Findings) -> None:
    """How many depth updates came before the first snapshot; the first was noted."""
    if (early := int(state[Seen.EARLY]) - 1) > 0:
        findings.counts[Note.BEFORE_SNAPSHOT.name.lower()] += early


def _snapshots(merged: Merged, seen: Survey) -> list[SnapshotMark]:
    """Where the snapshots are, in a tape that has depth updates too."""
    if not seen.kinds[Kind.SNAPSHOT] or not seen.kinds[Kind.DEPTH]:
        return []
    marks: list[SnapshotMark] = []
    barrier = 0
    for start, messages in merged.messages():
        for at in (np.flatnonzero(messages["kind"] == Kind.SNAPSHOT) + start).tolist():
            seq = int(merged.message(at)["seq"])
            marks.append(SnapshotMark(at, seq, _again(merged, at, seq, barrier)))
            barrier = at + 1
    return marks


def _again(merged: Merged, snapshot: int, seq: int, barrier: int) -> int | None:
    """The first depth update before the snapshot, behind the one before it, that is newer than it."""
    first = None
    for at in range(snapshot - 1, barrier - 1, -1) if seq >= 0 else ():
        row = merged.message(at)
        if row["kind"] == Kind.DEPTH:
            if row["seq"] <= seq:
                break
            first = at
    return first
