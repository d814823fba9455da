"""Log lines of all processes, newest first, filtered; reads files from their end and stops early.

Lines that are not in the published schema (an engine's own output) are shown as they are, under the name of their
file. Sits on `bounded`; `Web` answers `GET /logs` with it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from .bounded import newest_lines

LEVELS = ("debug", "info", "warning", "error", "critical")
LogRow = dict[str, Any]
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class LogQuery:
    """`level` is the lowest level shown; `text` is looked for in the message, ignoring case."""

    service: str | None = None
    level: str | None = None
    trace_id: str | None = None
    text: str | None = None
    limit: int = 200

    def wants(self, row: LogRow) -> bool:
        if self.service and row["service"] != self.service:
            return False
        if self.level and _rank(row["level"]) < _rank(self.level):
            return False
        if self.trace_id and row["context"].get("trace_id") != self.trace_id:
            return False
        return not self.text or self.text.lower() in str(row["message"]).lower()


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 1


def query_logs(folder: Path, query: LogQuery, *, max_bytes: int = 8 << 20) -> list[LogRow]:
    """At most `query.limit` rows, newest first, from the last `max_bytes` of each file."""
    streams = [_rows(file, max_bytes) for file in sorted(folder.glob("*.log"))]
    merged = heapq.merge(*streams, key=lambda row: row["timestamp"], reverse=True)
    return list(islice((row for row in merged if query.wants(row)), query.limit))


def _rows(path: Path, max_bytes: int) -> Iterator[LogRow]:
    stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat().replace("+00:00", "Z")
    for line in newest_lines(path, max_bytes=max_bytes):
        row = parse_line(line, path.stem, stamp)
        stamp = row["timestamp"]
        yield row


def parse_line(line: bytes, name: str, stamp: str) -> LogRow:
    """One line in the published schema; foreign text takes the time of the line after it."""
    try:
        row = _decode(line)
    except msgspec.DecodeError:
        row = None
    if not isinstance(row, dict) or "message" not in row:
        return {"timestamp": stamp, "service": name, "level": "info", "context": {},
                "message": line.decode("utf-8", "replace")}
    context = row.get("context")
    return {
        "timestamp": str(row.get("timestamp", stamp)),
        "service": str(row.get("service", name)),
        "level": str(row.get("level", "info")).lower(),
        "message": row["message"],
        "context": context if isinstance(context, dict) else {},
    }


class LogFollower:
    """Hands out lines written since the last call, for all files of a folder; starts at their present end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, tuple[int, int]] = {path: _end(path) for path in folder.glob("*.log")}

    def new_rows(self, *, limit: int = 200, max_bytes: int = 256 * 1024) -> list[LogRow]:
        """At most `limit` new rows, oldest first; of a flood the newest part."""
        rows = [row for path in sorted(self._folder.glob("*.log")) for row in self._new(path, max_bytes)]
        rows.sort(key=lambda row: row["timestamp"])
        return rows[-limit:]

    def _new(self, path: Path, max_bytes: int) -> list[LogRow]:
        inode, size = _end(path)
        known, position = self._seen.get(path, (inode, 0))
        if known != inode or size < position:
            position = 0
        with path.open("rb") as file:
            file.seek(max(position, size - max_bytes))
            data = file.read(max(0, size - file.tell()))
        complete = data.rfind(b"\n") + 1
        self._seen[path] = (inode, size - len(data) + complete)
        stamp = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        return [parse_line(line, path.stem, stamp) for line in data[:complete].split(b"\n") if line]


def _end(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_size
