"""Size-bounded log files: one JSON object a line, in the schema that `kit.logs` publishes.

Lines that are such objects pass through as they are; anything else an engine or a crashing service prints is wrapped.
The supervisor must stay small, so this does not import `kit.logs`; a test holds the two to the same schema.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 8 * 1024 * 1024
KEEP: Final = 2
MAX_LINE: Final = 64 * 1024
REQUIRED: Final = frozenset({"timestamp", "service", "level", "message", "context"})
_LEVELS: Final = (
    (re.compile(r"\b(PANIC|FATAL|emerg|alert|crit)\b"), "critical"),
    (re.compile(r"\bERROR\b|\[error\]|Traceback|\bError:"), "error"),
    (re.compile(r"\bWARNING\b|\[warn\]|^# "), "warning"),
)
_URL_PASSWORD: Final = re.compile(r"(\w+://[^:/\s@]*:)[^@/\s]+@")

Context = dict[str, str | int | float | bool | None]


def timestamp(now: datetime | None = None) -> str:
    return (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record(service: str, level: str, message: str, context: Context | None = None) -> str:
    """One log line, without its newline."""
    line = {
        "timestamp": timestamp(),
        "service": service,
        "level": level,
        "message": _URL_PASSWORD.sub(r"\1***@", message),
        "context": context or {},
    }
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def level_of(line: str) -> str:
    return next((level for pattern, level in _LEVELS if pattern.search(line)), "info")


def normalise(service: str, line: str) -> str:
    """A log line as it is if it keeps the schema, else wrapped in one that does."""
    if line.startswith("{") and _keeps_schema(line):
        return line
    return record(service, level_of(line), line, {"source": "output"})


def _keeps_schema(line: str) -> bool:
    try:
        parsed = json.loads(line)
    except ValueError:
        return False
    return isinstance(parsed, dict) and parsed.keys() == REQUIRED


class LogFile:
    """`<name>.log` of at most `max_bytes`, with `keep` older ones beside it (`.1` is the newest of them); 0600."""

    def __init__(self, folder: Path, name: str, *, max_bytes: int = MAX_BYTES, keep: int = KEEP) -> None:
        self.name = name
        self.path = folder / f"{name}.log"
        self.last = ""
        self._max = max_bytes
        self._keep = keep
        self._lost = 0
        self._file = self._open()

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, line: str) -> None:
        """Append one line of output; empty ones are left out, ones that the disk refuses are counted."""
        text = line.rstrip()[:MAX_LINE]
        if not text:
            return
        self.last = text
        try:
            if self._lost:
                self._append(record(self.name, "error", f"{self._lost} lines before this one could not be written"))
                self._lost = 0
            self._append(normalise(self.name, text))
        except OSError:  # a full disk must not end the process that keeps all others alive
            self._lost += 1

    def _append(self, line: str) -> None:
        data = (line + "\n").encode(errors="replace")
        if os.fstat(self._file).st_size + len(data) > self._max:
            self._rotate()
        os.write(self._file, data)

    def _rotate(self) -> None:
        os.close(self._file)
        for number in range(self._keep, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            if newer.exists():
                newer.replace(older)
        self._file = self._open()

    def close(self) -> None:
        os.close(self._file)
