"""What tape.json says: a tape's symbol, grid, counts, columns, places of interest, sources and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec
import numpy as np

from .layout import DTYPES, FORMAT, VERSION, Kind, TapeFault

ABSOLUTE, DELTA, NONE = "absolute", "delta", "none"


@dataclass(frozen=True, slots=True)
class Column:
    """One file of a tape: `<name>.bin`, raw little-endian values."""

    dtype: str
    count: int
    crc32: int

    @property
    def bytes(self) -> int:
        return self.count * np.dtype(self.dtype).itemsize


@dataclass(frozen=True, slots=True)
class SnapshotMark:
    """A snapshot: its message, its update id (-1: none), and the first earlier depth update that is newer than it and
    must be applied again on top of it (None: there is none). A REST answer is often older than the updates before it."""

    message: int
    seq: int
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found and not repaired. Lines count from 1; -1 and None: does not apply."""

    note: str
    file: str
    line: int
    message: int | None = None
    expected: int | None = None
    found: int | None = None
    text: str = ""

    def __str__(self) -> str:
        ids = f", expected {self.expected}, found {self.found}" if self.expected is not None else ""
        return f"{self.file}, line {self.line}: {self.note}{ids}{': ' + self.text if self.text else ''}"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that the tape was made from; `blake2b` (16 bytes) is of its bytes as they lie on disk."""

    name: str
    size: int
    lines: int
    messages: int
    blake2b: str


@dataclass(frozen=True, slots=True)
class Info:
    """All of tape.json."""

    symbol: str
    venue: str
    tick_size: str
    lot_size: str
    messages: int
    rows: int
    columns: dict[str, Column]
    grid: str = "given"
    kind: int | None = None
    """The kind of every message where the column is left out."""
    rows_per_message: int | None = None
    seq: str = NONE
    seq_first: int = 0
    """With differences: what the first message's is added to."""
    kinds: dict[str, int] = field(default_factory=dict)
    first_local: int = 0
    last_local: int = 0
    first_exchange: int = 0
    last_exchange: int = 0
    untimed: int = 0
    snapshots: tuple[SnapshotMark, ...] = ()
    gaps: tuple[int, ...] = ()
    """Depth messages before which the source lost updates."""
    sources: tuple[Source, ...] = ()
    finding_counts: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Of all columns."""
        return sum(column.bytes for column in self.columns.values())


def to_json(info: Info) -> dict[str, Any]:
    """The document that tape.json holds."""
    body = asdict(info)
    for name, column in info.columns.items():
        body["columns"][name]["bytes"] = column.bytes
    return {"format": FORMAT, "version": VERSION, **body}


def from_json(body: Mapping[str, Any]) -> Info:
    """Checked. Raises TapeFault."""
    if body.get("format") != FORMAT or body.get("version") != VERSION:
        found = f"{body.get('format')!r} version {body.get('version')!r}"
        raise TapeFault(f"is {found}; this program reads {FORMAT!r} version {VERSION}")
    try:
        info = msgspec.convert(dict(body), Info)
    except msgspec.ValidationError as error:
        raise TapeFault(f"is not as a {FORMAT} document must be: {error}") from None
    check(info)
    return info


def check(info: Info) -> None:
    """Columns and counts agree with each other. Raises TapeFault."""
    if info.messages < 0 or info.rows < 0:
        raise TapeFault(f"{info.messages} messages and {info.rows} rows cannot be")
    for name, column in info.columns.items():
        if name not in DTYPES or column.dtype not in DTYPES[name]:
            allowed = ", ".join(DTYPES.get(name, ())) or "no such column"
            raise TapeFault(f"column {name} is {column.dtype}; allowed: {allowed}")
        wanted = _length(info, name)
        if column.count < 0 or (wanted is not None and column.count != wanted):
            raise TapeFault(f"column {name} has {column.count} values; {'0 or more' if wanted is None else wanted} are needed")
    for name in ("local", "tick", "lots"):
        if name not in info.columns:
            raise TapeFault(f"column {name} is missing")
    if "kind" not in info.columns and info.kind not in set(Kind):
        raise TapeFault(f"kind is {info.kind!r} and there is no column kind; allowed: {', '.join(k.name for k in Kind)}")
    if "first" not in info.columns and info.rows != info.messages * (info.rows_per_message or 0):
        raise TapeFault(f"{info.messages} messages of {info.rows_per_message} rows are not {info.rows} rows")
    if (info.seq == NONE) == ("seq" in info.columns):
        raise TapeFault(f"seq is {info.seq!r}, which does not fit the columns")


def _length(info: Info, name: str) -> int | None:
    if name in ("tick", "lots", "order"):
        return info.rows
    if name == "first":
        return info.messages + 1
    return info.messages if name in ("local", "lag", "kind", "seq", "exch") else None
