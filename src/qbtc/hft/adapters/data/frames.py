"""Recorded frames (`<local ns> <JSON>` lines) into the spill: `core.market.tape.frames` walks, this empties its output."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from qbtc.core.binance.fast_json import MARKET, level_array, symbol_table
from qbtc.core.binance.fast_text import Fault, digest_of
from qbtc.core.market.tape import fields
from qbtc.core.market.tape import frames as core
from qbtc.core.market.tape.events import MESSAGE, Note
from qbtc.core.market.tape.frames import Slot, Status
from qbtc.core.market.tape.layout import Array, Ints

from ...errors import BadSource
from .files import SourceFile
from .findings import Findings
from .spill import Spill
from .text import Bytes, feed

MESSAGES, ROWS, FUNDING = 1 << 14, 1 << 16, 1 << 14
REASONS = {
    core.NO_TIME: "must begin with the local time in nanoseconds and a space",
    Fault.TRUNCATED: "ends in the middle of its frame",
    Fault.SYNTAX: "is no JSON frame",
    Fault.BAD_NUMBER: "holds a price, quantity or number that is none, or has more than 8 decimal places",
    Fault.TOO_LARGE: "holds a number that is too large, or a time that is none",
    Fault.OFF_GRID: "holds a value off the grid",
    Fault.MISSING_FIELD: "lacks a field of its event",
    Fault.TOO_MANY_LEVELS: "holds more than 10,000 levels a side",
    Fault.TOO_DEEP: "is nested too deeply",
}
_TEXT = {
    Note.BACKWARDS: "local time runs backwards; the later one is kept",
    Note.EMPTY_TRADE: "a trade of no quantity, left out",
    Note.IGNORED: "no market data, left out",
    Note.OTHER_SYMBOL: "another symbol, left out",
}
QUICK = frozenset((Note.IGNORED, Note.OTHER_SYMBOL))


@dataclass(frozen=True, slots=True)
class Symbols:
    """The wanted symbol first, then others that the recording is known to hold, with an early update id of each
    (0: unknown): a snapshot does not name its symbol, and is given to the one whose ids are nearest."""

    names: tuple[str, ...]
    ids: tuple[int, ...]
    strict: bool
    """A line of another symbol ends the import, since none was asked for by name."""


class FrameReader:
    """Reads one source after another into a spill."""

    def __init__(self, symbols: Symbols, spill: Spill, findings: Findings) -> None:
        self._symbols, self._spill, self._findings = symbols, spill, findings
        self._table = _table(symbols.names)
        self._anchors = np.array([*symbols.ids, 0], np.int64)
        self._market, self._levels = np.zeros(1, MARKET), level_array()
        self._messages, self._rows = np.zeros(MESSAGES, MESSAGE), np.zeros((ROWS, 2), np.int64)
        self._values, self._funding = np.zeros(fields.VALUES, np.int64), np.zeros((FUNDING, 4), np.int64)
        self._notes = np.zeros((core.NOTE_CAP, 4), np.int64)
        self._state: Ints = np.zeros(len(Slot), np.int64)
        self._name = ""

    def read(self, source: SourceFile, number: int) -> tuple[int, int]:
        """(lines, messages) of the source."""
        self._state[:] = 0
        self._state[Slot.SOURCE], self._name = number, source.name
        before = self._spill.counts.get("messages", 0)
        feed(source.name, source.blocks(), self._walk)
        self._empty()
        lines = int(self._state[Slot.LINE])
        if source.truncated:
            self._findings.refuse(source.name, lines, source.truncated, Note.TRUNCATED)
        self._count(Slot.IGNORED, Note.IGNORED)
        self._count(Slot.OTHERS, Note.OTHER_SYMBOL)
        return lines, self._spill.counts.get("messages", 0) - before

    def _count(self, slot: Slot, note: Note) -> None:
        """Lines of a kind of which only the first was noted."""
        if (more := int(self._state[slot]) - 1) > 0:
            self._findings.counts[note.name.lower()] += more

    def _walk(self, buffer: Bytes, pos: int, end: int, final: bool) -> int:
        state = self._state
        stopped = int(core.walk(
            buffer, pos, end, final, state, self._market[0], self._levels, self._table, self._anchors, self._messages,
            self._rows, self._values, self._funding, self._notes,
        ))  # fmt: skip
        if state[Slot.NOTES]:
            self._take_notes()
        if state[Slot.STATUS] == Status.FULL:
            self._empty()
        elif state[Slot.STATUS] == Status.REFUSED:
            self._refuse(bytes(buffer[int(state[Slot.START]) : stopped]))
        return stopped

    def _refuse(self, line: bytes) -> None:
        fault = int(self._state[Slot.FAULT])
        note = Note.TRUNCATED if fault == Fault.TRUNCATED else Note.BAD_LINE
        shown = line.strip()[:60].decode("utf-8", "replace")
        why = f"{REASONS.get(fault, 'cannot be read')}: {shown!r}"
        self._findings.refuse(self._name, int(self._state[Slot.LINE]), why, note)

    def _take_notes(self) -> None:
        for code, line, expected, found in self._notes[: self._state[Slot.NOTED]].tolist():
            note = Note(code)
            if note is Note.OTHER_SYMBOL and self._symbols.strict:
                raise BadSource(
                    f"{self._name}, line {line}: holds another symbol than {self._symbols.names[0]}", field="symbol",
                    allowed="one symbol a tape: choose it with --symbol",
                )  # fmt: skip
            ids = {} if note in QUICK else {"expected": expected, "found": found}
            self._findings.add(note, self._name, line, text=_TEXT[note], **ids)
        self._state[Slot.NOTES] = self._state[Slot.NOTED] = 0

    def _empty(self) -> None:
        state = self._state
        count, rows, funds = int(state[Slot.MESSAGES]), int(state[Slot.ROWS]), int(state[Slot.FUNDING])
        self._spill.add(self._messages[:count], self._rows[:rows])
        if funds:
            _funding(self._spill, self._funding[:funds])
        state[[Slot.MESSAGES, Slot.ROWS, Slot.FUNDING]] = 0


def _funding(spill: Spill, values: Ints) -> None:
    for place, name in enumerate(("mark", "index", "rate")):
        spill.append(name, (values[:, place] / 1e8).astype("<f8").view("<i8"))
    spill.append("next_funding", values[:, 3])


def _table(names: tuple[str, ...]) -> Array:
    """A symbol table whose steps are 1e-8: values stay as they are until the grid is known."""
    table = symbol_table(())
    table = np.zeros(len(names), table.dtype)
    for row, name in zip(table, names, strict=True):
        row["digest"], row["tick_units"], row["lot_units"], row["name"] = digest_of(name.encode()), 1, 1, name.encode()
    return table


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the first lines of a recording say."""

    ids: dict[str, int]
    """An early update id of each symbol, 0 where none was seen."""
    futures: bool


def sniff(head: bytes) -> Recorded | None:
    """Symbols and venue of a recording by its first lines; None: these are no recorded frames."""
    ids: dict[str, int] = {}
    futures, frames = False, 0
    for line in head.split(b"\n")[:4000]:
        stamp, _, body = line.strip().partition(b" ")
        if not stamp.isdigit() or not body.startswith(b"{"):
            continue
        try:
            outer = json.loads(body)
        except ValueError:
            continue
        data = outer.get("data", outer)
        frames += 1
        if not isinstance(data, dict) or not isinstance(symbol := data.get("s"), str):
            continue
        first = data.get("u", 0)
        ids[symbol] = ids.get(symbol) or (first if isinstance(first, int) else 0)
        futures |= "pu" in data or data.get("e") in ("bookTicker", "markPriceUpdate") or "X" in data
    return Recorded(ids, futures) if frames else None
